from datetime import date
from typing import NamedTuple

from odoo import api, models

from ..dunning_channel import Outcome


class Item(NamedTuple):
    """An electronic registered letter that is to leave."""

    reference: str  # ours, unique: a provider that receives it twice sends it once
    subject: str
    pdf: bytes
    name: str
    email: str
    lang: str
    professional: bool
    sender_name: str
    sender_email: str


class Answer(NamedTuple):
    """What a provider says when it is given an item."""

    outcome: Outcome
    cost: float = 0.0


class News(NamedTuple):
    """What happened to an item: ``kind`` is one of ``core.notice.KINDS``."""

    kind: str
    day: date
    uid: str  # the unique number of the provider's proof


class Proof(NamedTuple):
    """A document of the provider about one of its news."""

    kind: str
    name: str
    content: bytes
    mimetype: str = "application/pdf"


class DunningLreProvider(models.AbstractModel):
    """The contract of a provider of electronic registered letters (CPCE art. L100).

    ``dunning.lre.provider.<code>`` implements it in one file, which also adds its code to
    ``res.company.dunning_lre_provider`` and the settings it needs.
    """

    _name = "dunning.lre.provider"
    _description = "Provider of Electronic Registered Letters"

    @api.model
    def _of(self, code):
        """Return the provider of a code."""
        return self.env[f"dunning.lre.provider.{code}"]

    @api.model
    def _why_not(self, company):
        """Return why the provider cannot be used by a company (no account, no key), or nothing."""
        return ""

    @api.model
    def _send(self, company, item):
        """Give an :class:`Item` to the provider and return its :class:`Answer`.

        ``accepted``, ``refused`` for good, ``delayed`` when nothing left, ``uncertain`` when nobody knows.
        What it raises counts as uncertain.
        """
        raise NotImplementedError

    @api.model
    def _poll(self, company, references, now):
        """Return ``{reference: [News]}`` of items, all their news since the deposit, in any order.

        An item that the provider does not know is left out.

        :param now: the present moment, in UTC
        """
        raise NotImplementedError

    @api.model
    def _fetch_proofs(self, company, reference):
        """Return the list of :class:`Proof` of an item; providers keep them for one year only."""
        raise NotImplementedError

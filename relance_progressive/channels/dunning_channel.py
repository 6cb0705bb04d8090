from typing import NamedTuple

from odoo import api, models

# Outcomes of a hand-over.
ACCEPTED = "accepted"
REFUSED = "refused"  # for good: trying again would be refused again
DELAYED = "delayed"  # nothing left: to try again later
UNCERTAIN = "uncertain"  # it may have left: never tried again without a person's word


class Outcome(NamedTuple):
    """What became of a message at the moment of its hand-over."""

    state: str
    reason: str = ""


class DunningChannel(models.AbstractModel):
    """The contract of a way to reach a customer; ``dunning.channel.<code>`` implements it in one file.

    Everything is done for a batch of reminders, in this order: ``_missing``, ``_render``,
    ``_hand_over``, ``_keep``. A *content* is a dict of plain values (the journal stores it as JSON):
    ``address``, ``reference``, ``subject``, ``body``, ``lang``, ``contact_id``, ``note`` (said on the
    delivery), and whatever the channel itself needs.
    """

    _name = "dunning.channel"
    _description = "Reminder Channel"

    @api.model
    def _of(self, code):
        """Return the channel of a code."""
        return self.env[f"dunning.channel.{code}"]

    @api.model
    def _missing(self, reminders):
        """Return ``{reminder id: why this channel cannot be used}`` for those it cannot reach."""
        return {}

    @api.model
    def _render(self, reminders):
        """Return ``({reminder id: content}, {reminder id: why its text cannot be made})``."""
        raise NotImplementedError

    @api.model
    def _hand_over(self, contents, begin):
        """Hand over ``{reminder id: content}`` and yield ``(reminder id, Outcome)`` one by one.

        Never raises for one message: its outcome says it. What is not yielded has not left.

        :param begin: a function to call with a reminder id just before anything of it may leave
        """
        raise NotImplementedError

    @api.model
    def _keep(self, contents):
        """Keep what was (or may have been) handed over; return ``{reminder id: mail.message id}``."""
        return {}

    @api.model
    def _sync_status(self, deliveries):
        """Ask the provider for news of deliveries; channels that are told by themselves do nothing."""

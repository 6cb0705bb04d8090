from datetime import datetime
from typing import NamedTuple

from markupsafe import Markup

from odoo import api, models

from . import queries

# Contacts that invoices are made out to who are written to together, where nobody else can be.
MOST_INVOICED = 5

# Outcomes of a hand-over.
ACCEPTED = "accepted"
WAITING = "waiting"  # a person carries it out: prints the letter, makes the call
REFUSED = "refused"  # for good: trying again would be refused again
DELAYED = "delayed"  # nothing left: to try again later
UNCERTAIN = "uncertain"  # it may have left: never tried again without a person's word

# Whom an outcome that is not "accepted" concerns.
MESSAGE = "message"  # this message, or its addressee
SENDER = "sender"  # all messages of its sender
SERVICE = "service"  # all messages: who carries them is out of order, out of credit, or asks us to wait
UNCLEAR = "unclear"  # what becomes of the next messages tells


class Outcome(NamedTuple):
    """What became of a message at the moment of its hand-over.

    Without a ``scope`` a refusal concerns the message, a delay or a doubt is unclear: when several messages end so one
    after another, the rest is not even tried.
    """

    state: str
    reason: str = ""
    until: datetime | None = None  # a moment in UTC before which what is delayed may not be tried again
    scope: str = ""


class Service(NamedTuple):
    """Who carries messages: a mail server, a gateway, a postal service. ``key`` is the same every day."""

    key: str
    name: str


class Target(NamedTuple):
    """Whom a message of a stage is for, before anyone knows how to reach him; ``key`` is the caller's."""

    key: int
    partner_id: int  # the customer: a commercial partner
    company_id: int
    stage: str
    forgiven_at: datetime | None = None  # what came back before this moment is forgiven
    invoiced: tuple[int, ...] = ()  # contacts that the invoices are made out to, that of the oldest one first


class Recipient(NamedTuple):
    """Who receives a message over a channel, or why nobody can (``problem``).

    ``address`` is what the channel needs: e-mail addresses, a phone number, a postal address in one line.
    """

    contact_id: int
    name: str
    address: str
    lang: str = ""
    problem: str = ""
    copies: tuple[str, ...] = ()
    to: tuple[tuple[str, str], ...] = ()  # (name, address) of each e-mail address
    note: str = ""  # what is said on the delivery of how they were found


class DunningChannel(models.AbstractModel):
    """The contract of a way to reach a customer; ``dunning.channel.<code>`` implements it in one file.

    Everything is done for a batch of reminders, in this order: ``_not_before``, ``_missing``,
    ``_prepare``, ``_render``, ``_make``, ``_hand_over``, ``_keep``. A *content* is a dict of plain values (the
    journal stores it as JSON): ``address``, ``reference``, ``subject``, ``body``, ``lang``, ``contact_id``, ``note``
    (said on the delivery), ``provider``, ``cost``, and whatever the channel itself needs.

    What a person carries out is handed over with the outcome ``waiting``: its delivery stays ready, and
    ``_to_do`` tells someone. That person ends it with ``dunning.delivery._carried_out`` or ``_not_carried_out``.
    """

    _name = "dunning.channel"
    _description = "Reminder Channel"

    # A note inside the company is not a contact: it does no level that also has a way to the customer.
    _reaches_customer = True
    # A letter that a person takes to the post.
    _on_paper = False
    # What a person may write for one reminder that this channel says: "document", "short", "script" or nothing.
    _wording = ""
    # The fields of a contact that reaching him depends on: what failed is tried again when one changes.
    _contact_fields = frozenset()

    @api.model
    def _of(self, code):
        """Return the channel of a code."""
        return self.env[f"dunning.channel.{code}"]

    @api.model
    def _codes(self, trait, value=True):
        """Return the codes of the channels that have a trait, ``_on_paper`` for instance, or have it not."""
        codes = self.env["dunning.level.channel"]._fields["channel"].get_values(self.env)
        return [code for code in codes if bool(getattr(self._of(code), trait)) is value]

    # === WHO === #

    @api.model
    def _target(self, **values):
        """Return a :class:`Target`, for features that cannot import it from here."""
        return Target(**values)

    @api.model
    def _recipients(self, targets):
        """Return ``{key: Recipient}`` of a list of :class:`Target`."""
        return {}

    @api.model
    def _targets(self, reminders):
        """Return the targets of reminders; their keys are the reminders' ids."""
        invoiced = self._invoiced(queries.invoiced_of_reminders(self.env, reminders.ids)) if reminders else {}
        return [
            Target(
                reminder.id, reminder.partner_id.id, reminder.company_id.id, reminder.stage or "friendly",
                reminder.retried_at or None, invoiced.get(reminder.id, ()),
            )
            for reminder in reminders
        ]  # fmt: skip

    @api.model
    def _invoiced(self, query):
        """Return ``{key: contacts}`` of a query of ``(key, contact)``: at most a few, the oldest invoice first."""
        found = {}
        for key, contact in self.env.execute_query(query):
            found[key] = (*found.get(key, ()), contact)[:MOST_INVOICED]
        return found

    @api.model
    def _missing(self, reminders):
        """Return ``{reminder id: why this channel cannot be used}`` for those it cannot reach."""
        recipients = self._recipients(self._targets(reminders))
        missing = {key: recipient.problem for key, recipient in recipients.items() if recipient.problem}
        # What the text may not be without is missing over every way to the customer.
        return missing | (reminders._missing_mentions() if self._reaches_customer else {})

    @api.model
    def _not_before(self, reminders):
        """Return ``{reminder id: (moment in UTC, why)}`` for those that may not leave yet over any channel."""
        return {}

    # === BY WHOM === #

    @api.model
    def _services(self, reminders):
        """Return ``{reminder id: [Service]}``: who carries each, then what is particular to its sender.

        One that is out of order stops its own messages only. It is asked before anything is made.
        """
        code = self._name.removeprefix("dunning.channel.")
        labels = dict(self.env["dunning.level.channel"]._fields["channel"]._description_selection(self.env))
        return dict.fromkeys(reminders.ids, [Service(code, labels[code])])

    @api.model
    def _hourly_limit(self, company):
        """Return how many messages an hour a company lets leave over this channel, 0 for any number."""
        return 0

    # === WHAT === #

    @api.model
    def _prepare(self, reminders):
        """Make the documents that the messages need and the database keeps, just before they leave.

        :return: ``{reminder id: why it cannot leave}``
        """
        return {}

    @api.model
    def _render(self, reminders):
        """Return ``({reminder id: content}, {reminder id: why its text cannot be made})``."""
        raise NotImplementedError

    @api.model
    def _together(self, reminders):
        """Return how many of these are made before the first of them is handed over, 0 for all."""
        return 0

    @api.model
    def _make(self, contents):
        """Make what takes time and no preview needs, a PDF; return ``{reminder id: why it cannot be made}``."""
        return {}

    @api.model
    def _shown(self, reminder, content):
        """Return the HTML that shows a person what leaves, as whoever receives it will see it."""
        return Markup(content.get("body") or "")  # noqa: S704 -- made by a template of this add-on

    @api.model
    def _hand_over(self, contents, begin):
        """Hand over ``{reminder id: content}`` and yield ``(reminder id, Outcome)`` one by one.

        Never raises for one message: its outcome says it. What is not yielded has not left. It may raise
        :class:`..core.plain.trouble.OutOfOrder` before anything of a message has left, and so may :meth:`_render`.

        :param begin: a function to call with a reminder id just before anything of it may leave. It returns why it
            may not, if so (somebody has just paid): pass it over, and yield nothing for it.
        """
        raise NotImplementedError

    @api.model
    def _keep(self, contents):
        """Keep what was (or may have been) handed over; return ``{reminder id: mail.message id}``."""
        return {}

    @api.model
    def _to_do(self, deliveries):
        """Tell people of deliveries that wait for them."""

    @api.model
    def _sync_status(self, deliveries):
        """Ask the provider for news of deliveries; channels that are told by themselves do nothing."""

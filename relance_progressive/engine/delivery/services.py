"""Who carries the messages of a delivery: whether they work, or what they have to wait for.

The rule that tells a message's fault from its carrier's: an answer that can only concern the carrier stops it at once.
One that may concern either (a mail server says the same to a recipient that it makes wait, and to everybody once its
limit is reached) is held against the carrier when a few messages end so one after another; when others
pass meanwhile, it is the message's own.
"""

from typing import NamedTuple

from odoo import fields

from ...core.decision.patience import FEW, is_over, wait


class Service(NamedTuple):
    """A service that no channel names: see ``dunning.channel._services``."""

    key: str
    name: str


class State:
    """How one service is, for one company."""

    def __init__(self, company_id, service, since=None, until=None, tries=0, reason=""):
        self.company_id, self.service = company_id, service
        self.since, self.until, self.tries, self.reason = since, until, tries, reason
        self.stopped = False  # this delivery has found it out of order
        self.accepted = False  # this delivery has found it working
        self.row = []  # what ended badly since it last accepted something

    def keeps(self, reminder):
        """Tell whether a reminder waits for it: all do once it is seen, and until its time those never tried.

        The others have a moment of their own at which they are tried again.
        """
        return self.stopped or bool(self.until and self.until > fields.Datetime.now() and not reminder.delayed_since)

    def is_given_up(self, reminder):
        """Tell whether a reminder waits for it no longer: both have tried for a day."""
        now = fields.Datetime.now()
        return is_over(now, self.since, self.tries) and is_over(now, reminder.delayed_since, self.tries)


class Services:
    """The services that one delivery uses; what it finds out is noted at once, for the others and for tomorrow."""

    def __init__(self, journal):
        self._journal = journal
        self._states = {}
        self._known = {}
        self.any_stopped = False

    def load(self):
        """Read what earlier deliveries found out."""
        self._known = {(company, key): rest for company, key, *rest in self._journal.outages()}

    def chains(self, channel, reminders):
        """Return ``{reminder: [State]}``: who carries each over a channel, then what is its sender's own."""
        services = channel._services(reminders)
        return {
            reminder: [self._state(reminder.company_id.id, service) for service in services[reminder.id]]
            for reminder in reminders
        }

    def printer(self, company, name):
        """Return the :class:`State` of what makes PDFs, for a company."""
        return self._state(company.id, Service("pdf", name))

    def is_waiting(self, company, channel):
        """Tell whether a service that carries messages of a company over a channel does not work now."""
        now = fields.Datetime.now()
        until = {where: until for where, (_since, until, _tries, _reason) in self._known.items()}
        until |= {where: state.until for where, state in self._states.items()}
        return any(
            owner == company.id and key.startswith(f"{channel}/") and key.count("/") == 1 and moment and moment > now
            for (owner, key), moment in until.items()
        )

    def _state(self, company_id, service):
        where = company_id, service.key
        if where not in self._states:
            self._states[where] = State(company_id, service, *self._known.get(where, ()))
        return self._states[where]

    def judge(self, chain, reminder, outcome):
        """Weigh an outcome; return the reminders that end so because of a service, with its :class:`State`.

        :return: ``([reminder], State or None)``
        """
        if outcome.state == "accepted":
            for state in chain:
                self.is_well(state)
            return [], None
        scope = outcome.scope or ("message" if outcome.state == "refused" else "unclear")
        if scope == "message" or outcome.state == "waiting" or outcome.until:
            return [], None
        own = scope == "sender" or (scope == "unclear" and outcome.state == "refused")
        state = chain[-1] if own else chain[0]
        if scope == "unclear" and reminder.attempts and state.accepted:
            return [], None  # refused before while others passed, and so again: it is this one
        state.row.append((reminder, outcome.state))
        if scope == "unclear" and not state.stopped and len(state.row) < (1 if state.tries else FEW):
            return [], None
        self.stop(state, outcome.reason, outcome.state == "uncertain")
        row, state.row = state.row, []
        return [one for one, its_state in row if its_state != "uncertain"], state

    def stop(self, state, reason, doubt=False):
        """Note that a service does not work now."""
        if state.stopped:
            return
        now = fields.Datetime.now()
        until = now + wait(state.tries, doubt)
        state.stopped, state.reason, self.any_stopped = True, reason, True
        state.since, state.until, state.tries = self._journal.stop(state.company_id, state.service, reason, now, until)

    def is_well(self, state):
        """Note that a service works."""
        state.row.clear()
        state.accepted = True
        if state.until:
            self._journal.well(state.company_id, state.service.key)
            state.since, state.until, state.tries = None, None, 0

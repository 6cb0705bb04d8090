"""One batch of reminders over one channel: what waits, what is made, what is handed over, and what that means."""

import time
from datetime import datetime, timedelta

from odoo import fields

from ...core.decision.patience import is_over
from ...core.plain.trouble import OutOfOrder
from .attempt import AGAIN, RETRIES, Attempt
from .time_limit import TookTooLong, limited

TOGETHER_SECONDS = 40  # for the texts of a batch; after that they are made one by one
ALONE_SECONDS = 60  # for one text
NEVER = datetime.min
LAST = timedelta(seconds=1)  # by which one is tried after the others
FRESH_SECONDS = 300  # how long a text that was made may wait for its hand-over
# Outcome of the channel -> state of the attempt, kind of failure
OUTCOMES = {
    "accepted": ("sent", ""),
    "waiting": ("ready", ""),
    "refused": ("failed", "refused"),
    "delayed": ("delayed", "unreachable"),
    "uncertain": ("uncertain", ""),
}


class Carrying:
    """Reminders of one company on their way over one channel; :meth:`carry` gives what became of them."""

    def __init__(self, engine, company, code, day, journal, seconds):
        """Keep the channel (``code``) and how many seconds the hand-over may take; making has its own limits."""
        self.env = engine.env
        self._company, self._code, self._day, self._journal, self._seconds = company, code, day, journal, seconds
        self._channel = engine.with_context(dunning_pdf_limit=True).env["dunning.channel"]._of(code)
        self._residuals_of = engine._residuals
        self._attempts, self._chains, self._begun, self._contents = {}, {}, set(), {}
        self._deadline = None
        self._printer = None  # what makes PDFs, once it turns out that it makes none
        self._full_until = None  # when a message may leave again, once the limit of the hour is reached

    def carry(self, reminders):
        """Hand over reminders; return ``({reminder: Attempt}, those there was no time for)``."""
        self._chains = self._journal.services.chains(self._channel, reminders)
        # What was refused before comes last: it says less about who carries it.
        todo = self._hold_up(reminders).sorted(lambda reminder: (reminder.attempts, reminder.retry_at or NEVER))
        while todo and not self._is_late():
            together = todo[: self._how_many(todo)]
            if not together:
                break
            self._hand_over(together, self._make(together))
            todo = self._hold_up(todo - together)
            if self._printer:
                self._attempts |= {reminder: self._waiting(reminder, self._printer) for reminder in todo}
                break
        if self._full_until:
            self._attempts |= {reminder: self._over_the_limit() for reminder in todo}
        return self._attempts, reminders.filtered(lambda reminder: reminder not in self._attempts)

    def _turn(self):
        """Give how many messages of the company may still leave within the hour, and when the next one may."""
        return self._journal.turn(self._company.id, self._code, self._channel._hourly_limit(self._company))

    def _is_late(self):
        return self._deadline is not None and time.monotonic() > self._deadline

    def _how_many(self, todo):
        """Return how many to make and hand over together: what is made is used."""
        size = self._channel._together(todo) or len(todo)
        with self._turn() as (left, free_at):
            self._full_until = free_at
            return int(min(size, left))

    # === WHAT WAITS === #

    def _hold_up(self, reminders):
        """Note those whose service is out of order; return the others."""
        for reminder in reminders:
            if state := next((state for state in self._chains[reminder] if state.keeps(reminder)), None):
                self._attempts[reminder] = self._waiting(reminder, state)
        return reminders.filtered(lambda reminder: reminder not in self._attempts)

    def _waiting(self, reminder, state, content=None, tried=False):
        """Return the attempt of a reminder that waits for a service; after a day the next channel takes over.

        :param tried: whether it was refused itself: another one is tried first the next time
        """
        words = self.env._(
            "%(service)s takes no messages now: %(reason)s", service=state.service.name, reason=state.reason or ""
        )
        if state.is_given_up(reminder):
            return Attempt(self._code, "failed", words, "unreachable", content or {})
        until = state.until + LAST if tried else state.until
        return Attempt(self._code, "delayed", words, "unreachable", content or {}, until)

    def _over_the_limit(self):
        words = self.env._("The limit of messages an hour is reached.")
        return Attempt(self._code, "delayed", words, until=self._full_until)

    # === WHAT IS MADE === #

    def _make(self, reminders):
        """Return ``{reminder id: content}`` of those that can be made and reached; note why the others cannot.

        What was being made when a worker died, or took too long, is made alone; what stopped a worker alone fails.
        """
        missing = self._channel._missing(reminders)
        self._fail(reminders, missing, "missing")
        reachable = reminders.filtered(lambda reminder: reminder.id not in missing)
        contents = self._take_left_over(reachable)
        todo = reachable.filtered(lambda reminder: reminder.id not in contents)
        died = self._journal.died_making(todo.ids)
        self._journal.adopt(died)
        words = self.env._("The server stopped each time this message was made: look at its text and at its files.")
        self._fail(todo, {id_: words for id_, alone in died.items() if alone}, "template")
        suspects = todo.filtered(lambda reminder: died.get(reminder.id) is False)
        try:
            for batch in (todo.filtered(lambda reminder: reminder.id not in died), *suspects):
                contents |= self._make_together(batch, alone=batch in suspects)
        except OutOfOrder as error:
            self._nothing_is_made(reachable, str(error))
            return {}
        return contents

    def _nothing_is_made(self, reminders, reason):
        """Note that the PDF engine is out of order: these wait, and what needs it less is tried first the next time."""
        self._printer = self._printer_state()
        self._journal.services.stop(self._printer, reason)
        self._journal.made(reminders.ids, self._code)
        for reminder in reminders:
            self._attempts[reminder] = self._waiting(reminder, self._printer, tried=True)

    def _printer_state(self):
        return self._journal.services.printer(self._company, self.env._("PDF engine"))

    def _make_together(self, reminders, alone=False):
        """Make messages within a limit of time, those that exceed it one by one."""
        if not reminders:
            return {}
        self._journal.making(reminders.ids, self._code, self._day, alone)
        problems = self._channel._prepare(reminders)
        ready = reminders.filtered(lambda reminder: reminder.id not in problems)
        try:
            with limited(ALONE_SECONDS if alone else TOGETHER_SECONDS):
                contents, broken = self._channel._render(ready)
        except TookTooLong:
            if alone:
                self._journal.made(reminders.ids, self._code)
                words = self.env._("Its text was not made within %(seconds)s seconds.", seconds=ALONE_SECONDS)
                self._fail(reminders, {reminders.id: words}, "template")
                return {}
            return {
                id_: content
                for reminder in reminders
                for id_, content in self._make_together(reminder, alone=True).items()
            }
        broken |= problems | self._channel._make(contents)
        self._see_printer(contents)
        self._journal.made(reminders.ids, self._code)
        self._fail(reminders, broken, "template")
        return {id_: content for id_, content in contents.items() if id_ not in broken}

    def _see_printer(self, contents):
        """Note that the PDF engine works again, where it was known not to and something was printed."""
        state = self._printer_state()
        if state.until and any(content.get("pdf") or content.get("attachment_ids") for content in contents.values()):
            self._journal.services.is_well(state)

    def _fail(self, reminders, reasons, failure):
        """Note ``{reminder id: why}`` as failures."""
        for id_, why in reasons.items():
            self._attempts[reminders.browse(id_)] = Attempt(self._code, "failed", why, failure)

    def _take_left_over(self, reminders):
        """Return what an earlier batch made and had no time to hand over, if it still says what is claimed."""
        contents = {}
        for reminder in reminders:
            made_at, says, content = self._journal.left_over.pop((reminder.id, self._code), (None, None, None))
            if content and says == _says(reminder) and time.monotonic() - made_at < FRESH_SECONDS:
                contents[reminder.id] = content
        return contents

    def _leave_over(self, reminders):
        for reminder in reminders:
            kept = (time.monotonic(), _says(reminder), self._contents[reminder.id])
            self._journal.left_over[reminder.id, self._code] = kept

    # === WHAT IS HANDED OVER === #

    def _hand_over(self, reminders, contents):
        """Hand over messages until the time is over or nobody takes them; the clock begins here."""
        if not contents:
            return
        self._contents = contents
        own = self._own = reminders.browse(contents)
        self._residuals = self._residuals_of(own)
        self._deadline = self._deadline or time.monotonic() + self._seconds
        try:
            for reminder_id, outcome in self._channel._hand_over(contents, self._begin):
                self._note(reminders.browse(reminder_id), outcome)
                # Several may leave in one request: none of them is left alone.
                if not self._begun and (self._is_late() or not self._may_go_on(own)):
                    break
        except OutOfOrder as error:
            for reminder_id in self._begun:
                self._journal.outcome(reminder_id, self._code, "delayed", str(error))
            self._begun.clear()
            self._stop(own.filtered(lambda reminder: reminder not in self._attempts), str(error))
        self._leave_over(self._hold_up(own.filtered(lambda reminder: reminder not in self._attempts)))

    def _may_go_on(self, reminders):
        """Tell whether somebody takes one of the messages that are left."""
        return not self._journal.services.any_stopped or any(
            reminder not in self._attempts and not any(state.stopped for state in self._chains[reminder])
            for reminder in reminders
        )

    def _begin(self, reminder_id):
        """Note that a message begins to leave; return why it may not, if so."""
        reminder = self._own.browse(reminder_id)
        if state := next((state for state in self._chains[reminder] if state.stopped), None):
            return self._not_now(reminder, self._waiting(reminder, state))
        if self._full_until:
            return self._not_now(reminder, self._over_the_limit())
        with self._turn() as (left, free_at):
            if not left:
                self._full_until = free_at
                return self._not_now(reminder, self._over_the_limit())
            content, day = self._contents[reminder_id], self._day or reminder.date
            if self._journal.begin(reminder_id, self._code, day, content, self._residuals[reminder_id]):
                self._begun.add(reminder_id)
                return ""
        words = self.env._("The invoices of this customer have just changed: it is decided again in a minute.")
        return self._not_now(
            reminder, Attempt(self._code, "delayed", words, until=fields.Datetime.now() + AGAIN)
        )  # fmt: skip

    def _not_now(self, reminder, attempt):
        self._attempts[reminder] = attempt
        return attempt.reason

    # === WHAT IT MEANS === #

    def _note(self, reminder, outcome):
        """Note the outcome of a message; it may tell that others ended badly because of who carries them."""
        if reminder.id in self._begun:
            self._journal.outcome(reminder.id, self._code, outcome.state, outcome.reason)
            self._begun.discard(reminder.id)
        content = self._contents[reminder.id]
        state, failure = OUTCOMES[outcome.state]
        if state == "delayed" and not outcome.until and was_last_try(reminder):
            state = "failed"  # the fallback takes over
        words = outcome.reason or content.get("note") or ""
        self._attempts[reminder] = Attempt(self._code, state, words, failure, content, outcome.until)
        victims, service = self._journal.services.judge(self._chains[reminder], reminder, outcome)
        for victim in victims:
            self._attempts[victim] = self._waiting(victim, service, self._attempts[victim].content, tried=True)

    def _stop(self, reminders, reason):
        """Note that what carries these reminders is out of order."""
        for reminder in reminders:
            state = self._chains[reminder][0]
            self._journal.services.stop(state, reason)
            self._attempts[reminder] = self._waiting(reminder, state)


def was_last_try(reminder):
    """Tell whether a reminder that could not leave has been tried often enough, for a day."""
    return is_over(fields.Datetime.now(), reminder.delayed_since, reminder.attempts, enough=len(RETRIES))


def _says(reminder):
    """Return what a message is made from, as far as a new decision may change it."""
    return reminder.level_id.id, reminder.date, tuple(reminder.line_ids.ids)

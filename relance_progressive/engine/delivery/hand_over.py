from collections import defaultdict
from datetime import date

from odoo import models

from ...core.decision import reasons
from ..stored import by_currency, reasons_as_data
from .attempt import Attempt
from .carrying import Carrying

SECONDS = 20  # a batch that a slow server holds longer than this is recorded as far as it went
FAILED = ("failed", "bounced")


class DunningEngine(models.AbstractModel):
    """Decide again at the last moment, then walk through the channels of the level."""

    _inherit = "dunning.engine"

    # === RECHECK === #

    def _decide_again(self, reminders, day, counts):
        """Cancel or reduce what payments, promises or disputes have overtaken; return what leaves."""
        if not reminders:
            return reminders
        decisions = self._recheck(reminders, day)
        to_send = []
        for reminder in reminders:
            decision = decisions.get(reminder.id)
            verdict = self._verdict(reminder, decision)
            if reminder.state == "sent":
                if verdict == "send" and not self._has_shrunk(reminder, decision):
                    to_send.append(reminder.id)
                elif verdict != "waiting":
                    words = self._in_words(reminder, decision) if verdict != "send" else self._paid_in_part()
                    reminder.write({"to_continue": False, "reason": words})
                continue
            if verdict == "send":
                self._adapt(reminder, decision)
                to_send.append(reminder.id)
                continue
            channel = reminder.level_id.channel_ids[:1].channel or ""
            counts[channel][verdict] += 1
            if verdict == "draft":
                self._adapt(reminder, decision)
                reminder._set_state("draft", draft_reason=self._why_draft(reminder))
            elif verdict != "waiting":
                reminder._set_state(verdict, reason=self._in_words(reminder, decision))
        return reminders.browse(to_send)

    def _verdict(self, reminder, decision):
        """Return what becomes of a reminder: "send", "waiting", "draft", "failed" or "cancelled"."""
        if not decision:
            return "cancelled"
        codes = {reason.code for reason in decision.reasons}
        if not decision.send:
            if reasons.FACTS_ERROR in codes:
                return "failed"
            # On the next working day, or once the books are up to date, it is looked at again.
            put_off = codes & {reasons.NOT_WORKING_DAY, reasons.HELD_BY_BOOKS}
            return "waiting" if put_off or self._is_company_paused(reminder, decision) else "cancelled"
        if decision.approval and decision.level != reminder.level_id.id:
            return "draft"  # nobody has approved the lower level it falls back to
        if reminder._has_own_words() and self._differs(reminder, decision):
            return "draft"  # a person wrote it for other figures
        return "send"

    def _is_company_paused(self, reminder, decision):
        """Tell whether a pause of the whole company holds a reminder: it is decided again when that ends."""
        held = [reason for reason in decision.reasons if reason.code == reasons.HOLD_PREFIX + "pause"]
        # The first pause of this account to end: one of the company holds as long, unless it is over.
        return bool(held and reminder.company_id._dunning_pauses(held[0].until or date.max))

    def _why_draft(self, reminder):
        """Return what a reminder that may not leave as it is waits for."""
        return "own_text" if reminder._has_own_words() else "approval"

    def _differs(self, reminder, decision):
        """Tell whether a decision claims something else than the reminder does."""
        currencies = {line.move_line_id.id: line.currency_id or reminder.currency_id for line in reminder.line_ids}
        before = {
            (item := line.move_line_id.id, currencies[item].round(line._claimed()), line.level_id.id or None,
             line.upcoming)
            for line in reminder.line_ids
        }  # fmt: skip
        now = {
            (line.item, currencies.get(line.item, reminder.currency_id).round(float(line.claimed)), line.level,
             line.upcoming)
            for line in decision.lines
        }  # fmt: skip
        named = reminder.currency_id.compare_amounts(reminder.amount_notice, float(decision.under_notice)) == 0
        return before != now or decision.level != reminder.level_id.id or not named

    def _has_shrunk(self, reminder, decision):
        """Tell whether less is claimed than by a reminder that arrived; what came on top waits for the next one."""
        now = {line.item: float(line.claimed) for line in decision.lines if not line.upcoming}
        return any(
            (line.currency_id or reminder.currency_id).compare_amounts(
                now.get(line.move_line_id.id, 0.0), line._claimed()
            ) < 0
            for line in reminder.line_ids
            if not line.upcoming
        )

    def _paid_in_part(self):
        return self.env._("The customer has paid a part since.")

    def _adapt(self, reminder, decision):
        """Claim what is still owed, no more; an item prepared at another level follows the decision."""
        if self._differs(reminder, decision):
            reminder._reduce(
                decision.lines,
                level_id=decision.level,
                amount_covered=float(decision.covered),
                covered_in=by_currency(decision.covered_in, reminder.company_id),
                amount_notice=float(decision.under_notice),
                notice_in=by_currency(decision.notice_in, reminder.company_id),
            )

    def _in_words(self, reminder, decision):
        """Return why a reminder does not leave after all."""
        if not decision:
            return self.env._("Nothing is owed any more.")
        return self.env["dunning.account"]._reasons_in_words(reasons_as_data(decision), reminder.currency_id)

    # === CHANNELS === #

    def _hand_over(self, reminders, day, journal):
        """Walk through the channels of each level, in order; a fallback is used when the one before failed.

        What the messages say of penalties is frozen for the day on which they leave.

        :return: ``({reminder: [Attempt]}, reminders left over)``
        """
        reminders = reminders._freeze_penalties(day)
        attempts = {reminder: [] for reminder in reminders}
        early = self._too_early(reminders)
        for reminder, attempt in early.items():
            attempts[reminder].append(attempt)
        going = reminders.filtered(lambda reminder: reminder not in early)
        unhandled = reminders.browse()
        results = {reminder: [] for reminder in going}  # of each step: whether it did what it is for
        for position in range(max((len(reminder.level_id.channel_ids) for reminder in going), default=0)):
            for channel, ids in self._wanted(going - unhandled, position, results).items():
                seconds = SECONDS if position == 0 else float("inf")
                found, late = self._use_channel(channel, reminders.browse(ids), day, journal, seconds)
                unhandled |= late
                for reminder, attempt in found.items():
                    attempts[reminder].append(attempt)
                    results[reminder].append(attempt.state != "failed")
        for reminder in unhandled:
            del attempts[reminder]
        journal.flush()
        return attempts, unhandled

    def _too_early(self, reminders):
        """Return the attempts of those that may not leave yet: one act leaves over all its channels together."""
        by_channel, attempts = defaultdict(list), {}
        for reminder in reminders:
            for step in reminder.level_id.channel_ids:
                if not step.fallback and not self._was_used(reminder, step):
                    by_channel[step.channel].append(reminder.id)
        for code, ids in by_channel.items():
            for id_, (until, why) in self.env["dunning.channel"]._of(code)._not_before(reminders.browse(ids)).items():
                attempts[reminders.browse(id_)] = Attempt(code, "delayed", why, until=until)
        return attempts

    def _wanted(self, reminders, position, results):
        """Return ``{channel: [reminder id]}`` to use at this step, and note the results of the others.

        Not twice in one round, and a fallback only when the step before it failed.
        """
        wanted = defaultdict(list)
        for reminder in reminders:
            steps = reminder.level_id.channel_ids
            if position >= len(steps):
                continue
            step, own = steps[position], results[reminder]
            if known := self._was_used(reminder, step):
                own.append(known[-1:].state not in FAILED)
            elif step.fallback and position and own[-1]:
                own.append(True)
            else:
                wanted[step.channel].append(reminder.id)
        return wanted

    def _has_steps_left(self, reminder):
        """Tell whether a channel that is used in any case has not been used yet."""
        steps = reminder.level_id.channel_ids.filtered(lambda step: not step.fallback)
        return not all(self._was_used(reminder, step) for step in steps)

    def _was_used(self, reminder, step):
        """Return the deliveries over the channel of a step in the present round of attempts."""
        return reminder.delivery_ids.filtered(lambda done: done._counts_for(step.channel))

    def _residuals(self, reminders):
        """Return ``{reminder id: {journal item id: amount}}``: what is open, as this transaction sees it."""
        return {
            reminder.id: {line.move_line_id.id: line.move_line_id.amount_residual for line in reminder.line_ids}
            for reminder in reminders
        }  # fmt: skip

    def _use_channel(self, code, reminders, day, journal, seconds):
        """Hand over reminders over one channel; return ``({reminder: Attempt}, those there was no time for)``."""
        attempts, late = {}, reminders.browse()
        for company, own in reminders.grouped("company_id").items():  # each has limits of its own
            found, left = Carrying(self, company, code, day, journal, seconds).carry(own)
            attempts |= found
            late |= left
        return attempts, late

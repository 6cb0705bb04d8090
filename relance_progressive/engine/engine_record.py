from collections import defaultdict
from datetime import timedelta

from odoo import fields, models

# When a server that cannot be reached is tried again; after the last time, a person has to look.
RETRIES = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))


class DunningEngine(models.AbstractModel):
    """Record what became of a batch of reminders, set-wise."""

    _inherit = "dunning.engine"

    def _record(self, attempts, days, counts):
        """Write deliveries, texts and states.

        :param attempts: ``{reminder: [Attempt]}``
        :param days: ``{reminder: the day it counts for}``
        """
        if not attempts:
            return
        texts = self._keep_texts(attempts)
        now, deliveries, outcomes = fields.Datetime.now(), [], defaultdict(list)
        for reminder, own in attempts.items():
            state = self._overall_state(reminder, own)
            for attempt in own:
                recorded = self._recorded_state(attempt, state)
                counts[attempt.channel][recorded] += 1
                if recorded != "delayed":
                    message = texts.get((reminder.id, attempt.channel))
                    deliveries.append(_delivery(reminder, attempt, recorded, days[reminder], now, message))
            reason = "\n".join(attempt.reason for attempt in own if attempt.state != "sent" and attempt.reason)
            outcomes[state, days[reminder], reason].append((reminder, own, texts))
        self.env["dunning.delivery"].create(deliveries)
        for (state, day, reason), rows in outcomes.items():
            self._move_together(state, day, reason, rows)

    def _record_delivery(self, reminder, attempt, state, day):
        """Write one delivery without its text."""
        values = _delivery(reminder, attempt, state, day, fields.Datetime.now(), False)
        return self.env["dunning.delivery"].create(values)

    def _keep_texts(self, attempts):
        """Keep what left, or may have left; return ``{(reminder id, channel): message id}``."""
        contents, texts = defaultdict(dict), {}
        for reminder, own in attempts.items():
            for attempt in own:
                if attempt.state in ("sent", "uncertain"):
                    contents[attempt.channel][reminder.id] = attempt.content
        for code, by_reminder in contents.items():
            kept = self.env["dunning.channel"]._of(code)._keep(by_reminder)
            texts.update({(reminder_id, code): message for reminder_id, message in kept.items()})
        return texts

    def _overall_state(self, reminder, attempts):
        """Return the state of a reminder after its attempts; "delayed" when it stays ready."""
        states = {attempt.state for attempt in attempts}
        if "sent" in states or (not states and reminder.delivery_ids._is_handed_over()):
            return "sent"
        if "uncertain" in states:
            return "uncertain"
        if "delayed" in states and reminder.attempts < len(RETRIES):
            return "delayed"
        return "failed"

    def _recorded_state(self, attempt, overall):
        """Return the state of a delivery: one that is not going to be tried again has failed."""
        return "failed" if attempt.state == "delayed" and overall != "delayed" else attempt.state

    def _move_together(self, state, day, reason, rows):
        """Move reminders that share state, day and reason."""
        reminders = self.env["dunning.reminder"].browse(reminder.id for reminder, _own, _texts in rows)
        if state == "delayed":
            for reminder in reminders:
                wait = RETRIES[reminder.attempts]
                reminder.write({
                    "attempts": reminder.attempts + 1, "retry_at": fields.Datetime.now() + wait, "reason": reason,
                })  # fmt: skip
            return
        if state == "failed":
            reason = reason or self.env._("The level has no channel.")
        for reminder, own, texts in rows:
            left = next((attempt for attempt in own if attempt.state in ("sent", "uncertain")), None)
            if left:
                reminder.write({
                    "message_id": texts.get((reminder.id, left.channel)),
                    "contact_id": left.content.get("contact_id"),
                    "lang": left.content.get("lang"),
                    "date": day,
                })  # fmt: skip
        reminders._set_state(state, reason=reason or False, retry_at=False)


def _delivery(reminder, attempt, state, day, now, message):
    """Return the values of the delivery that records an attempt."""
    gone = state in ("sent", "uncertain")
    return {
        "reminder_id": reminder.id,
        "channel": attempt.channel,
        "state": state,
        "failure": attempt.failure if state == "failed" else False,
        "reason": attempt.reason or False,
        "address": attempt.content.get("address"),
        "reference": attempt.content.get("reference"),
        "date_done": day if gone else False,
        "sent_at": now if gone else False,
        "message_id": message,
    }

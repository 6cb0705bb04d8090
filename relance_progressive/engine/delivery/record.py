from collections import defaultdict

from odoo import fields, models

from .attempt import RETRIES
from .carrying import was_last_try


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
            if reminder.state == "sent":
                reminder.to_continue = False  # it had arrived before over another channel
                continue
            failures = [attempt.reason for attempt in own if attempt.state not in ("sent", "ready")]
            reason = "\n".join(filter(None, failures))
            outcomes[state, days[reminder], reason].append((reminder, own, texts))
        self._tell_people(self.env["dunning.delivery"].create(deliveries))
        for (state, day, reason), rows in outcomes.items():
            self._move_together(state, day, reason, rows)
        for reminder, own in attempts.items():
            if reminder.state == "sent" and any(attempt.state == "delayed" for attempt in own):
                reminder.write({"to_continue": True, **self._next_try(reminder, own)})

    def _tell_people(self, deliveries):
        """Have the channels tell people of what waits for them."""
        for code, own in deliveries.filtered(lambda delivery: delivery.state == "ready").grouped("channel").items():
            self.env["dunning.channel"]._of(code)._to_do(own)

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
        """Return the state of a reminder after its attempts.

        "ready" when it waits for a person, "delayed" when it is to be tried again.
        A note inside the company does a level only when the level has no way to the customer.
        """
        deliveries = reminder.delivery_ids.filtered(lambda delivery: not delivery.tried_again)
        before = [(delivery.channel, delivery.state) for delivery in deliveries]
        now = [(attempt.channel, attempt.state) for attempt in attempts]
        customer = reminder.level_id._customer_channels()
        states = {state for channel, state in before + now if not customer or channel in customer}
        if states & set(self.env["dunning.delivery"]._handed_over_states()):
            return "sent"
        if "uncertain" in states:
            return "uncertain"
        again = not was_last_try(reminder)
        if any(attempt.state == "delayed" and (attempt.until or again) for attempt in attempts):
            return "delayed"
        return "ready" if "ready" in states else "failed"

    def _recorded_state(self, attempt, overall):
        """Return the state of a delivery: one that is not going to be tried again has failed."""
        return "failed" if attempt.state == "delayed" and overall not in ("delayed", "sent") else attempt.state

    def _move_together(self, state, day, reason, rows):
        """Move reminders that share state, day and reason."""
        reminders = self.env["dunning.reminder"].browse(reminder.id for reminder, _own, _texts in rows)
        if state == "delayed":
            for reminder, own, _texts in rows:
                reminder.write({"reason": reason, **self._next_try(reminder, own)})
            return
        if state == "ready":
            reminders.write({"waiting": True, "reason": reason or False, "retry_at": False})
            return
        if state == "failed" and not reason:
            reason = self._why_failed(reminders[:1])
        for reminder, own, texts in rows:
            codes = reminder.level_id._customer_channels()
            gone = [attempt for attempt in own if attempt.state in ("sent", "uncertain")]
            if left := next((attempt for attempt in gone if not codes or attempt.channel in codes), None):
                reminder.write({
                    "message_id": texts.get((reminder.id, left.channel)),
                    "contact_id": left.content.get("contact_id"),
                    "lang": left.content.get("lang"),
                    "date": day,
                })  # fmt: skip
        reminders._set_state(state, reason=reason or False, retry_at=False, delayed_since=False)

    def _next_try(self, reminder, attempts):
        """Return when a reminder is tried again: at the moment a channel named, else a little later each time."""
        now, count = fields.Datetime.now(), reminder.attempts
        since = {"delayed_since": reminder.delayed_since or now}
        if until := max((attempt.until for attempt in attempts if attempt.until), default=None):
            return since | {"retry_at": until}
        return since | {"attempts": count + 1, "retry_at": now + RETRIES[min(count, len(RETRIES) - 1)]}

    def _why_failed(self, reminder):
        """Return why a reminder failed that no channel was left for."""
        failed = reminder.delivery_ids.filtered(lambda delivery: delivery.reason and not delivery.tried_again)
        return "\n".join(failed.mapped("reason")) or self.env._("The level has no channel.")


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
        "contact_id": attempt.content.get("contact_id"),
        "provider": attempt.content.get("provider"),
        "cost": attempt.content.get("cost") or 0.0,
        "to_do_on": day if state == "ready" else False,
        "reference": attempt.content.get("reference"),
        "date_done": day if gone else False,
        "sent_at": now if gone else False,
        "message_id": message,
    }

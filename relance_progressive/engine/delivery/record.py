from collections import defaultdict
from datetime import timedelta

from markupsafe import Markup

from odoo import fields, models
from odoo.tools import format_date

from ...core.plain.mailbox import Message, waits
from . import delivery_queries as queries
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

    # === OUT OF ORDER === #
    # The person in charge is told, once, of what carries reminders and does not work.

    def _tell_of_outages(self, company):
        """Tell of services that are out of order; end what was told of those that work again."""
        outages = self.env["dunning.outage"].search([("company_id", "child_of", company.id)])
        for outage in outages:
            if outage.until and not outage.told:
                outage.told = True
                self._tell_of_outage(company, outage)
        works = outages.filtered(lambda outage: not outage.until)
        works.activity_ids.unlink()
        works.unlink()

    def _tell_of_outage(self, company, outage):
        """Give the person in charge of reminders something to look at; nobody else is asked when there is none."""
        user = company._dunning_person()
        if not user:
            return
        own = outage.with_context(
            lang=user.lang or company.partner_id.lang or self.env.lang,
            mail_activity_quick_update=True,  # no e-mail about it: it would take the same way
        )
        words = own.env._(
            "The reminders that it carries wait. They leave by themselves once it works again; only what it has not "
            "taken for a day goes on over the next channel, or fails."
        )
        own.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=own.env._("%(service)s takes no reminders now", service=outage.name),
            note=Markup("<p>%s</p><p>%s</p>") % (outage.reason or "", words),
            user_id=user.id,
        )

    # === ONE MAILBOX === #
    # Several customers with one mailbox: where the company chose so, it gets one message a day.

    def _spread_mailboxes(self, company, day):
        """Have what goes to a mailbox that another customer's message has reached on ``day`` leave on a later day.

        Nothing is decided here: the reminder stands, leaves on its new day, and is decided again then as always. The
        message that was prepared first leaves first.
        """
        if company.dunning_mailbox != "spread":
            return
        ready, messages = self._ready_for_mailboxes(company, day)
        later = defaultdict(lambda: ready.browse())
        if not messages:
            return
        for id_, wait in waits(messages, self._written_to(company, day)).items():
            if wait:
                later[wait] |= ready.browse(id_)
        self._leave_later(company, day, later)

    def _ready_for_mailboxes(self, company, day):
        """Return ``(reminders, core.mailbox.Message of each)`` of what is ready to leave by e-mail, in its order.

        What was prepared first leaves first; of what one night prepared, the customer who is known for longest.
        """
        ready = self.env["dunning.reminder"].search([
            ("company_id", "=", company.id), ("state", "=", "ready"), ("waiting", "=", False), ("date", "<=", day),
        ]).filtered(lambda reminder: self._goes_by_email(reminder.level_id))  # fmt: skip
        ready = ready.sorted(lambda reminder: (reminder.date, reminder.create_date.date(), reminder.partner_id.id))
        channel = self.env["dunning.channel.email"]
        recipients = channel._recipients(channel._targets(ready)) if ready else {}
        return ready, [
            Message(reminder.id, reminder.partner_id.id, [address for _name, address in recipients[reminder.id].to])
            for reminder in ready
        ]  # fmt: skip

    def _written_to(self, company, day):
        """Return ``(address, customer id)`` of the e-mails of a day that left, or may have."""
        rows = self.env.execute_query(queries.written_to(self.env, company, day))
        return [(address, customer) for customer, addresses in rows for address in addresses.split(", ")]

    def _goes_by_email(self, level):
        """Tell whether a message of a level leaves by e-mail, whatever else it uses."""
        return any(step.channel == "email" and not step.fallback for step in level.channel_ids)

    def _leave_later(self, company, day, later):
        """Put reminders off by ``{number of working days: reminders}``, and say why."""
        calendar, moment = company._dunning_calendar(day), day
        for number in range(1, max(later, default=0) + 1):
            moment = calendar.next_open(moment + timedelta(days=1))
            if reminders := later.get(number):
                reminders.try_lock_for_update().write({
                    "date": moment,
                    "reason": self.env._(
                        "Several customers share its mailbox, which receives one message a day: it leaves on %(day)s.",
                        day=format_date(self.env, moment),
                    ),
                })  # fmt: skip


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

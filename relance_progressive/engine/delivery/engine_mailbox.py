from collections import defaultdict
from datetime import timedelta

from odoo import models
from odoo.tools import format_date

from ...core.plain.mailbox import Message, waits
from . import delivery_queries as queries


class DunningEngine(models.AbstractModel):
    """Several customers with one mailbox: where the company chose so, it gets one message a day."""

    _inherit = "dunning.engine"

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

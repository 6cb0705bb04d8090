from collections import defaultdict
from datetime import timedelta

from odoo import models
from odoo.tools import format_date

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
        ready = self.env["dunning.reminder"].search([
            ("company_id", "=", company.id), ("state", "=", "ready"), ("waiting", "=", False), ("date", "<=", day),
        ], order="date, id").filtered(self._goes_by_email)  # fmt: skip
        if not ready:
            return
        taken = defaultdict(set)  # {(address, working days from now): accounts}
        for account, addresses in self.env.execute_query(queries.written_to(self.env, company, day)):
            for address in addresses.split(", "):
                taken[address, 0].add(account)
        channel, later = self.env["dunning.channel.email"], defaultdict(lambda: ready.browse())
        recipients = channel._recipients(channel._targets(ready))
        for reminder in ready:
            addresses, wait = [address for _name, address in recipients[reminder.id].to], 0
            while any(taken[address, wait] - {reminder.account_id.id} for address in addresses):
                wait += 1
            for address in addresses:
                taken[address, wait].add(reminder.account_id.id)
            if wait:
                later[wait] |= reminder
        self._leave_later(company, day, later)

    def _goes_by_email(self, reminder):
        """Tell whether a reminder leaves by e-mail, whatever else it uses."""
        return any(step.channel == "email" and not step.fallback for step in reminder.level_id.channel_ids)

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

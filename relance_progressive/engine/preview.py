from bisect import bisect_left
from datetime import timedelta

from odoo import models

from ..channels.dunning_channel import MOST_INVOICED
from ..core.decision.facts import ZERO
from ..core.plain.mailbox import Message, waits
from . import queries, transactions
from .delivery import limits
from .stored import reasons_as_data


class DunningEngine(models.AbstractModel):
    """The preview: the decisions of the run for any day, with their reasons; nothing is written."""

    _inherit = "dunning.engine"

    def _preview_company(self, company, day, partners):
        """Return the decisions of a day, and whether each message that would be prepared leaves on that day.

        ``go_ahead`` tells that the first run waits for a person's word; ``leaves_on`` is the day on which it leaves by
        itself, a later one when the limit of messages a day is reached or its mailbox has received another customer's
        message (``shared_mailbox``), empty when it waits for a person.
        """
        rows = self._decided_rows(company, day, partners)
        self._add_days_of_leaving(company, day, partners, rows)
        return rows

    def _decided_rows(self, company, day, partners):
        ids = (
            self.env["dunning.account"]._owing_customers(company)
            if partners is None
            else partners.commercial_partner_id.ids
        )
        policies = self.env["dunning.plan"]._policies(company, day)
        engine = self.with_context(  # what the night finds out when it begins
            dunning_books=(company.id, day, company._dunning_books_stop(day)),
            dunning_sending=(company._dunning_sending_for(day),),
        )
        rows = []
        for start in range(0, len(ids), transactions.BATCH):
            batch = ids[start : start + transactions.BATCH]
            plans = self.env["dunning.plan"]._of_customers(company, batch)
            decisions = engine._decide_all(company, policies, day, batch, plans)
            if freed := engine._given_up(company, batch, day):
                decisions |= engine._decide_all(company, policies, day, freed, plans, change=_nothing_pending)
            rows += self._preview_rows(company, decisions)
        return rows

    def _preview_rows(self, company, decisions):
        accounts = dict(self.env.execute_query(queries.account_ids(self.env, company, list(decisions))))
        levels = self.env["dunning.level"].browse({d.level for d in decisions.values() if d.level})
        channels = {level.id: level.channel_ids.mapped("channel") for level in levels}
        in_words = self.env["dunning.account"]._reasons_in_words
        return [
            {
                "company_id": company.id,
                "partner_id": partner,
                "account_id": accounts.get(partner),
                "send": decision.send,
                "level_id": decision.level,
                "channels": channels.get(decision.level, []),
                "approval": decision.approval,
                "amount": sum((line.amount for line in decision.lines if not line.upcoming), ZERO),
                "lines": [line._asdict() for line in decision.lines],
                "reasons": reasons_as_data(decision),
                "reason_text": in_words(reasons_as_data(decision), company.currency_id),
                "next_date": decision.next_date,
                "next_level_id": decision.next_level,
                "amount_due": decision.due,
                "amount_overdue": decision.overdue,
                "amount_covered": decision.covered,
            }
            for partner, decision in decisions.items()
        ]

    # === DAYS OF LEAVING === #
    # What happens after the night: the brake of the first run, the limit of the day, one mailbox for several.

    def _add_days_of_leaving(self, company, day, partners, rows):
        """Add to the rows of a preview whether and when each message leaves; see :meth:`_preview_company`."""
        whole, spread = rows, company.dunning_mailbox == "spread"
        if partners is not None and (company.dunning_daily_cap or not company.dunning_started or spread):
            whole = self._decided_rows(company, day, None)  # the others count as well
        brake = not company.dunning_started and self._brakes(company, whole)
        leaving = [row for row in whole if row["send"] and not row["approval"] and not brake]
        days = self._days_of_leaving(company, day, leaving)
        put_off = self._days_of_mailboxes(company, day, leaving, days) if spread else {}
        for row in rows:
            partner = row["partner_id"]
            row["go_ahead"] = bool(row["send"] and brake)
            row["shared_mailbox"] = partner in put_off
            row["leaves_on"] = put_off.get(partner) or days.get(partner)

    def _days_of_mailboxes(self, company, day, rows, days):
        """Return ``{customer id: day}`` of what leaves later than ``days`` say because of its mailbox.

        Of what is prepared already, too.
        """
        ready, messages = limits.ready_for_mailboxes(self.env, company, day)
        customers = {reminder.id: reminder for reminder in ready}
        calendar, dates = company._dunning_calendar(day), [*self._working_days_before(company, day), day]

        def number(moment):  # in working days from now; more of them are added when they are needed
            while dates[-1] < moment:
                dates.append(calendar.next_open(dates[-1] + timedelta(days=1)))
            return bisect_left(dates, moment)

        queue = []
        for message in messages:
            reminder = customers[message.key]
            queue.append(message._replace(key=reminder.partner_id.id, first=number(reminder.date)))
        for message in self._messages_of_rows(company, rows):
            queue.append(message._replace(first=number(days[message.key])))
        first = {message.key: message.first for message in queue}
        put_off = {
            customer: wait for customer, wait in waits(queue, limits.written_to(self.env, company, dates[0])).items()
            if wait > first[customer]
        }  # fmt: skip
        while len(dates) <= max(put_off.values(), default=0):
            dates.append(calendar.next_open(dates[-1] + timedelta(days=1)))
        return {customer: dates[wait] for customer, wait in put_off.items()}

    def _working_days_before(self, company, day):
        """Return the working days from today on that come before ``day``: what is ready leaves first."""
        calendar = company._dunning_calendar(day)
        return [moment for moment in _days(company._dunning_today(), day) if calendar.is_open(moment)]

    def _messages_of_rows(self, company, rows):
        """Return the :class:`Message` of each row that leaves by e-mail, in the order of the night."""
        levels = self.env["dunning.level"].browse({row["level_id"] for row in rows})
        by_email = {level.id: level.stage or "friendly" for level in levels if limits.goes_by_email(level)}
        rows = sorted((row for row in rows if row["level_id"] in by_email), key=lambda row: row["partner_id"])
        items = self.env["account.move.line"].browse({line["item"] for row in rows for line in row["lines"]})
        made_out_to = {item.id: item.move_id.partner_id.id for item in items}
        channel, targets = self.env["dunning.channel.email"], []
        for row in rows:
            customer = row["partner_id"]
            contacts = dict.fromkeys(made_out_to[line["item"]] for line in row["lines"])
            targets.append(channel._target(
                key=customer, partner_id=customer, company_id=company.id, stage=by_email[row["level_id"]],
                invoiced=tuple(contact for contact in contacts if contact != customer)[:MOST_INVOICED],
            ))  # fmt: skip
        recipients = channel._recipients(targets)
        return [
            Message(row["partner_id"], row["partner_id"], [one for _name, one in recipients[row["partner_id"]].to])
            for row in rows
        ]  # fmt: skip

    def _brakes(self, company, rows):
        """Tell whether a first run that prepares these rows waits for a person's word."""
        waiting = self.env["dunning.reminder"].search_count([
            ("company_id", "=", company.id), ("state", "=", "draft"), ("draft_reason", "=", "first_run"),
        ])  # fmt: skip
        return waiting + sum(row["send"] for row in rows) > company.dunning_brake

    def _days_of_leaving(self, company, day, rows):
        """Return ``{customer id: day}``: the oldest debts leave first, as many a day as the limit allows."""
        if not company.dunning_daily_cap:
            return {row["partner_id"]: day for row in rows}
        cap, today = company.dunning_daily_cap, company._dunning_today()
        oldest = dict(self.env.execute_query(queries.due_dates(self.env, [row["lines"][0]["item"] for row in rows])))
        line = sorted((due, 0, 0) for (due,) in self.env.execute_query(queries.ready_debts(self.env, company, day)))
        calendar, left = company._dunning_calendar(day), limits.left_on(self.env, company, min(day, today))
        room = max(0, cap - left)
        for _moment in self._working_days_before(company, day):
            del line[:room]
            room = cap
        days, moment = {}, day
        for _due, _new, partner in sorted(line + [
            (oldest[row["lines"][0]["item"]], 1, row["partner_id"]) for row in rows
        ]):  # fmt: skip
            if not room:
                moment, room = calendar.next_open(moment + timedelta(days=1)), cap
            room -= 1
            days[partner] = moment
        return days


def _nothing_pending(_partner, facts, policy):
    """Return the facts of a customer whose open reminder the run gives up before it decides."""
    return facts._replace(pending=""), policy


def _days(first, end):
    """Return the days from ``first`` on that come before ``end``."""
    return [first + timedelta(days=number) for number in range((end - first).days)]

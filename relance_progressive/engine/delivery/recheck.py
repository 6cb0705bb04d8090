from collections import defaultdict

from odoo import models

from ...core.decision.facts import Hold


class DunningEngine(models.AbstractModel):
    """Decide again just before something leaves, and drop what payments, promises or disputes have overtaken."""

    _inherit = "dunning.engine"

    def _recheck(self, reminders, date=None):
        """Decide again just before sending, as if each reminder did not exist yet.

        :param date: the day of sending, each reminder's own day if empty.
        :return: ``{reminder id: Decision}``, never firmer than the reminder.
        """
        result = {}
        for company, own in reminders.grouped("company_id").items():
            engine = self.with_company(company).sudo()
            for day, same_day in own.grouped(lambda reminder: date or reminder.date).items():
                result.update(engine._recheck_day(company, same_day, day))
        return result

    def _recheck_day(self, company, reminders, day):
        """Decide on one day, each reminder on its own items: who has several letters to be posted is read again.

        :return: ``{reminder id: Decision}``
        """
        policies, result = self.env["dunning.plan"]._policies(company, day), {}
        rounds = defaultdict(dict)  # in each of them a customer has one reminder
        for own in reminders.grouped("partner_id").values():
            for number, reminder in enumerate(own):
                rounds[number][reminder.partner_id.id] = reminder
        for by_partner in rounds.values():
            result.update(self._recheck_customers(company, by_partner, policies, day))
        return result

    def _recheck_customers(self, company, by_partner, policies, day):
        """Return ``{reminder id: Decision}`` of one reminder for each customer: ``{customer id: reminder}``."""
        capped = {}  # one policy per plan and level: the core makes each ready once

        def without_itself(partner, facts, policy):
            facts, level = _without(by_partner[partner], facts), by_partner[partner].level_id.id
            if policy and (id(policy), level) not in capped:
                capped[id(policy), level] = policy._replace(cap=policy.position(level))
            return facts, capped.get((id(policy), level))

        decisions = self._decide_all(company, policies, day, list(by_partner), change=without_itself)
        return {by_partner[partner].id: decision for partner, decision in decisions.items()}

    # === WHAT THE RUN GIVES UP === #

    def _given_up(self, company, partners, day):
        """Return the customers (ids) whose open reminder the run of a day cancels before it decides.

        The preview asks: announcements that are too late, calls and letters that are overtaken.
        """
        reminders = self.env["dunning.reminder"].search([
            ("company_id", "=", company.id), ("partner_id", "in", partners),
            "|", "&", ("state", "=", "failed"), ("stage", "=", "pre_due"),
            "&", ("state", "=", "ready"), ("waiting", "=", True),
        ])  # fmt: skip
        waiting = reminders.filtered("waiting")
        decisions = self._recheck_on_a_working_day(waiting, day)
        overtaken = waiting.filtered(
            lambda reminder: self._verdict(reminder, decisions.get(reminder.id)) == "cancelled"
        )  # fmt: skip
        return ((reminders - waiting)._announced_before(day) | overtaken).partner_id.ids

    # === WHAT WAITS FOR A PERSON === #

    def _drop_overtaken(self, accounts, day):
        """Cancel what people need not carry out any more, reduce the rest to what is still claimed."""
        waiting = self.env["dunning.delivery"].search([
            ("state", "=", "ready"), ("reminder_id.account_id", "in", accounts.ids),
        ])  # fmt: skip
        if not waiting:
            return
        # An account may have one that arrived over another channel, and a later one.
        by_reminder = waiting.grouped("reminder_id")
        for reminders in waiting.reminder_id.grouped("state").values():
            decisions = self._recheck_on_a_working_day(reminders, day)
            for reminder in reminders:
                self._follow(reminder, by_reminder[reminder], decisions.get(reminder.id))

    def _recheck_on_a_working_day(self, reminders, day):
        """Return the decisions of a day; of the next working day when this one is none: a person may work on it."""
        decisions, later = self._recheck(reminders, day), defaultdict(list)
        for reminder in reminders:
            decision = decisions.get(reminder.id)
            if decision and decision.next_date and self._verdict(reminder, decision) == "waiting":
                later[decision.next_date].append(reminder.id)
        for next_day, ids in later.items():
            decisions.update(self._recheck(reminders.browse(ids), next_day))
        return decisions

    def _follow(self, reminder, deliveries, decision):
        """Carry out a decision for what waits for a person."""
        verdict = self._verdict(reminder, decision)
        if verdict == "waiting":
            return
        reason = self._in_words(reminder, decision) if verdict != "send" else ""
        if reminder.state == "sent":
            if verdict != "send" or self._has_shrunk(reminder, decision):
                reminder._end_waiting(deliveries, reason or self._paid_in_part())
        elif verdict == "send":
            self._adapt(reminder, decision)
            kept = reminder.level_id.channel_ids.mapped("channel")
            if others := deliveries.filtered(lambda delivery: delivery.channel not in kept):
                reminder._end_waiting(others, self.env._("A lower level uses other channels."))
                reminder.waiting = len(others) < len(deliveries)
        elif verdict == "draft":
            self._adapt(reminder, decision)
            reminder._set_state("draft", draft_reason=self._why_draft(reminder))
        else:
            reminder._set_state(verdict, reason=reason)


def _without(reminder, facts):
    """Return the facts of an account as if this reminder did not exist yet, less what a person left out of it.

    One that was sent over another channel already gives its items the levels they had before.
    """
    dropped = tuple(Hold("manual", item) for item in reminder.dropped_item_ids.ids)
    facts = facts._replace(pending="", holds=facts.holds + dropped)
    if reminder.state != "sent":
        return facts
    before = {
        line.move_line_id.id: {
            "level": line.previous_level_id.id or None, "level_date": line.previous_date or None,
            "level_due": line.previous_due or None,
        }
        for line in reminder.line_ids
        if line.level_id
    }  # fmt: skip
    claimed = set(reminder.line_ids.move_line_id.ids)  # by this message: it is no step back from itself
    return facts._replace(
        last_contact=None,
        items=tuple(
            item._replace(stage="", **before.get(item.id, {})) if item.id in claimed else item for item in facts.items
        ),
        holds=tuple(hold for hold in facts.holds if hold.reason != "notice" or hold.item not in claimed),
    )

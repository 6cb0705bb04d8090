from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import plaintext2html

from ...core.decision import reasons
from ...core.decision.claims import claimable
from ...core.decision.facts import Hold, Policy
from ...core.decision.firmness import LETTER_DAYS
from ...core.decision.schedule import plan_of
from ...core.law.discount import discounted
from ...settings.inside import Mark, is_marked, marked
from . import queries
from .dunning_decision import STANDING

ACTIVITY = "relance_progressive.decision_activity_type"


class DunningDecision(models.Model):
    """When a decision is asked for, and when it is not needed any more; set-wise."""

    _inherit = "dunning.decision"

    @api.model
    def _follow(self, company, day):
        """Close what is paid, drop what came back, ask for what expired before ``day``."""
        standing = self.search([("company_id", "=", company.id), ("state", "in", STANDING)])
        marked(standing, Mark.DECIDED_LATER)._close_overtaken()
        rows = self._expired(company, day)
        if rows:
            decisions = marked(self._ask(rows), Mark.DECIDED_LATER)
            decisions._has_changed()
            decisions._give_to_do()
        self._escalate(company, day)

    def _close_overtaken(self):
        """Close the decisions whose items are all paid, and those whose notice never reached the customer."""
        back = self.filtered(lambda decision: decision.reminder_id.state != "sent")
        if back:
            back._set_state("void")
        paid = (self - back).filtered(lambda decision: all(item.reconciled for item in decision.item_ids))
        if paid:
            paid._set_state("closed")

    @api.model
    def _follow_items(self, items):
        """Close the decisions about journal items that are paid."""
        decisions = self.search([("item_ids", "in", items.ids), ("state", "in", STANDING)])
        marked(decisions, Mark.DECIDED_LATER)._close_overtaken()

    @api.model
    def _merge(self, account, others):
        """Take over the decisions about merged customers."""
        others.sudo().decision_ids.account_id = account.id
        marked(account.sudo().decision_ids, Mark.DECIDED_LATER)._has_changed()

    @api.model
    def _expired(self, company, day):
        """Return the values of the decisions to ask for: what may still be claimed once the time to pay is over.

        What is promised, contested, paused or covered by money on its way is not asked for as long as it is.
        """
        late = self._undecided(company, day)
        if not late:
            return []
        free = self._claimable_items(company, {row[2] for row in late}, day)
        found, amounts = defaultdict(list), defaultdict(float)
        for item, reminder, _customer, until in late:
            if item in free:
                found[reminder, until].append(item)
                amounts[reminder, until] += float(free[item])
        return [
            {
                "account_id": self.env["dunning.reminder"].browse(reminder).account_id.id,
                "reminder_id": reminder,
                "item_ids": [fields.Command.set(items)],
                "asked_on": until + timedelta(days=1),
                "pay_until": until,
                "amount": amounts[reminder, until],
            }
            for (reminder, until), items in found.items()
        ]

    @api.model
    def _undecided(self, company, day, customers=None):
        """Return ``(item, reminder, customer, last day to pay)`` of what nobody has decided about on a day.

        :param customers: only those of these customers (ids), of all of them if empty
        """
        notices = self._notices(company, day, customers)
        return [(item, reminder, customer, until) for item, reminder, customer, _sent, until in notices
                if until and until < day]  # fmt: skip

    @api.model
    def _notices(self, company, day, customers=None):
        """Return ``(item, reminder, customer, day it left, last day to pay)`` of the notices nobody has decided about.

        The last day is empty as long as a registered letter is on its way. One of which nothing is heard for the time
        that nobody waits any longer is a person's to decide about, like one that has expired.
        """
        rows = self.env.execute_query(queries.undecided_notices(self.env, company, day, customers))
        reminders = self.env["dunning.reminder"].browse({row[1] for row in rows})
        named = {reminder.id: reminder._deadline_named() for reminder in reminders}
        lost = timedelta(days=LETTER_DAYS)
        found = []
        for item, reminder, customer, sent, on_its_way, until, delay in rows:
            if on_its_way:
                last = sent + lost if sent + lost < day else None
            else:
                last = until or named[reminder]
            found.append((item, reminder, customer, sent, last and max(last, delay or last)))
        return found

    @api.model
    def _claimable_items(self, company, customers, day):
        """Return ``{item id: amount}`` of what may be claimed of customers (ids) on a day, in company currency.

        But for the decision itself that is asked for. That a customer is archived keeps messages back, not a person
        from deciding.
        """
        free = {}
        if not customers:
            return free
        facts = self.env["dunning.account"]._read_facts(company, list(customers), day)
        holds = self.env["dunning.account"]._holds(company, list(customers), day)
        for customer, (_plan, own) in facts.items():
            held = (*own.holds, *holds.get(customer, ()))
            others = tuple(hold for hold in held if hold.reason not in ("decision", "archived"))
            own = discounted(own._replace(holds=others), day)
            items = sorted(own.items, key=lambda item: (item.due, item.id))
            claims, _covers = claimable(items, own, day)
            free.update({item.id: claim for item, claim in zip(items, claims, strict=True) if claim > 0})
        return free

    def _has_changed(self):
        """Put the accounts on top of the list, or take them back, and decide again what is held."""
        accounts = self.account_id.sudo()
        self.flush_model()
        if self.env.execute_query(queries.mark_accounts(self.env, accounts.ids)):
            accounts.invalidate_recordset(["decision_since"])
        accounts.invalidate_recordset(["standing_decision_ids"])
        accounts._decide_again()
        accounts.filtered(lambda account: not account.decision_since)._end_decision_activities()
        if not is_marked(self.env, Mark.DECIDED_LATER):  # whoever says so decides them again
            for company, own in accounts.grouped("company_id").items():
                self.env["dunning.account"].sudo()._refresh_live(company, own.partner_id)

    @api.model
    def _escalate(self, company, day):
        """Tell a manager, once, of what nobody has decided for the working days that the plan gives."""
        # An account without a plan is not forgotten: it has the days that a plan gives by default.
        without = {False: Policy((), calendar=company._dunning_calendar(day))}
        policies = without | self.env["dunning.plan"]._policies(company, day)
        waiting = self.search([("company_id", "=", company.id), ("state", "=", "open"), ("escalated_on", "=", False)])
        late = waiting.filtered(lambda decision: decision._waited_too_long(policies, day))
        if late:
            marked(late.with_context(tracking_disable=True), Mark.MOVING).escalated_on = day
            late._give_to_manager(company)

    def _waited_too_long(self, policies, day):
        """Tell whether the other items of the account are reminded again by now."""
        policy = policies.get(self.account_id.plan_id.id) or policies[False]
        return plan_of(policy).last_wait(self.pay_until.toordinal()) < day.toordinal()

    def _give_to_manager(self, company):
        """Give a manager of the company, another one than the person in charge if there is one, what to decide."""
        managers = self.env.ref("relance_progressive.dunning_group_manager").sudo().all_user_ids.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )  # fmt: skip
        rows = []
        for account, own in self.grouped("account_id").items():
            manager = (managers - account._person_in_charge() or managers)[:1]
            if manager:
                told = own.with_context(lang=manager.lang or self.env.lang)
                rows.append({
                    "res_model_id": self.env["ir.model"]._get_id(account._name), "res_id": account.id,
                    "activity_type_id": self.env.ref(ACTIVITY).id, "user_id": manager.id, "automated": True,
                    "date_deadline": own[:1].escalated_on,
                    "summary": told.env._("Nobody has decided what follows the formal notice"),
                    "note": plaintext2html("\n".join(told.mapped("sentence"))),
                })  # fmt: skip
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(rows)

    def _give_to_do(self):
        """Give the person in charge of each account something to do, once as long as it is open."""
        accounts = self.account_id - self.account_id._tasks(ACTIVITY).mapped(
            lambda activity: self.env["dunning.account"].browse(activity.res_id)
        )
        rows = []
        for account in accounts:
            if user := account._person_in_charge():
                told = account.with_context(lang=user.lang or self.env.lang)
                own = told.decision_ids.filtered(lambda decision: decision.state == "open")
                rows.append({
                    "res_model_id": self.env["ir.model"]._get_id(account._name), "res_id": account.id,
                    "activity_type_id": self.env.ref(ACTIVITY).id, "user_id": user.id, "automated": True,
                    "date_deadline": min(own.mapped("asked_on")),
                    "summary": told.env._("Formal notice without payment: decide what comes next"),
                    "note": plaintext2html("\n".join(own.mapped("sentence"))),
                })  # fmt: skip
        # The list and the digest tell of them: no e-mail for each.
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(rows)

    @api.model
    def _holds_of(self, company, partners, day):
        """Yield ``(customer id, hold)`` of what waits for a decision, got a new delay, or was handed over."""
        for partner, item, state, until, pay_until in self.env.execute_query(
            queries.holds(self.env, company, partners, day)
        ):
            held = Hold("legal", item) if state == "case" else Hold("decision", item, None, until, since=pay_until)
            yield partner, held
        # The night asks for the decisions first; a preview of its day, or of a later one, asks for none.
        for item, _reminder, partner, sent, until in self.sudo()._notices(company, day, partners):
            expired = until is not None and until < day
            held = Hold("decision", item, since=until) if expired else Hold("notice", item, None, until, since=sent)
            yield partner, held

    def _words_of_holds(self):
        """Return ``{reason code: sentence}``: since when a decision is needed, and what was decided."""
        words = {}
        for code, states in (("decision", ("open", "delay")), ("legal", ("case",))):
            if told := self.filtered(lambda decision, states=states: decision.state in states):
                words[reasons.HOLD_PREFIX + code] = ", ".join(told.sorted("id").mapped("sentence"))
        return words

    @api.model
    def _notices_of_items(self, item_ids):
        """Return from when each item is under formal notice, as the lives of the registered letters tell it.

        The first notice that took effect counts. A letter that nobody received, refused or left at the post
        office has none (yet), and what left by e-mail only proves no day: those items are not in the answer. An item
        that was claimed in part counts as a whole.

        :param item_ids: ids of journal items
        :return: ``{item id: the day it took effect}``
        """
        if not item_ids:
            return {}
        return dict(self.env.execute_query(queries.effective_notices(self.env, item_ids)))

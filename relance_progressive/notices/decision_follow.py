import logging
from collections import defaultdict
from datetime import timedelta

from psycopg2 import errors

from odoo import api, fields, models
from odoo.tools import plaintext2html

from ..core import reasons
from ..core.claims import claimable
from ..core.facts import Hold
from . import decision_queries
from .dunning_decision import STANDING

_logger = logging.getLogger(__name__)
ACTIVITY = "relance_progressive.decision_activity_type"
HOLD = reasons.HOLD_PREFIX + "decision"


class DunningDecision(models.Model):
    """When a decision is asked for, and when it is not needed any more; set-wise."""

    _inherit = "dunning.decision"

    @api.model
    def _follow(self, company, day):
        """Close what is paid, drop what came back, ask for what expired before ``day``."""
        standing = self.search([("company_id", "=", company.id), ("state", "in", STANDING)])
        standing.with_context(dunning_no_refresh=True)._close_overtaken()
        rows = self._expired(company, day)
        if rows:
            decisions = self._ask(rows).with_context(dunning_no_refresh=True)
            decisions._has_changed()
            decisions._give_to_do()

    def _close_overtaken(self):
        """Close the decisions whose items are all paid, and those whose notice never reached the customer."""
        back = self.filtered(lambda decision: decision.reminder_id.state != "sent")
        if back:
            back._set_state("void")
        paid = (self - back).filtered(lambda decision: all(item.reconciled for item in decision.item_ids))
        if paid:
            paid._set_state("closed")

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

        The last day is empty as long as a registered letter is on its way.
        """
        rows = self.env.execute_query(decision_queries.undecided_notices(self.env, company, day, customers))
        reminders = self.env["dunning.reminder"].browse({row[1] for row in rows})
        named = {reminder.id: reminder._deadline_named() for reminder in reminders}
        return [
            (item, reminder, customer, sent, None if on_its_way else max(until or named[reminder], delay or sent))
            for item, reminder, customer, sent, on_its_way, until, delay in rows
        ]

    @api.model
    def _claimable_items(self, company, customers, day):
        """Return ``{item id: amount}`` of what may be claimed of customers (ids) on a day, in company currency.

        But for the decision itself that is asked for.
        """
        free = {}
        if not customers:
            return free
        facts = self.env["dunning.account"]._read_facts(company, list(customers), day)
        holds = self.env["dunning.engine"]._collect_holds(company, list(customers), day)
        for customer, (_plan, own) in facts.items():
            others = [hold for hold in holds.get(customer, ()) if hold.reason != "decision"]
            own = own._replace(holds=own.holds + tuple(others))
            items = sorted(own.items, key=lambda item: (item.due, item.id))
            claims, _covers = claimable(items, own, day)
            free.update({item.id: claim for item, claim in zip(items, claims, strict=True) if claim > 0})
        return free

    def _has_changed(self):
        """Put the accounts on top of the list, or take them back, and decide again what is held."""
        accounts = self.account_id.sudo()
        self.flush_model()
        if self.env.execute_query(decision_queries.mark_accounts(self.env, accounts.ids)):
            accounts.invalidate_recordset(["decision_since"])
        accounts.invalidate_recordset(["standing_decision_ids"])
        accounts._decide_again()
        accounts.filtered(lambda account: not account.decision_since)._end_decision_activities()
        if not self.env.context.get("dunning_no_refresh"):  # whoever says so decides them again
            for company, own in accounts.grouped("company_id").items():
                self.env["dunning.account"].sudo()._refresh_live(company, own.partner_id)

    def _give_to_do(self):
        """Give the person in charge of each account something to do, once as long as it is open."""
        accounts = self.account_id - self.account_id._decision_activities().mapped(
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


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    def _deadline_named(self):
        """Return the day that the message named: it counts where no registered letter gives a day."""
        self.ensure_one()
        dues = [line.date_maturity for line in self._lines_of_the_claim() if line.date_maturity]
        return self._deadline(min(dues, default=self.date))


class DunningAccount(models.Model):
    """What of an account waits for a decision."""

    _inherit = "dunning.account"
    # What expired comes first; without a decision to take the date is empty, hence last.
    _order = "decision_since, broken_promise_date, next_date, amount_overdue DESC, id"

    decision_ids = fields.One2many("dunning.decision", "account_id", "Decisions", readonly=True)
    decision_since = fields.Date(
        "To Decide Since", readonly=True, help="Since when a formal notice without payment waits for a decision."
    )
    standing_decision_ids = fields.Many2many("dunning.decision", compute="_compute_standing_decision_ids")
    decision_text = fields.Char("To Decide", compute="_compute_standing_decision_ids")

    @api.depends("decision_ids.state", "decision_ids.until")
    @api.depends_context("lang")
    def _compute_standing_decision_ids(self):
        today = self.company_id._dunning_days()
        for account in self:
            own = account.decision_ids.filtered(lambda decision: decision.state in STANDING)
            own = own.filtered(
                lambda decision: decision.state != "delay" or decision.until >= today[decision.company_id]
            )
            account.standing_decision_ids = own
            opened = own.filtered(lambda decision: decision.state == "open").sorted("id")
            account.decision_text = " · ".join(opened.mapped("sentence"))

    @api.model
    def _holds(self, company, partners, day):
        """Also hold what waits for a decision, what got a new delay, and what was handed over."""
        holds = super()._holds(company, partners, day)
        for partner, item, state, until, pay_until in self.env.execute_query(
            decision_queries.holds(self.env, company, partners, day)
        ):
            hold = Hold("legal", item) if state == "case" else Hold("decision", item, None, until, since=pay_until)
            holds.setdefault(partner, []).append(hold)
        # The night asks for the decisions first; a preview of its day, or of a later one, asks for none.
        for item, _reminder, partner, sent, until in self.env["dunning.decision"].sudo()._notices(
            company, day, partners
        ):
            expired = until is not None and until < day
            hold = Hold("decision", item, since=until) if expired else Hold("notice", item, None, until, since=sent)
            holds.setdefault(partner, []).append(hold)
        return holds

    def _why(self, reasons):
        """Say first what waits for a decision: it is why the account is on top of the list."""
        return super()._why(sorted(reasons or [], key=lambda reason: reason["code"] != HOLD))

    def _own_words(self):
        """Also say since when a decision is needed, and what was decided."""
        words = super()._own_words()
        own = self.standing_decision_ids
        for code, states in (("decision", ("open", "delay")), ("legal", ("case",))):
            if told := own.filtered(lambda decision, states=states: decision.state in states):
                words[reasons.HOLD_PREFIX + code] = ", ".join(told.sorted("id").mapped("sentence"))
        return words

    @api.depends("decision_ids.state", "decision_ids.until")
    def _compute_reason_text(self):
        return super()._compute_reason_text()

    def _decision_activities(self):
        activity_type = self.env.ref(ACTIVITY, raise_if_not_found=False)
        return self.env["mail.activity"].search([
            ("res_model", "=", self._name), ("res_id", "in", self.ids),
            ("activity_type_id", "=", activity_type.id if activity_type else 0),
        ])  # fmt: skip

    def _end_decision_activities(self):
        """Close what the persons in charge had to decide."""
        if activities := self._decision_activities():
            activities.action_feedback()

    def _absorb(self, others):
        """Take over the decisions."""
        super()._absorb(others)
        others.sudo().decision_ids.account_id = self.id
        self.sudo().decision_ids.with_context(dunning_no_refresh=True)._has_changed()

    # === PAYMENTS === #

    @api.model
    def _refresh_now(self, touched):
        """Also close the decisions about what is paid, before the accounts are decided again."""
        self._close_paid_decisions(touched.get("items", ()))
        return super()._refresh_now(touched)

    @api.model
    def _close_paid_decisions(self, items):
        """Close decisions; a payment never fails because of them, the night does it again."""
        if not items:
            return  # a savepoint would run what waits for the commit
        try:
            with self.env.cr.savepoint():
                decisions = self.env["dunning.decision"].sudo().search([
                    ("item_ids", "in", list(items)), ("state", "in", STANDING),
                ])  # fmt: skip
                decisions.with_context(dunning_no_refresh=True)._close_overtaken()
        except errors.DeadlockDetected:
            raise  # Odoo tries the whole request again
        except Exception:
            _logger.exception("The decisions about %s could not follow what is paid", items)

    # === BUTTONS === #

    def _open_decisions(self):
        return self.decision_ids.filtered(lambda decision: decision.state == "open")

    def action_hand_over(self):
        """Hand over to a case what waits for a decision."""
        return self._open_decisions().action_hand_over()

    def action_new_delay(self):
        """Give more time for what waits for a decision."""
        return self._open_decisions().action_new_delay()

    def action_give_up(self):
        """Give up what waits for a decision."""
        return self._open_decisions().action_give_up()

    def action_open_decisions(self):
        """Show the decisions of the account, those taken too."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("relance_progressive.dunning_decision_action")
        return action | {
            "name": self.env._("Decisions about %(customer)s", customer=self.partner_id.display_name),
            "domain": [("account_id", "=", self.id)],
            "context": {},
        }


class DunningEngine(models.AbstractModel):
    _inherit = "dunning.engine"

    def _begin(self, company, day):
        """Look first at the formal notices that have expired: their items are held from now on."""
        self.env["dunning.decision"].sudo()._follow(company, day)
        return super()._begin(company, day)

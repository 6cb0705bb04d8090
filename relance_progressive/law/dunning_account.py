from collections import defaultdict

from markupsafe import escape

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ..core.decision.facts import Hold
from ..core.law.costs import waiting_until
from ..core.law.place import FRENCH_TERRITORIES, territory
from ..core.law.regimes import NOTICE, REGIMES
from ..core.plain.days import months_later
from .notices.decision_follow import ACTIVITY as DECISION_ACTIVITY
from .notices.dunning_decision import STANDING
from .penalties import costs_queries, insolvency_queries, penalty_queries

INSOLVENCY_ACTIVITY = "relance_progressive.insolvency_activity_type"
DECLARED_WITHIN = 2  # months (C. com. R622-24); counted from the judgment here, from its publication in the law
# Where a consumer is owed a free reminder and a waiting time before anything is charged (BE, NL).
COUNTRIES = tuple(sorted({
    code[:2].upper() for code, regime in REGIMES.items() if regime.costs and regime.starts == NOTICE
}))  # fmt: skip


def _next_level(policy, level, due, day):
    """Return the id of the level that an item reaches next, empty if there is none."""
    rest = policy.levels[policy.position(level) if level else 0 :]
    return next((own.id for own in rest if own.delay >= 0 or due >= day), None)


class DunningAccount(models.Model):
    """What the law makes of an account: notices, insolvency, costs, late interest."""

    _inherit = "dunning.account"

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

    def _end_decision_activities(self):
        """Close what the persons in charge had to decide."""
        if activities := self._tasks(DECISION_ACTIVITY):
            activities.action_feedback()

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

    # === INSOLVENCY === #
    # A customer in insolvency is not chased for what was owed before the opening.
    # It may not pay it (C. com. L622-7), nobody may have it condemned to (L622-21): the claim is declared to the
    # court-appointed representative (L622-24). What is born afterwards is reminded like any debt (L622-17).

    insolvency_told = fields.Date(
        "Told of the Insolvency Of", readonly=True, copy=False, index="btree_not_null",
        help="The opening for which the person in charge has the task to declare the claim.",
    )  # fmt: skip

    @api.model
    def _holds_of_insolvency(self, company, partners, day):
        """Yield ``(customer id, hold)`` of what can only be declared."""
        rows = self.env.execute_query(insolvency_queries.insolvent(self.env, partners, day))
        found = [customer for customer, _opening in rows]
        for customer, opening, item, _amount in self._born_before_insolvency(company, found):
            yield customer, Hold("insolvency", item, since=opening)

    @api.model
    def _born_before_insolvency(self, company, partners):
        """Return ``[(customer id, opening, item id, open amount)]`` of customers (ids) that are in insolvency."""
        if not partners:
            return []
        scope = self.env["dunning.account"].sudo()._scope(company)
        return self.env.execute_query(insolvency_queries.born_before(self.env, *scope, partners))

    # === WHAT TO DO === #

    @api.model
    def _follow_insolvencies(self, company):
        """Give the persons in charge the claims to declare, once for each opening; take back what is over."""
        rows = dict(self.env.execute_query(insolvency_queries.not_told(self.env, company)))
        if not rows:
            return
        amounts = defaultdict(float)
        for customer, _opening, _item, amount in self._born_before_insolvency(company, rows.values()):
            amounts[customer] += float(amount)
        accounts = self.browse(rows)
        accounts._tasks(INSOLVENCY_ACTIVITY).unlink()
        accounts.filtered("insolvency_told").insolvency_told = False
        for account in accounts.filtered(lambda account: amounts.get(account.partner_id.id)):
            account._give_to_declare(amounts[account.partner_id.id])

    def _give_to_declare(self, amount):
        """Give the person in charge the task to declare a claim of ``amount``."""
        user, opening = self._person_in_charge(), self.partner_id.dunning_insolvency_date
        if not user:
            return
        env = self.with_context(lang=user.lang or self.env.lang).env
        told, deadline = self.with_env(env), months_later(opening, DECLARED_WITHIN)
        self.insolvency_told = opening
        note = escape(env._(
            "%(amount)s of before the opening is not reminded: the customer may not pay it (C. com. L622-7, "
            "L622-21). Declare it to the court-appointed representative within two months of the publication in "
            "the BODACC (C. com. L622-24, R622-24). By %(deadline)s it is in time in any case: two months after "
            "the judgment.",
            amount=told._in_words(amount), deadline=format_date(env, deadline),
        ))  # fmt: skip
        if told._has_two_months_more():
            note += " " + escape(env._(
                "You have two months more if the court sits in the part of France where the customer is, because your "
                "company is not there (R622-24): do not count on them."
            ))
        told.activity_schedule(
            INSOLVENCY_ACTIVITY, deadline, user_id=user.id, automated=True,
            summary=env._("Insolvency of %(day)s: declare the claim", day=format_date(env, opening)),
            note=note,
        )  # fmt: skip

    def _has_two_months_more(self):
        """Tell whether the company is not in the part of France where the customer is: France itself, or one overseas.

        C. com. R622-24: a creditor who does not live where the court sits, in metropolitan France or in a department or
        collectivity overseas, has two months more; one who does has not (Cass. com., 13 July 2010, no. 09-13.103).
        """
        customer = self.partner_id
        debtor = territory(customer.country_id.code or self.company_id.country_id.code or "", customer.zip or "")
        french = debtor == "FR" or debtor in FRENCH_TERRITORIES.values()
        return french and debtor != self.company_id._dunning_territory()

    # === COSTS OF CONSUMERS === #
    # A level that claims costs leaves a consumer alone until the law allows it.
    # In Belgium (CDE, book XIX) and the Netherlands (BW 6:96) the first reminder is free, and a waiting time follows.
    # Only the items whose next level would charge something are held, and no longer than that.

    @api.model
    def _holds_of_costs(self, company, partners, day):
        """Yield ``(customer id, hold)`` of what cannot be charged yet."""
        own = company.root_id.sudo()
        at_home = (own.country_id or own.account_fiscal_country_id).code in COUNTRIES
        rows = self.env.execute_query(
            costs_queries.free_reminders(self.env, company, partners, COUNTRIES, at_home)
        )  # fmt: skip
        if not rows:
            return
        regimes = company._dunning_regimes(self.env["res.partner"].browse({row[0] for row in rows}))
        policies = self.env["dunning.plan"].sudo()._policies(company, day)
        claiming = set(self.env["dunning.level"].sudo().search([("penalties", "=", "claim")]).ids)
        for partner, item, due, level, plan, first, channel in rows:
            regime, policy = regimes.get(partner), policies.get(plan)
            if not regime or not regime.costs or not policy or _next_level(policy, level, due, day) not in claiming:
                continue
            until = waiting_until(regime, first, channel or "")
            if until is None:
                yield partner, Hold("costs", item)
            elif until >= day:
                yield partner, Hold("costs", item, None, until, since=first)

    # === LATE INTEREST === #
    # What being late has cost a customer so far, and why nothing is claimed where nothing is.
    # It grows by the same amount each day until a debt or a rate changes: what is stored is the amount of one day, and
    # the night computes again only the accounts whose debts have changed, and all of them when a half-year begins.

    amount_penalty = fields.Monetary(
        "Penalties", readonly=True, default=0.0,
        help="Late interest and fixed indemnity of what is open and late, less what was waived or invoiced, as last "
        "computed. They are not part of the amounts due: the invoices alone decide on reminders.",
    )  # fmt: skip
    penalty_per_day = fields.Monetary("Penalties per Day", readonly=True, aggregator=None)
    penalty_date = fields.Date("Penalties Computed On", readonly=True)
    penalty_codes = fields.Char("Reasons for No Penalties", readonly=True)
    penalty_text = fields.Char("Penalties in Words", compute="_compute_penalty_text")
    penalty_why = fields.Char("Why No Penalties", compute="_compute_penalty_text")

    @api.depends("amount_penalty", "penalty_per_day", "penalty_date", "penalty_codes", "amount_overdue")
    @api.depends_context("lang")
    def _compute_penalty_text(self):
        for account in self:
            codes = (account.penalty_codes or "").split(",")
            why = " ".join(self.env["dunning.penalty"]._code_in_words(code) for code in codes if code)
            account.penalty_text, account.penalty_why = account._penalty_in_words(why), why

    def _penalty_in_words(self, why):
        if not self.amount_penalty and not self.penalty_per_day:
            return why
        if not self.penalty_date:
            words = self.env._(
                "%(amount)s as last computed; something has changed, and they are computed again tonight.",
                amount=self._in_words(self.amount_penalty),
            )
        elif self.penalty_per_day:
            words = self.env._(
                "%(amount)s on %(day)s, and %(per_day)s more each day.",
                amount=self._in_words(self.amount_penalty), per_day=self._in_words(self.penalty_per_day),
                day=format_date(self.env, self.penalty_date),
            )  # fmt: skip
        else:
            words = self.env._(
                "%(amount)s on %(day)s.",
                amount=self._in_words(self.amount_penalty), day=format_date(self.env, self.penalty_date),
            )  # fmt: skip
        return f"{words} {why}".strip()

    # === STORED FIGURES === #

    @api.model
    def _penalty_figures(self, company, day, overdue, covered=None):
        """Return ``{customer id: {column: value}}`` of penalties until ``day``.

        :param overdue: ``{customer id: what is late}``
        :param covered: ids of the customers with money that nobody has matched yet; as stored if empty
        """
        sums = self.env["dunning.penalty"]._sums_of_customers(company, list(overdue), day, covered)
        unknown = {id_ for (id_,) in self.env.execute_query(penalty_queries.without_status(self.env, list(overdue)))}
        figures = {}
        for partner, late in overdue.items():
            amount, per_day, codes = sums.get(partner, (0, 0, ""))
            figures[partner] = {
                "amount_penalty": amount, "penalty_per_day": per_day,
                "penalty_date": day if late > 0 or amount else None,
                "penalty_codes": "no_status" if late > 0 and partner in unknown else codes or None,
            }  # fmt: skip
        return figures

    @api.model
    def _store_penalties(self, company, partners, day):
        """Compute and store the penalties of customers (commercial ids) until ``day``, all together."""
        overdue = dict(self.env.execute_query(penalty_queries.overdue_amounts(self.env, company, partners)))
        self._store_figures(company, self._penalty_figures(company, day, overdue))

    @api.model
    def _stale_penalties(self, company, day):
        """Return the customers whose penalties the night computes again."""
        first_day = day.replace(month=1 if day.month < 7 else 7, day=1)
        rows = self.env.execute_query(penalty_queries.stale_accounts(self.env, company, first_day, day))
        return [partner for (partner,) in rows]

    def _penalties_changed(self):
        """Compute the penalties of these accounts again, now."""
        for company, own in self.sudo().grouped("company_id").items():
            self.env["dunning.account"].sudo()._store_penalties(
                company, own.partner_id.ids, company._dunning_today()
            )

    @api.model
    def _penalties_changed_for(self, partners=None, company=None):
        """Have the next night compute penalties again: of customers, of a company, or all of them."""
        condition = SQL("TRUE")
        if partners is not None:
            condition = SQL("a.partner_id = ANY(%s)", partners.commercial_partner_id.ids)
        if company is not None:
            condition = SQL("%s AND a.company_id = ANY(%s)", condition, company.root_id.ids)
        if self.env.execute_query(penalty_queries.forget_penalties(self.env, condition)):
            self.env["dunning.account"].invalidate_model(["penalty_date"])

    def action_open_penalties(self):
        """Show how the penalties of the account are computed."""
        self.ensure_one()
        return self.env["dunning.penalty.sheet"]._open_for(self)

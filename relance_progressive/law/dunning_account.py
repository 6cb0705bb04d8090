from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from .notices.decision_follow import ACTIVITY as DECISION_ACTIVITY
from .notices.dunning_decision import STANDING
from .penalties import penalty_queries
from .penalties.settled import settled_queries

LOOK_BACK_YEARS = 5  # late payments older than this are barred by time between professionals (C. com. L110-4)


class DunningAccount(models.Model):
    """What the law makes of an account: decisions about formal notices, late interest, waived or invoiced."""

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

    insolvency_told = fields.Date(
        "Told of the Insolvency Of", readonly=True, copy=False, index="btree_not_null",
        help="The opening for which the person in charge has the task to declare the claim.",
    )  # fmt: skip

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

    # === WAIVED, OR INVOICED === #

    penalty_waiver_ids = fields.One2many("dunning.penalty.waiver", "account_id", "Waived Penalties", readonly=True)
    penalty_line_ids = fields.One2many("dunning.penalty.line", "account_id", "Invoiced Penalties", readonly=True)
    penalty_invoice_count = fields.Integer("Penalty Invoices", compute="_compute_penalty_invoice_count")

    @api.depends("penalty_line_ids.move_id")
    def _compute_penalty_invoice_count(self):
        counts = dict(self.env["dunning.penalty.line"]._read_group(
            [("account_id", "in", self.ids)], ["account_id"], ["move_id:count_distinct"]
        ))  # fmt: skip
        for account in self:
            account.penalty_invoice_count = counts.get(account._origin, 0)

    def _penalties_of(self, until, items=None):
        """Return ``{item id: Penalty}`` of all that was late, what is settled by now included.

        :param until: the last day of interest
        :param items: those that are meant, all by default; items of other customers are left out
        """
        since, found = until - relativedelta(years=LOOK_BACK_YEARS), {}
        for company, own in self.grouped("company_id").items():
            accounts, companies = self.env["dunning.account"].sudo()._scope(company)
            rows = self.env.execute_query(settled_queries.late_items(
                self.env, accounts, companies, own.partner_id.ids, since, until
            ))  # fmt: skip
            wanted = [id_ for (id_,) in rows if items is None or id_ in items._ids]
            found |= self.env["dunning.penalty"].sudo()._of_items(company, wanted, until)
        return found

    def _penalties_left(self, until, items=None):
        """Return the same of those that something can be claimed of."""
        return {
            item: penalty
            for item, penalty in self._penalties_of(until, items).items()
            if penalty.interest_left > 0 or penalty.indemnity_left > 0
        }

    # === BUTTONS === #

    def action_waive_penalties(self):
        """Ask which penalties of this account are waived."""
        self.ensure_one()
        return self.env["dunning.penalty.waive"]._open(self)

    def action_invoice_penalties(self):
        """Ask which penalties of these accounts are invoiced."""
        return self.env["dunning.penalty.invoice"]._open(self)

    def action_open_penalty_invoices(self):
        """Show the penalty invoices of this account."""
        self.ensure_one()
        return self.penalty_line_ids.move_id._dunning_open(self.env._("Penalty Invoices"))

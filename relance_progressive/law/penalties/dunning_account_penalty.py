from odoo import api, fields, models
from odoo.tools import SQL, format_date

from . import penalty_queries as queries


class DunningAccount(models.Model):
    """What being late has cost a customer so far, and why nothing is claimed where nothing is.

    It grows by the same amount each day until a debt or a rate changes: what is stored is the amount of one day, and
    the night computes again only the accounts whose debts have changed, and all of them when a half-year begins.
    """

    _inherit = "dunning.account"

    amount_penalty = fields.Monetary(
        "Penalties", readonly=True, default=0.0,
        help="Late interest and fixed indemnity of what is open and late, less what was waived or invoiced, as last "
        "computed. They are not part of the amounts due: the invoices alone decide on reminders.",
    )  # fmt: skip
    penalty_per_day = fields.Monetary("Penalties per Day", readonly=True, aggregator=None)
    penalty_date = fields.Date("Penalties Computed On", readonly=True)
    penalty_codes = fields.Char("Reasons for No Penalties", readonly=True)
    amount_penalty_now = fields.Monetary(
        "Penalties Today", compute="_compute_amount_penalty_now",
        help="Late interest and fixed indemnity until today: as last computed, and what each day since has added.",
    )  # fmt: skip
    penalty_text = fields.Char("Penalties in Words", compute="_compute_penalty_text")
    penalty_why = fields.Char("Why No Penalties", compute="_compute_penalty_text")

    @api.depends("amount_penalty", "penalty_per_day", "penalty_date")
    def _compute_amount_penalty_now(self):
        today = self.company_id._dunning_days()
        for account in self:
            days = max(0, (today[account.company_id] - account.penalty_date).days) if account.penalty_date else 0
            account.amount_penalty_now = account.amount_penalty + days * account.penalty_per_day

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
        unknown = {id_ for (id_,) in self.env.execute_query(queries.without_status(self.env, list(overdue)))}
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
        overdue = dict(self.env.execute_query(queries.overdue_amounts(self.env, company, partners)))
        self._store_figures(company, self._penalty_figures(company, day, overdue))

    @api.model
    def _stale_penalties(self, company, day):
        """Return the customers whose penalties the night computes again."""
        first_day = day.replace(month=1 if day.month < 7 else 7, day=1)
        rows = self.env.execute_query(queries.stale_accounts(self.env, company, first_day, day))
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
        if self.env.execute_query(queries.forget_penalties(self.env, condition)):
            self.env["dunning.account"].invalidate_model(["penalty_date"])

    def action_open_penalties(self):
        """Show how the penalties of the account are computed."""
        self.ensure_one()
        return self.env["dunning.penalty.sheet"]._open_for(self)


class AccountMove(models.Model):
    _inherit = "account.move"

    def action_dunning_penalties(self):
        """Show how the penalties of the invoice are computed."""
        self.ensure_one()
        account = self.env["dunning.account"]._of(self.partner_id, self.company_id)
        return self.env["dunning.penalty.sheet"]._open_for(account, move=self)

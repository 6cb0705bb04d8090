from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...settings.inside import INSIDE

READERS = "relance_progressive.dunning_group_user,account.group_account_readonly"
LEGAL = "legal"
KINDS = [
    (LEGAL, "That of the law"),
    ("carriage", "Carriage of goods: 1 year (C. com. L133-6)"),
    ("agreed", "Agreed in the contract (C. civ. 2254)"),
    ("other", "That of another text"),
]
FIELDS = {"dunning_limitation_kind", "dunning_limitation_months", "dunning_limitation_text"}


class DunningLimitationPeriod(models.AbstractModel):
    """How long claims can be brought to court, where that is not what the law says of this kind of customer.

    A manager enters it, with the reason: of a customer on its account, of one invoice on the invoice, which comes
    first. Whether it holds is asked each time (:func:`..core.limitation.period_of`): the status or the law may change.
    """

    _name = "dunning.limitation.period"
    _description = "Entered Period of Limitation"

    dunning_limitation_kind = fields.Selection(
        KINDS, "Limitation Period", copy=False, tracking=True,
        help="Empty: that of the customer's account, else that of the company, else that of the law.",
    )  # fmt: skip
    dunning_limitation_months = fields.Integer(
        "Months of Limitation", copy=False, tracking=True,
        help="Agreed: at least 12, at most 120 (C. civ. 2254), never with a consumer (C. conso. L218-1).",
    )  # fmt: skip
    dunning_limitation_text = fields.Char(
        "Reason for the Period", copy=False, tracking=True,
        help="Where it is written: the clause of the contract, the article of the law.",
    )  # fmt: skip

    @api.model_create_multi
    def create(self, vals_list):
        context = self.env.context
        given = {name: context[f"default_{name}"] for name in FIELDS if context.get(f"default_{name}")}
        for vals in vals_list:
            self._check_who_enters_it(given | vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_who_enters_it(vals)
        res = super().write(vals)
        if FIELDS & vals.keys():
            self._follow_entered_period()
        return res

    @api.model
    def _check_who_enters_it(self, vals):
        """Keep it to managers: it moves the day after which nobody can sue.

        :raise UserError: if somebody else enters it
        """
        if any(vals.get(name) for name in FIELDS) or ("dunning_limitation_kind" in vals and self):
            if not (self.env.su or self.env.user.has_group("relance_progressive.dunning_group_manager")):
                raise UserError(self.env._("Only a manager enters how long claims can be brought to court."))

    @api.constrains("dunning_limitation_kind", "dunning_limitation_months", "dunning_limitation_text")
    def _check_dunning_limitation(self):
        service = self.env["dunning.limitation"].sudo()
        for record in self:
            if not record.dunning_limitation_kind:
                continue
            if not (record.dunning_limitation_text or "").strip():
                raise ValidationError(self.env._(
                    "Say why this period of limitation holds: the clause of the contract, the article of the law."
                ))  # fmt: skip
            if record.dunning_limitation_kind != LEGAL and self.env.context.get("dunning_absorb") is not INSIDE:
                service._check_entered(*record._owed_by(), record)

    def _owed_by(self):
        """Hook: return the main company and the customer whose claims it is about."""
        raise NotImplementedError

    def _follow_entered_period(self):
        """Hook: bring the warnings of the accounts concerned up to date."""
        raise NotImplementedError


class DunningAccount(models.Model):
    _name = "dunning.account"
    _inherit = ["dunning.account", "dunning.limitation.period"]

    dunning_limitation_kind = fields.Selection(people=True)
    dunning_limitation_months = fields.Integer(people=True)
    dunning_limitation_text = fields.Char(people=True)

    def _owed_by(self):
        return self.company_id, self.partner_id

    def _follow_entered_period(self):
        self._follow_now()

    def _keep_entered_period(self, others):
        """Keep the period that was entered for a customer that is merged, if the one who stays has none.

        One that the law does not allow the latter counts for nothing, and each item says so: nothing stops the merge.
        """
        entered = others.sudo().filtered("dunning_limitation_kind")[:1]
        if entered and not self.dunning_limitation_kind:
            kept = self.sudo().with_context(dunning_absorb=INSIDE)
            kept.write({name: entered[name] for name in sorted(FIELDS)})


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "dunning.limitation.period"]

    dunning_limitation_kind = fields.Selection(groups=READERS)
    dunning_limitation_months = fields.Integer(groups=READERS)
    dunning_limitation_text = fields.Char(groups=READERS)

    def _owed_by(self):
        return self.company_id.root_id, self.commercial_partner_id

    def _follow_entered_period(self):
        accounts = self.env["dunning.account"].sudo()
        for company, moves in self.sudo().grouped(lambda move: move.company_id.root_id).items():
            own = [("company_id", "=", company.id), ("partner_id", "in", moves.commercial_partner_id.ids)]
            accounts.search(own)._follow_now()


class ResCompany(models.Model):
    """A carrier's claims are about carriage: it need not say so of each customer."""

    _inherit = "res.company"

    dunning_carriage = fields.Boolean(
        "Carriage of Goods",
        help="What the company invoices is the carriage of goods, or removals: its claims lapse after one year (C. "
        "com. L133-6, L133-9). A customer or an invoice for which that is wrong says so.",
    )  # fmt: skip

    @api.model
    def _dunning_setting_names(self):
        return (*super()._dunning_setting_names(), "dunning_carriage")

    def write(self, vals):
        """What all claims depend on has the night look at all of them."""
        res = super().write(vals)
        if {"account_fiscal_country_id", "country_id", "dunning_carriage"} & vals.keys():
            self.env["dunning.account"]._look_again_at_limitations(self)
        return res

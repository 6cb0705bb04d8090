from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...settings.inside import Mark, is_marked

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
    first. Whether it holds is asked each time (:func:`...core.law.limitation.period_of`): the status or the law may
    change.
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
            if record.dunning_limitation_kind != LEGAL and not is_marked(self.env, Mark.ABSORBING):
                service._check_entered(*record._owed_by(), record)

    def _owed_by(self):
        """Hook: return the main company and the customer whose claims it is about."""
        raise NotImplementedError

    def _follow_entered_period(self):
        """Hook: bring the warnings of the accounts concerned up to date."""
        raise NotImplementedError

import ast
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..core.decision import facts
from ..settings.apart import raise_if_lost
from ..settings.inside import Mark, marked


class DunningPlan(models.Model):
    """The ordered levels of reminders for one kind of customer."""

    _name = "dunning.plan"
    _inherit = ["dunning.guarded", "dunning.pointing", "dunning.shared"]
    _description = "Reminder Plan"
    _people_settings = True
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=20, help="The first plan whose customer filter fits a customer is followed.")
    company_id = fields.Many2one(
        "res.company",
        index=True,
        ondelete="cascade",
        domain="[('parent_id', '=', False)]",
        default=lambda self: self.env["dunning.shared"]._default_company(),
        help="Leave empty to share the plan between all companies.",
    )
    description = fields.Text(translate=True, help="For whom this plan is meant, and what it is careful about.")
    customer_domain = fields.Char(
        "Customers",
        default="[]",
        help="The plan is for the customers that fit this filter. Without a filter it fits everybody.",
    )
    spacing_days = fields.Integer(
        "Days Between Two Messages",
        default=lambda self: self.env.company.root_id.dunning_spacing_days,
        help="A customer is left in peace for this many days after each message, whatever the number of invoices.",
    )
    working_days_only = fields.Boolean(
        default=True, help="Nothing leaves on a week-end or a public holiday: it leaves on the next working day."
    )
    decision_days = fields.Integer(
        "Days to Decide After a Formal Notice", default=5,
        help="Working days for which an expired formal notice waits for your decision. Nothing else leaves meanwhile; "
        "afterwards the manager is told, and the other invoices are reminded again, in the firm tone.",
    )  # fmt: skip
    level_ids = fields.One2many("dunning.level", "plan_id", "Levels", copy=True)
    level_summary = fields.Char("Steps", compute="_compute_level_summary")

    _decision_days_positive = models.Constraint(
        "CHECK (decision_days >= 0)", "The number of days to decide after a formal notice cannot be negative."
    )
    _spacing_days_positive = models.Constraint(
        "CHECK (spacing_days >= 0)", "The number of days between two messages cannot be negative."
    )

    @api.depends("level_ids.delay_days", "level_ids.sequence", "level_ids.active")
    def _compute_level_summary(self):
        for plan in self:
            plan.level_summary = " · ".join(f"{level.delay_days:+d}" for level in plan.level_ids)

    # === CONSTRAINTS === #

    @api.constrains("company_id")
    def _check_company(self):
        for plan in self.filtered("company_id.parent_id"):
            raise ValidationError(
                self.env._(
                    "%(company)s is a branch: it follows the plans of %(main)s.",
                    company=plan.company_id.name,
                    main=plan.company_id.root_id.name,
                )
            )

    @api.constrains("customer_domain", "company_id")
    def _check_customer_domain(self):
        for plan in self:
            try:
                plan._customers(plan.company_id or self.env.company)
            except Exception as error:  # a filter can be wrong in any number of ways
                raise_if_lost(error, undone=True)
                raise ValidationError(
                    self.env._(
                        "The customer filter of the plan “%(plan)s” cannot be used: %(error)s",
                        plan=plan.name,
                        error=error,
                    )
                ) from error

    @api.constrains("level_ids")
    def _check_delays(self):
        """A level never falls before the one it follows."""
        for plan in self:
            levels = plan.level_ids.sorted()
            for before, after in zip(levels, levels[1:], strict=False):
                if after.delay_days < before.delay_days:
                    raise ValidationError(
                        self.env._(
                            "In the plan “%(plan)s”, the level “%(after)s” (%(after_days)+d days) would fall before "
                            "“%(before)s” (%(before_days)+d days), which it follows. Change the days or the order.",
                            plan=plan.name,
                            after=after.name,
                            after_days=after.delay_days,
                            before=before.name,
                            before_days=before.delay_days,
                        )
                    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        # The levels are compared with each other once all of them are there.
        plans = super(DunningPlan, marked(self, Mark.SAVING_PLAN)).create(vals_list)
        return plans.with_env(self.env)

    def write(self, vals):
        res = super(DunningPlan, marked(self, Mark.SAVING_PLAN)).write(vals)
        if self._decision_fields() & vals.keys():
            self._changed()
        return res

    def unlink(self):
        """Delete the plans; those with a level in use are archived instead."""
        self._changed()
        self.with_context(active_test=False).level_ids.unlink()
        used = self.with_context(active_test=False).filtered("level_ids")
        used.write({"active": False})
        return super(DunningPlan, self - used).unlink()

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for plan, vals in zip(self, vals_list, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%s (copy)", plan.name)
        return vals_list

    @api.model
    def _decision_fields(self):
        """Name the fields that a decision depends on."""
        return {"active", "decision_days", "spacing_days", "working_days_only"}

    def _changed(self):
        """Have the accounts that follow these plans decided again."""
        self.env["dunning.account"]._mark_dirty(self)

    # === CUSTOMERS === #

    def _customers(self, company):
        """Return the subselect of the customers that fit the filter, or ``None`` when everybody does.

        :rtype: odoo.tools.SQL | None
        :raises Exception: whatever is wrong with the filter; the transaction goes on
        """
        self.ensure_one()
        domain = Domain(ast.literal_eval(self.customer_domain or "[]"))
        if domain.is_true():
            return None
        partners = self.env["res.partner"].sudo().with_company(company).with_context(active_test=False)
        with self.env.cr.savepoint():
            customers = SQL("(%s)", partners._search(domain).select())
            self.env.execute_query(SQL("SELECT FROM %s AS customers LIMIT 1", customers))
        return customers

    # === POLICIES === #

    @api.model
    def _policies(self, company, today):
        """Return what the decision has to know of each active plan of a company.

        :param date today: the day of the decision
        :rtype: dict[int, relance_progressive.core.decision.facts.Policy]
        """
        company = company.root_id.sudo()
        plans = self.sudo().search([("company_id", "in", [False, company.id])])
        # All levels of the database: those of other plans and archived ones stand for levels of this plan.
        everywhere = self.env["dunning.level"].sudo().with_context(active_test=False).search([("plan_id", "!=", False)])
        calendar = company._dunning_calendar(today)
        tolerance = Decimal(str(company.dunning_tolerance))
        return {plan.id: plan._policy(everywhere, calendar)._replace(tolerance=tolerance) for plan in plans}

    def _policy(self, everywhere, calendar):
        """Return the plain values of this plan, ``everywhere`` being all levels there are."""
        own = everywhere.filtered(lambda level: level.plan_id == self and level.active)
        return facts.Policy(
            levels=tuple(level._plain() for level in own),
            spacing=max(1, self.spacing_days),  # never two messages on the same day
            calendar=calendar if self.working_days_only else None,
            patience=self.decision_days,
            passed={
                level.id: sum(mine.delay_days <= level.delay_days for mine in own) for level in everywhere - own
            },
        )

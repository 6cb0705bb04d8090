from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ...core.law.rates import REFERENCES, Rates, period
from . import rate_queries

LABELS = [
    ("ecb_mro", "ECB main refinancing rate"),
    ("fr_legal_professional", "French legal rate, professional creditors"),
    ("fr_legal_individual", "French legal rate, individual creditors"),
    ("de_base", "German base rate"),
    ("at_base", "Austrian base rate"),
    ("boe_base", "Bank of England Bank Rate"),
    ("be_legal", "Belgian legal rate"),
    ("lu_consumer", "Luxembourg legal rate for consumers"),
    ("nl_consumer", "Dutch legal rate for consumers"),
]
YEAR = 12  # months
FIRST_HALF = 6
CONTENT = {"reference", "date_from", "value", "origin", "source", "shipped", "company_id"}


class DunningInterestRate(models.Model):
    """A published rate for one half-year or year: shipped with the add-on, or entered by people.

    What people enter counts instead of what is shipped; both stay to be seen, and an update of the add-on only
    touches what it ships.
    """

    _name = "dunning.interest.rate"
    _inherit = ["dunning.guarded", "mail.thread", "mail.activity.mixin", "dunning.pointing"]
    _description = "Interest Rate"
    _people_settings = True
    _order = "date_from DESC, reference, shipped, id"

    reference = fields.Selection(LABELS, "Rate", required=True, index=True)
    date_from = fields.Date("From", required=True, help="The first day of the half-year or year for which it holds.")
    period = fields.Char(compute="_compute_period")
    value = fields.Float("Percent", digits=(7, 4), required=True, aggregator=None, tracking=True)
    source = fields.Char(tracking=True, help="Where the value was read, or where to check it.")
    origin = fields.Selection(
        [
            ("read", "Read at the place named"),
            ("reported", "Reported by others"),
            ("derived", "Derived from another rate"),
            ("memory", "From memory"),
        ],
        default="reported", required=True, tracking=True,
        help="How the value came here. Read: by whoever entered it, at the place that the source names. Whatever is "
        "computed from a value that was not read says so.",
    )  # fmt: skip
    verified = fields.Boolean(
        compute="_compute_verified", store=True, precompute=True,
        help="Read at the place that the source names, when it came here or later by the person who says so.",
    )
    shipped = fields.Boolean(
        required=True, readonly=True, default=False, copy=False, help="Comes with the add-on, and may change with it."
    )
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", ondelete="cascade", domain="[('parent_id', '=', False)]",
        default=lambda self: self.env["dunning.shared"]._default_company(),
        help="Leave empty: the rate counts for all companies.",
    )  # fmt: skip
    shipped_value = fields.Float(
        "Shipped Percent", digits=(7, 4), compute="_compute_shipped_value", aggregator=None,
        help="What the add-on ships for the same period.",
    )  # fmt: skip
    has_shipped = fields.Boolean(compute="_compute_shipped_value")
    replaced = fields.Boolean(
        "Not Counting", compute="_compute_shipped_value", help="Somebody entered a value that counts instead."
    )

    _one_each = models.UniqueIndex(
        "(reference, date_from, shipped, COALESCE(company_id, 0))",
        "This rate is there already for this period: change that one.",
    )
    _plausible = models.Constraint("CHECK (value BETWEEN -10 AND 100)", "A rate lies between -10 and 100 percent.")

    @api.depends("origin", "verified_on")
    def _compute_verified(self):
        for rate in self:
            rate.verified = rate.origin == "read" or bool(rate.verified_on)

    # === DISPLAY === #

    @api.depends("reference", "date_from")
    def _compute_period(self):
        for rate in self:
            rate.period = rate.date_from and rate._period_of(rate.reference, rate.date_from)

    @api.depends("reference", "period")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = self._labels()
        for rate in self:
            rate.display_name = " ".join(filter(None, [labels.get(rate.reference), rate.period]))

    @api.model
    def _labels(self):
        """Return ``{code: name}`` of the rates in the language of the reader."""
        return dict(self._fields["reference"]._description_selection(self.env))

    @api.model
    def _period(self, reference, day):
        """Return the first and the last day of the half-year or year of a day."""
        return period(day, REFERENCES[reference].months)

    @api.model
    def _period_of(self, reference, day):
        """Return the name of the half-year or year of a day.

        :return: such as ``2026-S2``, or ``2026`` for a yearly rate
        """
        if reference in REFERENCES and REFERENCES[reference].months == YEAR:
            return str(day.year)
        return f"{day.year}-S{1 if day.month <= FIRST_HALF else 2}"

    @api.depends("reference", "date_from", "shipped", "company_id", "value")
    @api.depends_context("allowed_company_ids")
    def _compute_shipped_value(self):
        """Tell what is shipped for the same period, and whether something else counts instead of this value."""
        days = [rate.date_from for rate in self if rate.date_from]
        same = self.search([("reference", "in", self.mapped("reference")), ("date_from", "in", days)])
        groups = defaultdict(self.browse)
        for rate in same:
            groups[rate.reference, rate.date_from] |= rate
        for rate in self:
            others = groups[rate.reference, rate.date_from] - rate._origin
            shipped = others.filtered("shipped")
            rate.has_shipped = bool(shipped) and not rate.shipped
            rate.shipped_value = shipped.value
            rate.replaced = any(rate._gives_way_to(other) for other in others)

    def _gives_way_to(self, other):
        """Tell whether another value for the same period counts instead of this one."""
        if self.shipped:
            return not other.shipped
        return not self.company_id and bool(other.company_id)

    # === CHECKS === #

    @api.constrains("reference", "date_from")
    def _check_date_from(self):
        """A value holds for a whole period: dated within one it would have no effect (see core.rates)."""
        for rate in self:
            first, _last = rate._period(rate.reference, rate.date_from)
            if rate.date_from != first:
                raise ValidationError(
                    self.env._(
                        "%(rate)s holds for a whole period: for %(period)s, enter it from %(first)s on.",
                        rate=self._labels()[rate.reference],
                        period=self._period_of(rate.reference, first),
                        first=format_date(self.env, first),
                    )
                )

    @api.constrains("origin", "source")
    def _check_source(self):
        for rate in self:
            if rate.origin == "read" and not (rate.source or "").strip():
                raise ValidationError(self.env._("Say where %(rate)s was read, or how else you know it.",
                                                 rate=rate.display_name))  # fmt: skip

    @api.constrains("company_id")
    def _check_company(self):
        for rate in self.filtered("company_id.parent_id"):
            raise ValidationError(
                self.env._(
                    "%(company)s is a branch: it uses the rates of %(main)s.",
                    company=rate.company_id.name,
                    main=rate.company_id.root_id.name,
                )
            )

    def _check_may_change(self):
        """Refuse to change what comes with the add-on, and what companies share if it is not the person's to change."""
        if not all(rate.company_id or rate.shipped for rate in self) and not self.env["dunning.shared"]._may_share():
            raise AccessError(self.env._(
                "This rate counts for all companies: choose yours, or ask somebody who works for all of them."
            ))  # fmt: skip
        if not self.env.su and any(self.mapped("shipped")):
            raise UserError(
                self.env._("This rate comes with the add-on: enter your own value instead, which counts from then on.")
            )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        rates = super().create(vals_list)
        rates._check_may_change()
        rates._changed()
        return rates

    def write(self, vals):
        changed = CONTENT & vals.keys()
        if changed:
            self._check_may_change()
        res = super().write(vals)
        if changed:
            self._check_may_change()
            self.check_access("write")  # nobody plants a rate in a company that is not theirs
            self._changed()
        return res

    def unlink(self):
        self._check_may_change()
        res = super().unlink()
        self._changed()
        return res

    def _changed(self):
        """Have what was computed from the rates computed again."""
        self.env.registry.clear_cache()
        self.env["dunning.account"].sudo()._penalties_changed_for()

    # === BUTTONS === #

    def action_correct(self):
        """Ask for a value to count instead of the shipped one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("relance_progressive.dunning_interest_rate_new_action")
        names = ("reference", "date_from", "value")  # where it comes from is for the person to say
        return action | {"context": {f"default_{name}": self[name] for name in names}}

    def action_back_to_shipped(self):
        """Delete the values that people entered, where the add-on ships one.

        :raise UserError: if nothing is shipped for one of these periods
        """
        for rate in self.filtered(lambda rate: not rate.has_shipped):
            raise UserError(self.env._("Nothing is shipped for %(rate)s.", rate=rate.display_name))
        self.unlink()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_next(self):
        """Ask for the value of the first period after the last one that is known."""
        self.ensure_one()
        last = self.search([("reference", "=", self.reference)], order="date_from DESC", limit=1)
        following = self._period(self.reference, last.date_from)[1] + timedelta(days=1)
        action = self.env["ir.actions.act_window"]._for_xml_id("relance_progressive.dunning_interest_rate_new_action")
        return action | {"context": {"default_reference": self.reference, "default_date_from": following}}

    # === FOR COMPUTATIONS === #

    @api.model
    def _rates(self, company, references=None):
        """Return the rates that count for a company.

        :param references: codes of rates, all of them by default
        :rtype: relance_progressive.core.law.rates.Rates
        """
        return self._rates_of(company.root_id.id, references and tuple(sorted(references)))

    @tools.ormcache("company_id", "references")
    def _rates_of(self, company_id, references):
        values = defaultdict(list)
        for reference, day, value in self.env.execute_query(rate_queries.rates_that_count(self.env, company_id)):
            if references is None or reference in references:
                values[reference].append((day, Decimal(value)))
        return Rates(values)

    @api.model
    def _was_read(self, company, reference, day):
        """Tell whether the rate that counts for a company on a day was read at its source."""
        return self._was_read_of(company.root_id.id, reference, self._period(reference, day)[0])

    @tools.ormcache("company_id", "reference", "first")
    def _was_read_of(self, company_id, reference, first):
        return self.sudo()._rate_in_force(self.env["res.company"].browse(company_id), reference, first).verified

    @api.model
    def _rate_in_force(self, company, reference, day):
        """Return the record whose value counts for a company on a day, none if the rate is not known."""
        first, _last = self._period(reference, day)
        own = Domain("company_id", "in", [False, company.root_id.id])
        same = self.sudo().search(Domain("reference", "=", reference) & Domain("date_from", "=", first) & own)
        return same.sorted(lambda rate: (not rate.company_id, rate.shipped))[:1].sudo(self.env.su)

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tools import format_list

from ..core.decision import facts
from ..settings.inside import Mark, is_marked


class DunningLevel(models.Model):
    """One step of a plan: when it falls, how firm it is, how it reaches the customer."""

    _name = "dunning.level"
    _inherit = ["dunning.guarded", "dunning.pointing", "dunning.shared"]
    _description = "Reminder Level"
    _people_settings = True
    _order = "plan_id, sequence, id"
    _shared_through = "plan_id"

    plan_id = fields.Many2one("dunning.plan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)

    delay_days = fields.Integer(
        "Days", aggregator=None, help="Days after the due date; a negative number falls before it."
    )
    delay_from = fields.Selection(
        [("due_date", "Due date"), ("month_end", "End of the month of the due date")],
        "Counted From",
        default="due_date",
        required=True,
    )
    min_days = fields.Integer(
        "Minimum Days Since the Previous Level",
        aggregator=None,
        help="When a level leaves late, this one waits at least this many days after it.",
    )
    delay_text = fields.Char("When", compute="_compute_delay_text")
    stage = fields.Selection(
        [
            ("pre_due", "Before the due date"),
            ("friendly", "Friendly"),
            ("firm", "Firm"),
            ("formal_notice", "Formal notice"),
        ],
        compute="_compute_stage",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="How firm the message is. A level before the due date asks for nothing: it helps the customer to plan.",
    )
    approval = fields.Selection(
        [("automatic", "Leaves by itself"), ("manual", "After a person's approval")],
        default="automatic",
        required=True,
        help="A message that needs approval waits as a draft until someone releases it.",
    )
    amount_min = fields.Float(
        "Minimum Amount",
        digits=(16, 2),
        aggregator=None,
        help="Below this amount, in the currency of the company, the message stays at the level before.",
    )
    share_min = fields.Float(
        "Minimum Share (%)",
        digits=(5, 2),
        aggregator=None,
        help="Below this share of what the customer owes in all, the message stays at the level before: "
        "a small remainder never gets a formal notice.",
    )

    channel_ids = fields.One2many(
        "dunning.level.channel", "level_id", "Channels", copy=True, default=lambda self: self._default_channel_ids()
    )
    channel_text = fields.Char("How", compute="_compute_channel_text")
    channel_codes = fields.Char(compute="_compute_channel_codes", help="For the views: ,email,sms,")
    template_id = fields.Many2one(
        "mail.template",
        "Text",
        domain="[('model', '=', 'dunning.reminder')]",
        ondelete="set null",
        help="Subject and text of the message. The invoices, the total, how to pay and whom to call are added to it.",
    )
    attach_invoices = fields.Boolean(help="Join the PDF files of the invoices to the message.")
    sender_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False)]",
        help="Signs the message and gets the replies. Leave empty for the person in charge of the customer.",
    )

    _min_days_positive = models.Constraint("CHECK (min_days >= 0)", "The minimum number of days cannot be negative.")
    _amount_min_positive = models.Constraint("CHECK (amount_min >= 0)", "The minimum amount cannot be negative.")
    _share_min_percent = models.Constraint(
        "CHECK (share_min BETWEEN 0 AND 100)", "The minimum share is a percentage between 0 and 100."
    )

    @api.model
    def _default_channel_ids(self):
        """Start a level with the first channel there is."""
        channels = self.env["dunning.level.channel"]._fields["channel"].get_values(self.env)
        return [Command.create({"channel": channel}) for channel in channels[:1]]

    # === COMPUTE METHODS === #

    @api.depends("delay_days")
    def _compute_stage(self):
        for level in self:
            if level.delay_days < 0:
                level.stage = "pre_due"
            elif level.stage in (False, "pre_due"):
                level.stage = "friendly"

    @api.depends("delay_days", "delay_from")
    @api.depends_context("lang")
    def _compute_delay_text(self):
        for level in self:
            level.delay_text = level._delay_in_words()

    def _delay_in_words(self):
        days, from_month_end = self.delay_days, self.delay_from == "month_end"
        if days < 0:
            if days == -1:
                return self.env._("1 day before the due date")
            return self.env._("%(days)s days before the due date", days=-days)
        if not days:
            return self.env._("end of the month") if from_month_end else self.env._("on the due date")
        if from_month_end:
            if days == 1:
                return self.env._("end of the month + 1 day")
            return self.env._("end of the month + %(days)s days", days=days)
        if days == 1:
            return self.env._("1 day after the due date")
        return self.env._("%(days)s days after the due date", days=days)

    @api.depends("channel_ids.channel", "channel_ids.fallback", "channel_ids.sequence")
    @api.depends_context("lang")
    def _compute_channel_text(self):
        labels = dict(self.env["dunning.level.channel"]._fields["channel"]._description_selection(self.env))
        for level in self:
            ways = []  # each with what replaces it if it fails
            for channel in level.channel_ids:
                label = labels.get(channel.channel, "")
                if ways and channel.fallback:
                    ways[-1] = self.env._("%(first)s (else %(second)s)", first=ways[-1], second=label)
                else:
                    ways.append(label)
            level.channel_text = format_list(self.env, ways) if ways else ""

    @api.depends("channel_ids.channel")
    def _compute_channel_codes(self):
        for level in self:
            level.channel_codes = "".join(f",{code}" for code in level.channel_ids.mapped("channel") if code) + ","

    # === CONSTRAINTS === #

    @api.constrains("stage", "delay_days", "delay_from")
    def _check_stage(self):
        for level in self:
            if level.stage == "pre_due" and level.delay_days > 0:
                raise ValidationError(
                    self.env._(
                        "The level “%(level)s” falls %(days)s days after the due date: it cannot be a message "
                        "before the due date.",
                        level=level.name,
                        days=level.delay_days,
                    )
                )
            if level.stage != "pre_due" and level.delay_days < 0:
                raise ValidationError(
                    self.env._(
                        "The level “%(level)s” falls before the due date: nothing can be asked of the customer yet. "
                        "Its stage must be “Before the due date”.",
                        level=level.name,
                    )
                )
            if level.stage == "pre_due" and level.delay_from == "month_end":
                raise ValidationError(
                    self.env._(
                        "The level “%(level)s” comes before the due date: count its days from the due date itself.",
                        level=level.name,
                    )
                )

    @api.constrains("delay_days", "sequence", "plan_id", "active")
    def _check_delays(self):
        if not is_marked(self.env, Mark.SAVING_PLAN):
            self.plan_id._check_delays()

    @api.constrains("channel_ids")
    def _check_channels(self):
        for level in self:
            if level.channel_ids.sorted()[:1].fallback:
                raise ValidationError(
                    self.env._(
                        "The first channel of the level “%(level)s” cannot be a fallback: there is none before it.",
                        level=level.name,
                    )
                )

    @api.constrains("template_id")
    def _check_template(self):
        self.template_id._dunning_check_of_reminders()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        levels = super().create(vals_list)
        levels.plan_id._changed()
        return levels

    def write(self, vals):
        plans = self.plan_id
        res = super().write(vals)
        if "plan_id" in vals:
            self.check_access("write")  # nobody plants a level in a company that is not theirs
        if self._decision_fields() & vals.keys():
            (plans | self.plan_id)._changed()
        return res

    def unlink(self):
        """Delete the levels; those in use are archived instead."""
        self.plan_id._changed()
        used = self._used()
        used.write({"active": False})
        return super(DunningLevel, self - used).unlink()

    @api.model
    def _decision_fields(self):
        """Name the fields that a decision depends on."""
        return {
            "active", "amount_min", "approval", "delay_days", "delay_from", "min_days", "plan_id", "sequence",
            "share_min", "stage",
        }  # fmt: skip

    def _used(self):
        """Return those of the levels that something points at and may not lose: reminders, reminded items."""
        used = self.browse()
        for field in self._pointers():
            records = self.env[field.model_name].sudo().with_context(active_test=False)
            groups = records._read_group([(field.name, "in", (self - used).ids)], [field.name])
            used |= self.browse(level.id for (level,) in groups)
        return used

    @api.model
    def _pointers(self):
        """Return the stored fields of any feature that may not lose the level they point at."""
        return [
            field
            for model in self.env.registry.models.values()
            if not model._abstract
            for field in model._fields.values()
            if field.type == "many2one" and field.store
            if field.comodel_name == self._name and field.ondelete == "restrict"
        ]

    # === PLAIN VALUES === #

    def _plain(self):
        """Return the level as the decision reads it.

        :rtype: relance_progressive.core.decision.facts.Level
        """
        self.ensure_one()
        return facts.Level(
            id=self.id,
            delay=self.delay_days,
            min_days=self.min_days,
            stage=self.stage,
            amount_min=Decimal(str(self.amount_min)),
            share_min=Decimal(str(self.share_min)),
            approval=self.approval == "manual",
            from_month_end=self.delay_from == "month_end",
        )

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ...core.said.instalments import instalments
from ...core.said.share import as_decimal
from ...settings.proofs import unguarded
from .record import MANAGER

DEFAULT_DAYS = 7
MOST_INSTALMENTS = 60


class DunningPromiseRecord(models.TransientModel):
    """What a customer promises: which invoices, how much, and when."""

    _name = "dunning.promise.record"
    _inherit = ["dunning.pointing"]
    _description = "Record a Promise"

    account_id = fields.Many2one("dunning.account", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(related="account_id.partner_id")
    currency_id = fields.Many2one(related="account_id.currency_id")
    source = fields.Selection(
        lambda self: [  # what comes by the page comes by itself
            choice for choice in self.env["dunning.promise"]._fields["source"]._description_selection(self.env)
            if choice[0] != "portal"
        ],
        "Came By", required=True, default="call",
    )  # fmt: skip
    item_ids = fields.One2many("dunning.promise.record.item", "record_id", "Invoices")
    amount = fields.Monetary("Promised", compute="_compute_amount", store=True, readonly=False)
    mode = fields.Selection(
        [("once", "On one date"), ("instalments", "In instalments")], "Payment", required=True, default="once"
    )
    day = fields.Date("On", required=True)
    count = fields.Integer("Number", default=3)
    every = fields.Selection([("month", "Every month"), ("week", "Every week")], required=True, default="month")
    date_ids = fields.One2many(
        "dunning.promise.record.date", "record_id", "Dates", compute="_compute_date_ids", store=True, readonly=False
    )
    words = fields.Text("Words of the Customer")
    accelerates = fields.Boolean("Acceleration Clause", default=True)
    interest_suspended = fields.Boolean("No Late Interest", default=False)
    accepted_on = fields.Date()
    acceptance_ids = fields.Many2many("ir.attachment")
    has_promised = fields.Boolean(compute="_compute_has_amounts")
    has_contested = fields.Boolean(compute="_compute_has_amounts")
    replaced_text = fields.Char(compute="_compute_replaced_text")
    limit_text = fields.Char(compute="_compute_limit_text")
    may_override = fields.Boolean(compute="_compute_limit_text")
    override_reason = fields.Char("Why Beyond the Limit")

    @api.constrains("source")
    def _check_source(self):
        if any(record.source == "portal" for record in self):
            raise ValidationError(self.env._("What a customer promises on the page records itself."))

    @api.model
    def _open(self, account, items=None):
        """Return the action that asks what is promised of an account.

        :param items: those that are selected, the overdue ones by default
        """
        account.check_access("write")
        today = account.company_id._dunning_today()
        promised = account._promised_of_items(today)
        open_items = account.sudo()._promisable()
        contested = account._contested_of_items(open_items, today)
        selected = open_items & items.sudo() if items else open_items.filtered(
            lambda item: (item.date_maturity or item.date) < today
        ) or open_items  # fmt: skip
        if not open_items:
            raise UserError(self.env._("%(customer)s owes nothing.", customer=account.partner_id.display_name))
        calendar = account.company_id.sudo()._dunning_calendar(today)
        record = self.create({
            "account_id": account.id, "day": calendar.next_open(today + timedelta(days=DEFAULT_DAYS)),
            "item_ids": [Command.create({
                "move_line_id": item.id, "move_name": item.dunning_name,
                "date_maturity": item.date_maturity or item.date,
                "amount_residual": item.amount_residual, "amount_promised": float(promised.get(item.id, 0)),
                "amount_contested": float(contested.get(item.id, 0)), "selected": item in selected,
            }) for item in open_items],
        })  # fmt: skip
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record a Promise of %(customer)s", customer=account.partner_id.display_name),
            "res_model": self._name,
            "res_id": record.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.depends("item_ids.selected")
    def _compute_amount(self):
        """Propose what of the selected items is neither promised yet nor contested, or all of it when everything is."""
        for record in self:
            items = record.item_ids.filtered("selected")
            free = sum(item.amount_residual - item.amount_promised - item.amount_contested for item in items)
            record.amount = free if record.currency_id.compare_amounts(free, 0) > 0 else sum(
                items.mapped("amount_residual")
            )  # fmt: skip

    @api.depends("mode", "amount", "day", "count", "every")
    def _compute_date_ids(self):
        """Preview the dates of a payment plan; a person may change them."""
        for record in self:
            rows = []
            if record.mode == "instalments" and record.day and record.amount > 0:
                count = max(1, min(record.count, MOST_INSTALMENTS))
                unit = as_decimal(record.currency_id.rounding)
                rows = instalments(as_decimal(record.amount), record.day, count, record.every, unit)
            record.date_ids = [Command.clear()] + [
                Command.create({"date": day, "amount": float(amount)}) for day, amount in rows
            ]

    @api.depends("account_id", "item_ids.selected", "amount", "day", "mode", "date_ids.date")
    def _compute_limit_text(self):
        for record in self:
            days = [date for date, _amount in record._dates() if date]
            items = record.item_ids.filtered("selected").move_line_id
            promise = self.env["dunning.promise"].sudo()
            today = record.account_id.company_id._dunning_today()
            account = record.account_id.sudo()
            record.limit_text = promise._beyond_limits(account, today, days, items.ids) if days else ""
            record.may_override = self.env.user.has_group(MANAGER)

    @api.depends("item_ids")
    def _compute_has_amounts(self):
        for record in self:
            record.has_promised = any(record.item_ids.mapped("amount_promised"))
            record.has_contested = any(record.item_ids.mapped("amount_contested"))

    @api.depends("item_ids.selected", "amount")
    def _compute_replaced_text(self):
        """Say which promises give way to this one, because it needs what they hold."""
        for record in self:
            items = record.item_ids.filtered("selected")
            free = sum(item.amount_residual - item.amount_promised for item in items)
            names = ""
            if record.currency_id.compare_amounts(record.amount, free) > 0:
                lines = self.env["dunning.promise.line"].sudo()._to_replace(items.move_line_id)
                names = ", ".join(lines.promise_id.mapped("name"))
            record.replaced_text = names and self.env._(
                "This promise replaces %(promises)s: only what is recorded here is left in peace.", promises=names
            )

    def _dates(self):
        """Return the ``(date, amount)`` that are promised."""
        if self.mode == "once":
            return [(self.day, self.amount)]
        return [(row.date, row.amount) for row in self.date_ids]

    def action_record(self):
        """Record the promise: what it covers is not reminded until its date."""
        self.ensure_one()
        items = self.item_ids.filtered("selected").move_line_id
        if not items:
            raise UserError(self.env._("Select at least one invoice."))
        dates = self._dates()
        if self.currency_id.compare_amounts(sum(amount for _date, amount in dates), self.amount):
            raise UserError(self.env._("The instalments do not add up to the amount promised."))
        is_plan = len({date for date, _amount in dates}) > 1
        terms = {
            "accelerates": self.accelerates, "interest_suspended": self.interest_suspended,
            "accepted_on": self.accepted_on, "acceptance_ids": [Command.set(self.acceptance_ids.ids)],
        } if is_plan else {}  # fmt: skip
        promise = self.env["dunning.promise"]._record(
            self.account_id, dates, items, source=self.source, words=self.words,
            override=self.override_reason if self.limit_text else "", **terms,
        )  # fmt: skip
        self._keep_acceptance(promise)
        return self.account_id._close_and_say(
            self.env._("Promise recorded: %(summary)s", summary=promise.summary)
        )

    def _keep_acceptance(self, promise):
        """Hand the files over to the promise: those of the dialog are deleted with it, and nobody else reads them."""
        own = self.acceptance_ids.filtered(lambda file: file.res_model == self._name or not file.res_id)
        unguarded(own).write({"res_model": promise._name, "res_id": promise.id})


class DunningPromiseRecordItem(models.TransientModel):
    """An item that may be promised."""

    _name = "dunning.promise.record.item"
    _inherit = ["dunning.pointing"]
    _description = "Item of a Promise to Record"
    _order = "date_maturity, id"

    record_id = fields.Many2one("dunning.promise.record", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="record_id.currency_id")
    move_line_id = fields.Many2one("account.move.line", required=True, readonly=True, ondelete="cascade")
    move_name = fields.Char("Document", readonly=True)
    date_maturity = fields.Date("Due On", readonly=True)
    amount_residual = fields.Monetary("Balance", readonly=True)
    amount_promised = fields.Monetary("Already Promised", readonly=True)
    amount_contested = fields.Monetary("Contested", readonly=True)
    selected = fields.Boolean("Promised")


class DunningPromiseRecordDate(models.TransientModel):
    """A date of a payment plan."""

    _name = "dunning.promise.record.date"
    _inherit = ["dunning.pointing"]
    _description = "Date of a Promise to Record"
    _order = "date, id"

    record_id = fields.Many2one("dunning.promise.record", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="record_id.currency_id")
    date = fields.Date(required=True)
    amount = fields.Monetary(required=True)


class DunningPromiseCancel(models.TransientModel):
    """Why a promise is given up."""

    _name = "dunning.promise.cancel"
    _inherit = ["dunning.pointing"]
    _description = "Cancel a Promise"

    promise_ids = fields.Many2many("dunning.promise", required=True)
    reason = fields.Char(required=True)

    def action_cancel(self):
        """Cancel the promises: what they held is reminded again."""
        self.promise_ids._cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

STATES = [
    ("open", "Expected"),
    ("kept", "Kept"),
    ("partly", "Partly Kept"),
    ("broken", "Broken"),
    ("cancelled", "Cancelled"),
]


class DunningPromise(models.Model):
    """Amounts that a customer promised to pay, and when; several dates make a payment plan.

    What became of it follows from the payments alone: nobody types a state.
    """

    _name = "dunning.promise"
    _inherit = ["dunning.life", "dunning.guarded", "mail.thread", "dunning.pointing"]
    _description = "Promise to Pay"
    _order = "date DESC, id DESC"
    _check_company_auto = True
    _number = "PRO"

    name = fields.Char("Number", readonly=True, copy=False, help="Made from the id when it is recorded.")
    account_id = fields.Many2one("dunning.account", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="account_id.company_id", store=True, precompute=True)
    partner_id = fields.Many2one(
        string="Customer", related="account_id.partner_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(string="Person in Charge", related="account_id.person_id")
    date = fields.Date("Made On", required=True, readonly=True)
    source = fields.Selection(
        [("call", "Call"), ("email", "E-mail"), ("portal", "Portal"), ("letter", "Letter"), ("other", "Other")],
        "Came By", required=True, readonly=True, default="other",
    )  # fmt: skip
    recorded_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    call_id = fields.Many2one("dunning.call", readonly=True, index="btree_not_null", ondelete="restrict")
    words = fields.Text("Words of the Customer", people="once", proof="account_id")
    override_reason = fields.Char("Why Beyond the Limits", readonly=True, erased="account_id")
    line_ids = fields.One2many("dunning.promise.line", "promise_id", "Dates and Items", readonly=True)
    warning_ids = fields.One2many("dunning.promise.warning", "promise_id", "Warnings", readonly=True)
    last_date = fields.Date(readonly=True)
    grace_days = fields.Integer(readonly=True, help="Days given to the bank after each date.")

    is_plan = fields.Boolean("Payment Plan", readonly=True, help="Several dates.")
    accepted_on = fields.Date(help="The day on which the customer accepted the payment plan.", people="once")
    acceptance_ids = fields.Many2many(
        "ir.attachment", help="What the customer signed or wrote.", people="once", proof="account_id"
    )
    accelerates = fields.Boolean(
        "Acceleration Clause", readonly=True,
        help="A date that is missed ends the plan: all of it is owed at once. A customer who is no professional and no "
        "public body is warned in writing first and has eight days to pay what was missed (Cass. 1re civ., 22 March "
        "2023, no. 21-16.044).",
    )  # fmt: skip
    interest_suspended = fields.Boolean(
        "No Late Interest", readonly=True, help="No late interest runs on what the plan covers while it is kept."
    )

    state = fields.Selection(STATES, "Status", required=True, readonly=True, default="open")
    amount_total = fields.Monetary("Promised", readonly=True)
    amount_due = fields.Monetary(
        "To Be Paid", readonly=True, help="Of what was promised, what credit notes have not settled."
    )
    amount_kept = fields.Monetary("Paid in Time", readonly=True)
    amount_missing = fields.Monetary("Still Missing", readonly=True, help="Missed, and still not paid.")
    next_date = fields.Date(readonly=True)
    broken_on = fields.Date(readonly=True, help="The day on which a date was known to be missed.")
    followed_up_on = fields.Date(readonly=True, help="The day on which a person took care of what was missed.")
    check_date = fields.Date(readonly=True, help="Nothing changes by the calendar before this day.")
    told_state = fields.Char(readonly=True, default="open", help="The status that people were told last.")
    told_broken_on = fields.Date(readonly=True, help="The missed date that the person in charge was told of.")
    cancelled_on = fields.Date(readonly=True)
    cancelled_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    cancel_reason = fields.Char(readonly=True, erased="account_id")
    activity_id = fields.Many2one("mail.activity", readonly=True, ondelete="set null", index="btree_not_null")
    summary = fields.Char("In Short", compute="_compute_summary")

    _mail_post_access = "read"

    _to_check = models.Index("(company_id, check_date) WHERE state = 'open'")
    _cancelled_with_a_reason = models.Constraint(
        "CHECK (cancelled_on IS NULL OR cancel_reason IS NOT NULL)", "Say why the promise is cancelled."
    )

    def _why_not_written(self, names):
        return self.env._(
            "What was promised stays as it was said, and what became of it follows from the payments. Cancel the "
            "promise and record another one."
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A promise is a proof: cancel it, with a reason, rather than delete it."))

    def _creation_message(self):
        return self.env._("Promise recorded")

    @api.depends("amount_total", "line_ids.date", "is_plan", "next_date")
    @api.depends_context("lang")
    def _compute_summary(self):
        for promise in self:
            amount = format_amount(self.env, promise.amount_total, promise.currency_id)
            dates = sorted(set(promise.line_ids.filtered(lambda line: not line.replaced_by_id).mapped("date")))
            if not dates:
                promise.summary = self.env._("Replaced by another promise")
            elif len(dates) > 1:
                promise.summary = self.env._(
                    "%(amount)s in %(count)s payments, from %(first)s to %(last)s", amount=amount, count=len(dates),
                    first=format_date(self.env, dates[0]), last=format_date(self.env, dates[-1]),
                )  # fmt: skip
            else:
                day = format_date(self.env, dates[0])
                promise.summary = self.env._("%(amount)s for %(day)s", amount=amount, day=day)

    # === BUTTONS === #

    def action_ask_cancel(self):
        """Ask why the promise is cancelled."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel the Promise"),
            "res_model": "dunning.promise.cancel",
            "view_mode": "form",
            "target": "new",
            "context": {"default_promise_ids": self.ids},
        }

    def action_followed_up(self):
        """Record that a person took care of what was missed: the account leaves the top of the list."""
        self.account_id.check_access("write")
        promises = self.sudo().filtered(lambda promise: promise.broken_on and not promise.followed_up_on)
        for company, own in promises.grouped("company_id").items():
            own._followed_up(company._dunning_today())

    def action_open_account(self):
        """Show the account."""
        return self.account_id.get_formview_action()

    def _cancel(self, reason, day=None):
        """Give up open promises: what they held is reminded again, unless an earlier promise was for it.

        :raise UserError: if one is over, which its customer is remembered by
        """
        self.account_id.check_access("write")
        if over := self.filtered(lambda promise: promise.state != "open"):
            names = ", ".join(over.mapped("name"))
            raise UserError(self.env._("Only open promises can be cancelled. Not possible for: %(names)s", names=names))
        for company, same in self.grouped("company_id").items():
            same._cancel_on(day or company._dunning_today(), reason)

    def _cancel_on(self, day, reason):
        own = self.sudo()
        own.write({
            "cancelled_on": day, "cancelled_by_id": self.env.uid, "cancel_reason": reason, "state": "cancelled",
            "next_date": False, "check_date": False, "broken_on": False, "amount_missing": 0,
        })  # fmt: skip
        own.line_ids.filtered(lambda line: line.state == "open").state = "cancelled"
        own.activity_id.filtered("active").action_feedback(feedback=reason)
        own._mark_accounts(own.account_id.ids)
        own._message_log_batch(bodies={
            promise.id: self.env._("Cancelled by %(user)s: %(reason)s", user=self.env.user.name, reason=reason)
            for promise in own
        })  # fmt: skip
        replaced = own.line_ids.search([("replaced_by_id", "in", own.ids), ("date", ">=", day)])
        replaced.filtered(lambda line: not line.promise_id.cancelled_on)._restore()
        own.account_id._show_now()

    def _followed_up(self, day):
        """Note that what was missed is taken care of."""
        self.followed_up_on = day
        self.activity_id.filtered("active").action_feedback()
        self._mark_accounts(self.account_id.ids)


class DunningPromiseLine(models.Model):
    """An amount of one item, promised for a day."""

    _name = "dunning.promise.line"
    _description = "Promised Amount"
    _order = "date, id"
    _rec_name = "move_name"

    promise_id = fields.Many2one("dunning.promise", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="promise_id.company_id")
    currency_id = fields.Many2one(related="promise_id.currency_id")
    partner_id = fields.Many2one(related="promise_id.partner_id")
    move_line_id = fields.Many2one(
        "account.move.line", "Item", readonly=True, index="btree_not_null", ondelete="set null"
    )
    move_name = fields.Char("Document", readonly=True)
    date = fields.Date("For", required=True, readonly=True)
    amount = fields.Monetary("Promised", required=True, readonly=True)
    paid_before = fields.Monetary(readonly=True, help="What had been paid of the item when it was promised.")
    amount_kept = fields.Monetary("Paid in Time", readonly=True)
    state = fields.Selection(STATES, "Status", required=True, readonly=True, default="open")
    replaced_by_id = fields.Many2one("dunning.promise", readonly=True, ondelete="set null")

    _amount_positive = models.Constraint("CHECK (amount > 0)", "A promise is for an amount above zero.")

    @api.model
    def _to_replace(self, items):
        """Return what is promised of ``items`` and still expected."""
        return self.search([
            ("move_line_id", "in", items.ids), ("promise_id.state", "=", "open"), ("replaced_by_id", "=", False),
            ("state", "=", "open"),
        ])  # fmt: skip

    def _replaced_by(self, promise):
        """Give way to a newer promise of the same items."""
        self.write({"replaced_by_id": promise.id, "state": "cancelled"})
        for other in self.promise_id:
            left = other._sum_up()
            other._message_log(body=self.env._("Replaced by %(promise)s", promise=promise.name))
            if not left:
                other.write({
                    "state": "cancelled", "told_state": "cancelled", "next_date": False, "check_date": False,
                })  # fmt: skip

    def _restore(self):
        """Be expected again: the promise that replaced these lines was recorded by mistake."""
        self.write({"replaced_by_id": False, "state": "open"})
        for promise in self.promise_id:
            promise._sum_up()
            promise.write({"state": "open", "told_state": "open"})
            promise._message_log(body=self.env._("Expected again: what replaced it was cancelled."))

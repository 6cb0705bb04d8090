from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ...core.said.chance import CHANCE_DAYS
from ...settings.database import check_real
from . import queries

MOVES = {
    "to_send": {"sent", "failed", "dropped"},
    "failed": {"to_send", "sent"},
    "sent": {"failed"},  # it came back
    "dropped": set(),
}


class DunningPromiseWarning(models.Model):
    """What a consumer is told in writing when a date of a payment plan is missed, before the plan ends.

    One for each missed date. From the day it leaves there are some days to pay; a warning that did not leave, or came
    back, ends nothing. See :mod:`...core.said.chance` for the law.
    """

    _name = "dunning.promise.warning"
    _inherit = ["dunning.life", "dunning.guarded"]
    _description = "Warning Before a Payment Plan Ends"
    _order = "missed_on DESC, id DESC"
    _moves = MOVES

    promise_id = fields.Many2one("dunning.promise", required=True, readonly=True, index=True, ondelete="restrict")
    account_id = fields.Many2one(related="promise_id.account_id")
    partner_id = fields.Many2one(related="promise_id.partner_id")
    company_id = fields.Many2one(related="promise_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="promise_id.currency_id")
    missed_on = fields.Date(required=True, readonly=True, help="The day on which the date was known to be missed.")
    made_on = fields.Date("To Leave On", required=True, readonly=True)
    amount = fields.Monetary("Missing", readonly=True, help="What was missing when the warning was made, or left.")
    amount_left = fields.Monetary("Left of the Plan", readonly=True, help="What falls due if the plan ends.")
    state = fields.Selection(
        [("to_send", "To Send"), ("sent", "Sent"), ("failed", "Not Sent"), ("dropped", "Not Needed")],
        "Status", required=True, readonly=True, default="to_send",
    )  # fmt: skip
    channel = fields.Selection(
        [("email", "E-mail"), ("letter", "Letter"), ("earlier", "Ended Before Warnings Existed")],
        "By", required=True, readonly=True, default="email",
    )  # fmt: skip
    sent_on = fields.Date(readonly=True)
    pay_until = fields.Date(
        "Time to Pay", compute="_compute_pay_until", help="The plan ends if it is not paid by then."
    )
    address = fields.Char(readonly=True, proof="promise_id.account_id")
    reason = fields.Char("Why Not", readonly=True, erased="promise_id.account_id")
    words = fields.Html("As Sent", readonly=True, help="The message as it left.", proof="promise_id.account_id")
    message_ref = fields.Char("Message-Id", readonly=True)
    told = fields.Boolean(readonly=True, help="The person in charge knows that it could not leave.")

    lang = fields.Char(compute="_compute_texts", compute_sudo=True)
    company_name = fields.Char(related="company_id.name", string="Name of the Company")
    plan_date_text = fields.Char("Day of the Plan", compute="_compute_texts", compute_sudo=True)
    date_text = fields.Char("Missed Date", compute="_compute_texts", compute_sudo=True)
    amount_text = fields.Char("Missing Amount", compute="_compute_texts", compute_sudo=True)
    left_text = fields.Char("Amount Left", compute="_compute_texts", compute_sudo=True)
    pay_until_text = fields.Char("Last Day to Pay", compute="_compute_texts", compute_sudo=True)

    _one_of_a_date = models.UniqueIndex("(promise_id, missed_on)", "The customer was warned of this date already.")
    _to_send = models.Index("(company_id) WHERE state = 'to_send'")
    _sent_on_a_day = models.Constraint("CHECK (state <> 'sent' OR sent_on IS NOT NULL)", "Say when it was sent.")

    @api.depends("sent_on", "made_on")
    def _compute_pay_until(self):
        for warning in self:
            warning.pay_until = (warning.sent_on or warning.made_on) + timedelta(days=CHANCE_DAYS)

    @api.depends("amount", "amount_left", "missed_on", "pay_until", "promise_id.date", "promise_id.grace_days")
    @api.depends_context("lang")
    def _compute_texts(self):
        for warning in self:
            promise = warning.promise_id
            missed = warning.missed_on - timedelta(days=promise.grace_days + 1)
            partner, company = warning.partner_id, warning.company_id
            warning.lang = partner.lang or company.partner_id.lang or self.env.lang
            warning.plan_date_text = format_date(self.env, promise.date, date_format="long")
            warning.date_text = format_date(self.env, missed, date_format="long")
            warning.amount_text = format_amount(self.env, warning.amount, warning.currency_id)
            warning.left_text = format_amount(self.env, warning.amount_left, warning.currency_id)
            warning.pay_until_text = format_date(self.env, warning.pay_until, date_format="long")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A warning is a proof: it is not deleted."))

    def _why_not_moved(self, old, new):
        return self.env._("What became of this warning is known already.")

    def _set_state(self, state, **vals):
        """Move to ``state``, or raise if the life of a warning forbids it."""
        self._check_move(state)
        self.write({"state": state, **vals})

    # === AS THE DAYS GO BY === #

    @api.model
    def _make(self, late, day):
        """Note the warnings that have to leave.

        :param late: ``[(promise id, core.promise.Late)]``
        :param day: the day of the night run
        """
        self.create([
            {"promise_id": promise, "missed_on": one.missed_on, "made_on": day, "amount": float(one.amount)}
            for promise, one in late
        ])  # fmt: skip

    @api.model
    def _put_off(self, company, day):
        """Have what could not leave yet leave on a later day: the customer has all of the time from then on."""
        if self.env.execute_query(queries.put_off_warnings(self.env, company, day)):
            self.invalidate_model(["made_on"])

    # === A PERSON === #

    def action_send_again(self):
        """Have a warning leave that could not."""
        self._may_change()
        check_real(self.env)
        today = self.company_id._dunning_today()
        self.sudo()._set_state("to_send", made_on=today, reason=False, told=False, channel="email")
        self.sudo()._changed()

    def action_left_on_paper(self):
        """Note that a person has warned the customer by letter today."""
        self._may_change()
        today = self.company_id._dunning_today()
        self.sudo()._set_state("sent", sent_on=today, channel="letter", reason=False)
        self.sudo()._changed()
        self.promise_id.sudo()._message_log(body=self.env._(
            "Warned by letter by %(user)s: %(amount)s is to be paid by %(day)s, or the plan ends.",
            user=self.env.user.name, amount=self.amount_text, day=self.pay_until_text,
        ))  # fmt: skip

    def _may_change(self):
        """Refuse those who may not change the account.

        :raise AccessError: if the person may not
        """
        self.ensure_one()
        self.account_id.check_access("write")

    def _changed(self):
        """Bring promises and accounts up to date after what became of warnings."""
        self.flush_recordset()
        self.promise_id.account_id._show_now()

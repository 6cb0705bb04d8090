from datetime import datetime
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.tools import format_date, format_time

from ...core.said import calls
from .. import phone_number

HISTORY = 8  # reminders, and calls, shown beside the script


class DunningDelivery(models.Model):
    """What a person sees before and during a call."""

    _inherit = "dunning.delivery"

    call_user_id = fields.Many2one("res.users", "Person in Charge", compute="_compute_call_user_id")
    call_level_id = fields.Many2one(string="Level", related="reminder_id.level_id")
    call_stage = fields.Selection(related="reminder_id.stage")
    call_amount = fields.Monetary(string="At Stake", related="reminder_id.amount_total")
    call_days_late = fields.Integer("Days Late", compute="_compute_call_days_late", aggregator=None)
    call_tried = fields.Char("Attempts So Far", compute="_compute_call_tried")
    call_promise_broken = fields.Boolean("Broken Promise", compute="_compute_call_promise_broken")

    contact_name = fields.Char("Whom to Call", compute="_compute_contact_name")
    contact_role = fields.Char("Role", related="contact_id.function")
    call_remark = fields.Char("Remark", compute="_compute_call_remark")

    call_national = fields.Char("National Number", compute="_compute_call_number")
    call_local_time = fields.Char("Time There", compute="_compute_call_number")
    call_warning = fields.Char("Not Now", compute="_compute_call_number")
    call_sheet = fields.Html("What to Say", compute="_compute_call_sheet", sanitize=False)
    call_result = fields.Char("What Came of It", compute="_compute_call_result")

    @api.depends("channel", "partner_id.name")
    def _compute_display_name(self):
        """Name a call by the customer, not by the number."""
        called = self.filtered(lambda delivery: delivery.channel == "call")
        for delivery in called:
            delivery.display_name = delivery.partner_id.display_name
        super(DunningDelivery, self - called)._compute_display_name()

    # === LIST === #

    @api.depends("reminder_id.account_id.person_id")
    def _compute_call_user_id(self):
        for delivery in self:
            delivery.call_user_id = delivery.reminder_id._person_in_charge()

    @api.depends("reminder_id.line_ids.date_maturity")
    def _compute_call_days_late(self):
        for delivery in self:
            today = delivery.company_id._dunning_today()
            days = [line.date_maturity for line in delivery.reminder_id.line_ids if line.date_maturity]
            delivery.call_days_late = max(0, (today - min(days)).days) if days else 0

    @api.depends("call_ids.outcome", "reminder_id.level_id.call_tries")
    @api.depends_context("lang")
    def _compute_call_tried(self):
        for delivery in self:
            done = delivery.call_ids.filtered(
                lambda call, number=delivery.address: call.outcome == calls.NO_ANSWER and call.number == number
            )
            total = delivery.reminder_id.level_id.call_tries
            words = self.env._("%(done)s of %(total)s", done=len(done), total=total)
            delivery.call_tried = words if done else ""

    def _compute_call_promise_broken(self):
        """Tell who has broken a promise made on the phone."""
        promises = self.env["dunning.call"].search([
            ("reminder_id.account_id", "in", self.reminder_id.account_id.ids), ("outcome", "=", calls.WILL_PAY),
        ])  # fmt: skip
        broken = promises.filtered(lambda call: call.promise_state == "broken").account_id
        for delivery in self:
            delivery.call_promise_broken = delivery.reminder_id.account_id in broken

    @api.depends("call_tried", "call_promise_broken")
    @api.depends_context("lang")
    def _compute_call_remark(self):
        for delivery in self:
            broken = self.env._("Promise broken") if delivery.call_promise_broken else ""
            tried = delivery.call_tried and self.env._("No answer: %(tried)s", tried=delivery.call_tried)
            delivery.call_remark = " · ".join(filter(None, (broken, tried)))

    # === NUMBER AND TIME === #

    @api.depends("contact_id.name", "partner_id.name")
    def _compute_contact_name(self):
        for delivery in self:
            delivery.contact_name = delivery.contact_id.name or delivery.partner_id.name

    @api.depends("address", "company_id")
    @api.depends_context("lang")
    def _compute_call_number(self):
        for delivery in self:
            number = phone_number.known(delivery.address or "")
            moments = delivery._local_times(number, fields.Datetime.now()) if number else []
            delivery.call_national = number.national if number else ""
            delivery.call_local_time = delivery._times_in_words(moments)
            delivery.call_warning = delivery._warning(number, moments)

    def _local_times(self, number, now):
        """Return the local times where a number may ring, earliest first; ``now`` is a naive moment in UTC."""
        moments = {now.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
                   for zone in number.zones}  # fmt: skip
        return sorted(moments)

    def _times_in_words(self, moments):
        if not moments:
            return ""
        first, last = (self._time_in_words(moment) for moment in (moments[0], moments[-1]))
        if first == last:
            return first
        return self.env._("between %(first)s and %(last)s", first=first, last=last)

    def _time_in_words(self, moment: datetime):
        weekday = format_date(self.env, moment, date_format="EEEE")
        return f"{weekday} {format_time(self.env, moment.time(), time_format='short')}"

    def _warning(self, number, moments):
        """Return why to wait before calling, or nothing: nobody is disturbed at a bad hour or on a day of rest."""
        company = self.company_id
        holidays = frozenset()
        if number and number.region == company.country_id.code:
            holidays = frozenset(company._dunning_holidays({moment.year for moment in moments}))
        problems = {calls.bad_time(moment, holidays) for moment in moments}
        if "holiday" in problems:
            return self.env._("It is a public holiday there: call on a working day.")
        if "weekend" in problems:
            return self.env._("It is the week-end there: call on a working day.")
        if "hour" in problems:
            return self.env._(
                "It is not a good time there: call between 10 a.m. and 1 p.m. or between 2 p.m. and 8 p.m., their time."
            )
        return ""

    # === SCREEN === #

    @api.depends("reminder_id.line_ids", "reminder_id.own_script", "call_ids")
    @api.depends_context("lang", "uid")
    def _compute_call_sheet(self):
        for delivery in self:
            delivery.call_sheet = delivery.reminder_id and self.env["ir.qweb"]._render(
                "relance_progressive.call_sheet", delivery._call_facts()
            )

    def _call_facts(self):
        """Return what the screen of a call tells beside the buttons."""
        reminder, today = self.reminder_id, self.company_id._dunning_today()
        account = reminder.account_id
        reached = self.search([
            ("reminder_id.account_id", "=", account.id), ("state", "not in", ("ready", "cancelled")),
        ], order="id DESC", limit=HISTORY)  # fmt: skip
        states = dict(self._fields["state"]._description_selection(self.env))
        channels = dict(self._fields["channel"]._description_selection(self.env))
        return {
            "reminder": reminder,
            "script": reminder._call_script(),
            "lines": reminder._lines_of_the_claim(),
            "total": reminder._amounts_in_words(reminder._lines_of_the_claim()),
            "covered": reminder._covered_in_words(),
            "notice": reminder.account_id.amount_notice
            and reminder._amount_in_words(reminder.account_id.amount_notice, self.currency_id),
            "late": lambda line: max(0, (today - line.date_maturity).days) if line.date_maturity else 0,
            "day": reminder._day_in_words,
            "money": reminder._amount_in_words,
            "sent": [
                {
                    "day": reminder._day_in_words(one.date_done or one.reminder_id.date),
                    "level": one.reminder_id.level_id.name,
                    "channel": channels[one.channel],
                    "state": states[one.state],
                    "bad": one.state in ("failed", "bounced", "uncertain"),
                    "reason": one.reason or "",
                }
                for one in reached
            ],
            "calls": self.env["dunning.call"].search([("reminder_id.account_id", "=", account.id)], limit=HISTORY),
        }

    @api.depends("state", "reason", "call_ids.summary")
    def _compute_call_result(self):
        for delivery in self:
            last = delivery.call_ids[:1].summary if delivery.state == "sent" else ""
            delivery.call_result = last or delivery.reason or ""

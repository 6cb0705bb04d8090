from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .. import queries
from .outcomes import GO_AHEAD, LATER, OUTCOMES, PREPARED, RANKS, outcome

BATCH = 5000  # rows inserted together


class DunningForecast(models.TransientModel):
    """What the night of a day would do, told beforehand: the engine's own decisions, nothing of them written."""

    _name = "dunning.forecast"
    _inherit = ["dunning.pointing"]
    _description = "What Would Happen"

    date = fields.Date(required=True, default=lambda self: self._next_working_day())
    partner_ids = fields.Many2many(
        "res.partner", string="Customers", help="Leave empty to look at all customers that owe something."
    )
    warning = fields.Text(compute="_compute_warning")
    line_ids = fields.One2many("dunning.forecast.line", "forecast_id", "Customers Looked At", readonly=True)

    @api.model
    def _next_working_day(self):
        company = self.env.company.root_id
        today = company._dunning_today()
        return company.sudo()._dunning_calendar(today).next_open(today + timedelta(days=1))

    @api.depends_context("allowed_company_ids", "lang")
    def _compute_warning(self):
        """Say what one has to know before reading the list: late books, and that nothing runs by itself."""
        by_hand = [
            self.env._("%(company)s: reminders are not automatic, nothing leaves unless someone prepares it.",
                       company=company.name)
            for company in self._companies_at_work().sudo() if not company.dunning_automatic
        ]  # fmt: skip
        self.warning = "\n".join(self.env["dunning.account"].get_alerts() + by_hand)

    # === BUTTONS === #

    def action_show(self):
        """Decide for that day and show the list."""
        self.ensure_one()
        self.check_access("write")
        self.env["dunning.account"].check_access("read")
        self._check_date()
        self._fill()
        action = self.env["ir.actions.act_window"]._for_xml_id("relance_progressive.dunning_forecast_line_action")
        title = self.env._("What would happen on %(day)s", day=format_date(self.env, self.date))
        return action | {
            "name": title,
            "display_name": title,
            "domain": [("forecast_id", "=", self.id)],
        }

    def _check_date(self):
        """Refuse a day that is over: what the accounts owed then is not known any more.

        :raise UserError: naming the first day that can be looked at
        """
        if any(self.date < company._dunning_today() for company in self._companies_at_work()):
            raise UserError(self.env._(
                "%(day)s is over: look at today or at a later day.", day=format_date(self.env, self.date)
            ))  # fmt: skip

    def _companies_at_work(self):
        """Return the main companies at work; a branch follows its main company."""
        return self.env.companies.root_id & self.env.companies

    # === LINES === #

    def _fill(self):
        """Write the list, one insert per batch."""
        self.sudo().line_ids.unlink()
        partners = self.partner_ids or None
        for company in self._companies_at_work():
            rows = self.env["dunning.engine"].preview(self.date, partners, company)
            for start in range(0, len(rows), BATCH):
                lines = self._lines(company, rows[start : start + BATCH])
                self.env.execute_query(queries.insert_forecast_lines(self.env, self, company, lines))
        self.env["dunning.forecast.line"].invalidate_model()
        self.invalidate_recordset(["line_ids"])

    def _lines(self, company, rows):
        """Return the values of one batch of lines."""
        levels = self.env["dunning.level"].sudo().browse({row["level_id"] for row in rows if row["level_id"]})
        channels = {level.id: level.channel_text for level in levels}
        waiting = self._open_reminders(company, [row["partner_id"] for row in rows])
        return [self._line(row, channels, waiting.get(row["partner_id"])) for row in rows]

    def _line(self, row, channels, reminder):
        """Return the values of a line; of what is prepared already, those of the reminder that waits."""
        found = outcome(row, self.date)
        announced = sum(line["amount"] for line in row["lines"])  # before the due date nothing is claimed yet
        values = {
            "partner": row["partner_id"], "send": row["send"], "approval": row["approval"], "outcome": found,
            "rank": RANKS[found], "level": row["level_id"], "channels": channels.get(row["level_id"]),
            "amount": row["amount"] or announced, "due": row["amount_due"], "overdue": row["amount_overdue"],
            "covered": row["amount_covered"], "next_date": row["next_date"], "next_level": row["next_level_id"],
            "reason": row["reason_text"], "codes": ",".join(reason["code"] for reason in row["reasons"]),
            "count": sum(not line["upcoming"] for line in row["lines"]),
        }  # fmt: skip
        if found == GO_AHEAD:
            values["reason"] += " · " + self.env._("First run: it waits for your go-ahead")
        if found == LATER:
            values["reason"] += " · " + self._why_later(row)
        if reminder and found == PREPARED:
            values["reason"] = reminder._words_while_open()
            values.update({
                "level": reminder.level_id.id, "channels": reminder.level_id.channel_text,
                "amount": reminder.amount_total, "next_level": reminder.level_id.id,
                "next_date": max(reminder.date, row["leaves_on"] or reminder.date),
            })  # fmt: skip
            if row["shared_mailbox"]:
                values["reason"] += " · " + self._why_later(row)
        return values

    def _why_later(self, row):
        """Return why a message does not leave on the day on which it is due."""
        day = format_date(self.env, row["leaves_on"])
        if row["shared_mailbox"]:
            return self.env._("Mailbox of several customers, one message a day: on %(day)s", day=day)
        return self.env._("Limit of messages a day: about %(day)s", day=day)

    def _open_reminders(self, company, partners):
        reminders = self.env["dunning.reminder"].sudo().search([
            ("company_id", "=", company.id), ("partner_id", "in", partners), ("state", "in", ("draft", "ready")),
        ])  # fmt: skip
        return {reminder.partner_id.id: reminder for reminder in reminders}


class DunningForecastLine(models.TransientModel):
    """What would happen to one customer: what would leave, or why nothing would."""

    _name = "dunning.forecast.line"
    _description = "What Would Happen to a Customer"
    _order = "rank, amount DESC, partner_id, id"
    _rec_name = "partner_id"

    forecast_id = fields.Many2one("dunning.forecast", required=True, readonly=True, index=True, ondelete="cascade")
    date = fields.Date(related="forecast_id.date")
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    account_id = fields.Many2one("dunning.account", readonly=True)
    user_id = fields.Many2one("res.users", "Person in Charge", readonly=True)
    outcome = fields.Selection(OUTCOMES, "What Happens", readonly=True)
    rank = fields.Integer(readonly=True, aggregator=None, help="The order of what happens: what leaves comes first.")
    send = fields.Boolean("Would Leave", readonly=True)
    approval = fields.Boolean("Asks for an Approval", readonly=True)
    level_id = fields.Many2one("dunning.level", readonly=True)
    stage = fields.Selection(related="level_id.stage")
    channel_text = fields.Char("How", readonly=True)
    item_count = fields.Integer("Items Claimed", readonly=True)
    amount = fields.Monetary("Claimed", readonly=True, help="Announced, for a message before the due date.")
    amount_due = fields.Monetary("Due", readonly=True)
    amount_overdue = fields.Monetary("Overdue", readonly=True)
    amount_covered = fields.Monetary("On Its Way", readonly=True)
    reason_codes = fields.Char(readonly=True)
    reason_text = fields.Char("Why", readonly=True)
    next_date = fields.Date("Next Reminder", readonly=True)
    next_level_id = fields.Many2one("dunning.level", readonly=True)

    def action_open_account(self):
        """Show the account of the customer, or the customer who has none yet."""
        self.ensure_one()
        return (self.account_id or self.partner_id).get_formview_action()

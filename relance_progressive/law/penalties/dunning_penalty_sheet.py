import base64
from datetime import date
from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.tools import format_amount, format_date

from ...core.law.regime import cite
from ...reminder.dunning_reminder import FROZEN_STATES
from .words import as_data, is_verified


class DunningPenaltySheet(models.TransientModel):
    """How late interest and indemnities are computed, line by line: what an accountant can do again by hand.

    Of an account, an invoice or a reminder; of a reminder that has left, the figures that it told.
    """

    _name = "dunning.penalty.sheet"
    _inherit = ["dunning.pointing"]
    _description = "Computation of Penalties"
    _rec_name = "partner_id"

    account_id = fields.Many2one("dunning.account", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="account_id.company_id", related_sudo=False)
    partner_id = fields.Many2one(string="Customer", related="account_id.partner_id", related_sudo=False)
    reminder_id = fields.Many2one("dunning.reminder", readonly=True, ondelete="cascade")
    move_id = fields.Many2one("account.move", "Invoice", readonly=True, ondelete="cascade")
    until = fields.Date(
        required=True, default=lambda self: self.env.company._dunning_today(),
        help="The last day of the interest, included.",
    )
    settled = fields.Boolean(
        "Also What Was Paid Late", help="Invoices that are paid by now, but were paid late: their penalties stay due."
    )
    frozen = fields.Boolean("As Sent", compute="_compute_frozen")
    why_text = fields.Char("Why", related="account_id.penalty_why", related_sudo=False)
    line_ids = fields.One2many("dunning.penalty.sheet.line", "sheet_id", "Computation", readonly=True)
    total_text = fields.Char("Total", compute="_compute_totals")
    interest_text = fields.Char("Late Interest", compute="_compute_totals")
    indemnity_text = fields.Char("Fixed Indemnity", compute="_compute_totals")
    recovery_costs = fields.Boolean(compute="_compute_what_the_law_gives", compute_sudo=True)
    compound_text = fields.Char("Interest on Interest", compute="_compute_what_the_law_gives", compute_sudo=True)
    settled_text = fields.Char("Paid, Waived or Invoiced", compute="_compute_totals")
    per_day_text = fields.Char("Each Day More", compute="_compute_totals")
    document = fields.Binary(readonly=True, attachment=False)

    @api.depends("reminder_id.state")
    def _compute_frozen(self):
        for sheet in self:
            sheet.frozen = sheet.reminder_id.state in FROZEN_STATES

    @api.depends("partner_id")
    @api.depends_context("lang")
    def _compute_what_the_law_gives(self):
        for sheet in self:
            regime = sheet.company_id._dunning_regimes(sheet.partner_id).get(sheet.partner_id.id)
            sheet.recovery_costs = bool(regime and regime.costs)
            known = regime and regime.compound
            sheet.compound_text = sheet.company_id._dunning_compound_words(regime) if known else False

    @api.depends("line_ids.amount", "line_ids.kind", "line_ids.per_day")
    @api.depends_context("lang")
    def _compute_totals(self):
        for sheet in self:
            sheet.interest_text = sheet._sum_in_words("interest")
            sheet.indemnity_text = sheet._sum_in_words("indemnity")
            sheet.settled_text = sheet._sum_in_words("settled")
            sheet.total_text = sheet._sum_in_words("interest", "indemnity", "settled")
            sheet.per_day_text = sheet._sum_in_words("item", name="per_day")

    def _sum_in_words(self, *kinds, name="amount"):
        totals = {}
        for line in self.line_ids:
            if line.kind in kinds:
                totals[line.currency_id] = totals.get(line.currency_id, 0.0) + line[name]
        shown = [(currency, amount) for currency, amount in totals.items() if not currency.is_zero(amount)]
        return " + ".join(format_amount(self.env, amount, currency) for currency, amount in shown)

    # === OPENING === #

    @api.model
    def _open_for(self, account, reminder=None, move=None):
        """Return the action that shows the computation of an account, or of a reminder or an invoice of it."""
        (reminder or move or account).check_access("read")
        sheet = self.create({
            "account_id": account.id,
            "reminder_id": reminder and reminder.id,
            "move_id": move and move.id,
            "until": reminder._penalty_day() if reminder else account.company_id._dunning_today(),
            "settled": bool(move),
        })  # fmt: skip
        sheet._fill()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Penalties of %(customer)s", customer=account.partner_id.display_name),
            "res_model": self._name,
            "view_mode": "form",
            "res_id": sheet.id,
        }

    @api.onchange("until", "settled")
    def _fill(self):
        for sheet in self:
            sheet.line_ids = [Command.clear(), *(Command.create(values) for values in sheet._rows())]

    def _rows(self):
        """Return the values of the lines, item by item.

        :raise AccessError: if the person may not read what it is about
        """
        for record in (self.account_id, self.reminder_id, self.move_id):
            record._origin.sudo(False).check_access("read")
        if not self.until:
            return []
        if self.reminder_id:
            return self._rows_of_reminder()
        rows, penalties = [], self._penalties()
        for item in self.env["account.move.line"].sudo().browse(penalties):
            penalty = penalties[item.id]
            why = self.env["dunning.penalty"]._why_not_in_words(penalty)
            rows += self._rows_of_item(item, item.dunning_name, item.currency_id, as_data(penalty, self.until), why)
        return rows

    def _penalties(self):
        """Return ``{item id: Penalty}`` of what is meant, oldest due date first."""
        penalties = self.env["dunning.penalty"].sudo()
        if self.move_id:
            _account, items = self.move_id._dunning_account_and_items()
            found = penalties._of_items(self.company_id, items.ids, self.until)
        elif self.settled:
            found = self.account_id._penalties_of(self.until)
        else:
            found = penalties._of_customers(self.company_id, self.partner_id.ids, self.until)
        return dict(sorted(found.items(), key=lambda pair: (pair[1].due, pair[0])))

    def _rows_of_reminder(self):
        lines = self.reminder_id._lines_of_the_claim()
        day = None if self.frozen else self.until
        rows = []
        for line in lines.with_context(dunning_letter_day=day):
            if line.penalty_shown:
                currency = line.currency_id or self.reminder_id.currency_id
                rows += self._rows_of_item(line.move_line_id, line.move_name, currency, line.penalty_shown)
        return rows

    def _rows_of_item(self, item, number, currency, data, why=""):
        """Return the rows of one item: what it is, its periods, its indemnity, and what is settled of both."""
        common = {"move_line_id": item.id, "currency_id": currency.id}
        due = item.date_maturity or item.date
        day = format_date(self.env, due) if due else ""
        penalties = self.env["dunning.penalty"]
        why = why or penalties._missing_in_words(data)
        title = self.env._("%(number)s, due on %(day)s", number=number or "", day=day)
        rows = [common | {"kind": "item", "name": title, "source": why, "per_day": float(data["per_day"])}]
        law_read, indemnity_read = is_verified(data["regime"]) if data["regime"] else (True, True)
        for segment in data["segments"]:
            source = penalties._source_in_words(self.env, segment)
            rows.append(common | {
                "kind": "interest",
                "first": date.fromisoformat(segment["first"]),
                "last": date.fromisoformat(segment["last"]),
                "days": segment["days"],
                "base": segment["base"],
                "balance": float(segment["balance"]),
                "rate": float(segment["rate"]),
                "rate_text": penalties._percent(self.env, segment["rate"]),
                "amount": float(segment["amount"]),
                "source": self._or_not_verified(source, law_read and self._is_rate_verified(segment)),
            })  # fmt: skip
        if Decimal(data["indemnity"]):
            rows.append(common | {
                "kind": "indemnity", "amount": float(data["indemnity"]),
                "name": self.env["dunning.frame"]._fixed_sum_label(self.env, data.get("costs")),
                "source": self._or_not_verified(cite(data["article"], self.env.lang), indemnity_read),
            })  # fmt: skip
        titles = {
            "paid": self.env._("Paid already"),
            "waived": self.env._("Waived"),
            "invoiced": self.env._("Invoiced already"),
        }
        for name, words in titles.items():
            if name in data:
                rows.append(common | {"kind": "settled", "name": words, "amount": -float(data[name])})
        return rows

    def _is_rate_verified(self, segment):
        """Tell whether the published rate of a segment, as plain data, was read at its source."""
        if not segment.get("day"):
            return True  # a fixed or agreed rate
        day = date.fromisoformat(segment["day"])
        return self.env["dunning.interest.rate"]._was_read(self.company_id, segment["reference"], day)

    def _or_not_verified(self, source, verified):
        """Return where a figure comes from, and say so if nobody has read it there."""
        return source if verified else f"{source}, {self.env._('not verified')}"

    # === PDF === #

    def action_print(self):
        """Open the sheet as a PDF."""
        self.ensure_one()
        self.account_id.check_access("read")
        self.document = base64.b64encode(self._pdf())
        name = self.env._("Penalties of %(customer)s", customer=self.partner_id.name).replace("/", "-")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/document/{name}.pdf?download=true",
            "target": "new",
        }

    def _pdf(self):
        return self.env["dunning.letter"]._print_document(self.company_id, self._html())

    def _html(self):
        """Return the sheet as an HTML document, in the language of the reader."""
        lang = self.env.lang or self.company_id.partner_id.lang or "en_US"
        sheet = self.with_context(lang=lang)
        letters = self.env["dunning.letter"]
        return letters._document("relance_progressive.penalty_sheet", self.company_id, lang, {"o": sheet})


class DunningPenaltySheetLine(models.TransientModel):
    """One line of the computation: an item, or a period, an indemnity, a deduction of it."""

    _name = "dunning.penalty.sheet.line"
    _inherit = ["dunning.pointing"]
    _description = "Line of a Computation of Penalties"
    _order = "id"

    sheet_id = fields.Many2one("dunning.penalty.sheet", "Computation", required=True, ondelete="cascade")
    move_line_id = fields.Many2one("account.move.line", "Item", readonly=True, ondelete="cascade")
    kind = fields.Selection(
        [("item", "Invoice"), ("interest", "Late interest"), ("indemnity", "Indemnity"), ("settled", "Settled")],
        readonly=True,
    )
    name = fields.Char("Document", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    balance = fields.Monetary(readonly=True)
    first = fields.Date("From", readonly=True)
    last = fields.Date("Until", readonly=True)
    days = fields.Integer(readonly=True, aggregator=None)
    base = fields.Integer("Days of the Year", readonly=True, aggregator=None)
    rate = fields.Float("Rate (%)", digits=(7, 4), readonly=True, aggregator=None)
    rate_text = fields.Char("Rate", readonly=True)
    amount = fields.Monetary(readonly=True)
    per_day = fields.Monetary("Each Day More", readonly=True)
    source = fields.Char("Where It Comes From", readonly=True)

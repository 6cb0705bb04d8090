from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ...settings.internal import READERS
from .dunning_account import MONTHS

STATES = [
    ("expired", "Lapsed"), ("1", "Within 1 month"), ("3", "Within 3 months"), ("6", "Within 6 months"),
    ("unknown", "Not known here"),
]  # fmt: skip


class AccountMoveLine(models.Model):
    """Until when an open item can be brought to court, and why."""

    _inherit = "account.move.line"

    dunning_limitation_date = fields.Date("Lapses After", compute="_compute_dunning_limitation", groups=READERS)
    dunning_limitation_state = fields.Selection(
        STATES, "Limitation", compute="_compute_dunning_limitation", groups=READERS
    )
    dunning_limitation_text = fields.Text("Why This Day", compute="_compute_dunning_limitation", groups=READERS)
    dunning_interruption_ids = fields.Many2many(
        "dunning.interruption", "dunning_interruption_item", "line_id", "interruption_id", "Interruptions",
        readonly=True, copy=False, groups=READERS,
    )  # fmt: skip

    @api.depends(
        "amount_residual", "date_maturity", "move_id.invoice_date", "move_id.delivery_date",
        "dunning_interruption_ids.struck", "dunning_interruption_ids.void", "dunning_interruption_ids.until",
        "partner_id.commercial_partner_id.dunning_status", "partner_id.commercial_partner_id.country_id",
        "partner_id.commercial_partner_id.dunning_law_id", "move_id.dunning_limitation_kind",
        "move_id.dunning_limitation_months", "move_id.dunning_limitation_text",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_dunning_limitation(self):
        self.dunning_limitation_date = self.dunning_limitation_state = self.dunning_limitation_text = False
        owed = self.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
            and line.parent_state == "posted" and line.amount_residual > 0
        )  # fmt: skip
        service = self.env["dunning.limitation"].sudo()
        for company, lines in owed.grouped(lambda line: line.company_id.root_id).items():
            claims, today = service._of_items(company, lines._origin.ids), company._dunning_today()
            for line in lines:
                claim = claims.get(line._origin.id)
                if claim:
                    last = claim.found.last_day
                    line.dunning_limitation_date = last
                    line.dunning_limitation_state = _state_of(last, today)
                    line.dunning_limitation_text = service._in_words(claim)

    def action_dunning_limitation(self):
        """Show until when this item can be brought to court, step by step."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Limitation of %(invoice)s", invoice=self.dunning_name),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(self.env.ref("relance_progressive.account_move_line_view_form_limitation").id, "form")],
            "target": "new",
        }

    def action_dunning_record_interruption(self):
        """Ask what interrupts the limitation of these items."""
        account = self.env["dunning.account"]._of(self.partner_id.commercial_partner_id, self.company_id)
        return account._new_interruption_action(self)


def _state_of(last, today):
    """Return the warning of a last day, empty if it is far away."""
    if not last:
        return "unknown"
    if last < today:
        return "expired"
    return next((str(months) for months in MONTHS if last <= today + relativedelta(months=months)), False)

from odoo import api, fields, models

from ..settings.internal import READERS
from .limitation.move import STATES


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "dunning.limitation.period"]

    def write(self, vals):
        """These days may be when a claim began; the figures by which the night finds what changed do not say them."""
        res = super().write(vals)
        if {"delivery_date", "invoice_date"} & vals.keys():
            self.env["dunning.account"]._touch_customers(self.filtered(lambda move: move.state == "posted"))
        return res

    dunning_limitation_date = fields.Date("Lapses After", compute="_compute_dunning_limitation", groups=READERS)
    dunning_limitation_state = fields.Selection(
        STATES, "Limitation", compute="_compute_dunning_limitation", groups=READERS
    )

    @api.depends("line_ids.dunning_limitation_date", "line_ids.dunning_limitation_state")
    def _compute_dunning_limitation(self):
        """Tell the first of the instalments; that it is not known only if it is of none."""
        for move in self:
            owed = move.line_ids.filtered("dunning_limitation_text")
            lines = owed.filtered("dunning_limitation_date").sorted("dunning_limitation_date") or owed
            move.dunning_limitation_date = lines[:1].dunning_limitation_date
            move.dunning_limitation_state = lines[:1].dunning_limitation_state

    def action_dunning_limitation(self):
        """Show until when the first open instalment can be brought to court, or all of them."""
        self.ensure_one()
        lines = self.line_ids.filtered("dunning_limitation_text")
        if len(lines) == 1:
            return lines.action_dunning_limitation()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Limitation of %(invoice)s", invoice=self.name),
            "res_model": "account.move.line",
            "view_mode": "list",
            "views": [(self.env.ref("relance_progressive.account_move_line_view_list_limitation").id, "list")],
            "domain": [("id", "in", lines.ids)],
            "target": "new",
        }

    dunning_limitation_kind = fields.Selection(groups=READERS)
    dunning_limitation_months = fields.Integer(groups=READERS)
    dunning_limitation_text = fields.Char(groups=READERS)

    def _owed_by(self):
        return self.company_id.root_id, self.commercial_partner_id

    def _follow_entered_period(self):
        accounts = self.env["dunning.account"].sudo()
        for company, moves in self.sudo().grouped(lambda move: move.company_id.root_id).items():
            own = [("company_id", "=", company.id), ("partner_id", "in", moves.commercial_partner_id.ids)]
            accounts.search(own)._follow_now()

    def action_dunning_penalties(self):
        """Show how the penalties of the invoice are computed."""
        self.ensure_one()
        account = self.env["dunning.account"]._of(self.partner_id, self.company_id)
        return self.env["dunning.penalty.sheet"]._open_for(account, move=self)

    def _dunning_open(self, name):
        """Return the action that shows these documents."""
        action = {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", self.ids)],
            "context": {"create": False, "default_move_type": "out_invoice"},
        }
        if len(self) == 1:
            action.update(view_mode="form", res_id=self.id)
        return action

    def _dunning_account_and_items(self):
        """Return the account of the customer of this invoice, and its instalments."""
        self.ensure_one()
        account = self.env["dunning.account"]._of(self.commercial_partner_id, self.company_id)
        return account, self.line_ids.filtered(lambda line: line.account_type == "asset_receivable")

    def action_dunning_waive_penalties(self):
        """Ask which penalties of this invoice are waived."""
        account, items = self._dunning_account_and_items()
        return self.env["dunning.penalty.waive"]._open(account, items)

    def action_dunning_invoice_penalties(self):
        """Ask which penalties of these invoices are invoiced."""
        accounts, items = self.env["dunning.account"], self.env["account.move.line"]
        for move in self.filtered(lambda move: move.move_type == "out_invoice" and move.state == "posted"):
            account, own = move._dunning_account_and_items()
            accounts |= account
            items |= own
        return self.env["dunning.penalty.invoice"]._open(accounts, items)

    def action_dunning_open_penalties(self):
        """Show the penalty invoices of this invoice, or the invoices that were paid late if it is one."""
        self.ensure_one()
        if self.dunning_is_penalty:
            return self.dunning_penalty_line_ids.invoice_id._dunning_open(self.env._("Invoices Paid Late"))
        return self.dunning_penalized_ids.move_id._dunning_open(self.env._("Penalty Invoices"))


from odoo import api, fields, models


class DunningAccount(models.Model):
    """What an account contests."""

    _inherit = "dunning.account"

    dispute_ids = fields.One2many("dunning.dispute", "account_id", "Disputes", readonly=True)
    dispute_count = fields.Integer("Number of Open Disputes", compute="_compute_dispute_count")

    @api.depends("dispute_ids.state")
    def _compute_dispute_count(self):
        counts = dict(self.env["dunning.dispute"]._read_group(
            [("account_id", "in", self.ids), ("state", "=", "open")], ["account_id"], ["__count"]
        ))  # fmt: skip
        for account in self:
            account.dispute_count = counts.get(account._origin, 0)

    # === BUTTONS === #

    def _new_dispute_action(self, items):
        """Return the dialog that records a dispute; one item is proposed as a whole."""
        self.ensure_one()
        lines = [fields.Command.create({"move_line_id": item.id, "whole": len(items) == 1}) for item in items]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record a Dispute"),
            "res_model": "dunning.dispute",
            "view_mode": "form",
            "views": [(self.env.ref("relance_progressive.dunning_dispute_view_form_new").id, "form")],
            "target": "new",
            "context": {"default_account_id": self.id, "default_line_ids": lines},
        }

    def action_record_dispute(self):
        """Ask what the customer contests."""
        items = self.move_line_ids.filtered(lambda line: line.amount_residual > 0)
        return self._new_dispute_action(items if len(items) == 1 else items[:0])

    def action_open_disputes(self):
        """Show the disputes of the account, answered ones too."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("relance_progressive.dunning_dispute_action")
        return action | {
            "name": self.env._("Disputes of %(customer)s", customer=self.partner_id.display_name),
            "domain": [("account_id", "=", self.id)],
            "context": {},
        }


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    def action_record_dispute(self):
        """Ask what of this reminder the customer contests."""
        self.ensure_one()
        items = self.line_ids.move_line_id.filtered(lambda line: line.amount_residual > 0)
        return self.account_id._new_dispute_action(items if len(items) == 1 else items[:0])

from odoo import Command, models


class DunningAccount(models.Model):
    _inherit = "dunning.account"

    def action_forecast(self):
        """Ask for a day, and show what would happen: to these customers, to all when none is chosen."""
        forecast = self.env["dunning.forecast"].create({"partner_ids": [Command.set(self.partner_id.ids)]})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What Would Happen"),
            "res_model": "dunning.forecast",
            "res_id": forecast.id,
            "view_mode": "form",
            "target": "new",
        }

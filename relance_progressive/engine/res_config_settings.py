from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_last_run = fields.Date(related="company_id.dunning_last_run")
    dunning_doubt = fields.Char(compute="_compute_dunning_doubt")
    dunning_doubt_text = fields.Char(compute="_compute_dunning_doubt")

    @api.depends("company_id")
    def _compute_dunning_doubt(self):
        for settings in self:
            company = settings.company_id.root_id
            settings.dunning_doubt = company.dunning_automatic and company._dunning_doubt()
            settings.dunning_doubt_text = company._dunning_doubt_text(settings.dunning_doubt)

    def action_dunning_right(self):
        """Go on: this is the real database, or today is right."""
        self.check_access("write")
        self.company_id.root_id.sudo()._dunning_say_right()
        return {"type": "ir.actions.client", "tag": "reload"}

    def action_dunning_wrong(self):
        """Stay silent: this is a copy, or the clock is wrong."""
        self.check_access("write")
        company = self.company_id.root_id.sudo()
        company.dunning_automatic = False
        company._dunning_tell("")
        return {"type": "ir.actions.client", "tag": "reload"}

    def action_dunning_take_back(self):
        """Take a night of the future back."""
        self.check_access("write")
        self.company_id.root_id.sudo()._dunning_take_back()
        return {"type": "ir.actions.client", "tag": "reload"}

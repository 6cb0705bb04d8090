from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_last_run = fields.Date(related="company_id.dunning_last_run")
    dunning_doubt = fields.Char(compute="_compute_dunning_doubt")
    dunning_doubt_text = fields.Char(compute="_compute_dunning_doubt")
    dunning_leaving = fields.Integer(compute="_compute_dunning_doubt")

    @api.depends("company_id")
    def _compute_dunning_doubt(self):
        for settings in self:
            company = settings.company_id.root_id
            doubt = company._dunning_doubt()
            settings.dunning_doubt = doubt if doubt == "copy" or company.dunning_automatic else ""
            settings.dunning_doubt_text = company._dunning_doubt_text(settings.dunning_doubt)
            settings.dunning_leaving = len(settings._dunning_leaving_here()) if doubt == "copy" else 0

    def action_dunning_right(self):
        """Go on: this is the real database, or today is right."""
        self.check_access("write")
        self.company_id.root_id.sudo()._dunning_say_right()
        return {"type": "ir.actions.client", "tag": "reload"}

    def _dunning_leaving_here(self):
        """Return, of what would leave from this copy, what the user may see."""
        companies = self.env.user.company_ids
        return self.company_id._dunning_leaving().filtered(lambda reminder: reminder.company_id in companies)

    def action_dunning_leaving(self):
        """Show what would leave from this copy, and what is known of it."""
        action = self.env["ir.actions.act_window"]._for_xml_id("relance_progressive.dunning_reminder_copied_action")
        context = {"allowed_company_ids": self.env.user.company_ids.ids}
        return {**action, "domain": [("id", "in", self._dunning_leaving_here().ids)], "context": context}

    def action_dunning_drop(self):
        """Go on, this is the real database, without what was prepared before."""
        self.check_access("write")
        company = self.company_id.root_id
        company.sudo()._dunning_drop_prepared(company._dunning_leaving())
        return self.action_dunning_right()

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

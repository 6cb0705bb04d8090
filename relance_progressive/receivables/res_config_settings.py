from odoo import api, fields, models
from odoo.tools import format_date


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_stale_days = fields.Integer(related="company_id.dunning_stale_days", readonly=False)
    dunning_stale_mode = fields.Selection(related="company_id.dunning_stale_mode", readonly=False, required=True)
    dunning_books_text = fields.Char("Books", compute="_compute_dunning_books_text")

    dunning_sending = fields.Selection(related="company_id.dunning_sending", readonly=False)
    dunning_habits_text = fields.Char("How Invoices Leave", compute="_compute_dunning_habits_text")

    @api.depends("company_id")
    def _compute_dunning_habits_text(self):
        for settings in self:
            looked_at, sent = settings.company_id._dunning_habits(settings.company_id._dunning_today())
            words = self.env._("Of the last %(count)s invoices, Odoo has sent %(sent)s.", count=looked_at, sent=sent)
            settings.dunning_habits_text = words if looked_at else False

    @api.depends("company_id")
    def _compute_dunning_books_text(self):
        for settings in self:
            stop = settings.company_id._dunning_books_stop(settings.company_id._dunning_today())
            settings.dunning_books_text = stop and self.env._(
                "The bank statements stop on %(day)s.", day=format_date(self.env, stop)
            )

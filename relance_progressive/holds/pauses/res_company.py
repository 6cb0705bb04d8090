from datetime import date

from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_pause_ids = fields.One2many(
        "dunning.pause", "company_id", "Pauses of All Reminders", domain=[("scope", "=", "company")]
    )
    dunning_pause_id = fields.Many2one(
        "dunning.pause", "Pause of All Reminders", compute="_compute_dunning_pause_id", compute_sudo=True
    )
    dunning_pause_text = fields.Char("All Reminders Paused", compute="_compute_dunning_pause_text")

    def _compute_dunning_pause_id(self):
        for company in self:
            company.dunning_pause_id = company._dunning_pauses(company._dunning_today())[:1]

    @api.depends_context("lang")
    def _compute_dunning_pause_text(self):
        for company in self:
            company.dunning_pause_text = company.sudo().dunning_pause_id.sentence

    def _dunning_pauses(self, day):
        """Return the pauses of the whole company that hold on a day, the longest first; read once a transaction."""
        pauses = self.root_id.sudo().dunning_pause_ids
        running = pauses.filtered(lambda pause: pause.scope == "company" and pause._runs_on(day))
        return running.sorted(lambda pause: pause.until or date.max, reverse=True)

import re
from datetime import timedelta

from markupsafe import escape

from odoo import api, fields, models
from odoo.tools import format_amount, format_date

IN_BODY = re.compile(r"<t t-out=\"object\.(\w+)\"\s*(?:/>|>\s*</t>)")
IN_SUBJECT = re.compile(r"\{\{\s*object\.(\w+)\s*\}\}")

SAMPLE_DEADLINE_DAYS = 8


class DunningLevel(models.Model):
    _inherit = "dunning.level"

    _preview_amount = 1230  # what the imaginary customer owes

    preview_subject = fields.Char("Example of Subject", compute="_compute_preview")
    preview_body = fields.Html("Example of Text", compute="_compute_preview")

    @api.depends("template_id.subject", "template_id.body_html", "delay_days")
    @api.depends_context("lang", "uid", "company")
    def _compute_preview(self):
        """Show the text with the figures of an imaginary customer."""
        for level in self:
            level.preview_subject, level.preview_body = level._preview_of(level.template_id)

    def _preview_of(self, template):
        """Return subject and text of a template with the figures of an imaginary customer."""
        samples, template = self._preview_samples(), template.sudo()
        subject = IN_SUBJECT.sub(lambda found: samples.get(found[1], found[0]), template.subject or "")
        return subject, IN_BODY.sub(lambda found: escape(samples.get(found[1], "")), str(template.body_html or ""))

    def _preview_samples(self):
        """Return what each placeholder stands for in the example."""
        today, company = self.env.company._dunning_today(), self.env.company
        user = self.sender_id if company._dunning_works_here(self.sender_id) else self.env.user
        return {
            "customer_name": self.env._("Martin Ltd"),
            "company_name": self.env.company.name,
            "amount_text": format_amount(self.env, self._preview_amount, self.env.company.currency_id),
            "count_text": self.env._("2 invoices"),
            "oldest_due_text": format_date(self.env, today - timedelta(days=self.delay_days)),
            "days_late": str(max(0, self.delay_days)),
            "deadline_text": format_date(self.env, today + timedelta(days=SAMPLE_DEADLINE_DAYS)),
            "user_name": user.name or "",
            "user_phone": user.phone or "",
            "user_email": user.email or "",
        }

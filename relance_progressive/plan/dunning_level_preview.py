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

    @api.depends(
        "template_id.subject", "template_id.body_html", "delay_days", "channel_ids.channel", "channel_ids.fallback"
    )  # fmt: skip
    @api.depends_context("lang", "uid", "company")
    def _compute_preview(self):
        """Show the text with the figures of an imaginary customer."""
        for level in self:
            level.preview_subject, level.preview_body = level._preview_of(level.template_id)

    def _preview_of(self, template, registered=False):
        """Return subject and text of a template with the figures of an imaginary customer.

        :param registered: in the words of a registered letter, else in those of the other messages
        """
        template = self._previewed(template).sudo()
        samples = self.with_context(dunning_registered=registered)._preview_samples()
        subject = IN_SUBJECT.sub(lambda found: samples.get(found[1], found[0]), template.subject or "")
        return subject, IN_BODY.sub(lambda found: escape(samples.get(found[1], "")), str(template.body_html or ""))

    def _previewed(self, template):
        """Return the template that customers read where ``template`` stands on the level.

        Where professionals have a text of their own, it is what they read.
        """
        texts = self.notice_text_ids.filtered(lambda text: text.kind == "professional") if self._is_last_word() else ()
        return texts.template_id if texts else template

    def _preview_samples(self):
        """Return what each placeholder stands for in the example."""
        today, company = self.env.company._dunning_today(), self.env.company
        user = self.sender_id if company._dunning_works_here(self.sender_id) else self.env.user
        days, mediator = max(0, self.delay_days), company.sudo()._dunning_mediator()
        return {
            "customer_name": self.env._("Martin Ltd"),
            "company_name": self.env.company.name,
            "amount_text": format_amount(self.env, self._preview_amount, self.env.company.currency_id),
            "count_text": self.env._("2 invoices"),
            "oldest_due_text": format_date(self.env, today - timedelta(days=self.delay_days)),
            "days_late": str(days),
            "days_text": self.env._("1 day") if days == 1 else self.env._("%(days)s days", days=days),
            "despite_text": self.env._("Despite our reminders, and unless we are mistaken,"),
            "mediator_text": mediator and self.env._(
                "If our answer does not satisfy you, you may turn, free of charge, to the consumer mediator we depend "
                "on: %(mediator)s (articles L612-1 and L616-1 of the French Consumer Code).", mediator=mediator,
            ),
            "notice_interest_text": self.env._(
                "From this formal notice on, this sum bears interest at the legal rate until it is paid (articles "
                "1231-6 and 1344-1 of the French Civil Code)."
            ),
            "late_law_text": self.env._("Late-payment interest is added to it as the law or our contract provides."),
            "deadline_text": format_date(self.env, today + timedelta(days=SAMPLE_DEADLINE_DAYS)),
            "user_name": user.name or "",
            "user_phone": user.phone or "",
            "user_email": user.email or "",
            **self._contact_samples(user),
            **self._penalty_samples(),
            **self._registered_samples(),
        }  # fmt: skip

    # === WHAT AN UPDATE CHANGED: IT STAYS UNTIL SOMEBODY HAS LOOKED AT IT === #

    update_signs = fields.Char(readonly=True, copy=False, help="What an update has changed: texts, mention, claim.")
    update_text = fields.Text("Changed by an Update", compute="_compute_update_text")

    @api.depends("update_signs")
    @api.depends_context("lang")
    def _compute_update_text(self):
        sentences = {
            "texts": self.env._(
                "It has got texts for each kind of customer. They are said in place of the text that was written here: "
                "delete those that you do not want."
            ),
            "mention": self.env._("It tells how much late interest and indemnity come to."),
            "claim": self.env._("It claims late interest and indemnity."),
        }
        for level in self:
            found = [sentences[sign] for sign in (level.update_signs or "").split(",") if sign in sentences]
            if found:
                found.insert(0, self.env._(
                    "The update to version 19.0.1.1.0 took this level for one that nobody had changed. Look whether it "
                    "says what you want:"
                ))  # fmt: skip
            level.update_text = " ".join(found)

    def action_update_seen(self):
        """Say that somebody has looked at what an update changed."""
        self.check_access("write")
        self.sudo().update_signs = False

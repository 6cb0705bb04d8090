from functools import partial

from odoo import api, models
from odoo.exceptions import AccessError, ValidationError

from ..core.plain.placeholders import BODY, LINE
from ..settings.shared import refusal, text_fields

OWN = "dunning."  # what the names of our models begin with


class MailTemplate(models.Model):
    """The texts of reminders: a placeholder that nothing replaces is refused, instead of being sent raw."""

    _inherit = "mail.template"

    @api.constrains("subject", "body_html", "model_id")
    def _check_dunning_placeholders(self):
        for template in self:
            if problem := template._dunning_placeholder_problem():
                raise ValidationError(problem)

    def _dunning_check_of_reminders(self):
        """Refuse texts of anything but reminders.

        :raise ValidationError: naming the text
        """
        for template in self.sudo():
            if template.model != "dunning.reminder":
                raise ValidationError(
                    self.env._("The text “%(template)s” is not one of a reminder.", template=template.name)
                )

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        """Also check what is written in the dialog of translations."""
        res = super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)
        if field_name in ("subject", "body_html"):
            for lang in translations:
                self.with_context(lang=lang)._check_dunning_placeholders()
        return res

    def _check_access(self, operation):
        """Also close the texts that count for all companies, see ``dunning.shared``."""
        result = super()._check_access(operation)
        if result or operation == "read" or not any(self._ids) or self.env["dunning.shared"]._may_share():
            return result
        for template in self.sudo().filtered(lambda template: (template.model or "").startswith(OWN)):
            holders = template._dunning_said_by()
            if shared := holders.filtered(lambda holder: holder.company_id not in self.env.user.sudo().company_ids):
                return self.browse(template.id), partial(refusal, shared)
            if not holders and template.create_uid != self.env.user:
                return self.browse(template.id), template._dunning_refusal
        return None

    def _send_check_access(self, res_ids):
        super()._send_check_access(res_ids)
        _check_may_send(self.env, self.model, res_ids)

    def _dunning_said_by(self):
        """Return the plans that say this text, archived ones as well."""
        plans = self.env["dunning.plan"]
        for model, name in text_fields(self.env):
            users = model.sudo().with_context(active_test=False).search([(name, "=", self.id)])
            plans |= users._holder()
        return plans

    def _dunning_refusal(self):
        return AccessError(self.env._(
            "The text “%(text)s” counts for all companies: whoever manages all of them changes it.", text=self.name
        ))  # fmt: skip

    def _dunning_placeholder_problem(self):
        """Return what would be sent raw of a text of ours, in the language of the context; empty if nothing."""
        if not (self.model or "").startswith(OWN) or self.model not in self.env:
            return ""
        names, words = dir(self.env.registry[self.model]), self.env["dunning.reminder"]
        return words._placeholder_problem(self.name, self.subject, LINE, names) or words._placeholder_problem(
            self.name, str(self.body_html or ""), BODY, names
        )


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _action_send_mail_mass_mail(self, res_ids, auto_commit=False):
        _check_may_send(self.env, self.model, res_ids)
        return super()._action_send_mail_mass_mail(res_ids, auto_commit=auto_commit)


def _check_may_send(env, model, res_ids):
    """Refuse that who only reads sends a text of ours to a customer, where Odoo asks for no more than that.

    :raise AccessError: in Odoo's own words
    """
    if (model or "").startswith(OWN):
        records = env[model].browse(res_ids)
        records.check_access(getattr(records, "_mail_post_access", "write"))

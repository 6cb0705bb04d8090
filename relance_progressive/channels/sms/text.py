import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.plain.placeholders import LINE
from .segments import plain, segments

PLACEHOLDER = re.compile(r"\{\{\s*object\.(\w+)\s*\}\}")


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    contact_text = fields.Char("How to Answer, in Words", compute="_compute_contact_text")
    customer_link = fields.Char("Page of the Customer", compute="_compute_customer_link")

    @api.depends("user_phone", "user_email")
    @api.depends_context("lang")
    def _compute_contact_text(self):
        for reminder in self:
            reminder.contact_text = _contact_text(self.env, reminder.user_phone, reminder.user_email)

    @api.depends_context("uid")  # who only looks is shown none
    def _compute_customer_link(self):
        for reminder in self:
            reminder.customer_link = reminder._customer_link()


class DunningLevel(models.Model):
    """The text message of a level."""

    _inherit = "dunning.level"

    sms_body = fields.Text(
        "Text Message", translate=True,
        help="Leave empty for the text of the stage. A phone may be read by anyone: name no debt, no amount. "
        "A link to the customer's page is added at the end, when there is one.",
    )  # fmt: skip
    sms_example = fields.Text("Example of Text Message", compute="_compute_sms_example")
    sms_length = fields.Char("Length", compute="_compute_sms_example")
    sms_warning = fields.Char("SMS Warning", compute="_compute_sms_example")

    @api.constrains("sms_body")
    def _check_sms_body(self):
        """Refuse a text with more than the placeholders of reminders: nobody could send it."""
        renderer = self.env["mail.render.mixin"]
        for level in self.filtered("sms_body"):
            if problem := level._sms_placeholder_problem():
                raise ValidationError(problem)
            if renderer._has_unsafe_expression_template_inline_template(level.sms_body, "dunning.reminder"):
                raise ValidationError(self.env._(
                    "The text message of the level “%(level)s” may only hold the placeholders of reminders, such as "
                    "{{ object.company_name }} or {{ object.contact_text }}.", level=level.name,
                ))  # fmt: skip

    def _sms_placeholder_problem(self):
        """Return what would be sent raw of the text message, in the language of the context."""
        reminders = self.env["dunning.reminder"]
        return reminders._placeholder_problem(self.name, self.sms_body, LINE, dir(reminders))

    @api.depends("sms_body", "stage", "delay_days", "sender_id")
    @api.depends_context("lang", "uid", "company")
    def _compute_sms_example(self):
        """Show the text with the figures of an imaginary customer, and what it costs."""
        for level in self:
            samples = level._preview_samples()
            text = level.sms_body or level._sms_default_text()
            level.sms_example = plain(PLACEHOLDER.sub(lambda found, own=samples: own.get(found[1], found[0]), text))
            length = segments(level.sms_example)
            level.sms_length = self._sms_length_in_words(length)
            level.sms_warning = length.foreign and self.env._(
                "These characters leave room for 70 characters only instead of 160: %(characters)s",
                characters=" ".join(length.foreign),
            )

    @api.model
    def _sms_length_in_words(self, length):
        """Return a :class:`sms_segments.Segments` as people read it."""
        words = {"count": length.count, "characters": length.characters, "alphabet": length.encoding}
        if length.count == 1:
            return self.env._("%(characters)s characters (%(alphabet)s), 1 SMS", **words)
        return self.env._("%(characters)s characters (%(alphabet)s), %(count)s SMS", **words)

    def _sms_default_text(self):
        """Return the text of the stage, in the language of the context.

        Nothing in it tells whoever holds the phone that something is owed.
        """
        texts = {
            "pre_due": self.env._(
                "{{ object.company_name }}: there is news about your customer account. {{ object.contact_text }}"
            ),
            "friendly": self.env._(
                "{{ object.company_name }}: a message about your customer account is waiting for you. "
                "{{ object.contact_text }}"
            ),
            "firm": self.env._(
                "{{ object.company_name }}: an important message about your customer account calls for your answer. "
                "{{ object.contact_text }}"
            ),
            "formal_notice": self.env._(
                "{{ object.company_name }}: your customer account needs your attention without delay. "
                "{{ object.contact_text }}"
            ),
        }
        return texts[self.stage or "friendly"]

    def _contact_samples(self, user):
        """Return examples of how to answer."""
        return {
            "contact_text": _contact_text(self.env, user.phone or "", user.email or ""),
            "customer_link": f"{self.get_base_url()}/my",
        }


def _contact_text(env, phone, email):
    if phone:
        return env._("Please call us on %(phone)s.", phone=phone)
    if email:
        return env._("Please write to %(email)s.", email=email)
    return env._("Please get in touch with us.")

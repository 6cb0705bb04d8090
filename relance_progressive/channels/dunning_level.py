import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..core.plain.placeholders import LINE, SCRIPT
from .call.script_texts import FRIENDLY, STANDARD
from .registered.delivery import WITH_A_LIFE
from .sms.segments import plain, segments

# What a script may say; of the user, it is the one who calls.
PLACEHOLDERS = (
    "customer_name", "company_name", "amount_text", "count_text", "oldest_due_text", "days_late", "days_text",
    "deadline_text", "despite_text",
)  # fmt: skip
PLACEHOLDER = re.compile(r"\{\{\s*object\.(\w+)\s*\}\}")


def _contact_text(env, phone, email):
    if phone:
        return env._("Please call us on %(phone)s.", phone=phone)
    if email:
        return env._("Please write to %(email)s.", email=email)
    return env._("Please get in touch with us.")


MOST_DAYS = 365


class DunningLevel(models.Model):
    _inherit = "dunning.level"

    copy_salesperson = fields.Boolean("Salesperson in Copy", help="The salesperson of the customer receives a copy.")

    def _customer_channels(self):
        """Return the codes of the channels of this level that reach the customer, in order."""
        self.ensure_one()
        codes = self.channel_ids.mapped("channel")
        return [code for code in codes if self.env["dunning.channel"]._of(code)._reaches_customer]

    # === CALLS === #
    # What is said on the phone at this level, and how often it is tried.

    call_tries = fields.Integer(
        "Attempts to Call", default=3, aggregator=None,
        help="After so many calls that nobody answers, on as many working days, the next channel takes over.",
    )  # fmt: skip
    call_script = fields.Text(
        "Script of the Call", translate=True,
        help="Leave empty for the standard one of the stage. A line that ends with a colon is a title. Words in braces "
        "are replaced: {customer_name}, {amount_text}, {count_text}, {oldest_due_text}, {days_late}, "
        "{days_text}, {deadline_text}, {despite_text}, {company_name}, {user_name}.",
    )  # fmt: skip
    call_script_standard = fields.Text("Standard Script", compute="_compute_call_script_standard")

    _call_tries_positive = models.Constraint("CHECK (call_tries > 0)", "A customer is called at least once.")

    @api.constrains("call_script")
    def _check_call_script(self):
        """Refuse a script with a placeholder that nothing replaces: it would be read aloud."""
        for level in self:
            if problem := level._script_placeholder_problem():
                raise ValidationError(problem)

    def _script_placeholder_problem(self):
        """Return what would be read as it stands of the script, in the language of the context."""
        names = [*PLACEHOLDERS, "user_name"]
        return self.env["dunning.reminder"]._placeholder_problem(self.name, self.call_script, SCRIPT, names)

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        """Also check what is written in the dialog of translations."""
        res = super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)
        for lang in translations if field_name in ("call_script", "sms_body") else ():
            localized = self.with_context(lang=lang)
            localized._check_call_script()
            localized._check_sms_body()
        return res

    @api.depends("stage")
    @api.depends_context("lang")
    def _compute_call_script_standard(self):
        for level in self:
            level.call_script_standard = level._standard_call_script()

    def _standard_call_script(self):
        text = STANDARD.get(self.stage, FRIENDLY)
        return self.env._(text)  # pylint: disable=translation-not-lazy

    def action_adapt_call_script(self):
        """Start a script of one's own from the standard one, in every language."""
        for level in self:
            for code, _name in self.env["res.lang"].get_installed():
                localized = level.with_context(lang=code)
                localized.call_script = localized._standard_call_script()

    def action_reset_call_script(self):
        """Go back to the standard script."""
        self.call_script = False

    # === TEXT MESSAGE === #

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

    notice_days = fields.Integer(
        "Days to Pay From Receipt", default=8,
        help="A registered letter gives this many days from the day it is received, whatever the day it is printed. "
        "0: it names a day, as the other messages do.",
    )  # fmt: skip

    @api.constrains("notice_days")
    def _check_notice_days(self):
        if any(not 0 <= level.notice_days <= MOST_DAYS for level in self):
            raise ValidationError(self.env._("A letter gives between 0 and %(days)s days to pay.", days=MOST_DAYS))

    def _registered_samples(self):
        """Return examples of what a registered letter says, or the e-mail that is its copy."""
        samples, reminders = {}, self.env["dunning.reminder"]
        registered = self.env.context.get("dunning_registered")
        is_copy = not registered and bool(self._registered_beside_email())
        if self.notice_days and (registered or is_copy):
            samples["deadline_text"] = reminders._receipt_in_words(self.notice_days, registered)
        samples["copy_text"] = reminders._copy_in_words() if is_copy else ""
        if not registered:
            samples["notice_interest_text"] = ""  # from what leaves by e-mail nothing is counted
        return samples

    def _registered_beside_email(self):
        """Return the codes of registered letters that leave in any case, in order, if an e-mail does too."""
        steps = self.channel_ids.sorted()
        if not steps.filtered(lambda step: step.channel == "email" and not step.fallback):
            return []
        codes, open_ = [], False
        for step in steps:
            open_ = step.channel in WITH_A_LIFE and (open_ or not step.fallback)
            codes += [step.channel] if open_ else []
        return codes

    note_to = fields.Selection(
        [("salesperson", "The salesperson of the customer"), ("in_charge", "The person in charge of the account")],
        default="salesperson", required=True,
        help="When there is none, the note goes to the other one.",
    )  # fmt: skip

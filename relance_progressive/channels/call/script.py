import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.plain.placeholders import SCRIPT
from .script_texts import FRIENDLY, STANDARD

PLACEHOLDER = re.compile(r"\{(\w+)\}")
# What a script may say; of the user, it is the one who calls.
PLACEHOLDERS = (
    "customer_name", "company_name", "amount_text", "count_text", "oldest_due_text", "days_late", "days_text",
    "deadline_text", "despite_text",
)  # fmt: skip


class DunningLevel(models.Model):
    """What is said on the phone at this level, and how often it is tried."""

    _inherit = "dunning.level"

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


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    def _call_script(self):
        """Return what to say, in the language of the user who calls: a list of ``(title, lines)``."""
        self.ensure_one()
        blocks = []
        for line in filter(None, map(str.strip, self._call_words().splitlines())):
            if line.endswith(":"):
                blocks.append((line[:-1].strip(), []))
            elif blocks:
                blocks[-1][1].append(line)
            else:
                blocks.append(("", [line]))
        return blocks

    def _call_words(self, own=True):
        """Return what to say as one text: what a person wrote for this reminder as it stands, else that of the level.

        :param own: False for the words of the level alone
        """
        if own and self.own_script:
            return self.own_script
        text = self.level_id.call_script or self.level_id._standard_call_script()
        words = {name: str(self[name]) for name in PLACEHOLDERS}
        oldest = min(self._lines_of_the_claim().filtered("date_maturity").mapped("date_maturity"), default=self.date)
        days = max(0, (self.company_id._dunning_today() - oldest).days)
        words |= {"days_late": str(days), "days_text": self._days_in_words(days)}
        words["user_name"] = self.env.user.name
        return PLACEHOLDER.sub(lambda found: words.get(found[1], found[0]), text)

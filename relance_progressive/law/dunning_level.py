from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_amount, format_date

from ..core.law.regime import CONSUMER, cite
from ..core.law.regimes import FR_CONSUMER, FR_PROFESSIONAL

SAMPLE_INTEREST = 12.34
SAMPLE_INDEMNITY = 40
SAMPLE_PER_DAY = 0.42


class DunningLevel(models.Model):
    _inherit = "dunning.level"

    text_warning = fields.Text(
        "What Is Wrong With the Texts", compute="_compute_text_warning",
        help="Texts of earlier versions, or that came by an import of data, may hold what would be sent raw.",
    )  # fmt: skip

    @api.depends("template_id", "letter_template_id", "notice_text_ids.template_id", "sms_body", "call_script")
    @api.depends_context("lang")
    def _compute_text_warning(self):
        """Look through the texts of the levels in every language that is installed."""
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        for level in self:
            problems = []
            for lang in languages:
                own = level.sudo().with_context(lang=lang)
                templates = own.template_id | own.letter_template_id | own.notice_text_ids.template_id
                problems += [template._dunning_placeholder_problem() for template in templates]
                problems += [own._sms_placeholder_problem(), own._script_placeholder_problem()]
            level.text_warning = "\n".join(dict.fromkeys(filter(None, problems)))

    def _is_last_word(self):
        """Tell whether nothing amicable follows: a formal notice, or the firm level that a plan ends with."""
        if self.stage == "formal_notice":
            return True
        return self.stage == "firm" and self == self.plan_id.level_ids.sorted()[-1:]

    # A formal notice speaks of what the law gives, which differs from one kind of customer to the other.

    notice_text_ids = fields.One2many(
        "dunning.notice.text", "level_id", "Text for Each Kind of Customer", copy=True,
        help="E-mail and letter say the text of the customer's status and country. Without one of its kind they say "
        "the text of the level: leave this list empty in a plan that is made for one kind of customer.",
    )  # fmt: skip

    # === LATE INTEREST === #

    penalties = fields.Selection(
        [
            ("none", "Does not speak of them"),
            ("mention", "Tells how much they come to"),
            ("claim", "Claims them with the invoices"),
        ],
        "Late Interest and Indemnity", compute="_compute_penalties", store=True, readonly=False, precompute=True,
        required=True,
        help="Whatever is chosen here, only what the law gives is ever written: nothing for a customer without a "
        "status, no interest for a consumer before a formal notice has reached him, never an indemnity for a consumer; "
        "recovery costs in Belgium and the Netherlands only, from a consumer after a free reminder and two weeks. "
        "They do not count for the thresholds: the invoices alone decide which level comes next.",
    )  # fmt: skip

    @api.depends("stage")
    def _compute_penalties(self):
        for level in self:
            if level.stage == "formal_notice":
                level.penalties = "claim"
            elif level.stage == "pre_due" or not level.penalties:
                level.penalties = "none"

    @api.constrains("penalties", "stage")
    def _check_penalties(self):
        for level in self:
            if level.stage == "pre_due" and level.penalties != "none":
                raise ValidationError(self.env._(
                    "The level “%(level)s” comes before the due date: nothing is late yet.", level=level.name
                ))  # fmt: skip

    def _penalty_samples(self):
        """Return examples of penalties, where the level speaks of them."""
        currency = self.env.company.currency_id
        amount = format_amount(self.env, self._preview_amount, currency)
        interest, indemnity, per_day = (
            format_amount(self.env, amount, currency) for amount in (SAMPLE_INTEREST, SAMPLE_INDEMNITY, SAMPLE_PER_DAY)
        )
        if self.penalties == "none":
            return {
                "interest_text": "", "indemnity_text": "", "penalty_text": "", "penalty_per_day_text": "",
                "grand_total_text": amount,
            }  # fmt: skip
        reminders, claimed = self.env["dunning.reminder"], self.penalties == "claim"
        day = format_date(self.env, self.env.company._dunning_today())
        regime, sum_of = FR_PROFESSIONAL, SAMPLE_INTEREST + SAMPLE_INDEMNITY
        if CONSUMER in (self.plan_id.customer_domain or ""):  # whose messages never name an indemnity
            regime, sum_of, indemnity = FR_CONSUMER, SAMPLE_INTEREST, ""
        total = format_amount(self.env, self._preview_amount + sum_of, currency)
        articles = (regime.rate.article, indemnity and regime.indemnity.article)
        articles = [cite(article, self.env.lang) for article in articles]
        return {
            "interest_text": interest,
            "indemnity_text": indemnity,
            "penalty_text": reminders._penalty_sentence(claimed, interest, indemnity, *articles, day),
            "penalty_per_day_text": reminders._per_day_sentence(per_day),
            "grand_total_text": total if claimed else amount,
        }

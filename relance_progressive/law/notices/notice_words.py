from odoo import api, fields, models

from ...core.law.regime import CONSUMER

# Kinds of customers who owe the legal rate, from the notice on.
AT_LEGAL_RATE = ("consumer", "non_professional")


class ResCompany(models.Model):
    """The consumer mediator, whom French law has a seller name to consumers (C. conso L612-1, L616-1, R616-1)."""

    _inherit = "res.company"

    def _dunning_owes_mediator(self, customer):
        """Tell whether a customer is a consumer under French law.

        An association or a co-ownership is none: mediation is for natural persons (C. conso, article liminaire). Nor is
        who has no status: no law is cited to a customer of whom nobody knows it.
        """
        company, entity = self.root_id.sudo(), customer.sudo().commercial_partner_id
        if entity.dunning_status != CONSUMER:
            return False
        law = company._dunning_law_of(CONSUMER, entity.country_id, entity.with_company(company).dunning_law_id)
        regime = company._dunning_regime(law, CONSUMER)
        return bool(regime) and regime.code == "fr_consumer"

    def _dunning_mediator_sentence(self, customer):
        """Return who mediates, in the language of the context; nothing to who is no consumer, or without a mediator."""
        mediator = self.sudo()._dunning_mediator()
        if not mediator or not self._dunning_owes_mediator(customer):
            return ""
        return self.env._(
            "If our answer does not satisfy you, you may turn, free of charge, to the consumer mediator we depend on: "
            "%(mediator)s (articles L612-1 and L616-1 of the French Consumer Code).",
            mediator=mediator,
        )


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


class DunningReminder(models.Model):
    """What a text says of the law, empty where the law does not give it."""

    _inherit = "dunning.reminder"

    mediator_text = fields.Char(
        "Consumer Mediator, in a Sentence", compute="_compute_law_texts",
        help="For consumers under French law, with the mediator of the settings; else empty.",
    )  # fmt: skip
    notice_interest_text = fields.Char(
        "Interest from the Notice On, in a Sentence", compute="_compute_law_texts",
        help="For those who owe the legal rate from the formal notice on, in a registered letter: what leaves by "
        "e-mail proves no day, and nothing is counted from it.",
    )  # fmt: skip
    late_law_text = fields.Char(
        "What Being Late Adds, in a Sentence", compute="_compute_law_texts",
        help="As the law of the contract says it to this kind of customer.",
    )  # fmt: skip

    @api.depends("partner_id", "company_id", "stage")
    @api.depends_context("lang", "dunning_registered")
    def _compute_law_texts(self):
        for reminder in self:
            kind = reminder._notice_kind()
            company = reminder.company_id.with_context(lang=self.env.lang)
            reminder.mediator_text = company._dunning_mediator_sentence(reminder.partner_id)
            reminder.notice_interest_text = reminder._notice_interest_sentence(kind)
            reminder.late_law_text = reminder._late_law_sentence(kind)

    def _notice_interest_sentence(self, kind):
        """C. civ. 1231-6, 1344-1: from the notice, which only a registered letter proves."""
        if kind not in AT_LEGAL_RATE or not self.env.context.get("dunning_registered"):
            return ""
        return self.env._(
            "From this formal notice on, this sum bears interest at the legal rate until it is paid (articles 1231-6 "
            "and 1344-1 of the French Civil Code)."
        )

    def _late_law_sentence(self, kind):
        if kind == "professional":
            return self.env._(
                "Between professionals, late-payment interest is owed from the day after the due date, on the sum "
                "taxes included, and a fixed indemnity of €40 for recovery costs for each invoice paid late, without "
                "any reminder being required (articles L441-10 and D441-5 of the French Commercial Code)."
            )
        if kind == "public":
            return self.env._(
                "When a public body pays late, default interest and a fixed indemnity of €40 for recovery costs are "
                "owed by operation of law (articles L2192-13, R2192-31 and following, and D2192-35 of the French "
                "Public Procurement Code)."
            )
        if kind in AT_LEGAL_RATE:
            return self._notice_interest_sentence(kind)
        return self.env._("Late-payment interest is added to it as the law or our contract provides.")

    def _missing_mentions(self):
        """Return ``{reminder id: why}`` of those whose text may not leave without what the company has to fill in."""
        missing = {}
        for reminder in self.filtered(lambda reminder: reminder.level_id.sudo()._is_last_word()):
            customer, company = reminder.partner_id.commercial_partner_id.sudo(), reminder.company_id.sudo()
            if customer.dunning_status != CONSUMER or company._dunning_mediator():
                continue
            if company._dunning_owes_mediator(customer):
                missing[reminder.id] = self.env._(
                    "The consumer mediator of %(company)s is not known: enter name, postal address and website under "
                    "Invoicing, Configuration, Settings, “Consumer mediator” (C. conso L616-1), then send it again.",
                    company=company.name,
                )
        return missing

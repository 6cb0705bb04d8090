from decimal import Decimal

from odoo import api, fields, models

from ..core.law.costs import highest_costs
from ..core.law.interest import charges_costs
from ..core.law.regime import CONSUMER, NOTICE, cite
from ..core.law.regimes import regime_of
from .penalties import costs_queries

# Kinds of customers who owe the legal rate, from the notice on.
AT_LEGAL_RATE = ("consumer", "non_professional")
OF_UNKNOWN = ("neutral", "abroad")  # what is said to a customer without a status: neither cites a law
# What the law of the contract says -> which text says it.
KIND_OF = {
    "fr_professional": "professional",
    "fr_consumer": "consumer",
    # A legal person that acts for no business: treated as a consumer, the prudent reading.
    "fr_non_professional": "consumer",
    "fr_public": "public",
}


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    def _deadline_named(self):
        """Return the day that the message named: it counts where no registered letter gives a day."""
        self.ensure_one()
        dues = [line.date_maturity for line in self._lines_of_the_claim() if line.date_maturity]
        return self._deadline(min(dues, default=self.date))

    # === WORDS OF THE LAW === #
    # What a text says of the law; empty where the law does not give it.

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

    # A formal notice tells figures: who approves it knows which of them rest on a rate that nobody has read.

    unverified_rates_text = fields.Char(compute="_compute_unverified_rates_text", compute_sudo=True)

    @api.depends("state", "stage", "partner_id", "line_ids.date_maturity")
    @api.depends_context("lang")
    def _compute_unverified_rates_text(self):
        """Name the rates of the time since the oldest due date; nothing of what has left or bears no interest."""
        rates = self.env["dunning.interest.rate"]
        for reminder in self:
            reminder.unverified_rates_text = False
            due = [day for day in reminder.line_ids.mapped("date_maturity") if day]
            if reminder.stage != "formal_notice" or reminder.state not in ("draft", "ready") or not due:
                continue
            company = reminder.company_id
            (terms,) = company._dunning_terms([(reminder.partner_id.id, False)]).values() or (None,)
            if not terms:
                continue
            parts = (terms.regime.rate, terms.regime.ceiling) if terms.regime.agreed else (terms.regime.rate,)
            if terms.contract_rate is not None and not terms.regime.ceiling:
                continue  # the agreed rate rests on no published one
            references = {part.reference for part in parts if part and part.reference}
            today = company._dunning_today()
            if references and (found := rates._to_verify(company, min(*due, today), today, references)):
                reminder.unverified_rates_text = rates._names(found)

    def _notice_kind(self):
        """Return which kind of text fits the customer; a neutral one until somebody has said what the customer is."""
        customer = self.partner_id.commercial_partner_id
        if not customer.dunning_status:
            return "neutral"
        country = customer.country_id or self.company_id.country_id
        at_home = regime_of(country.code or "", customer.dunning_status)
        # The articles of a text hold under the law of the contract, which gives the figures too.
        regime = self.company_id._dunning_regimes(customer).get(customer.id)
        return KIND_OF.get(regime.code, "abroad") if regime and regime == at_home else "abroad"

    def _notice_text(self):
        """Return the template of a formal notice, or of the firm level that a plan ends with.

        Empty when the level's own text is to be taken.
        """
        level = self.level_id.sudo()
        texts = {text.kind: text.template_id for text in level.notice_text_ids} if level._is_last_word() else {}
        kind = self._notice_kind() if texts else ""
        kinds = OF_UNKNOWN if kind == "neutral" else (kind,)
        return next((texts[one] for one in kinds if one in texts), self.env["mail.template"])

    # The first reminder of a consumer in Belgium or the Netherlands is free, and says what may follow.
    #
    # Without that nothing can be charged later (CDE, book XIX; BW 6:96).

    free_text = fields.Char("What May Follow a Free Reminder", compute="_compute_free_text", compute_sudo=True)

    @api.depends("line_ids.move_line_id", "line_ids.amount_currency", "level_id.penalties", "level_id.stage")
    @api.depends_context("lang")
    def _compute_free_text(self):
        """Two queries for each company, however many reminders."""
        self.free_text = ""
        free = self.filtered(lambda reminder: reminder.stage != "pre_due" and not reminder._claims_penalties())
        for company, own in free.grouped("company_id").items():
            known = company._dunning_terms({(reminder.partner_id.id, False) for reminder in own})
            terms = {
                reminder: found
                for reminder in own
                if (found := known.get((reminder.partner_id.id, False)))
                and found.regime.costs and found.regime.starts == NOTICE
            }  # fmt: skip
            items = [line.move_line_id.id for reminder in terms for line in reminder.line_ids if not line.upcoming]
            if not items:
                continue
            rows = self.env.execute_query(costs_queries.first_reminders(self.env, items))
            first = {item: reminder for item, reminder, *_rest in rows}
            for reminder, found in terms.items():
                reminder.free_text = reminder._free_sentence(found, first)

    def _free_sentence(self, terms, first):
        """Return what a free reminder says, nothing if an earlier one was the first of all that it claims.

        :param first: ``{item id: id of its first reminder}``
        """
        lines = self.line_ids.filtered(
            lambda line: not line.upcoming and first.get(line.move_line_id.id, self.id) == self.id
        )
        if not lines:
            return ""
        words, regime = [self.env._("This reminder is free of charge.")], terms.regime
        costs = self._costs_to_come(terms, lines) if charges_costs(terms) else {}
        if costs:
            words.append(self.env._(
                "If these invoices are not paid within %(days)s days from the day after you receive it, recovery costs "
                "of %(costs)s may be added to them (%(invoices)s; %(article)s).",
                days=regime.costs.waiting, costs=self._sums_in_words(costs),
                invoices=", ".join(dict.fromkeys(name for name in lines.mapped("move_name") if name)),
                article=cite(regime.costs.article, self.env.lang),
            ))  # fmt: skip
        return " ".join(words)

    def _costs_to_come(self, terms, lines):
        """Return ``{currency: costs}`` that may follow these lines: of each invoice, or their share of those of all."""
        regime, every = terms.regime, self._lines_of_the_claim()
        currency = every.currency_id
        if currency.mapped("name") != [regime.currency]:
            return {}  # a sum in another currency would be another one on the day it is claimed
        moves = [every] if regime.costs.together else lines.grouped(lambda line: line.move_line_id.move_id).values()
        sums = [sum(Decimal(str(line.amount_currency)) for line in own) for own in moves]
        costs = sum((highest_costs(regime, debt) for debt in sums), Decimal(0))
        if regime.costs.together and sums[0]:
            costs *= sum(Decimal(str(line.amount_currency)) for line in lines) / sums[0]
        return {currency: float(costs)} if costs else {}

    def action_open_penalties(self):
        """Show how the penalties of this reminder are computed."""
        self.ensure_one()
        return self.env["dunning.penalty.sheet"]._open_for(self.account_id, reminder=self)

    def action_waive_penalties(self):
        """Ask which penalties of what this reminder claims are waived."""
        self.ensure_one()
        return self.env["dunning.penalty.waive"]._open(self.account_id, self.line_ids.move_line_id)

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import formatLang

from ...core.law.interest import below_floor
from ...core.law.rates import MissingRate
from ...core.law.regime import BEGUN, CONSUMER, EACH, NON_PROFESSIONAL, NOTICE, PAYMENT, PROFESSIONAL, cite
from ...core.law.regimes import regime_of
from ...core.law.scale import Terms, rate_on
from . import rate_queries
from .interest_terms import DIGITS

MOST = 100  # percent
FEW_DIGITS, MANY_DIGITS = 2, 4


class ResCompany(models.Model):
    """What a company agreed with its customers, and how it reads the law where the law is silent."""

    _inherit = "res.company"

    dunning_interest_rate = fields.Float(
        "Agreed Interest Rate", digits=DIGITS,
        help="Percent per year, as the general terms of sale say. It takes the place of the legal rate for "
        "professional customers without a rate of their own (C. com. L441-10 II). 0: none, the legal rate applies. A "
        "consumer only pays an agreed rate that is entered on the consumer.",
    )  # fmt: skip
    dunning_day_count = fields.Selection(
        [
            ("act/365", "Days of the calendar, years of 365 days"),
            ("act/act", "Days of the calendar, 366 days in a leap year"),
            ("30/360", "Months of 30 days, years of 360 days"),
        ],
        "Day Count",
        help="No French text says it; 365 is what most people and courts use. Empty: what is usual under the law that "
        "applies.",
    )  # fmt: skip
    dunning_interest_first = fields.Boolean(
        "Part Payments Settle Interest First",
        help="C. civ. 1343-1: a part payment goes to the interest before the debt, unless otherwise agreed. That this "
        "holds for the interest between professionals is a reading of the law.",
    )
    dunning_costs_agreed = fields.Boolean(
        "Recovery Costs Agreed with Belgian Consumers",
        help="The general terms of sale provide for recovery costs up to the caps of the law (CDE, book XIX). Without "
        "such a clause a consumer in Belgium is charged none. Dutch law gives them without a clause (BW 6:96), French "
        "law never (CPCE L111-8).",
    )  # fmt: skip
    dunning_uk_reading = fields.Selection(
        [
            (BEGUN, "The rate of the half-year in which the debt became late"),
            (EACH, "To each half-year its own rate"),
        ],
        "British Rate", default=BEGUN, required=True,
        help="Late Payment of Commercial Debts (Interest) Act 1998: the first reading is that of the government's "
        "adviser for small businesses, the second one that of other advisers.",
    )  # fmt: skip
    dunning_ie_reading = fields.Selection(
        [
            (PAYMENT, "The rate of the day of the payment"),
            (BEGUN, "The rate of the half-year in which the debt became late"),
        ],
        "Irish Rate", default=PAYMENT, required=True,
        help="SI 580/2012: one rate holds for the whole delay. The Irish government's page says of which day it is in "
        "two ways: that of the payment, and that on which the payment became overdue.",
    )  # fmt: skip
    dunning_nl_compound = fields.Boolean(
        "Dutch Interest on Interest",
        help="BW 6:119 (2), 6:119a (3): at the end of each year its interest is added to what bears interest. Off: it "
        "is not claimed. Interest of which a part was invoiced or waived never bears any.",
    )

    @api.constrains("dunning_interest_rate")
    def _check_dunning_interest_rate(self):
        self._dunning_check_percent("dunning_interest_rate", self)

    # === FOR COMPUTATIONS === #

    def _dunning_terms(self, pairs):
        """Return what interest is computed by, for many customers at once.

        :param pairs: ``(customer id, payment term id or False)``; contacts stand for their commercial entity
        :return: ``{pair: Terms}``, without those whose status or law is not known: nothing is claimed from them
        :rtype: dict[tuple[int, int | bool], relance_progressive.core.law.interest.Terms]
        """
        self.ensure_one()
        company, pairs = self.root_id.sudo(), set(pairs)
        asked = rate_queries.terms_of_customers(self.env, company, {customer for customer, _term in pairs})
        kinds = {customer: kind for *kind, customers in self.env.execute_query(asked) for customer in customers}
        on_terms = {term: 0 for _customer, term in pairs}
        for term in self.env["account.payment.term"].sudo().browse(filter(None, on_terms)):
            on_terms[term.id] = term.dunning_interest_rate
        found, same = {}, {}
        for pair in pairs:
            customer, term = pair
            if not (kind := kinds.get(customer)):
                continue
            key = id(kind), on_terms[term]
            if key not in same:  # one object for each: what is computed from it is kept with it
                same[key] = company._dunning_terms_of(*kind, on_terms[term])
            if same[key]:
                found[pair] = same[key]
        return found

    @api.model
    def _dunning_exact(self, percent):
        """Return a percentage as it was typed: a float is not exact."""
        return Decimal(str(round(percent, DIGITS[1])))

    def _dunning_terms_of(self, status, country, law, rate, stopped, on_term):
        """Return the :class:`Terms` of a kind of customer, nothing if no law is known.

        :param country: id of its country, ``law`` of the law that was agreed on, or None
        :param rate: agreed with the customer, ``on_term`` for the payment term; 0 if none
        :param stopped: the day on which insolvency was opened, or None
        """
        countries = self.env["res.country"]
        regime = self._dunning_regime(
            self._dunning_law_of(status, countries.browse(country or ()), countries.browse(law or ())), status
        )
        if not regime:
            return None
        agreed = self._dunning_agreed(regime, status, rate, on_term)
        return Terms(
            regime,
            contract_rate=self._dunning_exact(agreed) if agreed else None,
            day_count=self.dunning_day_count or regime.day_count,
            interest_first=self.dunning_interest_first,
            stopped=stopped,
            costs_agreed=self.dunning_costs_agreed,
            compound=self.dunning_nl_compound,
        )

    def _dunning_agreed(self, regime, status, own, on_term):
        """Return the rate that was agreed: with the customer, for the payment term, or in the general terms.

        The last two bind professionals only: from a consumer a rate is claimed that the consumer agreed to.
        """
        if not regime.agreed:  # a public body pays the legal rate whatever was agreed (CCP L2192-14)
            return 0
        return own or (status == PROFESSIONAL and (on_term or self.dunning_interest_rate)) or 0

    def _dunning_regimes(self, customers):
        """Return ``{customer id: Regime}`` for those whose status and law are known.

        :rtype: dict[int, relance_progressive.core.law.regimes.Regime]
        """
        company, found, known = self.root_id.sudo(), {}, {}
        for customer in customers.sudo().with_company(company):
            entity = customer.commercial_partner_id
            if not (status := entity.dunning_status):
                continue
            key = status, entity.country_id, entity.dunning_law_id
            if key not in known:
                known[key] = company._dunning_regime(company._dunning_law_of(*key), status)
            if known[key]:
                found[customer.id] = known[key]
        return found

    def _dunning_law_of(self, status, country, chosen):
        """Return the country whose law applies: the one agreed, else the seller's, for a consumer the consumer's.

        Without a choice a sale or a service is under the law of the country where whoever delivers it resides
        (Regulation (EC) 593/2008 art. 4 (1) a, b), and a contract with a consumer under that of the country where the
        consumer does, if the seller does business there (art. 6 (1)).
        """
        own = self.country_id or self.account_fiscal_country_id
        return chosen or (status == CONSUMER and country) or own

    def _dunning_regime(self, country, status):
        """Return the regime under a law, read as the company reads it, or nothing."""
        regime = regime_of(country.code, status) if country else None
        reading = regime and {
            "gb_professional": self.dunning_uk_reading, "ie_professional": self.dunning_ie_reading,
        }.get(regime.code)  # fmt: skip
        return regime.reading(reading) if reading else regime

    def _dunning_references(self):
        """Return the codes of the published rates that the customers with an account need."""
        company = self.root_id.sudo()
        kinds = self.env["res.partner"].sudo().with_company(company).with_context(active_test=False)._read_group(
            [("dunning_status", "!=", False), ("dunning_account_ids.company_id", "=", company.id)],
            ["dunning_status", "country_id", "dunning_law_id"],
        )  # fmt: skip
        regimes = {
            company._dunning_regime(company._dunning_law_of(status, country, law), status)
            for status, country, law in kinds
        }
        compared = company._dunning_has_agreed_rates()  # only then with a floor
        return {
            part.reference
            for regime in regimes - {None}
            for part in (regime.rate, regime.ceiling, compared and regime.floor)
            if part and part.reference
        }

    def _dunning_has_agreed_rates(self):
        """Tell whether a rate was agreed with anybody."""
        rated = [("dunning_interest_rate", "!=", 0)]
        return bool(
            self.dunning_interest_rate
            or self.env["account.payment.term"].sudo().search_count(rated, limit=1)
            or self.env["res.partner"].sudo().with_company(self).search_count(rated, limit=1)
        )

    # What is said about the rate of the law and about an agreed one: nothing changes it silently.

    @api.model
    def _dunning_check_percent(self, name, records):
        for record in records:
            if not 0 <= record[name] <= MOST:
                raise ValidationError(self.env._("An interest rate lies between 0 and 100 percent per year."))

    def _dunning_interest_words(self, agreed, regime=None, status=PROFESSIONAL):
        """Return what the law gives today, and what is wrong with an agreed rate.

        :param float agreed: percent per year, 0 if nothing was agreed
        :param regime: that of the customer; by default that of a professional under the law of the company
        :return: two sentences, empty where there is nothing to say
        """
        company = self.root_id.sudo()
        regime = regime or company._dunning_regime(company.country_id or company.account_fiscal_country_id, status)
        if not regime:
            return self.env._("No rule is known for late interest under this law."), ""
        rates = self.env["dunning.interest.rate"]
        known, today = rates._rates(company), company._dunning_today()
        try:
            words = [self._dunning_legal_words(regime, known, today)]
            if floor := regime.floor:
                least = floor.factor * known.rate(floor.reference, today)
                words.append(
                    self.env._(
                        "An agreed rate must reach %(floor)s %%: %(factor)s times the rate “%(rate)s” (%(article)s).",
                        floor=self._dunning_percent(least), factor=floor.factor,
                        rate=rates._labels()[floor.reference], article=cite(floor.article, self.env.lang),
                    )
                )  # fmt: skip
            if regime.compound:
                words.append(self._dunning_compound_words(regime))
            return " ".join(words), self._dunning_agreed_warning(agreed, regime, known, today, status)
        except MissingRate as error:
            return "", rates._missing_words(error)

    def _dunning_legal_words(self, regime, known, today):
        """Return the rate that the law gives without an agreement, and where it comes from."""
        rate, source = rate_on(Terms(regime), known, today)
        values = {"rate": self._dunning_percent(rate), "basis": self._dunning_basis(regime, source, today)}
        if regime.starts == NOTICE:
            return self.env._("Without an agreed rate, from the formal notice on: %(rate)s %% (%(basis)s).", **values)
        return self.env._("Without an agreed rate: %(rate)s %% today (%(basis)s).", **values)

    def _dunning_compound_words(self, regime):
        """Return whether interest on interest is claimed where the law of a regime gives it."""
        if self.root_id.sudo().dunning_nl_compound:
            return self.env._(
                "Interest bears interest from the end of each year on (%(article)s).",
                article=cite(regime.compound, self.env.lang),
            )
        return self.env._(
            "Interest on interest, which the law gives once a year (%(article)s), is not claimed: a setting of late "
            "interest changes that.",
            article=cite(regime.compound, self.env.lang),
        )

    def _dunning_basis(self, regime, source, today):
        """Return what a legal rate is made of.

        :return: such as ``ECB main refinancing rate 2026-S2 = 2.40 + 10.00, C. com. L441-10 II``
        """
        if not source.reference:
            return cite(source.article, self.env.lang)
        published = self.env["dunning.interest.rate"]._rate_in_force(self, source.reference, today)
        sum_of = [f"{published.display_name} = {self._dunning_percent(published.value)}"]
        if source.margin:
            sum_of.append(self._dunning_percent(source.margin))
        words = [" + ".join(sum_of), cite(source.article, self.env.lang)]
        if regime.rate.step:
            step = self._dunning_percent(regime.rate.step)
            words.insert(1, self.env._("rounded up to the next multiple of %(step)s", step=step))
        if not published.verified:
            words.insert(1, self.env._("not verified"))
        return ", ".join(words)

    def _dunning_agreed_warning(self, agreed, regime, known, today, status):
        """Return what is wrong with an agreed rate, or what to mind."""
        if not agreed:
            return ""
        if not regime.agreed:
            return self.env._(
                "The agreed rate has no effect: the law fixes the one of this customer (%(article)s).",
                article=cite(regime.rate.article, self.env.lang),
            )
        rate, source = rate_on(Terms(regime, contract_rate=self._dunning_exact(agreed)), known, today)
        if source.kind == "void":
            most, _source = rate_on(Terms(regime._replace(rate=regime.ceiling)), known, today)
            return self.env._(
                "The law allows no more than %(most)s %% today (%(article)s): a clause that asks for more is void, and "
                "the legal rate of %(legal)s %% holds.",
                most=self._dunning_percent(most), legal=self._dunning_percent(rate),
                article=cite(regime.ceiling.article, self.env.lang),
            )  # fmt: skip
        least = below_floor(self._dunning_exact(agreed), today, known, regime)
        if least is not None:
            return self.env._(
                "The agreed rate of %(agreed)s %% lies below the %(least)s %% that the law asks for today "
                "(%(article)s). It is applied as it was agreed: nothing changes it but you.",
                agreed=self._dunning_percent(agreed), least=self._dunning_percent(least),
                article=cite(regime.floor.article, self.env.lang),
            )  # fmt: skip
        if status in (CONSUMER, NON_PROFESSIONAL):
            return self.env._(
                "Claimed because it was entered for this customer: check that the customer agreed to it. A judge may "
                "lower it (C. civ. 1231-5)."
            )
        return ""

    def _dunning_percent(self, value):
        """Return a percentage in the language of the reader, with two digits or as many as it needs."""
        few = round(float(value), FEW_DIGITS) == round(float(value), MANY_DIGITS)
        return formatLang(self.env, float(value), digits=FEW_DIGITS if few else MANY_DIGITS)

    dunning_rates_warned = fields.Char(copy=False, help="The missing rates that a manager was asked for already.")

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import formatLang

from ...core.law.citation import cite
from ...core.law.interest import below_floor
from ...core.law.rates import MissingRate
from ...core.law.regime import CONSUMER, NON_PROFESSIONAL, NOTICE, PROFESSIONAL
from ...core.law.scale import Terms, rate_on

MOST = 100  # percent
FEW_DIGITS, MANY_DIGITS = 2, 4


class ResCompany(models.Model):
    """What is said about the rate of the law and about an agreed one: nothing changes it silently."""

    _inherit = "res.company"

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

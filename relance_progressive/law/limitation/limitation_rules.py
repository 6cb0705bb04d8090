from functools import cache
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import ValidationError

from ...core.law.limitation import AGREED, CARRIAGE, Period, Special, period_of
from ...core.law.regimes import STATUSES
from . import limitation_queries
from .limitation_period import LEGAL

INVOICE, CUSTOMER, COMPANY = "invoice", "customer", "company"


class Entered(NamedTuple):
    """A period that a person entered, and where."""

    place: str  # INVOICE, CUSTOMER or COMPANY
    special: Special


class Rule(NamedTuple):
    """Which law says how long a claim can be brought to court."""

    period: Period
    law: int  # id of the country whose law it is, 0 if that is not known
    status: str  # of the customer; the one whose period is taken if it is not known
    assumed: bool = False  # the status of the customer is not known: the shortest
    entered: Entered | None = None


def entered_by(carriage, *places):
    """Return the first of the periods that were entered, or None.

    :param bool carriage: whether the company's claims are about carriage unless somebody says otherwise
    :param places: ``(place, kind or empty, months, text)``, the ones that come first before
    """
    for place, kind, months, text in places:
        if kind:
            return None if kind == LEGAL else Entered(place, Special(kind, months or 0, text or ""))
    return Entered(COMPANY, Special(CARRIAGE)) if carriage else None


class DunningLimitation(models.AbstractModel):
    """Under which rule a claim is: by the law of the contract, as late interest is."""

    _name = "dunning.limitation"
    _description = "Limitation of Claims"

    @api.model
    def _rules(self, company):
        """Return a function that gives the :class:`Rule` of a customer; it remembers what it was asked.

        Its arguments: status or empty, country id or None, id of the chosen law or None, :class:`Entered` or None.

        :param company: a main company
        """
        company = company.root_id.sudo()
        countries = self.env["res.country"].sudo()

        @cache
        def rule(status, country, law, entered):
            home, chosen = countries.browse(country or ()), countries.browse(law or ())
            statuses = [status] if status else STATUSES
            laws = dict.fromkeys(company._dunning_law_of(one, home, chosen) for one in statuses)
            special = entered.special if entered else None
            found = [
                Rule(period_of(company._dunning_regime(one, each), special), one.id or 0, each, not status, entered)
                for one in laws
                for each in statuses
            ]
            known = [one for one in found if one.period.limit]
            return min(known, key=lambda one: one.period.limit.length) if known else found[0]

        return rule

    @api.model
    def _rules_of_customers(self, company, partners):
        """Return ``[(customer id, Rule, day to look again)]`` of commercial partners; some invoices have their own."""
        rule, rows = self._rules(company), []
        carriage = company.root_id.sudo().dunning_carriage
        for country, status, law, kind, months, text, look, ids in self.env.execute_query(
            limitation_queries.customers(self.env, company, partners)
        ):
            entered = entered_by(carriage, (CUSTOMER, kind, months, text))
            own = rule(status or "", country, law, entered)
            rows.extend((partner, own, look) for partner in ids)
        return rows

    # === CHECKS === #

    @api.model
    def _check_entered(self, company, customer, record):
        """Say clearly why a period cannot be entered.

        :param record: of ``dunning.limitation.period``
        :raise ValidationError: if the law does not allow it
        """
        customer = customer.sudo().with_company(company).commercial_partner_id
        entered = entered_by(False, (
            CUSTOMER, record.dunning_limitation_kind, record.dunning_limitation_months, record.dunning_limitation_text,
        ))  # fmt: skip
        if entered.special.kind == AGREED and not customer.dunning_status:
            raise ValidationError(self.env._(
                "Say first what kind of customer %(customer)s is: with a consumer no other period can be agreed "
                "(C. conso. L218-1).",
                customer=customer.display_name,
            ))  # fmt: skip
        rule = self._rules(company)(
            customer.dunning_status or "", customer.country_id.id, customer.dunning_law_id.id, entered
        )
        if rule.period.refused:
            raise ValidationError(self._words_of_refusal(rule))

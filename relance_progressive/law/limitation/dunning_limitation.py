from collections import defaultdict
from datetime import date
from functools import cache
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ...core.law.limitation import (
    AGREED,
    CARRIAGE,
    LONGEST,
    SUSPENDING,
    Facts,
    Interruption,
    Limitation,
    Period,
    Special,
    Suspension,
    limitation,
    period_of,
)
from ...core.law.regime import cite
from ...core.law.regimes import STATUSES
from . import limitation_queries
from .dunning_interruption import KINDS
from .period import LEGAL

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


class Claim(NamedTuple):
    """An item, the law it is under, and until when it can be brought to court."""

    rule: Rule
    found: Limitation
    due: date | None = None


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

    # === ITEMS === #
    # Until when each claim can be brought to court, set-wise.

    @api.model
    def _of_items(self, company, item_ids):
        """Return ``{item id: Claim}`` of journal items, in two queries.

        :param company: a main company
        """
        if not item_ids:
            return {}
        interruptions, suspensions = defaultdict(list), defaultdict(list)
        for item, kind, day, until, void in self.env.execute_query(limitation_queries.events(self.env, item_ids)):
            if kind in SUSPENDING:
                suspensions[item].append(Suspension(kind, day, until))
            else:
                interruptions[item].append(Interruption(kind, day, until, void))
        rule_of, carriage, claims = self._rules(company), company.root_id.sudo().dunning_carriage, {}
        for item, *days, status, country, law, on_invoice, on_account in self.env.execute_query(
            limitation_queries.facts(self.env, company, item_ids)
        ):
            entered = entered_by(carriage, (INVOICE, *on_invoice), (CUSTOMER, *on_account))
            rule = rule_of(status or "", country, law, entered)
            facts = Facts(*days)
            claims[item] = Claim(rule, limitation(
                facts, rule.period.limit, interruptions.get(item, ()), suspensions.get(item, ())
            ), facts.due)  # fmt: skip
        return claims

    # === IN WORDS === #
    # Until when a claim can be brought to court, step by step.

    @api.model
    def _in_words(self, claim):
        """Return the explanation of the last day, one sentence for each step.

        :param claim: a :class:`Claim`
        """
        rule, found, due = claim
        sentences = [self._words_of_refused_period(rule), self._words_of_rule(rule)]
        if found.last_day:
            first, *others = found.steps
            sentences.append(self._words_of_start(first))
            if due and not others:  # what interrupts it has one day, whoever counts
                sentences.append(self._words_of_due_date(first, due, rule.period.limit))
            sentences += [self._words_of_step(step) for step in others]
            if not rule.period.limit.verified:
                sentences.append(self.env._("This text was not read at its source: have it checked."))
        return "\n".join(filter(None, sentences))

    def _values_of_rule(self, rule):
        statuses = dict(self.env["res.partner"]._fields["dunning_status"]._description_selection(self.env))
        limit, special = rule.period.limit, rule.entered.special if rule.entered else None
        country = self.env["res.country"].browse(rule.law or ())
        return {
            "length": limit and self._words_of_length(limit.length),
            "article": limit and cite(limit.article, self.env.lang),
            "country": country.name or self.env._("this country"),
            "status": self.env._("status not known") if rule.assumed else statuses[rule.status],
            "reason": special.text if special else "",
        }  # fmt: skip

    def _words_of_rule(self, rule):
        values = self._values_of_rule(rule)
        if not rule.period.limit:
            return self.env._(
                "Not known: no rule is known here for this kind of customer (%(status)s, law of %(country)s). Ask a "
                "lawyer; a manager can then enter the period.", **values,
            )  # fmt: skip
        if rule.assumed:
            return self.env._(
                "Nobody has said what kind of customer this is: the shortest period is taken, %(length)s "
                "(%(article)s). Set the status of the customer.", **values,
            )  # fmt: skip
        if not rule.entered or rule.period.refused:
            return self.env._("%(status)s, law of %(country)s: %(length)s (%(article)s).", **values)
        return {
            "carriage": self.env._("Carriage of goods, law of %(country)s: %(length)s (%(article)s).", **values),
            "agreed": self.env._("Agreed with the customer: %(length)s (%(article)s).", **values),
            "other": self.env._("Entered from another text: %(length)s (%(article)s).", **values),
        }[rule.entered.special.kind] + " " + self._words_of_entry(rule, values)

    def _words_of_entry(self, rule, values):
        place = {
            "invoice": self.env._("Entered for this invoice."),
            "customer": self.env._("Entered for this customer."),
            "company": self.env._("The settings of the company say so for all its claims."),
        }[rule.entered.place]
        if not values["reason"] or rule.entered.special.kind == "other":  # that text stands there already
            return place
        return place + " " + self.env._("Reason: %(reason)s", **values)

    def _words_of_refused_period(self, rule):
        """Say that a period was entered and does not count; nothing if there is none."""
        if rule.period.refused:
            return self.env._("The period that was entered does not count. %(why)s", why=self._words_of_refusal(rule))
        return ""

    def _words_of_refusal(self, rule):
        """Return why an entered period does not hold."""
        period, values = rule.period, self._values_of_rule(rule)
        values["article"] = cite(period.article, self.env.lang)
        if period.refused == "forbidden":
            return self.env._("With a consumer no other period can be agreed (%(article)s).", **values)
        if period.refused == "longer":
            return self.env._(
                "With a consumer the period cannot be longer than that of the law, %(length)s (%(article)s).", **values
            )
        if period.refused == "bounds" and period.article:
            return self.env._("Agree on 12 months at least and 120 months at most (%(article)s).", **values)
        if period.refused == "bounds":
            return self.env._("Enter the number of months, from 1 to %(most)s.", most=LONGEST)
        return self.env._(
            "No such rule is known here for this kind of customer (%(status)s, law of %(country)s). If there is one, "
            "enter it as that of another text, with its article.", **values,
        )  # fmt: skip

    def _words_of_length(self, months):
        years, rest = divmod(months, 12)
        if rest:
            return self.env._("%(months)s months", months=months)
        return self.env._("1 year") if years == 1 else self.env._("%(years)s years", years=years)

    def _words_of_start(self, step):
        values = {"day": format_date(self.env, step.day), "last": format_date(self.env, step.last_day)}
        words = {
            "delivered": self.env._("Counted from the delivery, %(day)s: until %(last)s.", **values),
            "invoiced": self.env._("Counted from the date of the invoice, %(day)s: until %(last)s.", **values),
            "due": self.env._("Counted from the due date, %(day)s: until %(last)s.", **values),
        }
        return words[step.code] + " " + self.env._("The earliest known day is taken, the prudent reading.")

    def _words_of_due_date(self, first, due, limit):
        """Return until when those count who begin with the due date; nothing if that is the same day."""
        later = limitation(Facts(due), limit).last_day
        if later == first.last_day:
            return ""
        return self.env._(
            "Others count from the due date, %(day)s: until %(last)s. Keep to the earlier day, which is in time under "
            "both readings.",
            day=format_date(self.env, due), last=format_date(self.env, later),
        )

    def _words_of_step(self, step):
        kinds = dict(self.env["dunning.interruption"]._fields["kind"]._description_selection(self.env))
        own = dict(KINDS)
        values = {
            "day": format_date(self.env, step.day), "last": format_date(self.env, step.last_day),
            "article": cite(step.article, self.env.lang),
            "kind": kinds.get(step.kind or step.code, own.get(step.kind or step.code, "")),
        }  # fmt: skip
        ignored = {
            "no_effect": self.env._("%(day)s, %(kind)s: no effect on it (%(article)s).", **values),
            "void": self.env._("%(day)s, %(kind)s: withdrawn, lapsed or dismissed, no effect (%(article)s).", **values),
            "too_late": self.env._("%(day)s, %(kind)s: too late, it had lapsed.", **values),
            "too_early": self.env._("%(day)s, %(kind)s: before it began, no effect.", **values),
        }
        if step.code in ignored:
            return ignored[step.code]
        if step.code in ("mediation", "conciliation", "small_claim"):
            return self.env._(
                "%(day)s, %(kind)s: it stops meanwhile, and six months remain at least: until %(last)s (%(article)s).",
                **values,
            )  # fmt: skip
        return self.env._("%(day)s, %(kind)s: it begins again, until %(last)s (%(article)s).", **values)

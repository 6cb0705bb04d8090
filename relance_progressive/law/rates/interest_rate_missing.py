from datetime import date, timedelta
from urllib.parse import urlsplit

from markupsafe import escape

from odoo import api, models
from odoo.tools import format_date

from ...core.law.rates import REFERENCES
from .interest_rate_verify import PAGES

ASKED_FROM = 15  # of December and June: the rates of the half-year that follows are published by then, or soon
LAST_MONTHS = (6, 12)  # of the half-years
ACTIVITY = "relance_progressive.mail_activity_interest_rate"


class DunningInterestRate(models.Model):
    """What to do about a rate that is not known: nothing is carried over from the period before."""

    _inherit = "dunning.interest.rate"

    @api.model
    def _where_published(self, reference):
        """Return where a rate is published."""
        return urlsplit(PAGES[reference]).hostname

    # === WHERE IT MATTERS === #

    @api.model
    def _missing_words(self, error):
        """Return what to do about a missing rate.

        :param relance_progressive.core.law.rates.MissingRate error: what a computation raised
        """
        first, _last = self._period(error.reference, error.day)
        return self.env._(
            "The rate “%(rate)s” of %(period)s is not known, so that no interest can be computed from %(first)s on. It "
            "is published at %(where)s: enter it under “Interest Rates”.",
            rate=self._labels()[error.reference],
            period=self._period_of(error.reference, first),
            first=format_date(self.env, first),
            where=self._where_published(error.reference),
        )

    # === FROM 15 DECEMBER AND 15 JUNE ON === #

    @api.model
    def _cron_warn(self):
        """Warn the managers of the rates that will be missing, once each; a company that fails stops nobody."""
        engine = self.env["dunning.engine"]
        for company in self.env["res.company"].sudo().search([("parent_id", "=", False)]):
            engine._for_company(company, lambda company=company: self._warn_missing(company, company._dunning_today()))
            engine._checkpoint()

    @api.model
    def _warn_missing(self, company, day):
        """Ask a manager of a company for the rates that its customers need soon, each period once.

        :return: the activities
        """
        activities, told = self.env["mail.activity"], set((company.dunning_rates_warned or "").split())
        missing = {f"{reference}:{first}": (reference, first) for reference, first in self._missing(company, day)}
        for key in sorted(missing.keys() - told):
            activities |= self._ask_for(company, *missing[key])
        # Only those still missing are remembered: one that is deleted again is asked for again.
        company.dunning_rates_warned = " ".join(sorted(missing)) or False
        return activities

    @api.model
    def _missing(self, company, day):
        """Return ``[(reference, first day)]`` of the periods without a rate that a company needs now or soon."""
        rates, soon = self._rates(company), _soon(day)
        gaps = {reference: rates.first_gap(reference, day) for reference in REFERENCES}
        if all(gap > soon for gap in gaps.values()):
            return []
        return [
            (reference, self._period(reference, gaps[reference])[0])
            for reference in sorted(company._dunning_references())
            if gaps[reference] <= soon
        ]

    @api.model
    def _unknown_since(self, company, reference, first):
        """Return the first day of the time without a rate that ``first`` is in; that day itself if none is known."""
        rates, since = self._rates(company), first
        known = self.search([("reference", "=", reference), ("date_from", "<", first)], order="date_from", limit=1)
        while known and since > known.date_from:
            before = self._period(reference, since - timedelta(days=1))[0]
            if rates.covers(reference, before):
                return since
            since = before
        return since if known else first

    def _ask_for(self, company, reference, first):
        """Give a manager the task to enter a rate, on the last one that is known."""
        last = self.search([("reference", "=", reference)], order="date_from DESC, id DESC", limit=1)
        user = self._manager_of(company)
        same = last.activity_ids.filtered(lambda one: (one.user_id, one.date_deadline) == (user, first))
        if not last or not user or same:
            return self.env["mail.activity"]
        speaking = self.with_context(lang=user.lang)
        env, label = speaking.env, speaking._labels()[reference]
        return last.activity_schedule(
            ACTIVITY, first, user_id=user.id,
            summary=env._("Enter: %(rate)s, %(period)s", rate=label, period=self._period_of(reference, first)),
            note=escape(env._(
                "It is needed for customers of %(company)s from %(first)s on, and published at %(where)s. Without it "
                "no interest is computed from that day on; nothing else waits for it.",
                company=company.name, first=format_date(env, first), where=self._where_published(reference),
            )),
        )  # fmt: skip

    @api.model
    def _manager_of(self, company):
        """Return the person in charge if a manager, else the first manager of the company."""
        managers = self.env.ref("relance_progressive.dunning_group_manager").sudo().all_user_ids.filtered(
            company._dunning_works_here
        )
        return company._dunning_person() & managers or managers.sorted("id")[:1]

    @api.model_create_multi
    def create(self, vals_list):
        rates = super().create(vals_list)
        rates._end_tasks()
        return rates

    def _end_tasks(self):
        """End the tasks to enter what is there now."""
        tasks = self.env["mail.activity"].sudo().search([
            ("res_model", "=", self._name), ("activity_type_id", "=", self.env.ref(ACTIVITY).id),
            ("date_deadline", "in", self.mapped("date_from")),
        ])  # fmt: skip
        entered = {(rate.reference, rate.date_from) for rate in self}
        tasks.filtered(
            lambda task: (self.browse(task.res_id).reference, task.date_deadline) in entered
        ).action_feedback()

    @api.model
    def _alerts(self, companies):
        """Return what to say above the lists: which rates of these companies are missing, or verified by nobody."""
        alerts = []
        for company in companies:
            today = company._dunning_today()
            for reference, first in self._missing(company, today):
                if first <= today:
                    since = self._unknown_since(company, reference, first)
                    alerts.append(self.env._(
                        "%(company)s: the rate “%(rate)s” of %(period)s is missing, no interest is computed from "
                        "%(first)s on. Enter it under “Interest Rates”.", company=company.name,
                        rate=self._labels()[reference], period=self._period_of(reference, since),
                        first=format_date(self.env, since),
                    ))  # fmt: skip
            if unread := self._to_verify(company, today):
                alerts.append(self.env._(
                    "%(company)s: nobody has verified these rates, which late interest is computed from: %(rates)s. "
                    "Check them under “Interest Rates”, and say so there.",
                    company=company.name, rates=self._names(unread),
                ))  # fmt: skip
        return alerts


def _soon(day):
    """Return until when the rates have to be known on ``day``: from the 15th of its last month, the next half-year."""
    if day.month not in LAST_MONTHS or day.day < ASKED_FROM:
        return day
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)

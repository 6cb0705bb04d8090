from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..core.law.regimes import LAW_OF


class DunningAccount(models.Model):
    """What a person has to know before looking at any list of reminders."""

    _inherit = "dunning.account"

    @api.model
    @api.readonly
    def get_alerts(self):
        """Return the sentences to show above the lists, for the present companies.

        :rtype: list[str]
        """
        self.check_access("read")
        return self._alerts(self.env.companies.root_id)

    @api.model
    def _alerts(self, companies):
        """Return the alerts of main companies: what has stopped the reminders first."""
        alerts = [*filter(None, [company._dunning_alert() for company in companies.sudo()])]
        alerts += self._alerts_of_update(companies)
        for company in companies.sudo():
            stop = company._dunning_books_stop(company._dunning_today())
            if stop:
                values = {"company": company.name, "day": format_date(self.env, stop)}
                alerts.append(
                    self.env._("%(company)s: the bank statements stop on %(day)s, reminders wait for them.", **values)
                    if company.dunning_stale_mode == "hold"
                    else self.env._(
                        "%(company)s: the bank statements stop on %(day)s. Who has paid since may be reminded wrongly.",
                        **values,
                    )
                )
            alerts += self._alerts_of_people(company)
            alerts += self._alerts_of_unsent(company)
            alerts += self._alerts_of_sent_back(company)
        for company in self.env["dunning.payee"]._companies_without_account(companies):
            alerts.append(self.env._(
                "%(company)s has no bank account in use: messages ask for payment and name no IBAN. Enter one on the "
                "contact of the company, or put one back into use.", company=company.name,
            ))  # fmt: skip
        alerts += self._alerts_of_mediator(companies.sudo())
        alerts += self.env["res.partner"]._dunning_alerts_of_status(companies)
        warning = self.env["res.company"]._dunning_other_warning()
        return [*alerts, *filter(None, [warning]), *self.env["dunning.interest.rate"].sudo()._alerts(companies.sudo())]

    def _alerts_of_mediator(self, companies):
        """Say for which companies no formal notice can leave to a consumer (C. conso L616-1)."""
        french = ["FR", *(code for code, law in LAW_OF.items() if law == "FR")]
        alerts = []
        for company in companies:
            if company._dunning_mediator():
                continue
            home = Domain("partner_id.country_id", "=", False) if company.country_code in french else Domain.FALSE
            consumers = Domain("partner_id.dunning_status", "=", "consumer") & Domain("amount_due", ">", 0)
            concerned = Domain("partner_id.country_id.code", "in", french) | home
            if self.sudo().search_count(Domain("company_id", "=", company.id) & consumers & concerned, limit=1):
                alerts.append(self.env._(
                    "%(company)s: the consumer mediator is not known. No formal notice leaves to a consumer before its "
                    "name and addresses stand in the settings, under “Consumer mediator”.", company=company.name,
                ))  # fmt: skip
        return alerts

    @api.model
    def _alerts_of_update(self, companies):
        """Name the levels that an update has changed although a person had written them, to who may put them right."""
        if not self.env.user.has_group("relance_progressive.dunning_group_manager"):
            return []
        levels = self.env["dunning.level"].search([
            ("update_signs", "!=", False), ("plan_id.company_id", "in", (False, *companies.ids)),
        ])._filtered_access("write")  # fmt: skip
        if not levels:
            return []
        names = ", ".join(f"{level.plan_id.name}, {level.name}" for level in levels)
        return [self.env._(
            "An update changed levels that you had written: %(levels)s. Open them and look at what they say.",
            levels=names,
        )]  # fmt: skip

    @api.model
    def _alerts_of_unsent(self, company):
        """Return the alert about the open invoices that Odoo has not sent; a manager is asked what that means."""
        asked = not company.dunning_sending and self.env.user.has_group("relance_progressive.dunning_group_manager")
        if company.dunning_sending != "sent" and not asked:
            return []
        moves = self.env["account.move"].sudo()
        count = moves.search_count(
            Domain("company_id", "child_of", company.id) & moves._dunning_never_sent_domain()
        )  # fmt: skip
        if not count:
            return []
        if asked:
            return [self.env._(
                "%(company)s: open invoices that Odoo has not sent: %(count)s. They are reminded all the same: say in "
                "the settings how your invoices leave.", company=company.name, count=count,
            )]  # fmt: skip
        return [self.env._(
            "%(company)s: open invoices that were never sent: %(count)s. No reminder leaves for them, see “Invoices "
            "Never Sent”.", company=company.name, count=count,
        )]  # fmt: skip

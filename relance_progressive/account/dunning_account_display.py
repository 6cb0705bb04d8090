from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

from ..core.law.regimes import LAW_OF


class DunningAccount(models.Model):
    """What a person reads on an account: where it stands and what comes next, in sentences."""

    _inherit = "dunning.account"

    level_stage = fields.Selection(string="Stage Reached", related="level_id.stage")
    headline = fields.Char("In Short", compute="_compute_headline")

    @api.depends("amount_due", "amount_overdue", "amount_covered", "amount_notice", "oldest_due_date")
    @api.depends_context("lang")
    def _compute_headline(self):
        for account in self:
            account.headline = account._headline()

    def _headline(self):
        owed = self._headline_owed()
        if self.amount_notice > 0:
            return self.env._("%(owed)s; %(notice)s of it under formal notice",
                              owed=owed, notice=self._in_words(self.amount_notice))  # fmt: skip
        return owed

    def _headline_owed(self):
        if self.amount_overdue > 0:
            late = (
                self.env._("the oldest invoice is one day late")
                if self.days_late == 1
                else self.env._("the oldest invoice is %(days)s days late", days=self.days_late)
            )
            return self.env._("%(amount)s overdue, %(late)s", amount=self._in_words(self.amount_overdue), late=late)
        if self.amount_due > 0:
            return self.env._("%(amount)s due later, nothing overdue", amount=self._in_words(self.amount_due))
        if self.amount_covered > 0:
            return self.env._("Nothing to claim: %(amount)s is on its way", amount=self._in_words(self.amount_covered))
        return self.env._("Nothing is owed")

    def _words_of_last_step(self):
        if not self.last_contact_date:
            return self.env._("Never reminded.")
        day = format_date(self.env, self.last_contact_date)
        if not self.level_id:
            return self.env._("Last message on %(day)s.", day=day)
        return self.env._("Last message on %(day)s, level reached: %(level)s.", day=day, level=self.level_id.name)

    def _in_words(self, amount):
        return format_amount(self.env, amount, self.currency_id)

    # === BUTTONS === #

    def action_refresh(self):
        """Decide these accounts again now, without waiting for the night."""
        self.check_access("read")
        for company, own in self.grouped("company_id").items():
            self.sudo()._refresh_live(company, own.partner_id)

    def action_open_customer(self):
        """Show the customer."""
        self.ensure_one()
        return self.partner_id.get_formview_action()

    # === WHO ACTS FOR AN ACCOUNT: ITS PERSON IN CHARGE OR, WHEN THAT ONE HAS LEFT, THE COMPANY'S === #

    person_id = fields.Many2one(
        "res.users", "Who Acts", compute="_compute_person_id", search="_search_person_id",
        help="The person in charge; whoever has left, or does not see the company any more, is replaced by the person "
        "in charge of reminders of the company.",
    )  # fmt: skip
    without_person = fields.Boolean(
        "Without a Person in Charge", compute="_compute_person_id", search="_search_without_person",
        help="Nobody was chosen, or the person has left or does not see the company any more.",
    )  # fmt: skip

    @api.depends("user_id.active", "user_id.company_ids", "company_id.dunning_user_id.active")
    def _compute_person_id(self):
        for account in self:
            account.person_id = account._person_in_charge()
            account.without_person = not account.company_id._dunning_works_here(account.user_id)

    def _person_in_charge(self):
        """Return who writes to a customer, is called back and is told of what happens; empty if there is nobody."""
        self.ensure_one()
        return self.company_id._dunning_person(self.user_id)

    @api.model
    def _search_person_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = Domain.FALSE
        for company in self.env["res.company"].sudo().search([("parent_id", "=", False)]):
            people, stand_in = company._dunning_people().ids, company._dunning_person().id
            chosen = Domain("user_id", "in", [user for user in value if user in people])
            if stand_in in value:  # False: nobody stands in, and nobody is asked for
                chosen |= Domain("user_id", "not in", people)
            found |= Domain("company_id", "=", company.id) & chosen
        return found

    @api.model
    def _search_without_person(self, operator, value):
        if operator != "in":
            return NotImplemented
        without = Domain.OR(
            Domain("company_id", "=", company.id) & Domain("user_id", "not in", company._dunning_people().ids)
            for company in self.env["res.company"].sudo().search([("parent_id", "=", False)])
        )
        if True in value and False in value:
            return Domain.TRUE
        return without if True in value else ~without

    @api.model
    def _alerts_of_people(self, company):
        """Return the sentences on the accounts of a company whose person has left, or that nobody is in charge of."""
        owing = [("company_id", "=", company.id), ("amount_due", ">", 0)]
        stand_in, alerts = company._dunning_person(), []
        people = company._dunning_people().ids
        gone = self.sudo().search_count([*owing, ("user_id", "!=", False), ("user_id", "not in", people)])
        if gone and stand_in:
            alerts.append(self.env._(
                "%(company)s: customers whose person in charge has left, or does not see the company any more: "
                "%(count)s. %(person)s stands in.", company=company.name, count=gone, person=stand_in.name,
            ))  # fmt: skip
        if not stand_in and (nobody := self.sudo().search_count([*owing, ("person_id", "=", False)])):
            alerts.append(self.env._(
                "%(company)s: customers whom nobody is in charge of: %(count)s. Choose who is, or the person in charge "
                "of reminders in the settings.", company=company.name, count=nobody,
            ))  # fmt: skip
        return alerts

    # === WHAT A PERSON HAS TO KNOW BEFORE LOOKING AT ANY LIST OF REMINDERS === #

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
            alerts += self.env["dunning.sent.back"]._alerts(company)
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

    # === WITHOUT A STATUS === #
    # Nothing can be claimed of customers as long as nobody knows who they are.

    dunning_status = fields.Selection(related="partner_id.dunning_status", string="Customer Status")

from odoo import api, fields, models
from odoo.fields import Domain


class DunningAccount(models.Model):
    """Who acts for an account: its person in charge or, when that one has left, the company's."""

    _inherit = "dunning.account"

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

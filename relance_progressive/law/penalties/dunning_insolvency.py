from collections import defaultdict

from markupsafe import escape

from odoo import api, models
from odoo.tools import format_date

from ...core.decision.facts import Hold
from ...core.law.place import FRENCH_TERRITORIES, territory
from ...core.plain.days import months_later
from . import insolvency_queries

ACTIVITY = "relance_progressive.insolvency_activity_type"
DECLARED_WITHIN = 2  # months (C. com. R622-24); counted from the judgment here, from its publication in the law


class DunningInsolvency(models.AbstractModel):
    """A customer in insolvency is not chased for what was owed before the opening.

    It may not pay it (C. com. L622-7), nobody may have it condemned to (L622-21): the claim is declared to the
    court-appointed representative (L622-24). What is born afterwards is reminded like any debt (L622-17).
    """

    _name = "dunning.insolvency"
    _description = "Insolvency of Customers"

    @api.model
    def _holds_of(self, company, partners, day):
        """Yield ``(customer id, hold)`` of what can only be declared."""
        rows = self.env.execute_query(insolvency_queries.insolvent(self.env, partners, day))
        found = [customer for customer, _opening in rows]
        for customer, opening, item, _amount in self._born_before(company, found):
            yield customer, Hold("insolvency", item, since=opening)

    @api.model
    def _born_before(self, company, partners):
        """Return ``[(customer id, opening, item id, open amount)]`` of customers (ids) that are in insolvency."""
        if not partners:
            return []
        scope = self.env["dunning.account"].sudo()._scope(company)
        return self.env.execute_query(insolvency_queries.born_before(self.env, *scope, partners))

    @api.model
    def _follow(self, company):
        """Give the persons in charge the claims to declare, once for each opening; take back what is over."""
        rows = dict(self.env.execute_query(insolvency_queries.not_told(self.env, company)))
        if not rows:
            return
        amounts = defaultdict(float)
        for customer, _opening, _item, amount in self._born_before(company, rows.values()):
            amounts[customer] += float(amount)
        accounts = self.env["dunning.account"].browse(rows)
        accounts._tasks(ACTIVITY).unlink()
        accounts.filtered("insolvency_told").insolvency_told = False
        for account in accounts.filtered(lambda account: amounts.get(account.partner_id.id)):
            self._give_to_declare(account, amounts[account.partner_id.id])

    def _give_to_declare(self, account, amount):
        """Give the person in charge the task to declare a claim of ``amount``."""
        user, opening = account._person_in_charge(), account.partner_id.dunning_insolvency_date
        if not user:
            return
        env = account.with_context(lang=user.lang or self.env.lang).env
        told, deadline = account.with_env(env), months_later(opening, DECLARED_WITHIN)
        account.insolvency_told = opening
        note = escape(env._(
            "%(amount)s of before the opening is not reminded: the customer may not pay it (C. com. L622-7, "
            "L622-21). Declare it to the court-appointed representative within two months of the publication in "
            "the BODACC (C. com. L622-24, R622-24). By %(deadline)s it is in time in any case: two months after "
            "the judgment.",
            amount=told._in_words(amount), deadline=format_date(env, deadline),
        ))  # fmt: skip
        if self._has_two_months_more(told):
            note += " " + escape(env._(
                "You have two months more if the court sits in the part of France where the customer is, because your "
                "company is not there (R622-24): do not count on them."
            ))
        told.activity_schedule(
            ACTIVITY, deadline, user_id=user.id, automated=True,
            summary=env._("Insolvency of %(day)s: declare the claim", day=format_date(env, opening)),
            note=note,
        )  # fmt: skip

    def _has_two_months_more(self, account):
        """Tell whether the company is not in the part of France where the customer is: France itself, or one overseas.

        C. com. R622-24: a creditor who does not live where the court sits, in metropolitan France or in a department or
        collectivity overseas, has two months more; one who does has not (Cass. com., 13 July 2010, no. 09-13.103).
        """
        customer = account.partner_id
        debtor = territory(customer.country_id.code or account.company_id.country_id.code or "", customer.zip or "")
        french = debtor == "FR" or debtor in FRENCH_TERRITORIES.values()
        return french and debtor != account.company_id._dunning_territory()

from collections import defaultdict
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_amount

from . import queries

SOON = timedelta(minutes=1)  # what happens within it is told together
MOST = 30  # customers named in one notice; the others are counted


class DunningNotice(models.Model):
    """News that the person in charge of a customer has not been told yet: each is told once, many of them together.

    A bank statement brings hundreds of payments in as many transactions: one notice a person tells of all.
    """

    _name = "dunning.notice"
    _description = "News of Customers to Tell"
    _log_access = False

    account_id = fields.Many2one("dunning.account", required=True, index=True, ondelete="cascade")
    reminder_id = fields.Many2one("dunning.reminder", index="btree_not_null", ondelete="cascade")
    kind = fields.Selection([("paid", "Paid"), ("bounced", "Came Back")], required=True)
    amount = fields.Float(help="Of what was paid, in the currency of the company.")
    words = fields.Char(help="Why it came back.")

    @api.model
    def _note(self, rows):
        """Have these news told in a minute, to whoever is in charge then."""
        if rows:
            self.sudo().create(rows)
            cron = self.env.ref("relance_progressive.ir_cron_dunning_notices", raise_if_not_found=False)
            if cron:  # a person may delete a scheduled action: paying must not fail
                cron.sudo()._trigger(fields.Datetime.now() + SOON)

    @api.model
    def _cron_tell(self):
        """Tell all news, one notice for each person and company."""
        news = defaultdict(list)
        for row in self.env.execute_query_dict(queries.take_news(self.env)):
            news[row["account_id"]].append(row)
        self.invalidate_model()
        accounts = self.env["dunning.account"].browse(news)
        told = defaultdict(list)
        for account in accounts:
            company = account.company_id
            person = account._person_in_charge()
            if person:
                told[company, person].append(account)
        for (company, person), own in told.items():
            self._tell(company, person, own, news)

    def _tell(self, company, person, accounts, news):
        """Send one notice, to the inbox or by e-mail as its reader prefers."""
        told = self.with_context(lang=person.lang or company.partner_id.lang or self.env.lang).with_company(company)
        link = Markup("<a href='%s/mail/view?model=dunning.account&amp;res_id=%s' data-oe-model='dunning.account' "
                      "data-oe-id='%s'>%s</a>")  # fmt: skip
        base = company.get_base_url()
        names = {
            account: link % (base, account.id, account.id, account.partner_id.display_name) for account in accounts
        }
        lines = [
            Markup("<li>%s: %s</li>") % (names[account], told._in_words(row))
            for account in accounts for row in news[account.id]
        ]  # fmt: skip
        more = len(lines) - MOST
        if more > 0:
            lines = [*lines[:MOST], Markup("<li>%s</li>") % told.env._("and %(count)s more", count=more)]
        told.env["mail.thread"].sudo().message_notify(
            partner_ids=person.partner_id.ids,
            subject=told.env._("Reminders: news of %(count)s customers", count=len(accounts))
            if len(accounts) > 1
            else told.env._("Reminders: news of %(customer)s", customer=accounts[0].partner_id.display_name),
            body=Markup("<ul>%s</ul>") % Markup().join(lines),
            author_id=self.env.ref("base.partner_root").id,
            email_from=company.email_formatted or company.partner_id.email_formatted,
        )

    def _in_words(self, row):
        """Return one of the news, in the language of its reader."""
        if row["kind"] == "paid":
            amount = format_amount(self.env, row["amount"], self.env.company.currency_id)
            return self.env._("has paid all that was reminded (%(amount)s).", amount=amount)
        return self.env._("the reminder %(name)s came back. %(why)s", name=row["name"], why=row["words"] or "")

from datetime import timedelta
from decimal import Decimal
from itertools import chain

from markupsafe import escape

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount

from ..account.holds import holders
from ..core.decision.facts import Hold
from ..settings.inside import Mark, marked
from . import facts, queries, sending_queries
from .bank import bank_queries

UNSENT = "relance_progressive.mail_activity_unsent"
SOON = 7  # an invoice that falls due within these days is to be sent now


class DunningAccount(models.Model):
    """What the database knows of the accounts, as plain values, set-wise."""

    _inherit = "dunning.account"

    @api.model
    def _scope(self, company):
        """Return the ids of the trade receivable accounts and of the branches of a main company."""
        branches = self.env["res.company"].with_context(active_test=False).search([("id", "child_of", company.id)])
        accounts = self.env["account.account"].with_context(active_test=False).search([
            ("company_ids", "in", branches.ids),
            ("account_type", "=", "asset_receivable"),
            ("non_trade", "=", False),
        ])  # fmt: skip
        return accounts.ids, branches.ids

    @api.model
    def _changed(self, company, day):
        """Return ``[(account id or None, customer id, fingerprint)]`` of the customers to decide again."""
        return self.env.execute_query(queries.changed_accounts(self.env, company, *self._scope(company), day))

    @api.model
    def _owing_customers(self, company):
        """Return the ids of the customers that have open items."""
        rows = self.env.execute_query(queries.owing_customers(self.env, *self._scope(company)))
        return [partner for (partner,) in rows]

    @api.model
    def _read_facts(self, company, partners, day):
        """Return ``{customer id: (plan id, AccountFacts)}`` of commercial partners (ids), see :mod:`.facts`."""
        return facts.read(self.env, company, self._scope(company), partners, day)

    @api.model
    def _holds(self, company, partners, day):
        """Return ``{customer id: [core.facts.Hold]}`` of all :mod:`..account.holds`."""
        holds = {}
        for partner, hold in chain.from_iterable(holders(self, company, partners, day)):
            holds.setdefault(partner, []).append(hold)
        return holds

    @api.model
    def _holds_of_books(self, company, partners, day):
        """Yield ``(customer id, hold)`` while the books are late, if the company wants it so."""
        stop = self._books_stop(company, day) if company.dunning_stale_mode == "hold" else None
        return ((partner, Hold("transit", since=stop)) for partner in partners if stop)

    @api.model
    def _holds_of_unsent(self, company, partners):
        """Yield ``(customer id, hold)`` of the invoices that were never sent: they wait for a person."""
        known = self.env.context.get("dunning_sending")  # a request brings no tuple
        if (known[0] if isinstance(known, tuple) else company.dunning_sending) == "sent":
            query = sending_queries.unsent_items(self.env, *self._scope(company), partners)
            for partner, item in self.env.execute_query(query):
                yield partner, Hold("unsent", item)

    @api.model
    def _books_stop(self, company, day):
        """Return where late books stop: asked once for all the batches of a run, which puts it in its context."""
        known = self.env.context.get("dunning_books")
        if known and known[:2] == (company.id, day):
            return known[2]
        return company._dunning_books_stop(day)

    # The tasks that many accounts share: one for each person in charge, kept up to date by the night.

    unsent_text = fields.Char("Not Sent by Odoo", compute="_compute_unsent_text")

    @api.depends_context("lang")
    def _compute_unsent_text(self):
        """Say which accounts have invoices that Odoo has not sent, where nobody has said how invoices leave."""
        asked = self.filtered(lambda account: not account.company_id.dunning_sending)
        moves = self.env["account.move"]
        mine = Domain("commercial_partner_id", "in", asked.partner_id.ids)
        counts = moves.sudo()._read_group(
            mine & moves._dunning_never_sent_domain(), ["commercial_partner_id", "company_id"], ["__count"]
        )  # fmt: skip
        for account in self:
            count = sum(
                found for partner, company, found in counts
                if account in asked and (partner, company.root_id) == (account.partner_id, account.company_id)
            )  # fmt: skip
            words = self.env._("Open invoices that Odoo has not sent: %(count)s", count=count)
            account.unsent_text = words if count else False

    @api.model
    def _follow_unsent(self, company, day):
        """Ask people to send the invoices that fall due and were never sent, where they leave by Odoo."""
        rows = []
        if company.dunning_sending == "sent":
            rows = self.env.execute_query(sending_queries.unsent_by_account(
                self.env, company, *self._scope(company), day + timedelta(days=SOON)
            ))  # fmt: skip

        def words(account, found):
            count, amount = sum(row[1] for row in found), sum(Decimal(row[2]) for row in found)
            total = format_amount(account.env, float(amount), account.currency_id)
            summary = account.env._("Invoices never sent: %(count)s (%(amount)s)", count=count, amount=total)
            return summary, account.env._(
                "They are due or soon will be, and no reminder leaves for them before the customers have them. Open "
                "“Invoices Never Sent”: send them, or say that the customer has them."
            )

        self._share_tasks(company, UNSENT, day, rows, words)

    def action_open_unsent(self):
        """Show the invoices of these customers that were never sent."""
        action = self.env["ir.actions.act_window"]._for_xml_id("relance_progressive.dunning_unsent_action")
        mine = Domain("commercial_partner_id", "in", self.partner_id.ids)
        return {**action, "domain": list(self.env["account.move"]._dunning_never_sent_domain() & mine)}

    def _tasks(self, kind):
        """Return what is to be done about these accounts, of a type (external id); none once the type is deleted."""
        activity_type = self.env.ref(kind, raise_if_not_found=False)
        return self.env["mail.activity"].search([
            ("res_model", "=", self._name), ("res_id", "in", self.ids),
            ("activity_type_id", "=", activity_type.id if activity_type else 0),
        ])  # fmt: skip

    @api.model
    def _share_tasks(self, company, kind, day, rows, words):
        """Give each person in charge one task of a kind about all accounts of theirs, and end those that are over.

        :param kind: external id of the type of activity
        :param rows: tuples that begin with the id of an account, the most urgent first: the task stands on it
        :param words: a function ``(account in the language of the person, rows of the person) -> (summary, note)``
        """
        activities = self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True)
        activities = marked(activities, Mark.NO_FOLLOWER)
        known = activities.search([
            ("activity_type_id", "=", self.env.ref(kind).id), ("res_model", "=", self._name),
            ("res_id", "in", self.sudo()._search([("company_id", "=", company.id)])),
        ])  # fmt: skip
        by_person = {}
        for row in rows:
            account = self.browse(row[0])
            if person := account._person_in_charge():
                by_person.setdefault(person, []).append(row)
        for person, found in by_person.items():
            account = self.browse(found[0][0]).with_context(lang=person.lang)
            summary, note = words(account, found)
            own = known.filtered(lambda task, person=person: task.user_id == person)[:1]
            values = {"summary": summary, "note": escape(note), "res_id": account.id}
            known -= own
            if not own:
                activities.create({
                    **values, "activity_type_id": self.env.ref(kind).id, "user_id": person.id, "date_deadline": day,
                    "res_model_id": self.env["ir.model"]._get_id(self._name), "automated": True,
                })  # fmt: skip
            elif (own.summary, own.res_id) != (summary, account.id):
                own.write(values)
        known.unlink()

    # === MONEY ON ITS WAY, AND WHAT IS TO ALLOCATE === #

    money_ids = fields.One2many("dunning.money", "account_id", "Money on Its Way", readonly=True)
    amount_to_allocate = fields.Monetary(
        "To Allocate", compute="_compute_amount_to_allocate", search="_search_amount_to_allocate",
        help="Payments, credit notes and bank lines of this customer that nobody has allocated to an invoice yet.",
    )  # fmt: skip

    head_office_text = fields.Char("Money of the Head Office", compute="_compute_head_office_text")

    @api.depends("partner_id.parent_id")
    @api.depends_context("lang", "allowed_company_ids")
    def _compute_head_office_text(self):
        """Name the money that nobody has allocated of whoever pays for this customer: it may be meant for it."""
        payers = self._payers_for()
        money = self.env["dunning.money"].sudo().search([
            ("partner_id", "in", list({one for own in payers.values() for one in own})),
            ("company_id", "in", self.company_id.ids), ("amount", ">", 0),
            ("kind", "in", self.env["dunning.money"]._kinds_to_allocate()),
        ]) if payers else self.env["dunning.money"]  # fmt: skip
        for account in self:
            own = money.filtered(
                lambda one, account=account: one.company_id == account.company_id
                and one.partner_id.id in payers.get(account.id, ())
            )
            account.head_office_text = " ".join(
                account._money_of_payer_in_words(payer, documents)
                for payer, documents in own.grouped("partner_id").items()
            )

    def _money_of_payer_in_words(self, payer, documents):
        names = ", ".join(filter(None, documents[:3].mapped("name"))) + ("…" if len(documents) > 3 else "")  # noqa: PLR2004
        return self.env._(
            "%(payer)s, which pays for this customer or is its parent company, has sent %(amount)s that nobody has "
            "allocated yet (%(documents)s): some of it may be meant for this customer.",
            payer=payer.display_name, amount=format_amount(self.env, sum(documents.mapped("amount")), self.currency_id),
            documents=names,
        )  # fmt: skip

    def _payers_for(self):
        """Return ``{account id: {partner id}}``: its parent companies, and those whose money has paid its items."""
        payers = {}
        for account in self:
            parent = account.partner_id.sudo().parent_id
            while parent:
                payers.setdefault(account.id, set()).add(parent.commercial_partner_id.id)
                parent = parent.parent_id
        for account, payer in self.env.execute_query(bank_queries.payers_of_items(self.env, self.ids)):
            payers.setdefault(account, set()).add(payer)
        return payers

    def _compute_amount_to_allocate(self):
        money = self.env["dunning.money"]
        groups = money._read_group(
            [("account_id", "in", self.ids), ("kind", "in", money._kinds_to_allocate())], ["account_id"], ["amount:sum"]
        )
        amounts = {account.id: amount for account, amount in groups}
        for account in self:
            account.amount_to_allocate = max(0.0, amounts.get(account.id, 0.0))

    @api.model
    def _search_amount_to_allocate(self, operator, value):
        if operator not in (">", ">=") or value < 0:
            return NotImplemented
        money = self.env["dunning.money"]
        groups = money._read_group(
            [("account_id", "!=", False), ("kind", "in", money._kinds_to_allocate())], ["account_id"], ["amount:sum"],
            having=[("amount:sum", operator, value)],
        )  # fmt: skip
        return [("id", "in", [account.id for account, _amount in groups])]

    @api.model
    def _touch_bank_lines(self, lines):
        """Bring the accounts of those who paid these bank lines up to date when the transaction commits."""
        if lines.ids:
            self._to_refresh()["lines"].update(lines.ids)

    @api.model
    def _payers(self, line_ids):
        """Return ``{(main company id, customer id)}`` of those who paid these bank lines and have an account."""
        lines = self.env["account.bank.statement.line"].browse(line_ids).exists().filtered(lambda line: line.amount > 0)
        return {
            (company.id, customer)
            for company, own in lines.grouped(lambda line: line.company_id.root_id).items()
            for (customer,) in self.env.execute_query(
                bank_queries.whose_lines(self.env, company, own.company_id.ids, company._dunning_today(), own.ids)
            )
        }

    def action_open_payments(self):
        """Show the customer's payments in Odoo's own list, those not allocated first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_account_payments")
        return {
            **action,
            "display_name": self.env._("Payments of %(customer)s", customer=self.partner_id.display_name),
            "domain": [
                ("partner_id", "child_of", self.partner_id.ids),
                ("payment_type", "=", "inbound"),
                ("company_id", "child_of", self.company_id.ids),
                ("state", "in", ("in_process", "paid")),
                ("is_reconciled", "=", False),
            ],
            "context": {"create": False, "default_partner_id": self.partner_id.id},
        }

    def action_explain_sent_back(self):
        """Ask which invoice is due again.

        :raise UserError: if nothing waits for it any more
        """
        self.ensure_one()
        self.check_access("read")
        items = self.env["dunning.sent.back"]._items_to_explain(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Money Sent Back"),
            "res_model": "dunning.sent.back",
            "view_mode": "form",
            "target": "new",
            "context": {"default_account_id": self.id, "default_item_id": items[0]},
        }

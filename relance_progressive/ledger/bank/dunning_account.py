from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ...core.decision.facts import Hold
from ...core.said.sent_back import Paid, due_again
from . import bank_queries
from . import sent_back_queries as queries

SENT_BACK = "relance_progressive.mail_activity_sent_back"
REJECTED = "relance_progressive.mail_activity_rejected"


class DunningAccount(models.Model):
    """What people see of the money on its way to an account, and what they have to allocate."""

    _inherit = "dunning.account"

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

    # Money that the bank sent back: the invoice that it had paid is due again, under its number and at its level.

    @api.model
    def _explain_sent_back(self, company, partners=None):
        """Find which invoices are due again for the money that came back and that nothing explains yet.

        :param partners: ids of customers, all of them if empty
        """
        accounts, branches = self._scope(company)
        rows = self.env.execute_query(queries.unexplained(self.env, accounts, branches, partners))
        if not rows:
            return
        paid = defaultdict(list)
        for item, origin, due, amount, day, count, named in self.env.execute_query(
            queries.payments_of(self.env, accounts, [row[0] for row in rows])
        ):
            paid[item].append(Paid(origin, due, Decimal(amount), day, count, named))
        customers = {row[1] for row in rows}
        taken = {origin for (origin,) in self.env.execute_query(queries.taken(self.env, customers))}
        holds = self._holds(company, list(customers), company._dunning_today())
        contested = {hold.item for own in holds.values() for hold in own if hold.reason == "dispute"}
        pairs = []
        for item, _customer, amount, day in rows:
            if origin := due_again(Decimal(amount), day, paid[item], taken, contested):
                taken.add(origin)
                pairs.append((item, origin))
        self._due_again(pairs)

    @api.model
    def _due_again(self, pairs):
        """Have ``[(item sent back, invoice item)]`` go on where the invoice stood."""
        if pairs:
            self.env.execute_query(queries.due_again(self.env, pairs))
            self.env["account.move.line"].invalidate_model()
            self.env["account.move"].invalidate_model(["dunning_level_id", "dunning_date"])

    @api.model
    def _holds_of_sent_back(self, company, partners):
        """Return ``[(customer, Hold)]`` of what came back and waits for a person's word."""
        rows = self.env.execute_query(queries.holds(self.env, company, *self._scope(company), partners))
        return [
            (partner, Hold("sent_back", item, None if fee is None else Decimal(fee))) for partner, item, fee in rows
        ]

    @api.model
    def _follow_sent_back(self, company, day):
        """Explain what came back, and ask people about the rest and about the payments that were rejected."""
        self._explain_sent_back(company)
        accounts, branches = self._scope(company)
        self._share_tasks(company, SENT_BACK, day, self._unexplained_by_account(company), self._words_of_sent_back)
        rows = self.env.execute_query(queries.rejected(self.env, company, accounts, branches, day))
        self._share_tasks(company, REJECTED, day, rows, self._words_of_rejected)

    @api.model
    def _unexplained_by_account(self, company):
        """Return ``[(account id, amount in words)]`` of the money sent back that waits for a person."""
        rows = self.env.execute_query(queries.unexplained(self.env, *self._scope(company)))
        items = self.env["account.move.line"].sudo().browse(row[0] for row in rows)
        accounts = self._of_all(items.partner_id, company).grouped("partner_id")
        return [(accounts[item.partner_id.commercial_partner_id].id, item.id) for item in items]

    @api.model
    def _words_of_sent_back(self, account, rows):
        items = account.env["account.move.line"].sudo().browse(row[1] for row in rows)
        told = ", ".join(
            f"{item.partner_id.name}: {format_amount(account.env, item.amount_residual_currency, item.currency_id)}"
            for item in items[:10]
        )
        return account.env._("Money sent back by the bank: %(count)s", count=len(items)), account.env._(
            "%(list)s. No payment was found that it undoes, or several invoices may be meant: open the account of the "
            "customer and say which invoice is due again. Nothing is claimed of it before.", list=told,
        )  # fmt: skip

    @api.model
    def _words_of_rejected(self, account, rows):
        payments = account.env["account.payment"].sudo().browse(row[1] for row in rows)
        told = ", ".join(
            f"{payment.partner_id.name}: {format_amount(account.env, payment.amount, payment.currency_id)} "
            f"({format_date(account.env, payment.date)})"
            for payment in payments[:10]
        )
        summary = account.env._("Rejected payments whose invoices count as paid: %(count)s", count=len(payments))
        return summary, account.env._(
            "%(list)s. Odoo leaves the invoices paid: undo the reconciliation of each payment, and they are due and "
            "reminded again.", list=told,
        )  # fmt: skip

    @api.model
    def _alerts_of_sent_back(self, company):
        """Return the alerts about money sent back, of one main company."""
        accounts, branches = self.sudo()._scope(company)
        alerts = []
        if count := len(self.env.execute_query(queries.unexplained(self.env, accounts, branches))):
            alerts.append(self.env._(
                "%(company)s: money sent back by the bank that no invoice explains: %(count)s. Open the customers “To "
                "Clarify” and say which invoices are due again.", company=company.name, count=count,
            ))  # fmt: skip
        rows = self.env.execute_query(queries.rejected(self.env, company, accounts, branches, company._dunning_today()))
        if rows:
            alerts.append(self.env._(
                "%(company)s: rejected payments whose invoices still count as paid: %(count)s. Undo their "
                "reconciliation, or nobody is reminded of them.", company=company.name, count=len(rows),
            ))  # fmt: skip
        return alerts

    def action_explain_sent_back(self):
        """Ask which invoice is due again.

        :raise UserError: if nothing waits for it any more
        """
        self.ensure_one()
        self.check_access("read")
        items = self._items_to_explain()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Money Sent Back"),
            "res_model": "dunning.sent.back",
            "view_mode": "form",
            "target": "new",
            "context": {"default_account_id": self.id, "default_item_id": items[0]},
        }

    def _items_to_explain(self):
        """Return the ids of the money sent back of a customer that no invoice explains, the oldest first.

        :raise UserError: if there is none
        """
        rows = self.env.execute_query(
            queries.unexplained(self.env, *self.sudo()._scope(self.company_id), self.partner_id.ids)
        )
        if not rows:
            raise UserError(self.env._("Nothing that came back waits for an explanation."))
        return [row[0] for row in rows]


from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ...core.decision.facts import Hold
from ...core.said.sent_back import Paid, due_again
from . import sent_back_queries as queries

SENT_BACK = "relance_progressive.mail_activity_sent_back"
REJECTED = "relance_progressive.mail_activity_rejected"


class DunningSentBack(models.TransientModel):
    """Say which invoice is due again because its money came back."""

    _name = "dunning.sent.back"
    _inherit = ["dunning.pointing"]
    _description = "Money Sent Back"

    account_id = fields.Many2one("dunning.account", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(related="account_id.partner_id")
    company_id = fields.Many2one(related="account_id.company_id")
    item_id = fields.Many2one("account.move.line", "Sent Back", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="item_id.currency_id")
    amount = fields.Monetary(related="item_id.amount_residual_currency")
    date = fields.Date(related="item_id.date")
    label = fields.Char(related="item_id.name")
    origin_id = fields.Many2one(
        "account.move.line", "Invoice That Is Due Again",
        domain="[('partner_id', 'child_of', partner_id), ('company_id', 'child_of', company_id), ('balance', '>', 0), "
        "('parent_state', '=', 'posted'), ('account_type', '=', 'asset_receivable'), ('id', '!=', item_id), "
        "('move_id.move_type', 'in', ('out_invoice', 'out_receipt'))]",
    )  # fmt: skip

    def action_save(self):
        """Have the invoice reminded again from where it stood.

        :raise UserError: without an invoice, or with one of somebody else
        """
        self.ensure_one()
        account = self.account_id
        account.check_access("write")
        if not self.origin_id:
            raise UserError(self.env._("Choose the invoice whose payment came back."))
        account._check_owes(self.origin_id | self.item_id)
        self._check_came_back()
        self.sudo()._due_again([(self.item_id.id, self.origin_id.id)])
        return self._decided(self.env._("It is reminded again as %(invoice)s.", invoice=self.origin_id.move_name))

    def action_leave_out(self):
        """Take a person's word that the customer does not owe it: it is left out of reminders."""
        self.ensure_one()
        self.account_id.check_access("write")
        self._check_came_back()
        self.item_id.no_followup = True
        return self._decided(self.env._("It is left out of reminders."))

    def _check_came_back(self):
        if self.item_id.id not in self._items_to_explain(self.account_id):
            raise UserError(self.env._("This is no money sent back, or it is explained already."))

    def _decided(self, words):
        self.account_id.action_refresh()
        return self.account_id._close_and_say(words)

    # === BY THE NIGHT, AND WHEN MONEY MOVES === #
    # The invoice that it had paid is due again, under its number and at its level.

    @api.model
    def _explain(self, company, partners=None):
        """Find which invoices are due again for the money that came back and that nothing explains yet.

        :param partners: ids of customers, all of them if empty
        """
        accounts, branches = self.env["dunning.account"]._scope(company)
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
        holds = self.env["dunning.account"]._holds(company, list(customers), company._dunning_today())
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
    def _holds_of(self, company, partners):
        """Return ``[(customer, Hold)]`` of what came back and waits for a person's word."""
        scope = self.env["dunning.account"]._scope(company)
        rows = self.env.execute_query(queries.holds(self.env, company, *scope, partners))
        return [
            (partner, Hold("sent_back", item, None if fee is None else Decimal(fee))) for partner, item, fee in rows
        ]

    @api.model
    def _follow(self, company, day):
        """Explain what came back, and ask people about the rest and about the payments that were rejected."""
        self._explain(company)
        service = self.env["dunning.account"]
        accounts, branches = service._scope(company)
        unexplained = self._unexplained_by_account(company)
        service._share_tasks(company, SENT_BACK, day, unexplained, self._words_of_returned)
        rows = self.env.execute_query(queries.rejected(self.env, company, accounts, branches, day))
        service._share_tasks(company, REJECTED, day, rows, self._words_of_rejected)

    @api.model
    def _unexplained_by_account(self, company):
        """Return ``[(account id, amount in words)]`` of the money sent back that waits for a person."""
        rows = self.env.execute_query(queries.unexplained(self.env, *self.env["dunning.account"]._scope(company)))
        items = self.env["account.move.line"].sudo().browse(row[0] for row in rows)
        accounts = self.env["dunning.account"]._of_all(items.partner_id, company).grouped("partner_id")
        return [(accounts[item.partner_id.commercial_partner_id].id, item.id) for item in items]

    @api.model
    def _words_of_returned(self, account, rows):
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
    def _alerts(self, company):
        """Return the alerts about money sent back, of one main company."""
        accounts, branches = self.env["dunning.account"].sudo()._scope(company)
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

    @api.model
    def _items_to_explain(self, account):
        """Return the ids of the money sent back of a customer that no invoice explains, the oldest first.

        :raise UserError: if there is none
        """
        rows = self.env.execute_query(
            queries.unexplained(self.env, *account.sudo()._scope(account.company_id), account.partner_id.ids)
        )
        if not rows:
            raise UserError(self.env._("Nothing that came back waits for an explanation."))
        return [row[0] for row in rows]

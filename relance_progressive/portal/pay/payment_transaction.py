import logging
from datetime import timedelta
from decimal import Decimal

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import format_amount, plaintext2html

from ...settings.apart import apart

_logger = logging.getLogger(__name__)

BEGUN = timedelta(hours=1)  # a payment of which nothing was heard for longer is not finished any more
TO_DO = "mail.mail_activity_data_todo"


class PaymentTransaction(models.Model):
    """A payment made on the customer's page: which items it settles."""

    _inherit = "payment.transaction"

    # It holds the link of the customer: whoever may read payments does not come in as the customer.
    landing_route = fields.Char(groups="base.group_system")

    @api.model
    def _dunning_values(self, account, choice):
        """Return ``(values, prefix of the reference)`` for a payment of a choice of items.

        :param choice: ``pay_choice.Choice``
        """
        items = self.env["account.move.line"].browse([item for item, _amount in choice.shares])
        invoices = items.move_id.filtered(lambda move: move.is_sale_document(include_receipts=True))
        names = list(dict.fromkeys(items.mapped("dunning_name")))
        return {
            "dunning_items": [[item, str(amount)] for item, amount in choice.shares],
            "invoice_ids": [fields.Command.set(invoices.ids)],
        }, names[0] if len(names) == 1 else account.company_id.get_next_batch_payment_communication()

    # === BEGUN, AND NOT FINISHED === #

    @api.model
    def _dunning_of(self, customer, company):
        """Return the domain of what a customer has paid, or has begun to, in a company and its branches."""
        return [("partner_id.commercial_partner_id", "=", customer.id), ("company_id", "child_of", company.id)]

    @api.model
    def _dunning_begun(self, account):
        """Return the payments of an account that were begun lately and of which nothing was heard since."""
        since = fields.Datetime.now() - BEGUN
        return self.search([
            *self._dunning_of(account.partner_id, account.company_id), ("state", "=", "draft"),
            ("create_date", ">", since), ("dunning_given_up", "=", False),
        ]).filtered("dunning_items")  # fmt: skip

    def _dunning_meant_for(self, choice):
        """Return those that are meant for some of the items of a choice."""
        chosen = dict(choice.shares)
        return self.filtered(lambda one: any(item in chosen for item, _amount in one.dunning_items))

    def _dunning_same(self, choice, means, payer, tokenize):
        """Return the one that is the same payment: it goes on, instead of a second one that would be paid as well.

        A means of payment that was saved is charged at once, and is never charged again.
        """
        return self.filtered(lambda one: (
            {item: Decimal(amount) for item, amount in one.dunning_items} == dict(choice.shares)
            and (one.currency_id.id, one.partner_id) == (choice.currency_id, payer)
            and (one.provider_id.id, one.payment_method_id.id) == (means["provider_id"], means["payment_method_id"])
            and means["flow"] != "token" and one.operation == f"online_{means['flow']}"
            and (tokenize or not one.tokenize)
        ))[:1]  # fmt: skip

    # === WHAT IT SETTLES === #

    def _create_child_transaction(self, amount, is_refund=False, **custom_create_values):
        """What is captured of an authorised payment settles the same items."""
        child = super()._create_child_transaction(amount, is_refund=is_refund, **custom_create_values)
        if self.dunning_items and not is_refund and not child.dunning_items:
            child.sudo().dunning_items = self.dunning_items
        return child

    def _create_payment(self, **extra_create_values):
        """Settle what the customer chose.

        A payment whose method has no outstanding account makes no entry, and Odoo then shows all of its invoices as
        paid; an invoice of which a part only was paid would not be reminded any more.

        Two payments that are booked at once meet on the items that they settle, or here when they make no entry: the
        second one begins again, and sees that nothing is left.
        """
        if self.dunning_items and not self._dunning_pays_all():
            extra_create_values.setdefault("invoice_ids", False)
        excess = self._dunning_too_much()
        payment = super()._create_payment(**extra_create_values)
        if self.dunning_items and not payment.move_id:
            for account in self._dunning_account():
                account._let_one_in()
        if excess:
            self._dunning_note_too_much(payment, excess)
        return payment

    def _dunning_note_too_much(self, payment, excess):
        """Keep how much of a payment was owed no more, and tell the person in charge."""
        self.sudo().dunning_excess = excess
        with apart(self.env, self._dunning_not_told):
            self._dunning_tell_too_much(payment)

    def _dunning_pays_all(self):
        """Tell whether this settles all that is open of its invoices."""
        paid = {item: float(amount) for item, amount in self.dunning_items}
        open_items = (self.source_transaction_id or self).invoice_ids.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable" and not line.reconciled
        )
        return all(
            line.currency_id.compare_amounts(paid.get(line.id, 0.0), line.amount_residual_currency) >= 0
            for line in open_items
        )

    def _dunning_made(self, payment):
        """Tell whether a payment is the one that was made of this: whoever may enter payments can say so of any."""
        return self.payment_id == payment or payment.env.su and not self.payment_id

    def _dunning_settle(self, payment):
        """Reconcile the entry of a payment with the items that the customer chose.

        Odoo would take the oldest of all the instalments of the invoices. What is paid in full comes first: one
        item that is paid in part takes what is left.
        """
        lines = payment.move_id.line_ids.filtered(lambda line: line.account_id == payment.destination_account_id)
        amounts = {item: float(amount) for item, amount in self.dunning_items}
        items = self.env["account.move.line"].browse(amounts).exists().filtered(
            lambda item: item.account_id == payment.destination_account_id and item.parent_state == "posted"
        )
        for item in items.sorted(
            lambda item: item.currency_id.compare_amounts(amounts[item.id], item.amount_residual_currency) < 0
        ):
            (item + lines).filtered(lambda line: not line.reconciled).reconcile()

    # === MORE THAN WAS OWED === #

    def _dunning_too_much(self):
        """Return what of a payment that has come, and is not booked yet, is more than was owed of what it is meant for.

        Of a payment that was made on a page of Odoo's, all of it when its invoices are paid: it may be an advance.
        """
        if self.operation in ("validation", "refund") or self.amount <= 0:
            return 0.0
        if not self.dunning_items:
            lines = self._dunning_receivable(self.invoice_ids.line_ids)
            return self.amount if lines and all(line.reconciled for line in lines) else 0.0
        left = self._dunning_left()
        owed = sum(min(float(share), left.get(item, 0.0)) for item, share in self.dunning_items)
        return self.currency_id.round(max(0.0, self.amount - owed))

    def _dunning_receivable(self, lines):
        return lines.filtered(
            lambda line: line.account_id.account_type == "asset_receivable" and line.parent_state == "posted"
        )

    def _dunning_left(self):
        """Return ``{item id: what is left of it}``, less what came of it before without an entry."""
        items = self.env["account.move.line"].browse([item for item, _share in self.dunning_items]).exists()
        left = {
            item.id: max(0.0, item.amount_residual_currency)
            for item in self._dunning_receivable(items) if item.currency_id == self.currency_id
        }  # fmt: skip
        before = self.search([
            *self._dunning_of(self.partner_id.commercial_partner_id, self.company_id.root_id), ("id", "!=", self.id),
            ("state", "=", "done"), ("payment_id.move_id", "=", False), ("payment_id.state", "=", "in_process"),
        ])  # fmt: skip
        for other in before.filtered("dunning_items"):
            amount = other.amount
            for item, share in other.dunning_items:
                taken = min(float(share), amount, left.get(item, 0.0))
                amount -= taken
                if item in left:
                    left[item] -= taken
        return left

    def _dunning_account(self):
        """Return the account of whoever pays; empty when he was never reminded."""
        return self.env["dunning.account"].sudo().search([
            ("partner_id", "=", self.partner_id.commercial_partner_id.id),
            ("company_id", "=", self.company_id.root_id.id),
        ])  # fmt: skip

    def _dunning_not_told(self, _error):
        _logger.exception("Nobody could be told that the payment %s was too much", self.reference)

    def _dunning_tell_too_much(self, payment):
        """Give the person in charge the task to pay back what was too much, or to allocate it; note it in any case."""
        account = self._dunning_account().with_user(SUPERUSER_ID)
        if not account:
            return
        person, company = account._person_in_charge(), account.company_id
        own = account.with_context(lang=person.lang or company.partner_id.lang or self.env.lang)
        items = self.env["account.move.line"].browse([item for item, _share in self.dunning_items or []]).exists()
        documents = items.mapped("dunning_name") if items else self.invoice_ids.mapped("name")
        words = own.env._(
            "%(amount)s came with the online payment %(reference)s (%(payment)s) for %(documents)s. %(excess)s of it "
            "was owed no more: it had been paid by another way. Please pay it back, or allocate it to other invoices; "
            "the customer reads that you do one or the other.",
            amount=format_amount(own.env, self.amount, self.currency_id), reference=self.reference,
            payment=payment.display_name,
            documents=own.env["dunning.frame"]._names_in_words(own.env, list(dict.fromkeys(documents))),
            excess=format_amount(own.env, self.dunning_excess, self.currency_id),
        )  # fmt: skip
        own._message_log(body=words)
        if person:
            day = company._dunning_today()
            own.activity_schedule(
                TO_DO, company._dunning_calendar(day).next_open(day), user_id=person.id, automated=True,
                summary=own.env._("Paid too much: %(excess)s", excess=format_amount(
                    own.env, self.dunning_excess, self.currency_id
                )),
                note=plaintext2html(words),
            )  # fmt: skip

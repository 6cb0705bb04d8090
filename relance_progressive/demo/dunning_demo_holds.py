from datetime import timedelta
from decimal import Decimal

from odoo import Command, models

from ..core.said.instalments import instalments

# What customers said, or what was decided about them: the last column of customers.csv.


class DunningDemo(models.AbstractModel):
    """Promises, disputes, pauses and money on its way, as a company has them on any day."""

    _inherit = "dunning.demo"

    def _create_holds(self, rows, customers, today):
        """Record what each customer promised, contests, or why he is left in peace."""
        for row, customer in zip(rows, customers, strict=True):
            if row["now"]:
                kind, _blank, detail = row["now"].partition(" ")
                account = self.env["dunning.account"]._of(customer, self.env.company)
                getattr(self, f"_hold_{kind}")(account, detail, today)

    def _open_items(self, account):
        return account._promisable().filtered(lambda item: item.move_id.payment_state != "blocked")

    # === PROMISES === #

    def _promise(self, account, made, dates, items, **values):
        return self.env["dunning.promise"]._record(account, dates, items, day=made, show=False, **values)

    def _hold_promised(self, account, days, today):
        """Promise the oldest item for a coming day."""
        item = self._open_items(account)[:1]
        dates = [(today + timedelta(days=int(days)), item.amount_residual)]
        self._promise(
            account, today - timedelta(days=2), dates, item, source="call", words="Virement prévu dès l'encaissement."
        )

    def _hold_broke(self, account, days, today):
        """Promise the oldest item for a day that has passed without money."""
        item, day = self._open_items(account)[:1], today - timedelta(days=int(days))
        self._promise(account, day - timedelta(days=10), [(day, item.amount_residual)], item, source="email")

    def _hold_kept(self, account, days, today):
        """Promise half of the oldest item, and pay it in time."""
        item, day = self._open_items(account)[:1], today - timedelta(days=int(days))
        amount = account.currency_id.round(item.amount_residual / 2)
        self._promise(account, day - timedelta(days=8), [(day, amount)], item, source="call")
        paid_on = day - timedelta(days=1)
        payment = self.env["account.payment"].create(self._payment(account.partner_id, amount, paid_on, item.move_name))
        payment.action_post()
        self._match([(item.move_id, payment.move_id)])

    def _hold_plan(self, account, count, today):
        """Agree on instalments of all that is open, one a month."""
        items = self._open_items(account)
        total = Decimal(str(account.currency_id.round(sum(items.mapped("amount_residual")))))
        dates = instalments(total, today + timedelta(days=10), int(count), "month")
        self._promise(
            account, today - timedelta(days=4), dates, items, source="letter", accelerates=True,
            accepted_on=today - timedelta(days=4), override="Accord du directeur financier.",
        )  # fmt: skip

    # === DISPUTES AND PAUSES === #

    def _hold_contests(self, account, detail, today):
        """Contest the oldest item, or an amount of it: the reason, then the amount."""
        reason, _blank, amount = detail.partition(" ")
        item = self._open_items(account)[:1]
        said = {
            "quality": "Deux vantaux sont rayés, nous demandons un avoir.",
            "order": "Notre numéro de commande manque sur la facture.",
        }[reason]
        line = {"move_line_id": item.id} | ({"amount": float(amount)} if amount else {"whole": True})
        self.env["dunning.dispute"].create({
            "account_id": account.id, "opened_on": today - timedelta(days=6), "statement": said,
            "reason_id": self.env.ref(f"relance_progressive.dispute_reason_{reason}").id,
            "line_ids": [Command.create(line)],
        })  # fmt: skip

    def _hold_paused(self, account, days, today):
        """Leave the customer in peace for some days."""
        self.env["dunning.pause"].create({
            "scope": "account", "account_id": account.id, "company_id": account.company_id.id, "kind": "check",
            "reason": "Relevé de compte à rapprocher avec le client", "date_from": today - timedelta(days=3),
            "until": today + timedelta(days=int(days)),
        })  # fmt: skip

    def _hold_protected(self, account, _detail, _today):
        """Do not lose this customer."""
        account.write({"protected": True, "protected_stage": "friendly"})

    # === MONEY ON ITS WAY === #

    def _hold_transferred(self, account, days, today):
        """Receive on the bank account what nobody has matched yet."""
        item = self._open_items(account)[:1]
        self.env["account.bank.statement.line"].create({
            "journal_id": self._bank_journal().id, "date": today - timedelta(days=int(days)),
            "payment_ref": f"VIR {account.partner_id.name} {item.move_name}", "partner_id": account.partner_id.id,
            "amount": item.amount_residual,
        })  # fmt: skip

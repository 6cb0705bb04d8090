from odoo import api, models
from odoo.tools import ormcache


class DunningPortal(models.AbstractModel):
    """How to pay by a transfer."""

    _inherit = "dunning.portal"

    @api.model
    def _transfer(self, account, owed, late):
        """Return how to pay what is overdue by a transfer (all of it when nothing is): account, reference, QR code.

        With the penalties that are claimed, as in a letter: but for those that paying the invoices in time spares.

        :param late: penalties by item, as :meth:`_penalties` gives them
        """
        due = [item for item in owed[0] if item.to_transfer > 0]
        due = [item for item in due if item.late > 0] or due
        if not due:
            return {}
        asked = {
            item.row["id"]: float(own.asked)
            for item in due if (own := late.get(item.row["id"])) and own.asked and not own.spared_until
        }  # fmt: skip
        sums = self._sums(due, lambda item: item.to_transfer + asked.get(item.row["id"], 0.0), account)
        (move,) = self._read(self.env["account.move"].browse(due[0].row["move_id"]))
        named = self.env["res.partner.bank"].browse(move["partner_bank_id"])
        bank = named or account.company_id.partner_id.bank_ids[:1]
        if not bank:
            return {}
        reference = self._payment_reference(account, due, move)
        return {
            "holder": bank.acc_holder_name or account.company_id.name,
            "iban": bank.acc_number,
            "bic": bank.bank_bic or "",
            "reference": reference,
            "amount": self._amounts(sums),
            "penalties": self._amounts(self._sums(
                [item for item in due if item.row["id"] in asked], lambda item: asked[item.row["id"]], account
            )) if asked else "",
            "qr": self._qr_code(account, bank, sums, reference),
        }  # fmt: skip

    def _payment_reference(self, account, due, move):
        """Return what to write on the transfer: the invoice when there is one, else the last reminder."""
        if len({item.row["move_id"] for item in due}) == 1:
            return move["payment_reference"] or due[0].row["name"]
        last = self.env["dunning.reminder"].search(
            [("account_id", "=", account.id), ("state", "=", "sent")], order="date DESC, id DESC", limit=1
        )
        return last.name or account.partner_id.ref or account.partner_id.name

    def _qr_code(self, account, bank, sums, reference):
        """Return the picture of the transfer as a data URL; a transfer has one currency."""
        if len(sums) != 1:
            return ""
        ((currency_id, amount),) = sums.items()
        currency = self.env["res.currency"].browse(currency_id)
        holder = bank.acc_holder_name or bank.partner_id.name
        return self._drawn(
            bank.id, currency_id, account.partner_id.id, currency.round(amount), reference,
            (bank.acc_number, bank.bank_bic, holder),
        )  # fmt: skip

    @ormcache("bank_id", "currency_id", "customer_id", "amount", "reference", "where")
    def _drawn(self, bank_id, currency_id, customer_id, amount, reference, where):
        """Draw a transfer once for everybody who looks at the page: it is what takes longest.

        :param where: what else the code says: a bank account that is corrected is drawn anew
        """
        bank, currency = self.env["res.partner.bank"].browse(bank_id), self.env["res.currency"].browse(currency_id)
        customer = self.env["res.partner"].browse(customer_id)
        return self.env["dunning.letter"]._draw_safely(bank, amount, reference, currency, customer)

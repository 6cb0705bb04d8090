from odoo import api, models
from odoo.tools import ormcache

from .portal_asks import AGREED


class DunningPortal(models.AbstractModel):
    """How to pay by a transfer."""

    _inherit = "dunning.portal"

    @api.model
    def _transfers(self, account, asks, late):
        """Return how to pay what is asked for by transfer: for each ask one transfer to each payee, the oldest first.

        With the penalties that are claimed, as in a letter: but for those that paying the invoices in time spares.
        With several payees, one of whom has no bank account in use, its transfer has no ``iban``.

        :param asks: as :meth:`_asks` gives them
        :param late: penalties by item, as :meth:`_penalties` gives them
        """
        return [transfer for ask in asks for transfer in self._transfers_of(account, ask, late, len(asks) > 1)]

    def _transfers_of(self, account, ask, late, among_others):
        asked = {} if ask.kind == AGREED else {
            item.row["id"]: float(own.asked)
            for item, _amount in ask.shares
            if (own := late.get(item.row["id"])) and own.asked and not own.spared_until
        }  # fmt: skip
        lines = self.env["account.move.line"].browse(item.row["id"] for item, _amount in ask.shares)
        accounts = self.env["dunning.payee"]._accounts(lines)
        by_payee = {}
        for item, amount in ask.shares:
            by_payee.setdefault(accounts[item.row["id"]], []).append((item, amount))
        transfers = [self._transfer(account, bank, own, asked, len(by_payee) > 1) for bank, own in by_payee.items()]
        title = self._title_of(ask) if among_others or ask.kind == AGREED else ""
        found = [transfer | {"kind": ask.kind, "title": title} for transfer in transfers]
        return found if any(transfer["iban"] for transfer in found) else []

    def _transfer(self, account, bank, shares, asked, among_several):
        """Return the transfer to one payee in words: account, sum, reference, QR code."""
        due = [item for item, _amount in shares]
        sums = self._sums_of((item, amount + asked.get(item.row["id"], 0.0)) for item, amount in shares)
        late = [item for item in due if item.row["id"] in asked]
        reference = self._payment_reference(account, due)
        return {
            "holder": bank.acc_holder_name or account.company_id.name,
            "iban": bank.acc_number or "",
            "bic": bank.bank_bic or "",
            "reference": reference,
            "amount": self._amounts(sums),
            "penalties": self._amounts(self._sums(late, lambda item: asked[item.row["id"]], account)) if late else "",
            "documents": self._names_of(due) if among_several else "",
            "qr": self._qr_code(account, bank, sums, reference) if bank else "",
        }  # fmt: skip

    def _names_of(self, items):
        return self.env["dunning.frame"]._names_in_words(self.env, [item.row["name"] for item in items])

    def _payment_reference(self, account, due):
        """Return what to write on the transfer: the invoice when there is one, else the last reminder."""
        first = due[0].row
        if len({(item.row["move_id"], item.row["name"]) for item in due}) == 1:
            (move,) = self._read(self.env["account.move"].browse(first["move_id"]))
            return first["move_type"] != "entry" and move["payment_reference"] or first["name"]
        last = self.env["dunning.reminder"].search_fetch(
            [("account_id", "=", account.id), ("state", "=", "sent")], ["name"], order="date DESC, id DESC", limit=1
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

import base64
import binascii
import hashlib
import json
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools.misc import consteq, hmac

from ..answers.form_fields import Form
from ..answers.forms import FORM_DAYS

SCOPE = "relance_progressive.portal.pay"


class Choice(NamedTuple):
    """What a customer wants to pay with one payment, in one currency."""

    currency_id: int
    shares: tuple[tuple[int, Decimal], ...]  # (item, amount of it), oldest first

    @property
    def total(self):
        return sum(amount for _item, amount in self.shares)


class PayForm(Form):
    """What is to be paid online: only what may be paid counts, at what is left of it."""

    def __init__(self, service, account, owed, day, form, currency_id):
        super().__init__(service, account, owed, day, form, [])
        self.open = service._payable(account, owed, currency_id)
        self.exact = {key: service._exact(item) for key, item in self.open.items()}
        asks, whole = service._asks(owed, day)
        named = (form.get("what") or [""])[0]
        # The one that was chosen, else what is asked for first; all of it, where an amount is more than that.
        self.asks = [ask for ask in [*asks, whole] if ask and named in ("", ask.kind)]

    def _read_item(self):
        """Return the items that are meant: those ticked, else those that are asked for."""
        if self.text.get("item") or self.first("numbers").strip():
            return super()._read_item()
        offered = [found for ask in self.asks if (found := self._exact_shares(ask))]
        if not offered:
            return [], self.env._("Nothing is left to pay.")
        wanted, _why = self._read_amount()
        enough = [found for found in offered if wanted and sum(found.values()) >= wanted]
        self.exact = (enough or offered[-1:] if wanted else offered)[0]
        return list(self.exact), ""

    def _exact_shares(self, ask):
        """Return ``{item id: amount}`` of what can be paid online of an ask, to the cent."""
        exact = {item.row["id"]: self.service._rounded(item, amount) for item, amount in ask.shares}
        return {key: min(amount, self.exact[key]) for key, amount in exact.items() if key in self.exact}


class DunningPortal(models.AbstractModel):
    """What is paid online. What the browser sends is a wish: items and amounts are taken from what is owed."""

    _inherit = "dunning.portal"

    @api.model
    def _payable(self, account, owed, currency_id=None):
        """Return ``{item id: Owed}`` of what may be paid: neither on its way already nor contested.

        Nor what is owed to another payee, a factor say: what is paid online arrives at the company.
        """
        others = self._by_transfer_only(account, owed)
        return {
            item.row["id"]: item
            for item in owed[0]
            if self._exact(item) > 0 and currency_id in (None, item.row["currency_id"]) and item.row["id"] not in others
        }

    @api.model
    def _by_transfer_only(self, account, owed):
        """Return ``{item id: (Owed, name of the payee)}`` of what is to be paid to somebody else than the company."""
        payees, found = self.env["dunning.payee"], {}
        accounts = payees._accounts(self.env["account.move.line"].browse(item.row["id"] for item in owed[0]))
        foreign = {bank for bank in set(accounts.values()) if payees._is_of_another(bank, account.company_id)}
        for item in owed[0]:
            if (bank := accounts[item.row["id"]]) in foreign and item.payable > 0:
                found[item.row["id"]] = (item, payees._holder(bank))
        return found

    def _exact(self, item):
        """Return what may be paid of an item, to the cent."""
        return self._rounded(item, item.payable)

    def _rounded(self, item, amount):
        currency = self.env["res.currency"].browse(item.row["currency_id"])
        return Decimal(str(currency.round(amount)))

    @api.model
    def _choose(self, account, owed, day, form):
        """Read what a customer wants to pay.

        :param form: ``{name: [text]}``: ``item``, ``amount``, ``currency``, ``what`` (the kind of an ask)
        :return: ``(Choice or None, {name: what is wrong}, {name: what was typed})``
        """
        named = (form.get("currency") or [""])[0]
        currency_id = int(named) if named.isascii() and named.isdecimal() and len(named) < 10 else None
        read = PayForm(self, account, owed, day, form, currency_id)
        read.take("item")
        read.take("amount", required=False)
        choice = None if read.wrong else self._share_out(read)
        text = {"item": read.text.get("item", []), "what": (form.get("what") or [""])[0]}
        text |= {name: read.first(name) for name in ("amount", "numbers")}
        return choice, read.wrong, text

    def _share_out(self, read):
        """Return the choice: all of the items, or an amount that settles them one after the other."""
        items = [read.open[key] for key in read.values["item"]]
        currency = self.env["res.currency"].browse(items[0].row["currency_id"])
        if any(item.row["currency_id"] != currency.id for item in items):
            read.wrong["item"] = self.env._("One payment has one currency: tick the invoices in one of them.")
            return None
        total = sum(read.exact[key] for key in read.values["item"])
        left = read.values["amount"] or total
        if left > total:
            read.wrong["amount"] = self.env._("%(amount)s at most.", amount=self._amount(float(total), currency.id))
        elif left != Decimal(str(currency.round(float(left)))):
            read.wrong["amount"] = self.env._("Please type an amount above zero, such as 250.00.")
        shares = []
        for item in items:
            if (share := min(left, read.exact[item.row["id"]])) > 0:
                shares.append((item.row["id"], share))
                left -= share
        return None if read.wrong else Choice(currency.id, tuple(shares))

    @api.model
    def _choice_of(self, payment):
        """Return the choice with which a payment was begun."""
        shares = tuple((item, Decimal(amount)) for item, amount in payment.dunning_items)
        return Choice(payment.currency_id.id, shares)

    # === FROM THE PAGE TO THE PAYMENT === #

    def _seal_choice(self, account, choice, day):
        """Return a choice as text that the payment form gives back: of this account, of this day."""
        shares = [[item, str(amount)] for item, amount in choice.shares]
        content = json.dumps([day.toordinal(), choice.currency_id, shares], separators=(",", ":"))
        head = base64.urlsafe_b64encode(content.encode()).decode()
        return f"{head}.{self._sign_choice(account, head)}"

    def _sign_choice(self, account, head):
        return hmac(account.env(su=True), SCOPE, (account.id, head), hash_function=hashlib.sha256)[:32]

    def _open_choice(self, account, text, day):
        """Return the choice that we sealed for this account lately, or nothing."""
        head, _point, signature = text.rpartition(".")
        if not text.isascii() or not consteq(self._sign_choice(account, head), signature):
            return None
        try:
            ordinal, currency_id, shares = json.loads(base64.urlsafe_b64decode(head))
        except (binascii.Error, ValueError):
            return None
        if not 0 <= day.toordinal() - ordinal <= FORM_DAYS:
            return None
        return Choice(currency_id, tuple((item, Decimal(amount)) for item, amount in shares))

    @api.model
    def _may_still_pay(self, account, choice):
        """Tell whether all of a choice is still owed, and not on its way: asked right before a payment begins."""
        owed = self._payable(
            account, self._owed(account, account.company_id._dunning_today()), choice.currency_id
        )
        return all(item in owed and amount <= self._exact(owed[item]) for item, amount in choice.shares)

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import ormcache

from ...core.plain.days import bracket

OVERDUE, AGREED, OWED, ALL = "overdue", "agreed", "owed", "all"
PLACES = 6  # to which sums of floats are exact
IN_PAYMENT = "in_payment"  # the reason code of what is being paid already


class Owed(NamedTuple):
    """An open item with what is known of it; amounts in its currency, unless said otherwise."""

    row: dict  # of queries.items
    late: int  # days; 0 or less: not due yet
    excluded: str  # the reason code of what is not claimed, or empty
    covered: float = 0.0  # by money on its way
    dates: tuple[tuple[date, float], ...] = ()  # what is promised of it: (day, amount), the earliest first
    contested: float = 0.0

    @property
    def promised(self):
        """What is promised of it in all."""
        return sum(amount for _day, amount in self.dates)

    @property
    def left(self):
        """What is left once the money on its way has arrived, claimed or not."""
        return 0.0 if self.excluded == IN_PAYMENT else round(self.row["balance"] - self.covered, PLACES)

    @property
    def to_pay(self):
        """The same of what is claimed: nothing of an item that is not."""
        return 0.0 if self.excluded else self.left

    @property
    def payable(self):
        """What the customer may pay, claimed or not: nobody takes money for what is being examined."""
        return max(0.0, round(self.left - self.contested, PLACES))

    @property
    def agreed(self):
        """What is still to come of the promised dates: ``((day, amount), ...)``, the earliest first.

        Money that is meant for what is promised pays the earliest date; what is contested is taken off the last one.
        """
        paid = max(0.0, self.covered - max(0.0, self.row["balance"] - self.promised))
        room, found = self.payable, []
        for day, amount in self.dates:
            paid, amount = max(0.0, paid - amount), max(0.0, amount - paid)
            if (share := round(min(room, amount), PLACES)) > 0:
                found.append((day, share))
                room -= share
        return tuple(found)

    @property
    def unpromised(self):
        """What is left to pay, less what is agreed to come later; what is contested is among it."""
        return max(0.0, round(self.to_pay - sum(amount for _day, amount in self.agreed), PLACES))

    @property
    def to_claim(self):
        """What a reminder would ask for today: neither what is being examined, nor what is promised."""
        return max(0.0, round(self.to_pay - self.contested - self.promised, PLACES))

    @property
    def is_overdue(self):
        """Tell whether it is late with something for which no other day was agreed."""
        return self.late > 0 and self.unpromised > 0


class Ask(NamedTuple):
    """What the page shows how to pay in one go, by transfer and online."""

    kind: str
    shares: tuple[tuple[Owed, float], ...]  # what is paid of each item, in its currency
    day: date | None = None  # for which it was agreed


class DunningPortal(models.AbstractModel):
    """What is asked for: what is overdue, and what was agreed as it was agreed; all of it where the customer wants."""

    _inherit = "dunning.portal"

    @api.model
    def _asks(self, owed, day):
        """Return ``(what is asked for, all that can be paid if that is more)``, ``Ask`` each.

        What is overdue comes first, then the next agreed payment. Where there is neither, all that falls due later;
        where nothing is claimed at all, whatever is open: who wants to pay always can.
        """
        items = owed[0]
        asks = [Ask(OVERDUE, tuple((item, item.to_claim) for item in items if item.late > 0 and item.to_claim > 0))]
        if agreed := self._agreed(items, day)[:1]:
            ((on, _due, shares),) = agreed
            asks.append(Ask(AGREED, shares, on))
        asks = [ask for ask in asks if ask.shares]
        if not asks:
            shares = tuple((item, item.payable) for item in items if not item.excluded and item.payable > 0)
            asks = [Ask(OWED, shares)] if shares else []
        whole = Ask(ALL, tuple((item, item.payable) for item in items if item.payable > 0))
        if not asks and whole.shares:
            return [whole], None
        asked = sum(amount for ask in asks for _item, amount in ask.shares)
        return asks, whole if sum(amount for _item, amount in whole.shares) > asked + 1e-6 else None

    @api.model
    def _agreed(self, items, day):
        """Return ``[(day, whether it has come, ((Owed, amount), ...))]`` of what was promised, the next day first.

        Dates that have come, and are not given up yet, are one payment: the earliest names it.
        """
        by_day = {}
        for item in items:
            for on, amount in item.agreed:
                by_day.setdefault(on, []).append((item, amount))
        come = sorted(on for on in by_day if on <= day)
        found = [(come[0], True, tuple(share for on in come for share in by_day[on]))] if come else []
        return found + [(on, False, tuple(by_day[on])) for on in sorted(by_day.keys() - come)]

    def _sums_of(self, shares):
        """Return ``{currency id: total}`` of shares of items."""
        sums = {}
        for item, amount in shares:
            currency = item.row["currency_id"]
            sums[currency] = sums.get(currency, 0.0) + amount
        return sums

    def _title_of(self, ask):
        """Return in words what is asked for."""
        if ask.kind == AGREED:
            return self.env._("The next agreed payment, for %(day)s", day=self._day(ask.day))
        return {
            OVERDUE: self.env._("What is overdue"),
            OWED: self.env._("What falls due later"),
            ALL: self.env._("All that is open"),
        }[ask.kind]

    # === AGEING === #

    def _ageing(self, items, account):
        """Return ``[(bracket in words, amounts in words, share of the whole in percent)]``.

        Amounts are in the currencies of the invoices, shares those of what they are worth in the company's. What is
        agreed for a later day is not late, nor is what is not claimed: they stand by themselves.
        """
        env, shares = self.env, [[] for _label in range(7)]
        for item in items:
            late, agreed, unclaimed = self._ageing_parts(item)
            shares[bracket(item.late)].append((item, late))
            shares[5].append((item, agreed))
            shares[6].append((item, unclaimed))
        labels = (
            env._("Due later"), env._("1 to 30 days late"), env._("31 to 60 days late"), env._("61 to 90 days late"),
            env._("More than 90 days late"), env._("To pay as agreed"), env._("Not claimed at present"),
        )  # fmt: skip
        sums = [sum(amount for _item, amount in own) for own in shares]
        whole, nothing = sum(sums), {account.currency_id.id: 0.0}
        return [
            (
                label,
                self._amounts(self._sums_of(self._in_own_currency(own)) or nothing),
                round(100 * amount / whole) if whole else 0,
            )
            for place, (label, own, amount) in enumerate(zip(labels, shares, sums, strict=True))
            if place < 5 or amount
        ]

    def _in_own_currency(self, shares):
        """Yield ``(item, amount)`` in the currency of each item, of amounts in that of the company."""
        for item, amount in shares:
            if amount:
                own, booked = (Decimal(str(item.row[name])) for name in ("balance", "balance_company"))
                yield item, float(amount * own / booked)

    def _ageing_parts(self, item):
        """Return what is open of an item by its due date, as agreed, and not claimed; in the company's currency."""
        whole, zero = Decimal(str(item.row["balance_company"])), Decimal(0)
        if item.excluded:
            return zero, zero, whole
        agreed = sum(amount for _day, amount in item.agreed) * item.row["balance_company"] / item.row["balance"]
        agreed = min(whole, Decimal(str(round(agreed, 6))))
        return whole - agreed, agreed, zero

    # === TRANSFER === #

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

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models

from ..core import claims
from ..core.ageing import ageing
from ..core.discount import discounted
from ..core.documents import document_of
from ..core.netting import owed_of
from . import queries

ROWS = 50  # items on one page
STATES_OF_PROMISE = ("open", "partly", "broken")
STATES_OF_DISPUTE = ("open", "accepted", "partly", "rejected")


class Owed(NamedTuple):
    """An open item with what is known of it; amounts in its currency, unless said otherwise."""

    row: dict  # of queries.items
    late: int  # days; 0 or less: not due yet
    excluded: str  # the reason code of what is not claimed, or empty
    covered: float = 0.0  # by money on its way
    promised: float = 0.0
    promised_for: date | None = None
    contested: float = 0.0

    @property
    def to_pay(self):
        """What is left once the money on its way has arrived."""
        return 0.0 if self.excluded else self.row["balance"] - self.covered

    @property
    def to_claim(self):
        """What a reminder would ask for today: neither what is being examined, nor what is promised."""
        return max(0.0, self.to_pay - self.contested - self.promised)

    @property
    def to_transfer(self):
        """What the customer is shown how to pay: nobody asks for what is being examined."""
        return max(0.0, self.to_pay - self.contested)


class DunningPortal(models.AbstractModel):
    """What is owed: the items, the money on its way, promises, disputes, how to pay."""

    _inherit = "dunning.portal"

    @api.model
    def _owed(self, account, day):
        """Return ``(items, credits)``: the open items oldest first, and the money on its way, as the decision does."""
        customer = account.partner_id.id
        _plan, facts = account._read_facts(account.company_id, [customer], day)[customer]
        holds = tuple(account._holds(account.company_id, [customer], day).get(customer, ()))
        facts = discounted(facts._replace(holds=facts.holds + holds), day)
        items = sorted((item for item in facts.items if item.amount > 0), key=lambda item: (item.due, item.id))
        found = claims.owed(items, facts, day)
        covers = found.own_covers or found.covers
        rows = {row["id"]: row for row in self.env.execute_query_dict(queries.items(self.env, [i.id for i in items]))}
        held = self._held(items, holds, day, facts.units)
        shown = [
            self._owed_item(item, rows[item.id], covers[index] if covers else 0, held.get(item.id, {}), day)
            for index, item in enumerate(items)
        ]  # fmt: skip
        return shown, facts.credits

    def _owed_item(self, item, row, cover, held, day):
        """Return an item as the decision sees it: less a cash discount that was taken."""
        row = row | {"balance": float(owed_of(item)), "balance_company": float(item.amount)}
        contested, (promised, promised_for) = held.get("dispute", (0, None))[0], held.get("promise", (0, None))
        return Owed(
            row, (day - item.due).days, item.excluded, float(cover), float(promised), promised_for, float(contested)
        )

    def _held(self, items, holds, day, units):
        """Return ``{item id: {"promise" or "dispute": (amount in the currency of the item, day)}}``.

        Why else an item is left in peace is the company's business.
        """
        by_id, held = {item.id: item for item in items}, {}
        for hold in holds:
            if hold.reason == "plan":
                hold = hold._replace(reason="promise")
            if hold.item in by_id and hold.reason in ("promise", "dispute") and claims.is_active(hold, day):
                own = held.setdefault(hold.item, {})
                amount, named = own.get(hold.reason, (Decimal(0), None))
                until = hold.named or hold.until
                item = by_id[hold.item]
                own[hold.reason] = (
                    min(amount + claims.held_own([hold], item, units), owed_of(item)),
                    min(filter(None, (named, until)), default=None),
                )
        return held

    # === STATEMENT === #

    @api.model
    def _statement(self, account, owed, late, day, number=1, rows=ROWS):
        """Return the statement by due date: totals, ageing and the rows of one page.

        :param late: penalties by item, as :meth:`_penalties` gives them
        """
        items, _credits = owed
        pages = max(1, -(-len(items) // rows))
        number = max(1, min(number, pages))
        shown = items[(number - 1) * rows : number * rows]
        slips = self._with_slips(account, {item.row["move_id"] for item in shown})
        return self._totals(account, items) | {
            "more": len(items) - len(shown),
            "rows": [
                self._row(item) | self._penalty_cells(item, late) | {"slip": item.row["move_id"] in slips}
                for item in shown
            ],
            "page": number,
            "pages": pages,
            "penalties": self._penalties_in_words(items, shown, late, day),
            "ageing": self._ageing(items, account),
        }

    @api.model
    def _totals(self, account, items):
        """Return what is owed in all, and how much of it is overdue, in words."""
        late = [item for item in items if item.late > 0 and not item.excluded]
        return {
            "count": self._count(items),
            "late_count": self._count(item for item in late if item.to_pay > 0),
            "overdue": self._total(late, "to_pay", account),
            "is_late": any(item.to_pay > 0 for item in late),
            "upcoming": self._total([item for item in items if item.late <= 0], "to_pay", account),
            "notice": account.amount_notice and self._amounts({account.currency_id.id: account.amount_notice}),
            "covered": self._total([item for item in items if item.covered], "covered", account),
            "contested": self._total([item for item in items if item.contested], "contested", account),
            "promised": self._total([item for item in items if item.promised], "promised", account),
            "total": self._amounts(self._sums(items, lambda item: item.row["balance"], account)),
        }

    def _count(self, items):
        """Return how many documents items are of."""
        rows = [item.row for item in items]
        return len({document_of(row["move_id"], row["name"] or "", row["id"], row["entry_number"]) for row in rows})

    def _sums(self, items, amount_of, account):
        """Return ``{currency id: total}``, that of the company when there is nothing."""
        sums = {}
        for item in items:
            currency = item.row["currency_id"]
            sums[currency] = sums.get(currency, 0.0) + amount_of(item)
        return sums or {account.currency_id.id: 0.0}

    def _total(self, items, name, account):
        return self._amounts(self._sums(items, lambda item: getattr(item, name), account)) if items else ""

    def _row(self, item):
        row = item.row
        currency, part = row["currency_id"], ""
        if row["count"] > 1:
            part = self.env._("instalment %(number)s of %(count)s", number=row["number"], count=row["count"])
        return {
            "id": row["id"],
            "invoice": row["move_id"] if row["move_type"] != "entry" else None,
            "number": row["name"] or "",
            "part": part,
            "reference": row["reference"] or "",
            "date": self._day(row["date"]),
            "due": self._day(row["due"]),
            "late": max(0, item.late),
            "amount": self._amount(row["amount"], currency),
            "balance": self._amount(row["balance"], currency),
            "partly": row["amount"] != row["balance"],
            "status": self._status(item),
        }

    def _status(self, item):
        """Return what is to be said of an item, in short sentences."""
        env, currency = self.env, item.row["currency_id"]
        words = []
        if item.excluded == "in_payment":
            words.append(env._("payment being processed"))
        elif item.excluded:
            words.append(env._("not claimed at present"))
        if item.covered:
            words.append(env._("%(amount)s on its way to us", amount=self._amount(item.covered, currency)))
        if item.contested:
            words.append(env._("%(amount)s contested", amount=self._amount(item.contested, currency)))
        if item.promised and item.promised_for:
            words.append(env._(
                "%(amount)s promised for %(day)s",
                amount=self._amount(item.promised, currency), day=self._day(item.promised_for),
            ))  # fmt: skip
        return words

    def _ageing(self, items, account):
        """Return ``[(bracket in words, amount in words, share of the whole in percent)]`` in the company's currency."""
        env, currency = self.env, account.currency_id
        sums = ageing((item.late, Decimal(str(item.row["balance_company"]))) for item in items)
        labels = (
            env._("Due later"), env._("1 to 30 days late"), env._("31 to 60 days late"),
            env._("61 to 90 days late"), env._("More than 90 days late"),
        )  # fmt: skip
        whole = sum(sums)
        return [
            (label, self._amount(float(amount), currency.id), round(100 * amount / whole) if whole else 0)
            for label, amount in zip(labels, sums, strict=True)
        ]

    # === AROUND === #

    @api.model
    def _money(self, account, owed):
        """Return the credits and payments on their way, in words."""
        words = {
            "payment": self.env._("Payment received, not allocated to an invoice yet"),
            "bank_line": self.env._("Transfer received, being allocated"),
            "direct_debit": self.env._("Direct debit in progress"),
            "transaction": self.env._("Online payment in progress"),
            "credit_note": self.env._("Credit note"),
        }
        notes = self.env["account.move.line"].search(
            [*account._open_item_domain(), ("amount_residual", "<", 0), ("move_id.move_type", "=", "out_refund")],
            order="date, id",
        )  # fmt: skip
        rows = [
            {
                "label": self.env._("Credit note %(number)s", number=note["move_name"]),
                "invoice": note["move_id"],
                "day": self._day(note["date"]),
                "amount": self._amount(-note["amount_residual_currency"], note["currency_id"]),
            }
            for note in self._read(notes)
        ]  # fmt: skip
        return rows + [
            {
                "label": words.get(credit.kind, words["payment"]),
                "invoice": None,
                "day": self._day(credit.day),
                "amount": self._amount(float(owed_of(credit)), credit.currency or account.currency_id.id),
            }
            for credit in owed[1] if credit.kind != "credit_note"
        ]  # fmt: skip

    @api.model
    def _promises(self, account):
        """Return the promises that still matter."""
        found = self.env["dunning.promise"].search([
            ("account_id", "=", account.id), ("state", "in", STATES_OF_PROMISE),
            "|", ("state", "=", "open"), ("amount_missing", ">", 0),
        ])  # fmt: skip
        words = {
            "open": self.env._("expected"),
            "partly": self.env._("partly kept"),
            "broken": self.env._("date passed"),
        }
        return [
            {
                "id": row["id"], "name": row["name"], "summary": row["summary"], "day": self._day(row["date"]),
                "state": row["state"], "words": words[row["state"]],
            }
            for row in self._read(found)
        ]  # fmt: skip

    @api.model
    def _disputes(self, account):
        """Return what is contested, and what was answered lately."""
        found = self.env["dunning.dispute"].search(
            [("account_id", "=", account.id), ("state", "in", STATES_OF_DISPUTE)], limit=20
        )
        words = {
            "open": self.env._("being examined"),
            "accepted": self.env._("accepted, a credit note follows"),
            "partly": self.env._("partly accepted"),
            "rejected": self.env._("rejected: the amount remains due"),
        }
        reasons = {reason.id: reason.name for reason in found.reason_id}
        return [
            {
                "id": row["id"], "name": row["name"], "invoices": row["invoice_names"], "amount": row["amount_text"],
                "reason": reasons[row["reason_id"]], "day": self._day(row["opened_on"]), "state": row["state"],
                "words": words[row["state"]],
            }
            for row in self._read(found)
        ]  # fmt: skip

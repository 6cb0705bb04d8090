from decimal import Decimal

from odoo import api, models

from ...core.decision import claims
from ...core.decision.netting import owed_of
from ...core.law.discount import discounted
from ...core.plain.documents import document_of
from ..door import rights
from . import queries
from .asks import IN_PAYMENT, Owed

STATES_OF_PROMISE = ("open", "partly", "broken")
STATES_OF_DISPUTE = ("open", "accepted", "partly", "rejected")
DATES = 3  # of a payment plan that stand beside an item; all of them stand among the agreed payments


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
        return [self._with_chosen(item, facts.credits) if item.excluded else item for item in shown], facts.credits

    def _with_chosen(self, item, credits):
        """Return what is not claimed with the money that the customer sent for it: no other money covers it."""
        chosen = sum(float(amount) for credit in credits for id_, amount in credit.meant_for if id_ == item.row["id"])
        return item._replace(covered=min(chosen, item.row["balance"]))

    def _owed_item(self, item, row, cover, held, day):
        """Return an item as the decision sees it: less a cash discount that was taken."""
        row = row | {"balance": float(owed_of(item)), "balance_company": float(item.amount)}
        dates = tuple(sorted((on, float(amount)) for on, amount in held.get("promise", {}).items()))
        contested = float(sum(held.get("dispute", {}).values()))
        return Owed(row, (day - item.due).days, item.excluded, float(cover), dates, contested)

    def _held(self, items, holds, day, units):
        """Return ``{item id: {"promise" or "dispute": {day: amount in the currency of the item}}}``.

        Why else an item is left in peace is the company's business. What is not claimed may be promised or contested
        as well.
        """
        by_id, held = {item.id: item._replace(excluded="") for item in items}, {}
        for hold in holds:
            reason = "promise" if hold.reason == "plan" else hold.reason
            if hold.item in by_id and reason in ("promise", "dispute") and claims.is_active(hold, day):
                item, own = by_id[hold.item], held.setdefault(hold.item, {}).setdefault(reason, {})
                on = hold.named or hold.until
                room = owed_of(item) - sum(own.values())
                own[on] = own.get(on, Decimal(0)) + min(room, claims.held_own([hold], item, units))
        return held

    # === STATEMENT === #

    @api.model
    def _statement(self, account, owed, late, day, number=1, rows=rights.MANY, find=""):
        """Return the statement by due date: totals, ageing and the rows of one page.

        :param late: penalties by item, as :meth:`_penalties` gives them
        :param find: part of the number or the reference of the items that are listed
        """
        items, _credits = owed
        find = find.strip().casefold()
        found = [item for item in items if self._is_called(item, find)] if find else items
        pages = max(1, -(-len(found) // rows))
        number = max(1, min(number, pages))
        shown = found[(number - 1) * rows : number * rows]
        slips = self._with_slips({item.row["move_id"] for item in shown})
        return self._totals(account, items) | {
            "more": len(items) - len(shown),
            "rows": [
                self._row(item) | self._penalty_cells(item, late) | {"slip": item.row["move_id"] in slips}
                for item in shown
            ],
            "page": number,
            "pages": pages,
            "found": len(found),
            "is_long": len(items) > rows,
            "penalties": self._penalties_in_words(items, shown, late, day),
            "ageing": self._ageing(items, account),
        }

    def _is_called(self, item, find):
        return any(find in (name or "").casefold() for name in (item.row["name"], item.row["reference"]))

    @api.model
    def _totals(self, account, items):
        """Return what is owed in all, and how much of it is overdue, in words."""
        late = [item for item in items if item.is_overdue]
        agreed = self._agreed(items, account.company_id._dunning_today())
        upcoming = [item for item in items if item.late <= 0 and item.unpromised > 0]
        unclaimed = [item for item in items if item.excluded and item.left > 0]
        return {
            "count": self._count(items),
            "late_count": self._count(late),
            "overdue": self._total(late, "unpromised", account),
            "is_late": bool(late),
            "agreed": [
                {"day": self._day(day), "amount": self._amounts(self._sums_of(shares)), "now": due}
                for day, due, shares in agreed
            ],
            "upcoming": self._total(upcoming, "unpromised", account),
            "unclaimed": self._total(unclaimed, "left", account),
            "notice": self._under_notice(account, late),
            "covered": self._total([item for item in items if item.covered], "covered", account),
            "contested": self._total([item for item in items if item.contested], "contested", account),
            "promised": self._total([item for item in items if item.promised], "promised", account),
            "total": self._amounts(self._sums(items, lambda item: item.row["balance"], account)),
        }

    def _under_notice(self, account, late):
        """Return how much of what is overdue is under formal notice, in words; nothing of what was agreed since."""
        overdue = sum(item.unpromised * item.row["balance_company"] / item.row["balance"] for item in late)
        amount, currency = min(account.amount_notice, overdue), account.currency_id
        foreign = {item.row["currency_id"] for item in late}
        if len(foreign) == 1 and overdue:  # of several nobody knows here which of them
            currency = currency.browse(foreign)
            amount = amount * sum(item.unpromised for item in late) / overdue
        return currency.round(amount) and self._amounts({currency.id: currency.round(amount)})

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
            "late": item.late if item.is_overdue else 0,
            "amount": self._amount(row["amount"], currency),
            "balance": self._amount(row["balance"], currency),
            "partly": row["amount"] != row["balance"],
            "status": self._status(item),
        }

    def _status(self, item):
        """Return what is to be said of an item, in short sentences."""
        env, currency = self.env, item.row["currency_id"]
        words = []
        if item.excluded == IN_PAYMENT:
            words.append(env._("payment being processed"))
        elif item.excluded:
            words.append(env._("not claimed at present"))
        if item.covered:
            words.append(env._("%(amount)s on its way to us", amount=self._amount(item.covered, currency)))
        if item.contested:
            words.append(env._("%(amount)s contested", amount=self._amount(item.contested, currency)))
        for day, amount in item.dates[:DATES]:
            words.append(env._(
                "%(amount)s promised for %(day)s", amount=self._amount(amount, currency), day=self._day(day)
            ))  # fmt: skip
        if rest := item.dates[DATES:]:
            words.append(env._(
                "%(amount)s promised until %(day)s", day=self._day(rest[-1][0]),
                amount=self._amount(sum(amount for _day, amount in rest), currency),
            ))  # fmt: skip
        return words

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
                "id": row["id"], "name": row["name"], "amount": row["amount_text"],
                "invoices": self.env["dunning.frame"]._names_in_words(self.env, row["invoice_names"].split(", ")),
                "reason": reasons[row["reason_id"]], "day": self._day(row["opened_on"]), "state": row["state"],
                "words": words[row["state"]],
            }
            for row in self._read(found)
        ]  # fmt: skip

from decimal import Decimal

from odoo import models

from ...core.plain.ageing import bracket


class DunningPortal(models.AbstractModel):
    """How late what is open is."""

    _inherit = "dunning.portal"

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

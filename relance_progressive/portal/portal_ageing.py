from decimal import Decimal

from odoo import models

from ..core.ageing import ageing


class DunningPortal(models.AbstractModel):
    """How late what is open is."""

    _inherit = "dunning.portal"

    def _ageing(self, items, account):
        """Return ``[(bracket in words, amount in words, share of the whole in percent)]`` in the company's currency.

        What is agreed for a later day is not late, nor is what is not claimed: they stand by themselves.
        """
        env, currency = self.env, account.currency_id
        parts = [(item, *self._ageing_parts(item)) for item in items]
        sums = ageing((item.late, own) for item, own, _agreed, _unclaimed in parts)
        rows = list(zip((
            env._("Due later"), env._("1 to 30 days late"), env._("31 to 60 days late"),
            env._("61 to 90 days late"), env._("More than 90 days late"),
        ), sums, strict=True))  # fmt: skip
        for place, label in ((2, env._("To pay as agreed")), (3, env._("Not claimed at present"))):
            if amount := sum(part[place] for part in parts):
                rows.append((label, amount))
        whole = sum(amount for _label, amount in rows)
        return [
            (label, self._amount(float(amount), currency.id), round(100 * amount / whole) if whole else 0)
            for label, amount in rows
        ]

    def _ageing_parts(self, item):
        """Return what is open of an item by its due date, as agreed, and not claimed; in the company's currency."""
        whole, zero = Decimal(str(item.row["balance_company"])), Decimal(0)
        if item.excluded:
            return zero, zero, whole
        agreed = sum(amount for _day, amount in item.agreed) * item.row["balance_company"] / item.row["balance"]
        agreed = min(whole, Decimal(str(round(agreed, 6))))
        return whole - agreed, agreed, zero

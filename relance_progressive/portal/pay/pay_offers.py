from odoo import models

from ..page.portal_asks import AGREED, OVERDUE, OWED


class DunningPortal(models.AbstractModel):
    """What of the asks the page offers to pay online."""

    _inherit = "dunning.portal"

    def _offers(self, account, ask, payable, others):
        """Return what is offered to pay of an ask: one payment for each currency."""
        shares = [(item, amount) for item, amount in ask.shares if item.row["id"] in payable]
        sums = self._sums_of((item, float(self._rounded(item, amount))) for item, amount in shares)
        return [
            {
                "kind": ask.kind, "currency": currency, "amount": self._amount(total, currency),
                "words": self._offer_in_words(ask, self._amount(total, currency), bool(others)),
            }
            for currency, total in sums.items() if self._means_of(account, account.partner_id, currency)
        ]  # fmt: skip

    def _offer_in_words(self, ask, amount, is_a_part):
        """Return what a button says.

        :param is_a_part: something is owed that cannot be paid online: the button does not say "all"
        """
        env = self.env
        if ask.kind == AGREED:
            return env._(
                "Pay the next agreed payment online: %(amount)s, for %(day)s", amount=amount, day=self._day(ask.day)
            )
        if is_a_part:
            return env._("Pay online: %(amount)s", amount=amount)
        if ask.kind == OVERDUE:
            return env._("Pay all that is overdue online: %(amount)s", amount=amount)
        if ask.kind == OWED:
            return env._("Pay all that is owed online: %(amount)s", amount=amount)
        return env._("Pay all that is open online: %(amount)s", amount=amount)

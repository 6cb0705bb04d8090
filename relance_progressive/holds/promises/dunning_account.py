from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.said.share import as_decimal

OVER = ("kept", "partly", "broken")


class DunningAccount(models.Model):
    """The promises of a customer: what they hold, what was missed, how far to trust the next one."""

    _inherit = "dunning.account"
    # A broken promise comes first; without one the date is empty, hence last.
    _order = "broken_promise_date, next_date, amount_overdue DESC, id"

    promise_ids = fields.One2many("dunning.promise", "account_id", "Promises", readonly=True)
    broken_promise_date = fields.Date(
        "Promise Broken On", readonly=True, help="Since when a broken promise waits for someone to follow it up."
    )
    promise_count_over = fields.Integer("Promises Over", compute="_compute_promise_rates")
    promise_rate = fields.Float("Kept (Number)", compute="_compute_promise_rates", aggregator=None)
    promise_rate_amount = fields.Float("Kept (Amount)", compute="_compute_promise_rates", aggregator=None)
    promise_text = fields.Char("Promises Kept", compute="_compute_promise_rates")

    @api.depends("promise_ids.state", "promise_ids.amount_kept", "promise_ids.amount_due")
    @api.depends_context("lang")
    def _compute_promise_rates(self):
        """Tell which share of the promises that are over was kept on time, by number and by amount."""
        groups = self.env["dunning.promise"]._read_group(
            [("account_id", "in", self.ids), ("state", "in", OVER)],
            ["account_id", "state"], ["__count", "amount_due:sum", "amount_kept:sum"],
        )  # fmt: skip
        over = defaultdict(list)
        for account, state, count, due, kept in groups:
            over[account].append((count, count if state == "kept" else 0, due, kept))
        for account in self:
            count, kept, due, paid = map(sum, zip(*over.get(account._origin, [(0, 0, 0, 0)]), strict=True))
            account.promise_count_over = count
            account.promise_rate = kept / count if count else 0
            account.promise_rate_amount = paid / due if due else 0
            account.promise_text = self.env._(
                "%(kept)s of %(count)s promises kept on time (%(rate)s%% of the amounts)",
                kept=kept, count=count, rate=round(100 * account.promise_rate_amount),
            ) if count else False  # fmt: skip

    # === RECORDING === #

    def _promisable(self, items=None):
        """Return the items of the account that can be promised, oldest first.

        :param items: those that are meant, all of them by default
        :raise UserError: if one is settled or belongs to another account
        """
        self.ensure_one()
        found = self.env["account.move.line"].search(
            [*self._open_item_domain(), ("amount_residual", ">", 0)], order="date_maturity, id"
        )
        if items and (others := items.sudo() - found):
            names = ", ".join(others.mapped("dunning_name"))
            raise UserError(self.env._("Settled meanwhile, or not of this customer: %(names)s", names=names))
        return found & items.sudo() if items else found

    def _promised_of_items(self, day):
        """Return ``{item id: amount}`` of what open promises of the account still hold on a day."""
        amounts = defaultdict(lambda: as_decimal(0))
        for _customer, hold in self.env["dunning.promise"].sudo()._holds_of(self.company_id, self.partner_id.ids, day):
            amounts[hold.item] += hold.amount
        return amounts

    def _contested_of_items(self, items, day):
        """Return ``{item id: amount}`` of what customers contest of ``items`` and nobody has answered yet."""
        holds = self.env["dunning.account"].sudo()._holds(self.company_id, self.partner_id.ids, day)
        owed = {item.id: as_decimal(item.amount_residual) for item in items.sudo()}
        amounts = {}
        for hold in holds.get(self.partner_id.id, ()):
            if hold.reason == "dispute" and hold.item in owed and hold.until is None:
                amount = amounts.get(hold.item, 0) + (owed[hold.item] if hold.amount is None else hold.amount)
                amounts[hold.item] = min(owed[hold.item], amount)
        return amounts

    def action_record_promise(self):
        """Ask what the customer promised."""
        self.ensure_one()
        return self.env["dunning.promise.record"]._open(self)

    def action_broken_followed_up(self):
        """Record that the broken promises of these accounts are taken care of."""
        self.promise_ids.filtered("amount_missing").action_followed_up()

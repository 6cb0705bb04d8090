from odoo import api, fields, models
from odoo.fields import Domain

from . import name_queries, query_parts


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["dunning.guarded.fields", "account.move.line"]

    # Written by the reminders when a level is done, never computed: a stored computed field
    # would rewrite every line of the ledger at install.
    dunning_level_id = fields.Many2one(
        "dunning.level", "Reminder Level", readonly=True, copy=False, index="btree_not_null", ondelete="restrict",
        help="The last reminder level done for this item.",
    )  # fmt: skip
    dunning_date = fields.Date("Reminded On", readonly=True, copy=False)
    dunning_due = fields.Date("Due When Reminded", readonly=True, copy=False)
    dunning_stage = fields.Char(
        "Firmest Claim", readonly=True, copy=False,
        help="The firmest stage of the messages that claimed this item, whatever level it has reached itself.",
    )  # fmt: skip
    dunning_stage_due = fields.Date("Due When Claimed", readonly=True, copy=False)
    dunning_known_on = fields.Date(
        "Known After It Was Due", readonly=True, copy=False,
        help="The day on which the customer had the invoice, when that was after the due date of this item.",
    )  # fmt: skip
    dunning_name = fields.Char(
        "Document", compute="_compute_dunning_name", search="_search_dunning_name",
        help="As the customer knows it: the number of an invoice; of a balance taken over or of a till the label, the "
        "reference or the ticket.",
    )  # fmt: skip

    dunning_origin_id = fields.Many2one(
        "account.move.line", "Due Again", readonly=True, copy=False, index="btree_not_null", ondelete="set null",
        help="The bank sent this money back: it had paid this item of an invoice, which is due again.",
    )  # fmt: skip

    # The night run reads every open line of the ledger: this index answers without touching the table.
    _dunning_open_idx = models.Index(
        "(partner_id) INCLUDE (company_id, account_id, id, amount_residual, date_maturity, date, no_followup, "
        "dunning_known_on, currency_id, amount_residual_currency, discount_date, discount_amount_currency) "
        "WHERE parent_state = 'posted' AND reconciled IS NOT TRUE AND amount_residual <> 0 AND partner_id IS NOT NULL"
    )

    # Money that came back is an open debit of a bank journal: few among all that customers owe.
    _dunning_open_debit_idx = models.Index(
        "(journal_id) WHERE parent_state = 'posted' AND reconciled IS NOT TRUE AND amount_residual > 0 "
        "AND payment_id IS NULL"
    )

    @api.depends("dunning_origin_id", "move_id.ref", "move_name", "name")
    def _compute_dunning_name(self):
        found = dict(self.env.execute_query(name_queries.names(self.env, self._origin.ids)))
        for line in self:
            line.dunning_name = found.get(line._origin.id) or line.move_name or ""

    def _search_dunning_name(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        return Domain.OR(Domain(name, operator, value) for name in ("move_name", "name", "move_id.ref"))

    @api.model
    def _dunning_name_sql(self):
        """Return the SQL of the name of an item (aliases ``l``, and ``m`` of its entry), for lists that SQL makes."""
        return name_queries.item_name(self.env)

    @api.model
    def _dunning_owed_sql(self):
        """Return the SQL that tells whether an open item (alias ``l``) is a debt, for lists that SQL makes."""
        return query_parts.is_owed()

    def write(self, vals):
        res = super().write(vals)
        if "date_maturity" in vals:
            self._dunning_follow_known()
        if {"no_followup", "date_maturity"} & vals.keys():
            self.env["dunning.account"]._touch(self)
        return res

    def _dunning_follow_known(self):
        """Bring the day on which the customer had each item up to date: kept where it matters, after the due date.

        An item that was reminded already is known: its days go on.
        """
        for line in self.sudo():
            if line.parent_state != "posted" or not line.date_maturity or line.dunning_level_id:
                continue
            known = line.move_id.dunning_known_on
            late = known if known and known > line.date_maturity and line.account_type == "asset_receivable" else False
            if line.dunning_known_on != late:
                line.dunning_known_on = late

from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

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

    # The night run reads every open line of the ledger: this index answers without touching the table.
    _dunning_open_idx = models.Index(
        "(partner_id) INCLUDE (company_id, account_id, id, amount_residual, date_maturity, date, no_followup) "
        "WHERE parent_state = 'posted' AND reconciled IS NOT TRUE AND amount_residual <> 0 AND partner_id IS NOT NULL"
    )

    def write(self, vals):
        res = super().write(vals)
        if {"no_followup", "date_maturity"} & vals.keys():
            self.env["dunning.account"]._touch(self)
        return res

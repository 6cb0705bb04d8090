from decimal import Decimal

from odoo import api, fields, models

from ..core import reasons
from ..core.facts import Hold
from ..core.share import share
from . import queries

HOLDING = ("open", "accepted", "partly", "rejected")


class DunningAccount(models.Model):
    """What an account contests."""

    _inherit = "dunning.account"

    dispute_ids = fields.One2many("dunning.dispute", "account_id", "Disputes", readonly=True)
    dispute_count = fields.Integer("Number of Open Disputes", compute="_compute_dispute_count")

    @api.depends("dispute_ids.state")
    def _compute_dispute_count(self):
        counts = dict(self.env["dunning.dispute"]._read_group(
            [("account_id", "in", self.ids), ("state", "=", "open")], ["account_id"], ["__count"]
        ))  # fmt: skip
        for account in self:
            account.dispute_count = counts.get(account._origin, 0)

    @api.model
    def _holds(self, company, partners, day):
        """Also hold what is contested, and no more than that."""
        holds = super()._holds(company, partners, day)
        unit = Decimal(str(company.currency_id.rounding))
        for partner, item, amount, own, booked, until in self.env.execute_query(
            queries.holds(self.env, company, partners, day)
        ):
            hold = Hold("dispute", item, until=until)
            if amount is not None:
                contested = Decimal(amount)
                worth = share(contested, Decimal(own), Decimal(booked), unit)
                hold = hold._replace(amount=worth, own=contested)
            holds.setdefault(partner, []).append(hold)
        return holds

    def _own_words(self):
        """Also say what is contested."""
        words = super()._own_words()
        today = self.company_id._dunning_today()
        told = self.dispute_ids.filtered(
            lambda dispute: dispute.state in HOLDING
            and (dispute.held_until and dispute.held_until >= today or any(dispute.line_ids.mapped("amount_open")))
        )
        told = told.filtered(lambda dispute: dispute.state != "rejected" or dispute.held_until >= today)
        if told:
            words[reasons.HOLD_PREFIX + "dispute"] = ", ".join(told.sorted("id").mapped("sentence"))
        return words

    def _absorb(self, others):
        """Take over the disputes."""
        super()._absorb(others)
        disputes = others.sudo().dispute_ids
        disputes.write({"account_id": self.id})

    # === BUTTONS === #

    def _new_dispute_action(self, items):
        """Return the dialog that records a dispute; one item is proposed as a whole."""
        self.ensure_one()
        lines = [fields.Command.create({"move_line_id": item.id, "whole": len(items) == 1}) for item in items]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record a Dispute"),
            "res_model": "dunning.dispute",
            "view_mode": "form",
            "views": [(self.env.ref("relance_progressive.dunning_dispute_view_form_new").id, "form")],
            "target": "new",
            "context": {"default_account_id": self.id, "default_line_ids": lines},
        }

    def action_record_dispute(self):
        """Ask what the customer contests."""
        items = self.move_line_ids.filtered(lambda line: line.amount_residual > 0)
        return self._new_dispute_action(items if len(items) == 1 else items[:0])

    def action_open_disputes(self):
        """Show the disputes of the account, answered ones too."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("relance_progressive.dunning_dispute_action")
        return action | {
            "name": self.env._("Disputes of %(customer)s", customer=self.partner_id.display_name),
            "domain": [("account_id", "=", self.id)],
            "context": {},
        }


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    def action_record_dispute(self):
        """Ask what of this reminder the customer contests."""
        self.ensure_one()
        items = self.line_ids.move_line_id.filtered(lambda line: line.amount_residual > 0)
        return self.account_id._new_dispute_action(items if len(items) == 1 else items[:0])

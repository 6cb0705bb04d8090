from odoo import api, models

from ...settings.inside import INSIDE
from . import queries

SYNC = "dunning_pause_sync"


class DunningPause(models.Model):
    """Odoo's own flags, kept in step: "No Follow-Up" and "Block Payment" on an invoice.

    Odoo's flag is that of a whole invoice: an exclusion of one instalment holds that instalment by itself,
    and sets the flag only once every open instalment is excluded.
    """

    _inherit = "dunning.pause"

    def _set_flags(self):
        """Set or lift Odoo's flag on the invoices of these pauses, as the running exclusions want it."""
        own = self.filtered(lambda pause: pause.scope == "items" and pause.kind != "blocked")
        lines = own.line_ids
        if not lines:
            return
        endless = self.search([
            ("scope", "=", "items"), ("kind", "!=", "blocked"), ("ended_on", "=", False), ("until", "=", False),
            ("line_ids", "in", lines.move_id.line_ids.ids),
        ])  # fmt: skip
        for move in lines.move_id:
            receivable = move.line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable" and line.amount_residual > 0
            )
            if not move.is_invoice():
                receivable &= lines
            telling = endless.filtered(lambda pause, items=receivable: pause.line_ids & items)
            wanted = bool(receivable) and receivable <= telling.line_ids
            known = own.filtered(lambda pause, move=move: move in pause.line_ids.move_id and pause.in_odoo)
            if wanted:
                self._write_flag(receivable, True)
                (telling - telling.filtered("in_odoo")).in_odoo = True
            elif known:
                self._write_flag(receivable or move.line_ids & lines, False)
                known.filtered(lambda pause: not pause.ended_on).in_odoo = False

    @api.model
    def _write_flag(self, lines, value):
        changed = lines.filtered(lambda line: bool(line.no_followup) != value)
        if changed:
            changed.with_context(**{SYNC: INSIDE}).no_followup = value

    @api.model
    def _follow_odoo(self, company, moves=None):
        """Record what someone excludes or blocks in Odoo itself, and end what is not any more.

        :param moves: the entries concerned, all that are open if empty
        """
        companies = self.env["res.company"].with_context(active_test=False).search([("id", "child_of", company.id)]).ids
        ids = moves.ids if moves is not None else None
        lifted = self.env.execute_query(queries.lifted_exclusions(self.env, companies, ids))
        self.browse([id_ for (id_,) in lifted])._end()
        found = self.env.execute_query(queries.unknown_exclusions(self.env, companies, ids))
        groups = {}
        for line, kind in found:
            groups.setdefault((self.env["account.move.line"].browse(line).move_id, kind), []).append(line)
        customers = self.env["res.partner"].browse({
            move.commercial_partner_id.id for move, _kind in groups
        })  # fmt: skip
        accounts = self.env["dunning.account"]._of_all(customers, company).grouped("partner_id") if groups else {}
        words = self.with_context(lang=company.partner_id.lang or self.env.lang)
        reasons = {"flag": words.env._("No follow-up, set in Odoo"), "blocked": words.env._("Payment blocked in Odoo")}
        self.with_context(tracking_disable=True, mail_create_nolog=True).create([
            {
                "scope": "items", "kind": kind, "reason": reasons[kind], "until": False, "in_odoo": True,
                "account_id": accounts[move.commercial_partner_id].id, "line_ids": lines,
            }
            for (move, kind), lines in groups.items()
        ])  # fmt: skip

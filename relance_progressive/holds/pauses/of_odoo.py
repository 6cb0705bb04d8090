from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ...settings.inside import Mark, is_marked, marked
from . import queries

LONGEST_DAYS = 90  # of a pause that needs no manager
DEFAULT_DAYS = 14  # proposed


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
            marked(changed, Mark.SYNCING).no_followup = value

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

    # === WHAT MAY BE PAUSED, BY WHOM AND FOR HOW LONG === #

    only_items = fields.Boolean("Only Some Invoices", compute="_compute_only_items", readonly=False, people=True)

    @api.model
    def default_get(self, fields_list):
        """Propose two weeks from today."""
        values = super().default_get(fields_list)
        if "until" in fields_list and "until" not in values:
            values["until"] = self.env.company._dunning_today() + timedelta(days=DEFAULT_DAYS)
        return values

    @api.depends("scope")
    def _compute_only_items(self):
        for pause in self:
            pause.only_items = pause.scope == "items"

    @api.onchange("only_items")
    def _onchange_only_items(self):
        if self.scope != "company":
            self.scope = "items" if self.only_items else "account"

    def _is_manager(self):
        return self.env.su or self.env.user.has_group("relance_progressive.dunning_group_manager")

    def _check_may_lift(self):
        """Refuse to users to lift, or to shorten, what only a manager could set.

        :raise UserError: saying what is allowed
        """
        if self._is_manager():
            return
        for pause in self.filtered(lambda pause: pause.kind != "blocked"):  # anybody may toggle that one in Odoo
            if pause.scope == "company":
                raise UserError(self.env._("Only a manager lets the reminders of the whole company go on."))
            if not pause.until:
                raise UserError(self.env._("This exclusion has no end: only a manager lifts it."))

    def _check_rights(self):
        """Refuse to users what only a manager may: a whole company, no end, or one too far away.

        :raise UserError: saying what is allowed
        """
        if self._is_manager():
            return
        for pause in self:
            if pause.scope == "company":
                raise UserError(self.env._("Only a manager pauses the reminders of the whole company."))
            if not pause.until:
                raise UserError(self.env._("An exclusion without an end needs a manager: give the pause an end date."))
            last = pause.company_id._dunning_today() + timedelta(days=LONGEST_DAYS)
            if pause.until > last:
                raise UserError(self.env._(
                    "You may pause reminders for %(days)s days, until %(last)s; a longer pause needs a manager.",
                    days=LONGEST_DAYS, last=format_date(self.env, last),
                ))  # fmt: skip

    @api.constrains("until")
    def _check_until(self):
        """An end that is past pauses nothing; one that was typed for a replay is judged from its beginning."""
        for pause in self:
            if pause.until and pause.until < pause.date_from:
                raise ValidationError(self.env._("A pause cannot end before it begins."))

    @api.constrains("company_id")
    def _check_company(self):
        if self.company_id.parent_id:
            raise ValidationError(self.env._("A branch is reminded by its main company: pause that one."))

    @api.constrains("scope", "line_ids", "account_id", "company_id")
    def _check_items(self):
        """The items are those of the account, the account is one of the company."""
        if self.env.su and is_marked(self.env, Mark.MERGING):
            return  # the items follow their account to the customer that stays
        for pause in self:
            account, lines = pause.account_id.sudo(), pause.line_ids.sudo()
            if account and account.company_id != pause.company_id:
                raise ValidationError(self.env._("The account belongs to another company."))
            if (pause.scope == "items") != bool(lines):
                raise ValidationError(self.env._("Choose the invoices to pause, or pause the whole account."))
            account._check_owes(lines)

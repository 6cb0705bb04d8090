from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ....settings.internal import READERS


class AccountMove(models.Model):
    """A penalty invoice: outside VAT, without interest of its own, holding what it claims while it stands."""

    _inherit = "account.move"

    dunning_is_penalty = fields.Boolean(
        "Penalty Invoice", readonly=True, copy=False, groups=READERS,
        help="It claims late interest and indemnities of other invoices. It bears none itself (C. civ. 1343-2).",
    )  # fmt: skip
    dunning_penalty_line_ids = fields.One2many(
        "dunning.penalty.line", "move_id", "Penalties Claimed", readonly=True, copy=False, groups=READERS
    )
    dunning_penalized_ids = fields.One2many(
        "dunning.penalty.line", "invoice_id", "Penalties of This Invoice", readonly=True, copy=False, groups=READERS
    )

    @api.model_create_multi
    def create(self, vals_list):
        asked = self.env.context.get("default_dunning_is_penalty")
        if not self.env.su and (asked or any(vals.get("dunning_is_penalty") for vals in vals_list)):
            self._dunning_refuse_penalty()
        return super().create(vals_list)

    def write(self, vals):
        if "dunning_is_penalty" in vals and not self.env.su:
            self._dunning_refuse_penalty()
        return super().write(vals)

    @api.model
    def _dunning_refuse_penalty(self):
        raise UserError(self.env._("Penalty invoices are made from the account or the invoices that were paid late."))

    def copy_data(self, default=None):
        """Refuse to claim the same days twice; a credit note is no copy."""
        copied = (default or {}).get("move_type") != "out_refund" and self.sudo().filtered("dunning_is_penalty")
        if copied:
            raise UserError(self.env._(
                "%(name)s claims penalties, which cannot be claimed twice: it is not duplicated. To replace it, credit "
                "it in full and invoice the penalties again from the account.",
                name=copied[0].display_name,
            ))  # fmt: skip
        return super().copy_data(default)

    # === LIFE CYCLE === #

    def _post(self, soft=True):
        penalties = self.sudo().filtered(lambda move: move.dunning_is_penalty and move.move_type == "out_invoice")
        penalties._dunning_check_penalties()
        posted = super()._post(soft)
        posted._dunning_follow_penalties()
        claimed = posted.sudo() & penalties
        claimed._dunning_tell_invoiced()
        claimed._dunning_exclude_penalties()
        return posted

    def button_draft(self):
        res = super().button_draft()
        self._dunning_follow_penalties()
        return res

    def button_cancel(self):
        res = super().button_cancel()
        self._dunning_follow_penalties()
        return res

    def unlink(self):
        """Free what a deleted draft claimed; a credit note that is deleted credits nothing any more."""
        documents = self.sudo().reversed_entry_id.filtered("dunning_penalty_line_ids") - self.sudo()
        accounts = self.sudo().dunning_penalty_line_ids.account_id
        res = super().unlink()
        documents.exists()._dunning_follow_penalties()
        accounts.exists()._penalties_changed()
        return res

    def _dunning_check_penalties(self):
        """Refuse to post penalties with VAT or without anything that they are of; take what they really claim.

        :raise UserError: naming the document
        """
        for move in self:
            move.dunning_penalty_line_ids._take_from_invoice()
            if not any(not line.released_on for line in move.dunning_penalty_line_ids):
                raise UserError(self.env._(
                    "%(name)s does not say which invoices its penalties are of: make it from the account.",
                    name=move.display_name,
                ))  # fmt: skip
            if move.line_ids.tax_ids:
                raise UserError(self.env._(
                    "%(name)s: penalties are outside the scope of VAT. Remove the taxes of its lines.",
                    name=move.display_name,
                ))  # fmt: skip

    def _dunning_follow_penalties(self):
        """Hold what penalty invoices claim while they stand; free it once they are cancelled or credited in full."""
        related = self.sudo() | self.sudo().reversed_entry_id
        for move in related.filtered("dunning_penalty_line_ids"):
            lines = move.dunning_penalty_line_ids
            before = lines.filtered("released_on")
            if move._dunning_penalty_stands():
                lines.filtered(lambda line: line.interest_line_id or line.indemnity_line_id)._hold()
            else:
                lines._release()
            if lines.filtered("released_on") != before:
                move._dunning_tell_penalties()
            lines.account_id._penalties_changed()

    def _dunning_penalty_stands(self):
        """Tell whether a penalty invoice claims something: it is neither cancelled nor credited in full."""
        notes = self.reversal_move_ids.filtered(lambda note: note.state == "posted" and note.move_type == "out_refund")
        credited = sum(notes.mapped("amount_total"))
        return self.state != "cancel" and self.currency_id.compare_amounts(credited, self.amount_total) < 0

    def _dunning_tell_invoiced(self):
        """Write on the account, and on the invoices that were paid late, that their penalties are invoiced."""
        for move in self:
            lines = move.dunning_penalty_line_ids.filtered(lambda line: not line.released_on)
            link = move._get_html_link(title=move.name)
            lines.account_id._message_log_batch(bodies={
                account.id: self.env._(
                    "Penalties of %(invoices)s invoiced: %(penalties)s, %(amount)s",
                    invoices=", ".join(dict.fromkeys(lines.mapped("invoice_name"))), penalties=link,
                    amount=format_amount(self.env, move.amount_total, move.currency_id),
                )
                for account in lines.account_id
            })  # fmt: skip
            for account, own in lines.grouped("account_id").items():
                if not move.currency_id.is_zero(lowered := sum(own.mapped("interest_waived"))):
                    account._message_log(body=self.env._(
                        "%(amount)s of late interest waived for good will: %(penalties)s was lowered before it was "
                        "posted",
                        amount=format_amount(self.env, lowered, move.currency_id), penalties=link,
                    ))  # fmt: skip
            lines.invoice_id._message_log_batch(bodies={
                invoice.id: self.env._("Penalties invoiced: %(penalties)s", penalties=link)
                for invoice in lines.invoice_id
            })  # fmt: skip

    def _dunning_tell_penalties(self):
        """Write on the account that the penalties of an invoice can, or cannot, be invoiced any more."""
        free = all(line.released_on for line in self.dunning_penalty_line_ids)
        name = self._get_html_link()
        for account in self.dunning_penalty_line_ids.account_id:
            account._message_log(body=(
                self.env._("The penalties of %(invoice)s can be invoiced again: it is cancelled or credited.",
                           invoice=name)
                if free else
                self.env._("The penalties of %(invoice)s are claimed again.", invoice=name)
            ))  # fmt: skip

    # === REMINDERS === #

    def _dunning_exclude_penalties(self):
        """Leave penalty invoices out of the reminders where the plan of the customer says so; a person may end it."""
        for move in self:
            account = move.dunning_penalty_line_ids.account_id[:1]
            items = move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
            if account.plan_id.penalty_reminders == "never" and not self.env["dunning.pause"].search(
                [("line_ids", "in", items.ids)], limit=1
            ):
                words = self.with_context(lang=account.company_id.partner_id.lang or self.env.lang).env
                self.env["dunning.pause"].create({
                    "scope": "items", "account_id": account.id, "line_ids": items.ids, "kind": "other", "until": False,
                    "reason": words._("Penalty invoice: not reminded, as the plan says"),
                })  # fmt: skip

import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..settings.proofs import unguarded

_logger = logging.getLogger(__name__)

MARK = "[…]"  # what stands where something was erased
OPEN = ("draft", "ready", "failed", "uncertain")


class DunningErasure(models.TransientModel):
    """Erase what was written to customers and what they gave, once nothing of it is needed as a proof any more.

    The one way to it, for administrators: that a reminder was sent, when, and of which amounts stays, and so does who
    erased its words, when and why.
    """

    _name = "dunning.erasure"
    _inherit = ["dunning.pointing"]
    _description = "Erase Texts and Files of Customers"

    account_ids = fields.Many2many("dunning.account", required=True, readonly=True)
    reason = fields.Char(required=True, help="Stays on the account: who asked for it, and why it is not needed.")

    def action_erase(self):
        """Erase it, and say so on the accounts.

        :raise UserError: if something is still to be sent to one of them
        """
        self.ensure_one()
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Only an administrator erases what is a proof."))
        self.account_ids.check_access("write")
        accounts = self.account_ids.sudo()
        waiting = self.env["dunning.reminder"].sudo().search(
            [("account_id", "in", accounts.ids), ("state", "in", OPEN)], limit=1
        )
        if waiting:
            raise UserError(self.env._(
                "%(reminder)s has not left, or may have: end it first.", reminder=waiting.display_name
            ))  # fmt: skip
        self._erase_messages(accounts)
        self._erase_files(accounts)
        self._erase_words(accounts)
        words = self.env._(
            "%(user)s erased the texts and files of this customer: %(reason)s",
            user=self.env.user.name, reason=self.reason,
        )  # fmt: skip
        accounts._message_log_batch(bodies=dict.fromkeys(accounts.ids, words))
        _logger.warning("Texts and files of the accounts %s were erased by user %s", accounts.ids, self.env.uid)
        return {"type": "ir.actions.act_window_close"}

    @api.model
    def _held(self, accounts, comodel):
        """Yield ``(records, field)`` of these accounts that keep proofs of a model; words if it is empty."""
        for model, name, path in self.env["dunning.guarded"]._proof_fields(comodel):
            yield self.env[model].sudo().with_context(active_test=False).search([(path, "in", accounts.ids)]), name

    def _erase_messages(self, accounts):
        """Empty what left, the answers that came in to it, and what people wrote under it."""
        messages = self.env["mail.message"].sudo()
        for records, name in self._held(accounts, "mail.message"):
            messages |= records[name]
        reminders = accounts.reminder_ids.ids
        messages |= messages.search([("model", "=", "dunning.reminder"), ("res_id", "in", reminders)])
        unguarded(messages.attachment_ids.filtered(lambda file: not file._dunning_is_of_another())).unlink()
        unguarded(messages).write({"body": MARK, "subject": False, "attachment_ids": [fields.Command.clear()]})

    def _erase_files(self, accounts):
        for records, name in self._held(accounts, "ir.attachment"):
            unguarded(records[name]).unlink()

    def _erase_words(self, accounts):
        """Put a mark in the place of words: by SQL, as no record lets itself be altered."""
        for records, name in self._held(accounts, None):
            field = records._fields[name]
            records.flush_model([name])
            value = SQL("NULL") if field.type == "json" else SQL("%s", MARK)
            self.env.execute_query(SQL(
                "UPDATE %(table)s SET %(column)s = %(value)s WHERE id = ANY(%(ids)s) AND %(column)s IS NOT NULL"
                " RETURNING id",
                table=SQL.identifier(records._table), column=SQL.identifier(name), value=value, ids=records.ids,
            ))  # fmt: skip
            records.invalidate_model([name], flush=False)

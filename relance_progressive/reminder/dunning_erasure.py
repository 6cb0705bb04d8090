import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..settings.proofs import unguarded

_logger = logging.getLogger(__name__)

MARK = "[…]"  # what stands where something was erased
OPEN = ("draft", "ready", "failed", "uncertain")
OURS = "dunning."  # what the names of our models begin with
TOLD = "auto_comment"  # the kind of message that says who erased: it stays, whoever erases again
QUEUES = ("mail.mail", "sms.sms")  # copies of what left, for as long as Odoo keeps them
WAITING = ("outgoing", "process")  # in such a queue


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
        messages = self._messages(accounts)
        self._erase_queues(messages)
        self._erase_messages(messages)
        self._erase_tasks(accounts)
        self._erase_files(accounts)
        self._erase_words(accounts)
        words = self.env._(
            "%(user)s erased the texts and files of this customer: %(reason)s",
            user=self.env.user.name, reason=self.reason,
        )  # fmt: skip
        accounts._message_log_batch(bodies=dict.fromkeys(accounts.ids, words), message_type=TOLD)
        _logger.warning("Texts and files of the accounts %s were erased by user %s", accounts.ids, self.env.uid)
        return {"type": "ir.actions.act_window_close"}

    @api.model
    def _held(self, accounts, comodel, mark="proof"):
        """Yield ``(records, field)`` of these accounts that keep proofs of a model; words if it is empty.

        :param mark: or ``"erased"``, for what is no proof, and names or cites the customer
        """
        for model, name, path in self.env["dunning.guarded"]._proof_fields(comodel, mark):
            yield self.env[model].sudo().with_context(active_test=False).search([(path, "in", accounts.ids)]), name

    @api.model
    def _records(self, accounts):
        """Yield the accounts and the records that are made for them, of each model."""
        yield accounts
        for name, model in self.env.registry.items():
            field = model._fields.get("account_id")
            if name.startswith(OURS) and not model._abstract and field and field.store:
                own = [("account_id", "in", accounts.ids)]
                yield self.env[name].sudo().with_context(active_test=False).search(own)

    def _messages(self, accounts):
        """Return what left, the answers that came in, and what people wrote under all that concerns the accounts."""
        messages = self.env["mail.message"].sudo()
        for records, name in self._held(accounts, "mail.message"):
            messages |= records[name]
        for records in self._records(accounts):
            own = [("model", "=", records._name), ("res_id", "in", records.ids), ("message_type", "!=", TOLD)]
            messages |= messages.search(own)
        return messages

    def _erase_queues(self, messages):
        """Erase the copies of messages that Odoo keeps where they left from.

        :raise UserError: if one of them has not left yet
        """
        for name in QUEUES:
            copies = self.env[name].sudo().search([("mail_message_id", "in", messages.ids)])
            for copy in copies.filtered(lambda copy: copy.state in WAITING)[:1]:
                raise UserError(self.env._(
                    "A message of %(record)s waits to be sent: let it leave, or cancel it.",
                    record=copy.mail_message_id.record_name,
                ))  # fmt: skip
            if name == "sms.sms":
                copies.unlink()
            else:  # it would take its message with it, a proof
                copies.write({"body_html": MARK, "email_to": False, "email_cc": False, "headers": False})

    def _erase_messages(self, messages):
        """Empty messages, with the words that Odoo noted as changed; that there was one, by whom and when, stays."""
        unguarded(messages.attachment_ids.filtered(lambda file: not file._dunning_is_of_another())).unlink()
        unguarded(messages).write({"body": MARK, "subject": False, "attachment_ids": [fields.Command.clear()]})
        self.env["mail.tracking.value"].sudo().search([
            ("mail_message_id", "in", messages.ids), ("field_id.ttype", "in", ("char", "text", "html")),
        ]).unlink()  # fmt: skip

    def _erase_tasks(self, accounts):
        """Empty what tasks say, done ones as well: they repeat the words of the customer."""
        for records in self._records(accounts):
            tasks = self.env["mail.activity"].sudo().with_context(active_test=False).search(
                [("res_model", "=", records._name), ("res_id", "in", records.ids)]
            )  # fmt: skip
            tasks.filtered("note").note = MARK
            tasks.filtered("feedback").feedback = MARK

    def _erase_files(self, accounts):
        for records, name in self._held(accounts, "ir.attachment"):
            unguarded(records[name]).unlink()
        files = self.env["ir.attachment"].sudo()
        for records in self._records(accounts):
            files |= files.search([("res_model", "=", records._name), ("res_id", "in", records.ids)])
        unguarded(files).unlink()

    def _erase_words(self, accounts):
        """Put a mark in the place of words: by SQL, as no record lets itself be altered."""
        for records, name in [*self._held(accounts, None), *self._held(accounts, None, "erased")]:
            field = records._fields[name]
            records.flush_model([name])
            value = SQL("NULL") if field.type == "json" else SQL("%s", MARK)
            self.env.execute_query(SQL(
                "UPDATE %(table)s SET %(column)s = %(value)s WHERE id = ANY(%(ids)s) AND %(column)s IS NOT NULL"
                " RETURNING id",
                table=SQL.identifier(records._table), column=SQL.identifier(name), value=value, ids=records.ids,
            ))  # fmt: skip
            records.invalidate_model([name], flush=False)

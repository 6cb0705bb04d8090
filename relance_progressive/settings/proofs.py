"""What has left, and what customers sent, stays as it was: one guard, whatever model is used to get at it.

A field of one of our models that is marked ``proof=`` keeps the message as it left, or a file: it, and the files of
such a message, are altered and deleted by nobody, the system included. A file that belongs to another document, the PDF
of an invoice, follows that document; the proof keeps a copy of it from the moment the document changes it.

Who has to alter one all the same says so with :func:`unguarded`: filing a proof on its record, erasing what a customer
has a right to see erased (``dunning.erasure``). An uninstallation deletes them, as it deletes our own tables.
"""

import base64
from datetime import timedelta

from odoo import Command, api, fields, models, tools
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

from .pointing import OURS

MESSAGE = frozenset({
    "attachment_ids", "author_guest_id", "author_id", "body", "date", "email_from", "incoming_email_cc",
    "incoming_email_to", "is_internal", "message_id", "message_type", "model", "outgoing_email_to", "reply_to",
    "res_id", "subject", "subtype_id",
})  # fmt: skip
NOTES = frozenset({"comment", "notification", "sms", "user_notification"})  # the kinds of what people write
ROUTED = frozenset({"parent_id", "partner_ids"})  # of an e-mail that came in, Odoo says it after it is made
CONTENT = frozenset({
    "checksum", "datas", "db_datas", "file_size", "mimetype", "raw", "store_fname", "type", "url",
})  # fmt: skip
PLACE = frozenset({"res_id", "res_model"})
FILE = CONTENT | PLACE | {"name", "res_field"}

JUST_NOW = timedelta(hours=1)  # how far the day of a message may be from now

UNGUARDED = object()  # what only this file can put in a context


def unguarded(records):
    """Return records whose proofs may be altered: by the system, for what it can account for."""
    return records.with_context(dunning_proofs=UNGUARDED)


def _is_open(env):
    """Tell whether proofs may be altered here: they are being filed or erased, or this add-on is being uninstalled."""
    if env.context.get("dunning_proofs") is UNGUARDED:
        return True
    # Anybody may put Odoo's own mark in a context: the state of the module cannot be made up.
    return bool(env.context.get(MODULE_UNINSTALL_FLAG)) and (
        env["ir.module.module"].sudo()._get("relance_progressive").state == "to remove"
    )


class DunningGuarded(models.AbstractModel):
    _inherit = "dunning.guarded"

    @api.model
    @tools.ormcache("comodel", "mark")
    def _proof_fields(self, comodel, mark="proof"):
        """Return ``(model, field, path to the account)`` of what keeps proofs of a model, or words if it is empty."""
        return tuple(
            (name, field.name, getattr(field, mark))
            for name, model in self.env.registry.items() if not model._abstract
            for field in model._fields.values()
            if getattr(field, mark, None) and not field.related and (field.comodel_name or None) == comodel
        )  # fmt: skip

    @api.model
    def _holders(self, records):
        """Yield ``(records of ours, name of the field)`` that keep some of these messages or files."""
        for model, name, _path in self._proof_fields(records._name):
            yield self.env[model].sudo().with_context(active_test=False).search([(name, "in", records.ids)]), name


class MailMessage(models.Model):
    _name = "mail.message"
    _inherit = ["dunning.pointing.ours", "mail.message"]

    def _dunning_proofs(self):
        """Return those of these messages that are proofs: what left, and the answers that came in by e-mail."""
        own = self.sudo().filtered(lambda message: (message.model or "").startswith(OURS))
        if not own:
            return own
        proofs = own.filtered(lambda message: message.model == "dunning.reminder" and message.message_type == "email")
        for holders, name in self.env["dunning.guarded"]._holders(own):
            proofs |= holders[name] & own
        return proofs

    def _dunning_check_no_proof(self, operation):
        """Refuse to touch a proof.

        :raise UserError: saying that it stays
        """
        if not _is_open(self.env) and self._dunning_proofs():
            self.check_access(operation)
            raise UserError(self.env._("What the customer was sent, or answered, is a proof: it stays as it is."))

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        if not self.env.su:
            messages._dunning_check_own_words()
        return messages

    def _dunning_check_own_words(self):
        """Refuse messages that people put under our records as if a customer had written them, or on another day.

        Nor as if they had left: what leaves by e-mail or by post is noted by the system.

        :raise UserError: saying that one writes in one's own name
        """
        now = fields.Datetime.now()
        for message in self.sudo().filtered(lambda message: (message.model or "").startswith(OURS)):
            ours = message.author_id and not message.author_id.partner_share
            if not ours or message.message_type not in NOTES or abs(now - message.date) > JUST_NOW:
                raise UserError(self.env._(
                    "Under a reminder, and what belongs to it, one writes in one's own name, and on the day itself: "
                    "what customers wrote comes in by e-mail, or from their page."
                ))  # fmt: skip

    def write(self, vals):
        if MESSAGE & vals.keys() or not self.env.su and ROUTED & vals.keys():
            self._dunning_check_no_proof("write")
        self._dunning_check_own_note(MESSAGE & vals.keys())
        res = super().write(vals)
        if not self.env.su and {"model", "res_id"} & vals.keys():
            self._dunning_check_own_words()  # elsewhere Odoo lets people say who wrote it, and when
        return res

    def unlink(self):
        self._dunning_check_no_proof("unlink")
        self._dunning_check_own_note({"body"})
        return super().unlink()

    def _dunning_check_own_note(self, names):
        """Refuse to alter what stands under our records: people correct the words of a comment of their own, only.

        Its author, its day and its kind are what :meth:`_dunning_check_own_words` has looked at when it was written.

        :raise UserError: saying so
        """
        if not names or self.env.su or _is_open(self.env):
            return
        for message in self.sudo().filtered(lambda message: (message.model or "").startswith(OURS)):
            words = {"attachment_ids", "body"} if message.message_type == "comment" else {"attachment_ids"}
            if names - words or message.author_id != self.env.user.partner_id:
                raise UserError(self.env._(
                    "What is noted under a reminder, and what belongs to it, stays: one corrects the words of a "
                    "comment of one's own, not who wrote it, nor when, nor what others have noted."
                ))  # fmt: skip


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _dunning_proofs(self):
        """Return those of these files that a proof holds, or a message that is one."""
        proofs, own = self.sudo().browse(), self.sudo()
        if not self._dunning_are_held():
            return proofs
        for holders, name in self.env["dunning.guarded"]._holders(own):
            proofs |= holders[name] & own
        return proofs | own._dunning_messages().attachment_ids & own

    def _dunning_are_held(self):
        """Ask at once whether anything of ours holds one of these files: nearly none in Odoo is a proof."""
        if not self.ids:
            return False
        fields = self.env["dunning.guarded"]._proof_fields(self._name)
        queries = [
            self.env[model].sudo().with_context(active_test=False)._search([(name, "in", self.ids)])
            for model, name, _path in fields
        ]  # fmt: skip
        queries.append(self.env["mail.message"].sudo()._search(self._dunning_in_messages()))
        ((held,),) = self.env.execute_query(SQL(
            "SELECT %s", SQL(" OR ").join(SQL("EXISTS (%s)", query.select()) for query in queries)
        ))  # fmt: skip
        return held

    def _dunning_messages(self):
        """Return the messages that are proofs and hold some of these files."""
        return self.env["mail.message"].sudo().search(self._dunning_in_messages())._dunning_proofs()

    def _dunning_in_messages(self):
        return [("attachment_ids", "in", self.ids), ("model", "=like", f"{OURS}%")]

    def _dunning_is_of_another(self):
        """Tell whether a file belongs to a document that is not ours, and follows what happens to it."""
        return bool(self.res_model and self.res_id) and not self.res_model.startswith(OURS)

    def _dunning_differs(self, name, value):
        """Tell whether writing a value would change it: Odoo moves files by writing them again as they are."""
        if name in ("raw", "datas"):
            value = value.encode() if isinstance(value, str) else value or b""
            return (base64.b64decode(value) if name == "datas" else value) != (self.raw or b"")
        return (self[name] or False) != (value or False)

    def write(self, vals):
        written = {name: vals[name] for name in FILE & vals.keys()}
        if written and not _is_open(self.env) and (proofs := self._dunning_proofs()):
            self.check_access("write")
            proofs._dunning_before_write(written)
        return super().write(vals)

    def _dunning_before_write(self, vals):
        """Refuse what alters these proofs; where another document owns the file, keep what it was.

        :raise UserError: saying that it stays
        """
        for file in self:
            changed = {name for name, value in vals.items() if file._dunning_differs(name, value)}
            if file._dunning_is_of_another():
                if changed - {"res_field"}:  # which field of the document it fills is the document's
                    file._dunning_keep_copies()
            elif changed and (file.res_id or changed - PLACE):  # a file that was just sent finds its record
                file._dunning_refuse()

    def _dunning_refuse(self):
        raise UserError(self.env._(
            "“%(file)s” is a proof, of what was sent or of what the customer gave: it stays as it is.",
            file=self[:1].name,
        ))  # fmt: skip

    def unlink(self):
        if not _is_open(self.env) and (proofs := self._dunning_proofs()):
            self.check_access("unlink")
            of_others = proofs.filtered(lambda file: file._dunning_is_of_another())
            if own := proofs - of_others:
                own._dunning_refuse()
            for file in of_others:
                file._dunning_keep_copies()
        return super().unlink()

    def _dunning_keep_copies(self):
        """Give each proof that holds this file a copy of its own: the document it belongs to goes its own way."""
        self.ensure_one()
        held = [(message, "attachment_ids", message.model, message.res_id) for message in self._dunning_messages()]
        held += [
            (holder, name, holder._name, holder.id)
            for holders, name in self.env["dunning.guarded"]._holders(self) for holder in holders
        ]  # fmt: skip
        for holder, name, model, res_id in held:
            kept = unguarded(self.sudo()).copy({"res_model": model, "res_id": res_id, "res_field": False})
            many = holder._fields[name].type == "many2many"
            unguarded(holder)[name] = [Command.unlink(self.id), Command.link(kept.id)] if many else kept

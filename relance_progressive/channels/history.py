from hashlib import sha256

from markupsafe import Markup

from odoo import api, models
from odoo.tools.mail import generate_tracking_message_id

from ..settings import database
from . import queries


class DunningChannel(models.AbstractModel):
    """In whose name messages leave, and how they are kept: on the reminder, with a line on the customer."""

    _inherit = "dunning.channel"

    @api.model
    def _person(self, reminder):
        """Return the partner of the person in charge, who gets the answers."""
        return reminder._person_in_charge().partner_id

    @api.model
    def _author(self, reminder):
        """Return the partner in whose name the message leaves."""
        return reminder._signs().partner_id or reminder.company_id.partner_id

    @api.model
    def _sender(self, reminder):
        """Return the sender as mail programs show it."""
        author, company = self._author(reminder), reminder.company_id
        return (author.email and author.email_formatted) or company.partner_id.email_formatted

    @api.model
    def _identifier(self, reminder, code):
        """Return the identifier of a reminder over a channel: 32 hexadecimal digits, the same whenever it is made.

        A message that leaves a second time, from a copy of the database or after a backup was put back, has the
        identifier of the first: whoever receives both can tell. A new attempt after one that was recorded is
        another message.
        """
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return self._identifier_in(uuid, reminder, code, self._rounds(reminder, code))

    def _rounds(self, reminder, code):
        return len(reminder.delivery_ids.filtered(lambda delivery: delivery.channel == code))

    def _identifier_in(self, uuid, reminder, code, rounds):
        return sha256(f"{uuid}/{reminder.id}/{code}/{rounds}".encode()).hexdigest()[:32]

    @api.model
    def _is_identifier(self, text, reminder, code):
        """Tell whether a text identifies a message of a reminder, the next one included, here or in an original."""
        return text in {
            self._identifier_in(uuid, reminder, code, rounds)
            for uuid in database.uuids(self.env)
            for rounds in range(self._rounds(reminder, code) + 1)
        }

    @api.model
    def _keep_messages(self, contents, own, words):
        """Keep messages as they left, and leave a line with a link on each customer.

        :param own: ``{reminder id: values}`` of the messages; what the line shares with them is added
        :param words: how the line begins
        :return: ``{reminder id: mail.message id}``
        """
        reminders = self.env["dunning.reminder"].browse(contents)
        sent, notes = self._subtype("comment"), self._subtype("note")
        values = [self._message(contents[one.id], one, one, sent) | own[one.id] for one in reminders]
        values += [
            self._message(contents[one.id], one, one.partner_id, notes) | {
                "message_type": "notification",
                "message_id": generate_tracking_message_id("dunning-note"),
                "is_internal": True,
                "body": self._line(one, words),
            }
            for one in reminders
        ]  # fmt: skip
        bodies = [self.env["dunning.account"]._without_links(str(vals.pop("body"))) for vals in values]
        messages = self.env["mail.message"].sudo().create(values)
        self.env.execute_query(queries.write_bodies(dict(zip(messages.ids, bodies, strict=True))))
        messages.invalidate_recordset(["body"], flush=False)
        return dict(zip(contents, messages.ids[: len(contents)], strict=True))

    @api.model
    def _keep_notifications(self, contents, kept, **vals):
        """Tell Odoo whom the messages went to.

        :param kept: ``{reminder id: mail.message id}``
        :param vals: values of ``mail.notification``, given the content where they are functions
        """
        self.env["mail.notification"].sudo().create([
            {
                "mail_message_id": kept[reminder_id],
                "author_id": content["author_id"],
                "res_partner_id": content["contact_id"],
                "is_read": True,
                **{name: value(content) if callable(value) else value for name, value in vals.items()},
            }
            for reminder_id, content in contents.items()
        ])

    def _subtype(self, name):
        return self.env["ir.model.data"]._xmlid_to_res_id(f"mail.mt_{name}")

    def _message(self, content, reminder, record, subtype):
        """Return the values that the message and the line share; nothing is left for Odoo to work out."""
        sender = content.get("from") or self._sender(reminder)
        return {
            "model": record._name,
            "res_id": record.id,
            "subtype_id": subtype,
            "author_id": content.get("author_id") or self._author(reminder).id,
            "email_from": sender,
            "reply_to": content.get("reply_to") or sender,
            "email_add_signature": False,
            "record_company_id": False,
            "record_alias_domain_id": False,
        }

    def _line(self, reminder, words):
        link = Markup("<a href='#' data-oe-model='dunning.reminder' data-oe-id='%s'>%s</a>")
        return Markup("<p>%s %s</p>") % (words, link % (reminder.id, reminder.name))

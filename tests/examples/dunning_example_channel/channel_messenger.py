import requests
from markupsafe import Markup

from odoo import api, fields, models

from odoo.addons.relance_progressive.relance_progressive.channels.dunning_channel import (
    ACCEPTED,
    DELAYED,
    REFUSED,
    SERVICE,
    UNCERTAIN,
    Outcome,
    Recipient,
)

GATEWAY = "dunning_example.gateway"


class DunningLevelChannel(models.Model):
    _inherit = "dunning.level.channel"

    channel = fields.Selection(
        selection_add=[("messenger", "Messenger (example)")], ondelete={"messenger": "cascade"}
    )  # fmt: skip


class DunningChannelMessenger(models.AbstractModel):
    """Short messages through a gateway that takes JSON."""

    _name = "dunning.channel.messenger"
    _inherit = ["dunning.channel"]
    _description = "Messenger"

    _contact_fields = frozenset({"phone"})

    @api.model
    def _recipients(self, targets):
        """Return whom each message is for, or why it cannot leave."""
        partners = self.env["res.partner"].sudo().browse(target.partner_id for target in targets)
        found = {}
        for target, partner in zip(targets, partners, strict=True):
            problem = "" if partner.phone else "The customer has no phone number."
            found[target.key] = Recipient(partner.id, partner.name, partner.phone or "", partner.lang or "", problem)
        return found

    @api.model
    def _render(self, reminders):
        """Return the contents: plain values, which the journal keeps."""
        recipients, contents = self._recipients(self._targets(reminders)), {}
        for reminder in reminders:
            whom = recipients[reminder.id]
            words = reminder.with_context(lang=whom.lang or None)
            contents[reminder.id] = {
                "address": whom.address, "contact_id": whom.contact_id, "lang": whom.lang, "subject": False,
                "body": Markup("<p>%s: %s</p>") % (words.company_id.name, words.amount_text),
            }  # fmt: skip
        return contents, {}

    @api.model
    def _hand_over(self, contents, begin):
        for reminder_id, content in contents.items():
            if begin(reminder_id):
                continue  # somebody has just paid
            yield reminder_id, self._send(reminder_id, content)

    @api.model
    def _send(self, reminder_id, content):
        """Send one message; an answer that nobody can read leaves it in doubt, and it never leaves again by itself."""
        gateway = self.env["ir.config_parameter"].sudo().get_param(GATEWAY)
        if not gateway:
            return Outcome(DELAYED, "The gateway is not set.", scope=SERVICE)
        message = {"id": f"reminder-{reminder_id}", "to": content["address"], "text": content["body"]}
        try:
            answer = requests.post(gateway, json=message, timeout=10)
        except requests.ConnectionError as error:
            return Outcome(DELAYED, str(error), scope=SERVICE)
        except requests.RequestException as error:
            return Outcome(UNCERTAIN, str(error))
        return Outcome(ACCEPTED) if answer.ok else Outcome(REFUSED, answer.reason)

    @api.model
    def _keep(self, contents):
        """Keep the texts: without it the delivery is recorded, and nobody can read what it said."""
        messages = self.env["mail.message"].sudo().create([
            {
                "model": "dunning.reminder", "res_id": reminder_id, "body": content["body"], "is_internal": True,
                "message_type": "notification", "subtype_id": self.env.ref("mail.mt_note").id,
                "author_id": self.env.ref("base.partner_root").id,
            }
            for reminder_id, content in contents.items()
        ])  # fmt: skip
        return dict(zip(contents, messages.ids, strict=True))

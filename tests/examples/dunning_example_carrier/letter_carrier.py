import base64

import requests

from odoo import api, fields, models

from odoo.addons.relance_progressive.relance_progressive.channels.dunning_channel import (
    ACCEPTED,
    DELAYED,
    REFUSED,
    SERVICE,
    UNCERTAIN,
    Outcome,
)

CARRIER = "dunning_example.carrier"


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_letter_provider = fields.Selection(
        selection_add=[("example", "Carried by an example")], ondelete={"example": "set default"}
    )


class DunningLetterProviderExample(models.AbstractModel):
    """A carrier that takes the printed letter over HTTP."""

    _name = "dunning.letter.provider.example"
    _inherit = ["dunning.letter.provider"]
    _description = "Letters Carried by an Example"

    _prints = True  # the contents hold ``pdf`` (base64); otherwise they hold ``html``

    @api.model
    def _hand_over(self, reminders, contents, begin):
        for reminder in reminders:
            content = contents[reminder.id]
            pdf = base64.b64decode(content["pdf"])
            if begin(reminder.id):
                continue  # somebody has just paid
            content["reference"] = f"example-{reminder.id}"  # what the carrier knows the letter by
            yield reminder.id, self._send(content, pdf)

    @api.model
    def _send(self, content, pdf):
        """Give one letter to the carrier."""
        carrier = self.env["ir.config_parameter"].sudo().get_param(CARRIER)
        if not carrier:
            return Outcome(DELAYED, "The carrier is not set.", scope=SERVICE)
        try:
            answer = requests.post(
                carrier, files={"letter": pdf}, data={"to": content["address"], "id": content["reference"]}, timeout=30
            )
        except requests.ConnectionError as error:
            return Outcome(DELAYED, str(error), scope=SERVICE)
        except requests.RequestException as error:
            return Outcome(UNCERTAIN, str(error))
        return Outcome(ACCEPTED) if answer.ok else Outcome(REFUSED, answer.reason)

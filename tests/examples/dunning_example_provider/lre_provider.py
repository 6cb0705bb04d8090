import requests

from odoo import api, fields, models

from odoo.addons.relance_progressive.relance_progressive.channels.dunning_channel import (
    ACCEPTED,
    DELAYED,
    REFUSED,
    Outcome,
)
from odoo.addons.relance_progressive.relance_progressive.channels.lre.provider import Answer, News, Proof

PROVIDER = "dunning_example.provider"


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_lre_provider = fields.Selection(
        selection_add=[("example", "An example")], ondelete={"example": "set null"}
    )


class DunningLreProviderExample(models.AbstractModel):
    """A provider of electronic registered letters that speaks JSON."""

    _name = "dunning.lre.provider.example"
    _inherit = ["dunning.lre.provider"]
    _description = "Electronic Registered Letters of an Example"

    @api.model
    def _why_not(self, company):
        return "" if self._url() else "The address of the provider is not set."

    @api.model
    def _url(self):
        return self.env["ir.config_parameter"].sudo().get_param(PROVIDER)

    @api.model
    def _send(self, company, item):
        """Give one letter to the provider; what it raises besides counts as uncertain."""
        try:
            answer = requests.post(
                f"{self._url()}/letters/{item.reference}", files={"letter": item.pdf},
                data={"to": item.email, "name": item.name, "subject": item.subject}, timeout=30,
            )  # fmt: skip
        except requests.ConnectionError as error:
            return Answer(Outcome(DELAYED, str(error)))
        if not answer.ok:
            return Answer(Outcome(REFUSED, answer.reason))
        return Answer(Outcome(ACCEPTED), cost=answer.json().get("cost", 0.0))

    @api.model
    def _poll(self, company, references, now):
        """Return all news of the items since their deposit; ``kind`` is one of ``core.notice.KINDS``."""
        news = {}
        for reference in references:
            answer = requests.get(f"{self._url()}/letters/{reference}", timeout=30)
            if answer.ok:
                news[reference] = [
                    News(row["kind"], fields.Date.to_date(row["day"]), row["id"]) for row in answer.json()
                ]
        return news

    @api.model
    def _fetch_proofs(self, company, reference):
        answer = requests.get(f"{self._url()}/letters/{reference}/proofs", timeout=30)
        answer.raise_for_status()
        return [Proof(row["kind"], row["name"], row["text"].encode(), "text/plain") for row in answer.json()]

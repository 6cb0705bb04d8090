from markupsafe import Markup

from odoo import api, fields, models

from .. import queries


class DunningAccount(models.Model):
    """The moment a reminded customer has paid: the person in charge is told, the customer may be thanked."""

    _inherit = "dunning.account"

    settled_on = fields.Date(
        "Paid in Full On", readonly=True, help="The day on which all that was reminded turned out to be paid."
    )
    to_thank = fields.Boolean(readonly=True, help="A word of thanks leaves with the next delivery.")

    _to_thank = models.Index("(company_id) WHERE to_thank")

    @api.model
    def _note_settled(self, company, partners=None):
        """Note the customers who have paid all that was reminded since they were last reminded.

        :param partners: ids of commercial partners, all those of the company if empty
        :return: their accounts
        """
        day = company._dunning_today()
        rows = self.env.execute_query(queries.settled_accounts(self.env, company, partners, day))
        settled = self.browse([account for account, _amount in rows])
        if settled:
            settled.invalidate_recordset(["settled_on", "to_thank"])
            words = self.env._("All that was reminded is paid.")
            settled._message_log_batch(bodies={account.id: Markup("<p>%s</p>") % words for account in settled})
            self.env["dunning.notice"]._note(
                [{"account_id": account, "kind": "paid", "amount": amount} for account, amount in rows]
            )
        return settled

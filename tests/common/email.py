from odoo import Command

from .deliver import DeliverCommon


class EmailCommon(DeliverCommon):
    """A person in charge who writes, and a French customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.person = cls.env["res.users"].create({
            "name": "Léa Martin", "login": "lea", "email": "lea@atelier.example", "phone": "01 98 76 54 32",
            "group_ids": [Command.link(cls.env.ref("account.group_account_invoice").id)],
        })  # fmt: skip
        cls.company.dunning_user_id = cls.person

    def deliver_to(self, customer):
        """Prepare and deliver; return the message that the customer's address received, if any."""
        self.prepare()
        with self.smtp() as smtp:
            self.counts = self.send()
        self.messages = smtp.messages
        return smtp.messages[0][1] if smtp.messages else None

    def html(self, message):
        return message.get_body(("html",)).get_content()

    def text(self, message):
        return message.get_body(("plain",)).get_content()

import re

from odoo import Command

from .penalty import DUE, PenaltyCommon

# Words and figures that no message to a consumer may hold before a notice has reached him.
FORBIDDEN = re.compile(
    r"indemni|interest|intérêt|pénalit|penalt|L441-10|D441-5|40[.,]00|12[.,]15|9[.,]99", re.IGNORECASE
)


class ShownCommon(PenaltyCommon):
    """A level that is due on the Monday of the stories, over a channel, with what it does with penalties."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.company.write({"street": "1 rue Haute", "zip": "69001", "city": "Lyon"})
        place = {"street": "2 rue Basse", "zip": "69002", "city": "Lyon", "phone": "+33 6 12 34 56 78"}
        (cls.customer | cls.consumer).write(place)

    def level(self, penalties, *channels, stage="firm"):
        self.level_1.write({
            "stage": stage, "penalties": penalties,
            "channel_ids": [Command.clear(), *(Command.create({"channel": code}) for code in channels or ["email"])],
        })  # fmt: skip
        return self.level_1

    def reminder(self, customer=None, amount=1000.0):
        """Return the reminder of an invoice that is 30 days late, ready to leave."""
        self.invoice(DUE, amount, customer)
        self.prepare()
        return self.reminders(customer)

    def mail(self, customer=None):
        """Deliver over SMTP; return the HTML and the plain text of the message that arrived."""
        with self.smtp() as smtp:
            self.send()
            (message,) = smtp.to((customer or self.customer).email)
        self.last = message
        html = message.get_body(("html",)).get_content()
        return html, message.get_body(("plain",)).get_content()

import re
from datetime import timedelta

from odoo import Command

from .base import MONDAY
from .letter import LetterCommon

NBSP = "\N{NO-BREAK SPACE}"


class NoticeCommon(LetterCommon):
    """The formal notice of the default plan, by registered letter, 30 days after the due date."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.notice.write({"notice_text_ids": [
            Command.create({"kind": text.kind, "template_id": text.template_id.id})
            for text in cls.env.ref("relance_progressive.level_professionals_5").notice_text_ids
        ], "letter_template_id": cls.env.ref("relance_progressive.template_letter_notice").id})  # fmt: skip
        cls.use_channels("registered", level=cls.notice)
        cls.company.write({
            "dunning_mediator_name": "CM2C", "dunning_mediator_address": "49 rue de Ponthieu, 75008 Paris",
            "dunning_mediator_website": "www.cm2c.example",
        })  # fmt: skip

    def reminder(self, status, lang="en_US", country="base.fr", **values):
        """Return the formal notice of a customer who owes 1,200 for 45 days."""
        customer = self.make_customer(
            f"{status} {lang}", email=f"{status}@petit.example", dunning_status=status, lang=lang,
            street="1 rue Haute", zip="75001", city="Paris", country_id=self.env.ref(country).id, **values,
        )  # fmt: skip
        invoice = self.invoice(MONDAY - timedelta(days=45), 1200, customer)
        self.item(invoice).sudo().write(
            {"dunning_level_id": self.level_3.id, "dunning_date": MONDAY - timedelta(days=20)}
        )
        self.run_on(MONDAY)
        reminder = self.reminders(customer)
        self.assertEqual(reminder.level_id, self.notice)
        return reminder

    def letter(self, reminder):
        """Return the registered letter as plain words."""
        letters = self.env["dunning.letter"].with_context(dunning_registered=True)
        own = reminder.with_context(dunning_registered=True)
        made, broken = letters._compose(own, self.recipients(own), kind="registered")
        self.assertFalse(broken)
        html = made[reminder.id].html
        body = html[html.index("dn-address") :]
        return " ".join(re.sub(r"<[^>]+>", " ", body).replace("&nbsp;", " ").replace(NBSP, " ").split())

from datetime import datetime

from odoo import Command
from odoo.tests import freeze_time, new_test_user

from .deliver import DeliverCommon

PARIS_NUMBER = "01 42 68 53 00"


class CallCommon(DeliverCommon):
    """A level that calls, then writes an e-mail if nobody can be reached; Karim makes the calls."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.karim = new_test_user(
            cls.env, "karim_calls", groups="account.group_account_invoice", name="Karim", company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)], tz="Europe/Paris",  # his today is that of the company
        )  # fmt: skip
        cls.company.dunning_user_id = cls.karim
        cls.level_1.channel_ids = [
            Command.clear(),
            Command.create({"channel": "call", "sequence": 1}),
            Command.create({"channel": "email", "sequence": 2, "fallback": True}),
        ]

    def setUp(self):
        super().setUp()
        self.freeze_today()

    def freeze_today(self):
        """Today is the Monday on which the story begins, at ten in the morning in Paris."""
        freezer = freeze_time(datetime(2026, 3, 2, 9))
        freezer.start()
        self.addCleanup(freezer.stop)

    def call_for(self, phone=PARIS_NUMBER, **values):
        """Return the call to make to a new customer whose invoice is three days late."""
        customer = self.reminder_for(phone=phone, **values)
        self.prepare()
        with self.smtp() as smtp:
            self.counts = self.send()
        self.mails = smtp.messages
        return self.reminders(customer).delivery_ids.with_user(self.karim)

    def send_later(self):
        with self.smtp() as smtp:
            self.send()
        return smtp.messages

    def activities(self, call):
        return call.sudo().reminder_id.activity_ids

    def level_done(self, call):
        return call.sudo().reminder_id.line_ids.move_line_id.dunning_level_id

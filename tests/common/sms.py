from datetime import datetime, timedelta

from odoo import Command

from ..fake_sms import local_gateway
from .base import MONDAY
from .deliver import DeliverCommon

MOBILE = "06 12 34 56 78"

NOON = datetime(2026, 3, 2, 11, 0)  # noon in Paris, that Monday


class SmsCommon(DeliverCommon):
    """The first level by text message, at noon of a Monday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.company.partner_id.tz = "Europe/Paris"

    def setUp(self):
        super().setUp()
        self.now = NOON
        self.patch(self.registry["dunning.channel.sms"], "_now", lambda model: self.now)
        gateway = local_gateway(self.registry)
        self.gateway = gateway.__enter__()
        self.addCleanup(gateway.__exit__, None, None, None)
        # The page of the customer has its own tests.
        self.patch(self.registry["dunning.reminder"], "_customer_link", lambda reminder: "")
        self.use("sms")

    def use(self, *codes, level=None):
        """Give a level channels; the second and following ones are fallbacks."""
        (level or self.level_1).channel_ids = [Command.clear()] + [
            Command.create({"channel": code, "sequence": number, "fallback": number > 0})
            for number, code in enumerate(codes)
        ]

    def late(self, phone=MOBILE, name="Garage Noir", **values):
        """Return a customer with an invoice three days late."""
        customer = self.make_customer(name, phone=phone, **values)
        self.invoice(MONDAY - timedelta(days=3), 1000.0, customer)
        return customer

    def text_to(self, *customers):
        """Prepare and deliver; return the reminder of the first customer."""
        self.prepare()
        with self.smtp() as self.mails:
            self.counts = self.send()
        return self.reminders(customers[0])

    def steps(self, reminder):
        return reminder.delivery_ids.mapped(lambda delivery: (delivery.channel, delivery.state))

from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from ..fake_smtp import FakeSmtp
from .base import MONDAY, DunningCommon


class DeliverCommon(DunningCommon):
    """Reminders that leave over a real SMTP session, to a server in this process."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.mail_server"].search([]).active = False
        cls.server = cls.env["ir.mail_server"].create({"name": "Test", "smtp_host": "127.0.0.1", "smtp_port": 1})
        cls.company.write({"email": "factures@atelier.example", "name": "Atelier Blanc", "phone": "01 23 45 67 89"})

    @contextmanager
    def smtp(self):
        """Deliver to a server of the test; gives the server."""
        with FakeSmtp() as smtp, patch.object(self.registry["ir.mail_server"], "_disable_send", return_value=None):
            self.server.smtp_port = smtp.port
            yield smtp

    def reminder_for(self, email="compta@petit.example", amount=1000.0, **values):
        """Return a reminder that is ready: one invoice, three days late."""
        customer = self.make_customer(f"Customer of {email}", email=email, **values)
        self.invoice(MONDAY - timedelta(days=3), amount, customer)
        return customer

    def prepare(self):
        self.run_on(MONDAY)

    def send(self, **values):
        return self.engine.deliver(date=MONDAY, company=self.company, **values)

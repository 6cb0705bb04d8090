import shutil
import tempfile
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import freeze_time

from .base import MONDAY
from .deliver import DeliverCommon


class LreCommon(DeliverCommon):
    """A formal notice by electronic registered letter, on paper when it cannot be; the folder is the test's own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({
            "dunning_lre_provider": "local", "dunning_mediator_name": "CM2C",
            "dunning_mediator_address": "49 rue de Ponthieu, 75008 Paris",
            "dunning_mediator_website": "www.cm2c.example",
        })  # fmt: skip
        cls.level_1.write({"stage": "formal_notice", "channel_ids": [
            Command.clear(), Command.create({"channel": "lre", "sequence": 1}),
            Command.create({"channel": "registered", "fallback": True, "sequence": 2}),
        ]})  # fmt: skip
        cls.provider = cls.env["dunning.lre.provider.local"]

    def setUp(self):
        super().setUp()
        folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder)
        self.patch(self.registry["dunning.lre.provider.local"], "_root", lambda provider: folder)
        self.startPatcher(patch.object(
            self.registry["dunning.letter"], "_print_safely",
            lambda model, reminders, pages: ({key: b"%PDF-1.4 " + html.encode() for key, html in pages.items()}, {}),
        ))  # fmt: skip

    @contextmanager
    def on(self, shift, hour=10):
        """Live a number of days after Monday."""
        with freeze_time(datetime.combine(MONDAY + timedelta(days=shift), datetime.min.time()) + timedelta(hours=hour)):
            yield

    def sent(self, email="gerant@petit.example", **values):
        """Return an electronic letter that left on Monday."""
        customer = self.reminder_for(email, **{"company_registry": "33417522100011", **values})
        self.prepare()
        with self.on(0):
            self.send()
        return self.reminders(customer).delivery_ids

    def poll(self, shift):
        with self.on(shift):
            self.env["dunning.delivery"].search([("channel", "=", "lre")]).action_poll()

    def act(self, letter, act, shift):
        """Have the addressee accept, refuse or forget a letter."""
        getattr(self.provider, f"_{act}")(letter.reference, fields.Datetime.to_datetime(MONDAY + timedelta(days=shift)))

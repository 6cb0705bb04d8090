from datetime import datetime, timedelta

from odoo import Command
from odoo.tools import mute_logger

from .deliver import DeliverCommon

QUIET = mute_logger("odoo.addons.relance_progressive.relance_progressive.channels.email.smtp")


class MailServerCommon(DeliverCommon):
    """Ten customers or so, a letter as the fallback, and a person in charge."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.env["res.users"].create({
            "name": "Léa Martin", "login": "lea", "email": "lea@atelier.example",
            "group_ids": [Command.link(cls.env.ref("relance_progressive.dunning_group_user").id)],
        })  # fmt: skip
        cls.company.dunning_user_id = cls.person
        cls.level_1.channel_ids = [Command.create({"channel": "letter", "fallback": True, "sequence": 99})]

    def customers(self, *words):
        """Return customers whose reminders leave in this order, each served as the first word of its address says."""
        found = [
            self.reminder_for(f"{word}.{number}@petit.example", street="1 rue Haute", zip="69001", city="Lyon")
            for number, word in enumerate(words)
        ]
        self.prepare()
        return found

    def states(self, customers):
        return [self.reminders(customer).state for customer in customers]

    def channels_used(self, customers):
        return [self.reminders(customer).delivery_ids.mapped("channel") for customer in customers]

    def outage(self):
        self.env["dunning.outage"].invalidate_model()
        return self.env["dunning.outage"].search([])

    def told(self):
        """Return what the person in charge was told of services."""
        return self.env["mail.activity"].search([
            ("res_model", "=", "dunning.outage"), ("user_id", "=", self.person.id),
        ])  # fmt: skip

    def pass_time(self, **time):
        """Let time pass for what waits and for what has left."""
        self.env.flush_all()
        shift = timedelta(**time)
        for table, columns in (
            ("dunning_reminder", ("retry_at", "delayed_since")), ("dunning_outage", ("since", "until")),
            ("dunning_delivery", ("sent_at",)), ("dunning_account", ("thanked_at",)),
        ):  # fmt: skip
            for column in columns:
                self.env.cr.execute(f"UPDATE {table} SET {column} = {column} - %s", [shift])  # noqa: S608
        # What is due by the clock is due for the database too, whose clock stands still within a test.
        self.env.cr.execute(
            "UPDATE dunning_reminder SET retry_at = retry_at - interval '1 hour' WHERE retry_at <= %s",
            [datetime.now()],
        )
        self.env.invalidate_all()

from datetime import timedelta

from odoo import Command

from .base import MONDAY
from .deliver import DeliverCommon
from .letter import quick_pdf

LATER = "2026-06-01 10:00:00"  # all that the stories tell has happened by then

NUMBERS = ("RR473124829PL", "RB123456785GB", "RB123456785US", "RR287043775IN")


class RegisteredCommon(DeliverCommon):
    """A formal notice by registered letter, that a person prints and hands in."""

    channels = (("registered", False),)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level_1.write({"stage": "formal_notice", "channel_ids": [Command.clear()] + [
            Command.create({"channel": code, "fallback": fallback, "sequence": rank})
            for rank, (code, fallback) in enumerate(cls.channels)
        ]})  # fmt: skip

    def letter_for(self, name="Petit", **values):
        """Return a registered letter that waits to be handed in."""
        return self.letters_for(name, **values)

    def letters_for(self, *names, **values):
        address = {"street": "1 rue Haute", "zip": "75001", "city": "Paris", **values}
        customers = [self.reminder_for(f"{name.lower()}@petit.example", **address) for name in names]
        self.prepare()
        self.send()
        letters = [self.reminders(customer).delivery_ids for customer in customers]
        return self.env["dunning.delivery"].union(*letters)

    def printed(self, letters):
        """Print letters, all in one mailing, on the day of the test."""
        self.patch(self.registry["dunning.letter"], "_print_documents", quick_pdf)
        letters.action_print_letters()
        mailing = letters.sudo().mailing_letter_ids.mailing_id
        while not mailing.print_next()["finished"]:
            pass
        self.env.cr.execute(  # as if the transaction had begun that day
            "UPDATE ir_attachment SET create_date = %s WHERE id IN %s",
            (LATER, tuple(mailing.letter_ids.attachment_id.ids)),
        )
        self.env.invalidate_all()
        return letters

    def day(self, shift):
        return MONDAY + timedelta(days=shift)

    def tell(self, letter, *events):
        """Record events ``(kind, days after Monday)``, as the system does."""
        for kind, shift in events:
            letter.sudo()._record_event(kind, self.day(shift))

    def file(self, name="scan.pdf", user=None):
        files = self.env["ir.attachment"].with_user(user or self.env.user)
        return files.create({"name": name, "raw": b"%PDF-1.4 scan", "mimetype": "application/pdf"})

    def item(self, letter):
        return letter.reminder_id.line_ids.move_line_id

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..common.base import MONDAY
from ..common.registered import RegisteredCommon
from ..common.security import SecurityCommon

LATER = "2026-06-01 10:00:00"  # all that the stories tell has happened by then
NUMBERS = ("RR473124829PL", "RB123456785GB", "RB123456785US", "RR287043775IN")


@freeze_time(LATER)
@tagged("post_install", "-at_install")
class TestEventsAreProof(RegisteredCommon, SecurityCommon):
    def setUp(self):
        super().setUp()
        self.letter = self.letter_for()
        self.tell(self.letter, ("handed_in", 0))
        self.event = self.letter.event_ids

    def wizard(self, user, letters, **values):
        own = letters.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        context = own.action_record_event()["context"]
        return self.env["dunning.delivery.event.wizard"].with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids, **context
        ).create(values)  # fmt: skip

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_nobody_alters_or_deletes_an_event(self):
        for user in (self.user, self.manager, self.auditor):
            event = self.as_(user, self.event)
            self.assertEqual(event.kind, "handed_in")
            for act in (lambda event=event: event.write({"date": self.day(9)}), event.unlink):
                with self.assertRaises(UserError):  # an AccessError is one
                    act()
        with self.assertRaises(UserError):
            self.event.sudo().date = self.day(9)
        with self.assertRaises(UserError):
            self.event.sudo().unlink()

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_nor_its_proofs(self):
        self.wizard(self.user, self.letter, kind="delivered", date=self.day(3), file_ids=self.file(user=self.user).ids
                    ).action_record()  # fmt: skip
        delivered = self.letter.event_ids - self.event
        self.assertEqual((delivered.kind, delivered.user_id, delivered.source), ("delivered", self.user, "person"))
        proof = delivered.attachment_ids
        self.assertEqual(proof.raw, b"%PDF-1.4 scan")
        for user in (self.user, self.manager):
            self.assertTrue(self.as_(user, proof).name)
            for act in (self.as_(user, proof).unlink, lambda user=user: self.as_(user, proof).write({"name": "x"})):
                with self.assertRaises(AccessError):
                    act()

    def test_one_scan_for_several_letters(self):
        other = self.letter_for("Grand")
        self.tell(other, ("handed_in", 0))
        both = self.letter + other
        self.wizard(self.user, both, kind="presented", date=self.day(2), file_ids=self.file(user=self.user).ids
                    ).action_record()  # fmt: skip
        events = both.event_ids.filtered(lambda event: event.kind == "presented")
        self.assertEqual([len(event.attachment_ids) for event in events], [1, 1])
        self.assertEqual(len(events.attachment_ids), 2)

    def test_all_letters_of_a_selection_or_none(self):
        other = self.letter_for("Grand")
        wizard = self.wizard(self.user, self.letter + other, kind="presented", date=self.day(2))
        self.assertIn("not handed in yet", wizard.problem)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            wizard.action_record()
        self.assertEqual(len((self.letter + other).event_ids), 1)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_a_proof_is_not_stolen_from_another_document(self):
        """A file that the user may not read does not become readable by attaching it."""
        secret = self.env["ir.attachment"].create({
            "name": "secret", "raw": b"secret", "res_model": "res.company", "res_id": self.other.id,
            "company_id": self.other.id,
        })  # fmt: skip
        private = self.env["ir.attachment"].create({"name": "private", "raw": b"private"})
        for file in (secret, private):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.wizard(self.user, self.letter, kind="delivered", date=self.day(3), file_ids=file.ids
                            ).action_record()  # fmt: skip

    def test_a_wrong_event_is_struck_out_by_a_manager(self):
        self.tell(self.letter, ("delivered", 4))
        event = self.letter.event_ids[-1]
        for user, fine in ((self.user, False), (self.manager, True)):
            wizards = self.as_(user, self.env["dunning.delivery.strike.wizard"])
            if not fine:
                with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
                    wizards.create({"event_id": event.id, "reason": "Wrong letter"})
                continue
            wizards.create({"event_id": event.id, "reason": "Wrong letter"}).action_strike_out()
        self.assertEqual((event.struck, event.struck_by_id, event.struck_reason), (True, self.manager, "Wrong letter"))
        self.assertEqual((self.letter.state, self.letter.notice_on), ("sent", False))
        self.assertEqual(self.item(self.letter).dunning_level_id, self.level_1)
        self.tell(self.letter, ("delivered", 4))  # it can be said again
        self.assertEqual(self.letter.state, "delivered")

    def test_a_return_that_was_struck_out_leaves_the_choice_to_a_person(self):
        self.tell(self.letter, ("returned", 5))
        self.letter.event_ids[-1].sudo()._strike_out("It was another letter")
        self.assertEqual(self.letter.state, "bounced")
        self.assertIn("struck out", self.letter.reason)

    def test_no_reason_no_strike(self):
        with self.assertRaises(UserError):
            self.event.sudo()._strike_out("  ")

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_another_company_is_out_of_reach(self):
        theirs = self.theirs["dunning.delivery"].sudo()
        theirs.reminder_id.delivery_ids = [Command.create({"channel": "registered", "address": "1 rue"})]
        theirs = theirs.reminder_id.delivery_ids[-1]
        event = theirs._create_events([(theirs, "handed_in", MONDAY)])
        for user in (self.user, self.manager):
            self.assertNotIn(event, self.as_(user, self.env["dunning.delivery.event"]).search([]))
            with self.assertRaises(AccessError):
                self.as_(user, event).read(["kind"])
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.env["dunning.delivery.event.wizard"].with_user(user).with_context(
                    allowed_company_ids=user.company_ids.ids
                ).create({"delivery_ids": theirs.ids, "kind": "delivered", "date": MONDAY}).action_record()
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.env["dunning.registered.scan"].with_user(user).with_context(
                    allowed_company_ids=user.company_ids.ids
                ).create({"delivery_ids": theirs.ids, "text": NUMBERS[0]}).action_give()
        self.assertFalse(theirs.registered_number)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_an_auditor_records_nothing(self):
        with self.assertRaises(AccessError):
            self.wizard(self.auditor, self.letter, kind="delivered", date=self.day(3))

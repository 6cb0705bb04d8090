
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..common.letter import quick_pdf
from ..common.registered import LATER, NUMBERS, RegisteredCommon


@freeze_time(LATER)
@tagged("post_install", "-at_install")
class TestLife(RegisteredCommon):
    def test_handed_in_does_the_level(self):
        letter = self.letter_for()
        self.assertEqual((letter.channel, letter.state), ("registered", "ready"))
        self.assertFalse(self.item(letter).dunning_level_id)
        self.tell(letter, ("handed_in", 1))
        self.assertEqual((letter.state, letter.date_done, letter.reminder_id.state), ("sent", self.day(1), "sent"))
        self.assertEqual(self.item(letter).dunning_level_id, self.level_1)
        self.assertEqual(letter.event_ids.mapped("kind"), ["handed_in"])
        self.assertIn("sent by registered letter:", letter.partner_id.message_ids[:1].body)

    def test_the_history_of_the_customer_calls_it_what_it_is(self):
        letter = self.letter_for()
        self.tell(letter, ("handed_in", 1))
        self.assertIn("sent by registered letter:", letter.reminder_id.partner_id.message_ids[:1].body)

    def test_delivered(self):
        letter = self.letter_for()
        self.tell(letter, ("handed_in", 0), ("presented", 2))
        self.assertEqual((letter.state, letter.presented_on, letter.claim_until), ("sent", self.day(2), self.day(17)))
        self.assertFalse(letter.notice_on)
        self.tell(letter, ("delivered", 5))
        self.assertEqual((letter.state, letter.notice_on, letter.pay_until), ("delivered", self.day(5), self.day(13)))
        self.assertFalse(letter.claim_until)
        self.assertIn("1344", letter.notice_text)
        self.assertEqual(letter.notice_text, letter.reminder_id.notice_text)

    def test_unclaimed_stays_valid_and_its_return_is_no_bounce(self):
        letter = self.letter_for()
        self.tell(letter, ("handed_in", 0), ("presented", 2), ("unclaimed", 18), ("returned", 21))
        self.assertEqual((letter.state, letter.notice_on), ("unclaimed", self.day(2)))
        self.assertIn("19-20.680", letter.notice_text)
        self.assertEqual(letter.reminder_id.state, "sent")
        self.assertEqual(self.item(letter).dunning_level_id, self.level_1)

    def test_refused_stays_valid(self):
        letter = self.letter_for()
        self.tell(letter, ("handed_in", 0), ("presented", 2), ("refused", 2))
        self.assertEqual((letter.state, letter.notice_on, letter.reminder_id.state), ("refused", self.day(2), "sent"))
        self.assertIn("prudent reading", letter.notice_text)
        self.assertNotIn("19-20.680", letter.notice_text, "a case about letters that nobody claimed")
        self.assertIn("contractual term", letter.notice_text)

    def test_collected_after_all(self):
        letter = self.letter_for()
        self.tell(letter, ("handed_in", 0), ("presented", 2), ("unclaimed", 17), ("delivered", 17))
        self.assertEqual((letter.state, letter.notice_on), ("delivered", self.day(17)))

    def test_unknown_address_undoes_the_level(self):
        letter = self.letter_for()
        self.tell(letter, ("handed_in", 0), ("returned", 6))
        self.assertEqual((letter.state, letter.reminder_id.state), ("bounced", "failed"))
        self.assertFalse(self.item(letter).dunning_level_id)
        self.assertFalse(letter.notice_on)

    def test_contradictions_are_refused_in_words(self):
        letter = self.letter_for()
        with self.assertRaisesRegex(UserError, "not handed in yet"):
            self.tell(letter, ("delivered", 2))
        self.tell(letter, ("handed_in", 3), ("presented", 4))
        for event, words in (
            (("delivered", 2), "before “Handed In”"),
            (("delivered", 3), "before “Presented”"),
            (("handed_in", 4), "cannot be on"),
            (("delivered", 365), "still to come"),
        ):
            with self.subTest(event), self.assertRaisesRegex(UserError, words):
                self.tell(letter, event)
        self.tell(letter, ("refused", 5))
        with self.assertRaisesRegex(UserError, "cannot both be true"):
            self.tell(letter, ("delivered", 6))
        self.assertEqual(letter.event_ids.mapped("kind"), ["handed_in", "presented", "refused"])

    def test_said_twice_is_recorded_once(self):
        letter = self.letter_for()
        self.tell(letter, ("handed_in", 0), ("handed_in", 0), ("delivered", 4), ("delivered", 4))
        self.assertEqual(letter.event_ids.mapped("kind"), ["handed_in", "delivered"])

    def test_paid_before_the_hand_in(self):
        """What is no longer owed is not to leave."""
        letter = self.letter_for()
        self.pay(self.item(letter).move_id)
        with self.assertRaisesRegex(UserError, "did not leave|nothing is claimed"):
            self.tell(letter, ("handed_in", 1))

    def test_posted_before_the_payment_was_known(self):
        """It was printed, it left, then the customer paid: that it left is recorded, the reminder stays as it is."""
        letter = self.printed(self.letter_for())
        self.pay(self.item(letter).move_id)
        letter.sudo()._still_due()
        self.assertEqual((letter.state, letter.reminder_id.state), ("cancelled", "cancelled"))
        with self.assertRaisesRegex(UserError, "not handed in yet"):
            self.tell(letter, ("presented", 91))
        with self.assertRaisesRegex(UserError, "It was printed on"):
            self.tell(letter, ("handed_in", 1))
        letter.sudo()._give_numbers({letter.sudo(): NUMBERS[0]})
        self.tell(letter, ("handed_in", 91))
        self.assertEqual((letter.state, letter.reminder_id.state), ("cancelled", "cancelled"))
        self.assertFalse(self.item(letter).dunning_level_id)
        self.assertEqual((letter.date_done, letter.event_ids.mapped("kind")), (self.day(91), ["handed_in"]))
        self.assertIn("all the same", letter.reason)
        self.assertTrue(letter.message_id)
        self.assertEqual(letter.sudo().mailing_letter_ids.state, "posted")
        self.assertEqual(letter._holders_of([NUMBERS[0]]), {(self.company.id, NUMBERS[0]): letter})
        self.tell(letter, ("returned", 91))
        self.assertEqual((letter.state, letter.reminder_id.state), ("cancelled", "cancelled"))

    def test_paid_between_the_post_office_and_the_click(self):
        letter = self.printed(self.letter_for())
        self.pay(self.item(letter).move_id)
        self.tell(letter, ("handed_in", 91), ("delivered", 91))
        self.assertEqual((letter.state, letter.notice_on), ("cancelled", self.day(91)))

    def test_handed_in_while_its_mailing_prints(self):
        """What was not printed there is left out of the mailing, which goes on."""
        letters = self.letters_for("Abel", "Bruno")
        letters.action_print_letters()
        mailing = letters.sudo().mailing_letter_ids.mailing_id
        self.tell(letters[0], ("handed_in", 0))
        self.assertEqual(letters[0].sudo().mailing_letter_ids.state, "dropped")
        self.assertEqual((letters[0].state, mailing.state), ("sent", "printing"))
        self.patch(self.registry["dunning.letter"], "_print_documents", quick_pdf)
        self.assertTrue(mailing.print_next()["finished"])
        self.assertEqual(mailing.state, "printed")
        self.tell(letters[1], ("handed_in", 1))
        self.assertEqual((letters[1].state, mailing.state), ("sent", "posted"))

    def test_the_term_is_the_one_of_the_letter(self):
        """What a level gives later changes nothing for what was sent."""
        letter = self.letter_for()
        self.level_1.notice_days = 10
        self.tell(letter, ("handed_in", 0))
        self.level_1.notice_days = 30
        self.tell(letter, ("delivered", 4))
        self.assertEqual(letter.pay_until, self.day(14))

    def test_the_letter_gives_its_term_from_the_receipt(self):
        reminder = self.letter_for().reminder_id
        self.assertIn("day 8 after receipt", reminder.with_context(dunning_registered=True).deadline_text)
        self.assertNotIn("receipt", reminder.deadline_text)

    def test_what_is_missing_to_prove_it(self):
        letter = self.letter_for()
        self.tell(letter, ("handed_in", 0), ("delivered", 4))
        self.assertEqual(letter.proof_missing, ",number,handed_in,delivered,")
        letter.sudo()._give_numbers({letter.sudo(): NUMBERS[0]})
        for event in letter.sudo().event_ids:
            event._add_proofs(self.file())
        self.assertFalse(letter.proof_missing)
        self.assertEqual(len(letter.attachment_ids), 2)
        self.assertNotIn("missing", letter.notice_text)

    def test_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        letter = self.letter_for()
        self.tell(letter, ("handed_in", 0), ("presented", 2))
        self.assertIn("19/03/2026", letter.with_context(lang="fr_FR").notice_text)


@freeze_time(LATER)
@tagged("post_install", "-at_install")
class TestReturnedLetterFallsBack(RegisteredCommon):
    channels = (("registered", False), ("email", True))

    def test_the_fallback_goes(self):
        letter = self.letter_for()
        reminder = letter.reminder_id
        self.tell(letter, ("handed_in", 0), ("returned", 6))
        self.assertEqual((reminder.state, letter.state), ("ready", "bounced"))
        with self.smtp() as smtp:
            self.send()
        self.assertEqual((reminder.state, len(smtp.messages)), ("sent", 1))
        self.assertEqual(self.item(letter).dunning_level_id, self.level_1)

    def test_without_an_address_the_fallback_goes_at_once(self):
        customer = self.reminder_for("nowhere@petit.example")
        self.prepare()
        with self.smtp() as smtp:
            self.send()
        states = self.reminders(customer).delivery_ids.mapped(lambda found: (found.channel, found.state))
        self.assertEqual((states, len(smtp.messages)), ([("registered", "failed"), ("email", "sent")], 1))

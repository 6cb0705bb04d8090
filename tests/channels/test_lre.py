import shutil
from datetime import date, timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.relance_progressive.relance_progressive.channels.dunning_channel import Outcome
from odoo.addons.relance_progressive.relance_progressive.channels.lre.provider import Answer, News

from ..common.base import MONDAY
from ..common.lre import LreCommon

LOG = "odoo.addons.relance_progressive"


@tagged("post_install", "-at_install")
class TestLre(LreCommon):
    def test_sent(self):
        letter = self.sent()
        self.assertEqual((letter.channel, letter.state, letter.provider), ("lre", "sent", "local"))
        self.assertEqual(letter.address, "gerant@petit.example")
        self.assertEqual(letter.reminder_id.line_ids.move_line_id.dunning_level_id, self.level_1)
        folder = self.provider._folder(letter.reference)
        self.assertLessEqual(
            {"message.json", "letter.pdf", "state.json"}, {path.name for path in folder.iterdir()}
        )
        kept = letter.message_id.attachment_ids
        self.assertEqual(kept.raw, (folder / "letter.pdf").read_bytes())
        self.assertIn(b"Please pay.", kept.raw)
        self.assertIn("sent by electronic registered letter:", letter.partner_id.message_ids[:1].body)
        self.assertFalse(self.env["dunning.journal"].sudo().search([]))

    def test_accepted(self):
        letter = self.sent()
        self.poll(1)
        self.assertEqual((letter.state, letter.event_ids.mapped("kind")), ("sent", ["handed_in", "presented"]))
        self.assertEqual(letter.claim_until, MONDAY + timedelta(days=15))
        self.act(letter, "accept", 4)
        self.poll(5)
        self.assertEqual((letter.state, letter.notice_on), ("delivered", MONDAY + timedelta(days=4)))
        self.assertFalse(letter.proof_missing)
        proofs = letter.event_ids.attachment_ids
        self.assertEqual(len(proofs), 3)
        self.assertIn(letter.reference.encode(), proofs[-1].raw)
        shutil.rmtree(self.provider._folder(letter.reference))  # the provider keeps them for a year only
        self.assertTrue(all(proof.raw for proof in proofs))

    def test_refused(self):
        letter = self.sent()
        self.act(letter, "refuse", 2)
        self.poll(3)
        self.assertEqual((letter.state, letter.reminder_id.state), ("refused", "sent"))
        self.assertEqual(letter.notice_on, MONDAY + timedelta(days=2))

    def test_not_claimed(self):
        letter = self.sent()
        self.poll(15)
        self.assertEqual(letter.state, "sent", "the fifteenth day is the last one")
        self.poll(16)
        self.assertEqual((letter.state, letter.notice_on), ("unclaimed", MONDAY))
        self.assertEqual(letter.event_ids[-1].date, MONDAY + timedelta(days=16))
        self.assertIn("R53-3", letter.notice_text)

    def test_polled_twice(self):
        letter = self.sent()
        self.act(letter, "accept", 1)
        for shift in (2, 2, 3):
            self.poll(shift)
        self.assertEqual((len(letter.event_ids), len(letter.attachment_ids)), (3, 3))

    def test_killed_between_fetch_and_record(self):
        """What was fetched and not recorded is fetched again, proofs included."""
        letter = self.sent()
        self.act(letter, "accept", 1)
        with patch.object(
            self.registry["dunning.delivery"], "_file_fetched", side_effect=RuntimeError("killed")
        ), self.assertLogs(LOG, "WARNING"):
            self.poll(2)
        self.assertFalse(letter.event_ids)
        self.assertIn("killed", letter.news_problem)
        self.poll(3)
        self.assertEqual((letter.state, len(letter.event_ids), len(letter.attachment_ids)), ("delivered", 3, 3))
        self.assertFalse(letter.news_problem)

    def test_one_failure_stops_nobody(self):
        letters = self.sent("a@petit.example") + self.sent("b@petit.example") + self.sent("c@petit.example")
        for letter in letters:
            self.act(letter, "accept", 1)
        fetch = self.registry["dunning.lre.provider.local"]._fetch_proofs
        bad = letters[1].reference

        def broken(provider, company, reference):
            if reference == bad:
                raise OSError("unreadable")
            return fetch(provider, company, reference)

        with patch.object(self.registry["dunning.lre.provider.local"], "_fetch_proofs", broken), self.assertLogs(
            LOG, "WARNING"
        ):
            self.poll(2)
        self.assertEqual(letters.mapped("state"), ["delivered", "sent", "delivered"])
        self.poll(3)
        self.assertEqual(set(letters.mapped("state")), {"delivered"})

    def test_news_that_contradict_what_people_recorded(self):
        letter = self.sent()
        self.poll(1)
        with self.on(5):
            letter.sudo()._record_event("refused", MONDAY + timedelta(days=3))
        letter.sudo().event_ids[-1]._strike_out("Another one")
        self.assertEqual(letter.state, "sent")
        with patch.object(
            self.registry["dunning.lre.provider.local"], "_poll",
            lambda *args: {letter.reference: [News("delivered", date(2026, 2, 1), "x")]},
        ), self.assertLogs(LOG, "WARNING"):  # fmt: skip
            self.poll(6)
        self.assertIn("before", letter.news_problem)
        self.assertEqual(letter.state, "sent")

    def test_the_last_proof_comes_after_the_end(self):
        """A provider keeps its proofs for one year: what lacks is asked for until then."""
        letter = self.sent()
        self.act(letter, "accept", 1)
        fetch = self.registry["dunning.lre.provider.local"]._fetch_proofs

        def late(provider, company, reference):
            return [proof for proof in fetch(provider, company, reference) if proof.kind != "delivered"]

        with patch.object(self.registry["dunning.lre.provider.local"], "_fetch_proofs", late):
            self.poll(2)
        self.assertEqual((letter.state, letter.proof_missing), ("delivered", ",delivered,"))
        for shift, missing in ((366, ",delivered,"), (365, False)):  # too late; just in time
            with self.enter_registry_test_mode(), self.on(shift, hour=11):
                self.env.ref("relance_progressive.ir_cron_dunning_lre").method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(letter.proof_missing, missing)
        self.assertEqual((len(letter.event_ids), len(letter.attachment_ids)), (3, 3))

    def test_news_leave_the_reason_alone(self):
        """Why an item is uncertain, or came back, is not erased by what is asked for next."""
        with patch.object(
            self.registry["dunning.lre.provider.local"], "_send", side_effect=TimeoutError("no answer")
        ), self.assertLogs(LOG, "WARNING"):
            letter = self.sent()
        news = patch.object(
            self.registry["dunning.lre.provider.local"], "_poll",
            lambda *args: {letter.reference: [News("handed_in", MONDAY, "x"), News("returned", MONDAY, "y")]},
        )  # fmt: skip
        with news, patch.object(
            self.registry["dunning.lre.provider.local"], "_fetch_proofs", side_effect=OSError
        ), self.assertLogs(LOG, "WARNING"):
            self.poll(1)
        self.assertEqual(letter.state, "uncertain")
        self.assertIn("no answer", letter.reason)
        with news, patch.object(self.registry["dunning.lre.provider.local"], "_fetch_proofs", lambda *args: []):
            self.poll(1)
        self.assertEqual(letter.state, "bounced")
        self.assertIn("came back", letter.reason)

    def test_queries_of_a_poll(self):
        """News of eight items take as many queries as those of two, but for what is filed of each proof."""
        counts = []
        for count in (1, 2, 8):
            letters = self.env["dunning.delivery"].union(
                *(self.sent(f"{count}-{rank}@petit.example") for rank in range(count))
            )
            for letter in letters:
                self.act(letter, "accept", 1)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with self.on(2):
                self.env["dunning.channel.lre"].sudo()._sync_status(letters.sudo())
                self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(set(letters.mapped("state")), {"delivered"})
        self.assertLessEqual(counts[2], counts[1] + 6 * 3, counts)

    def test_the_letter_says_that_it_is_electronic(self):
        letter = self.sent()
        page = letter.message_id.attachment_ids.raw.decode()
        self.assertIn("Electronic registered letter", page)
        self.assertNotIn("acknowledgement of receipt", page)

    def test_scheduled_action_in_batches(self):
        letters = self.sent("a@petit.example") + self.sent("b@petit.example") + self.sent("c@petit.example")
        with patch(
            "odoo.addons.relance_progressive.relance_progressive.channels.lre.delivery.BATCH", 2
        ), self.enter_registry_test_mode(), self.on(1):
            self.env.ref("relance_progressive.ir_cron_dunning_lre").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual([len(letter.event_ids) for letter in letters], [2, 2, 2])

    def test_unknown_outcome(self):
        """A provider that breaks after it began leaves a doubt, which its own news resolve."""
        send = self.registry["dunning.lre.provider.local"]._send

        def lost(provider, company, item):
            send(provider, company, item)
            raise TimeoutError("no answer")

        with patch.object(self.registry["dunning.lre.provider.local"], "_send", lost), self.assertLogs(LOG, "WARNING"):
            letter = self.sent()
        self.assertEqual((letter.state, letter.reminder_id.state), ("uncertain", "uncertain"))
        self.assertIn("no answer", letter.reason)
        self.assertFalse(letter.reminder_id.line_ids.move_line_id.dunning_level_id)
        self.poll(1)
        self.assertEqual((letter.state, letter.reminder_id.state), ("sent", "sent"))
        self.assertEqual(letter.reminder_id.line_ids.move_line_id.dunning_level_id, self.level_1)

    def test_an_unknown_outcome_that_never_left_stays_with_a_person(self):
        with patch.object(self.registry["dunning.lre.provider.local"], "_send", side_effect=TimeoutError), (
            self.assertLogs(LOG, "WARNING")
        ):
            letter = self.sent()
        self.poll(1)
        self.assertEqual((letter.state, letter.reminder_id.state), ("uncertain", "uncertain"))

    def test_refused_by_the_provider(self):
        answer = Answer(Outcome("refused", "Address refused"))
        with patch.object(self.registry["dunning.lre.provider.local"], "_send", return_value=answer):
            letters = self.sent(street="1 rue Haute", zip="75001", city="Paris")
        self.assertEqual(letters.mapped(lambda d: (d.channel, d.state)), [("lre", "failed"), ("registered", "ready")])

    def test_folder_out_of_order(self):
        """Nothing has left: it is tried again later."""
        with patch.object(self.registry["dunning.lre.provider.local"], "_happens", side_effect=OSError(28, "No space")):
            self.assertFalse(self.sent())
        reminder = self.reminders().search([], order="id DESC", limit=1)
        self.assertEqual((reminder.state, reminder.attempts), ("ready", 1))
        self.assertIn("No space", reminder.reason)

    def test_given_twice_sent_once(self):
        letter = self.sent()
        content = {"reference": letter.reference, "subject": "Again", "pdf": "", "name": "x", "address": "y@z.example",
                   "lang": "en_US", "contact_id": letter.contact_id.id}  # fmt: skip
        item = self.env["dunning.channel.lre"]._item(self.company, content)
        self.assertEqual(self.provider._send(self.company, item).outcome.state, "accepted")
        self.assertIn(b"Please pay.", (self.provider._folder(letter.reference) / "letter.pdf").read_bytes())

    @mute_logger("odoo.sql_db")
    def test_a_reference_is_no_path(self):
        for reference in ("../../etc", "", "a/b", None):
            with self.assertRaises(ValueError):
                self.provider._folder(reference)

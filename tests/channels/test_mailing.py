# pylint: disable=translation-required
# What people write is not translated.
import base64
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.relance_progressive.relance_progressive.settings.proofs import unguarded

from ..common.base import MONDAY
from ..common.letter import LetterCommon, pages

LATER = MONDAY + timedelta(days=1)


@freeze_time(f"{MONDAY} 09:00:00")
@tagged("post_install", "-at_install")
class TestMailing(LetterCommon):
    """A day's post, from the list to the post office."""

    def setUp(self):
        super().setUp()
        self.quick()

    def wait(self, *names):
        """Return the deliveries of customers whose letters wait, in the order of their names."""
        customers = [self.customer_by_post(name, zip=f"6900{rank}") for rank, name in enumerate(names, start=1)]
        return self.letters(*customers)

    def mailing(self, deliveries, chunk=10):
        """Print deliveries to the end; return their mailing."""
        action = deliveries.action_print_letters()
        mailing = self.env["dunning.mailing"].browse(action["params"]["mailings"])
        while not mailing.print_next(chunk)["finished"]:
            pass
        return mailing

    def states(self, mailing):
        return mailing.letter_ids.mapped("state")

    # === PRINT === #

    def test_printed_in_the_order_of_the_post(self):
        """Own country first, then by country, postal code and name; one file and a list."""
        home = self.wait("Zoé", "Anne")
        abroad = self.letters(self.customer_by_post("Bruno", zip="1000", country_id=self.env.ref("base.be").id))
        mailing = self.mailing(home + abroad)
        self.assertEqual(mailing.letter_ids.mapped("partner_id.name"), ["Zoé", "Anne", "Bruno"])
        self.assertEqual((mailing.state, mailing.letter_count, mailing.page_count), ("printed", 3, 3))
        printed = pages(base64.b64decode(mailing.document))
        wanted = [f"letter {letter.reminder_id.id}" for letter in mailing.letter_ids]
        self.assertEqual([page.extract_text().strip() for page in printed], wanted)
        self.assertTrue(mailing.list_document)
        self.assertEqual(home.mapped("state"), ["ready", "ready"])

    def test_each_delivery_has_its_file(self):
        delivery = self.wait("Anne")
        mailing = self.mailing(delivery)
        self.assertEqual(delivery.attachment_ids, mailing.letter_ids.attachment_id)
        file = delivery.attachment_ids
        self.assertEqual((file.res_model, file.res_id), (delivery._name, delivery.id))

    def test_not_twice_at_a_time(self):
        deliveries = self.wait("Anne", "Bruno")
        self.mailing(deliveries[0])
        self.assertTrue(deliveries[0].in_mailing)
        second = self.mailing(deliveries)
        self.assertEqual(second.letter_ids.delivery_id, deliveries[1])
        with self.assertRaisesRegex(UserError, "None of these letters"):
            deliveries.action_print_letters()

    def test_killed_in_the_middle(self):
        """What was printed before stays, the rest is printed when someone goes on."""
        deliveries = self.wait("Anne", "Bruno", "Chloé")
        mailing = self.env["dunning.mailing"].browse(deliveries.action_print_letters()["params"]["mailings"])
        self.assertEqual(mailing.print_next(2), {"done": 2, "total": 3, "failed": 0, "finished": False})
        files = mailing.letter_ids.attachment_id
        with (
            patch.object(self.registry["dunning.letter"], "_compose", side_effect=MemoryError),
            self.assertRaises(MemoryError),
            self.env.cr.savepoint(),
        ):
            mailing.print_next(2)
        self.env.invalidate_all()
        self.assertEqual(mailing.state, "printing")
        self.assertEqual(mailing.action_continue()["params"]["mailings"], mailing.ids)
        self.assertTrue(mailing.print_next(2)["finished"])
        self.assertEqual(self.states(mailing), ["printed"] * 3)
        self.assertLess(files, mailing.letter_ids.attachment_id)

    def test_two_reminders_of_one_customer_are_decided_about_one_by_one(self):
        """One waits to be posted, its e-mail has left, the next one is ready: each is judged on what it claims."""
        self.use_channels("email", "letter")
        self.level_1.channel_ids.fallback = False
        customer = self.customer_by_post()
        self.invoice(MONDAY, 500, customer)
        with self.smtp():
            self.letters(customer)
        self.run_on(self.day(3))
        first, second = self.reminders(customer)
        self.assertEqual((first.state, second.state), ("sent", "ready"))
        for both in (first | second, second | first):
            decided = self.engine._recheck(both, self.day(3))
            self.assertEqual(set(decided), {first.id, second.id})
        lines = {one: {line.item: float(line.amount) for line in decided[one.id].lines} for one in first | second}
        own = {one: {line.move_line_id.id: line.amount_residual for line in one.line_ids} for one in first | second}
        self.assertEqual(lines[second], own[second])
        self.assertLessEqual(own[first].items(), lines[first].items())

    def test_someone_else_at_work(self):
        deliveries = self.wait("Anne")
        mailing = self.env["dunning.mailing"].browse(deliveries.action_print_letters()["params"]["mailings"])
        with patch.object(self.registry["dunning.delivery"], "_still_due", side_effect=LockError("locked")):
            self.assertTrue(mailing.print_next()["busy"])
        self.assertEqual(self.states(mailing), ["waiting"])

    def test_paid_before_printing(self):
        paid, other = self.wait("Anne", "Bruno")
        action = (paid + other).action_print_letters()
        self.pay(paid.reminder_id.line_ids.move_id)
        mailing = self.env["dunning.mailing"].browse(action["params"]["mailings"])
        mailing.print_next()
        self.assertEqual(self.states(mailing), ["dropped", "printed"])
        self.assertTrue(mailing.letter_ids[0].reason)
        self.assertEqual(paid.state, "cancelled")

    def test_part_payment_before_printing(self):
        """The letter claims what is left, and says so of the day it is printed."""
        delivery = self.wait("Anne")
        self.pay(delivery.reminder_id.line_ids.move_id, 400)
        mailing = self.mailing(delivery)
        self.assertEqual((mailing.letter_ids.amount, delivery.reminder_id.amount_total), (600, 600))

    @mute_logger("odoo.addons.relance_progressive.relance_progressive.message.letter_pdf")
    def test_one_that_cannot_be_printed(self):
        """It is named with its reason and waits for another day; the others are printed."""
        bad, good = self.wait("Mauvais", "Bon")
        quick = self.registry["dunning.letter"]._print_documents

        def weak(model, company, documents):
            if any("MAUVAIS" in html for html in documents.values()):
                raise ValueError("engine crashed")
            return quick(model, company, documents)

        with patch.object(self.registry["dunning.letter"], "_print_documents", weak):
            deliveries = bad + good
            mailing = self.env["dunning.mailing"].browse(deliveries.action_print_letters()["params"]["mailings"])
            mailing.print_next()
        self.assertEqual(sorted(self.states(mailing)), ["failed", "printed"])
        self.assertIn("engine crashed", mailing.letter_ids.filtered("reason").reason)
        self.assertFalse(bad.in_mailing)

    def test_address_lost_before_printing(self):
        """The delivery fails, so that the next channel takes over."""
        self.use_channels("letter", "email")
        delivery = self.wait("Anne")
        delivery.partner_id.city = False
        mailing = self.mailing(delivery)
        self.assertEqual((self.states(mailing), mailing.state), (["failed"], "cancelled"))
        self.assertEqual((delivery.state, delivery.failure), ("failed", "missing"))

    # === POST === #

    def test_posted_by_one_click(self):
        deliveries = self.wait("Anne", "Bruno")
        mailing = self.mailing(deliveries)
        mailing.action_posted()
        self.assertEqual((mailing.state, self.states(mailing)), ("posted", ["posted", "posted"]))
        self.assertEqual(set(deliveries.mapped("state")), {"sent"})
        self.assertEqual(set(deliveries.mapped("date_done")), {MONDAY})
        for delivery in deliveries:
            reminder = delivery.reminder_id
            self.assertEqual(reminder.line_ids.move_line_id.dunning_level_id, self.level_1)
            self.assertEqual(reminder.message_id.attachment_ids, delivery.attachment_ids)
            self.assertIn(reminder.name, reminder.partner_id.message_ids[:1].body)

    def test_not_posted_twice_nor_tomorrow(self):
        mailing = self.mailing(self.wait("Anne"))
        wizard = self.env["dunning.mailing.post.wizard"].create({"mailing_id": mailing.id})
        self.assertEqual(wizard.date, MONDAY)
        wizard.date = LATER
        with self.assertRaisesRegex(UserError, "a day to come"):
            wizard.action_record()
        wizard.date = MONDAY - timedelta(days=1)
        wizard.action_record()
        self.assertEqual(mailing.posted_on, MONDAY - timedelta(days=1))
        with self.assertRaisesRegex(UserError, "not waiting"):
            mailing.action_posted()

    def test_paid_between_printing_and_the_post(self):
        """What nobody owes any more is taken out; a part payment does not make a posted letter unposted."""
        paid, part, other = self.wait("Anne", "Bruno", "Chloé")
        mailing = self.mailing(paid + part + other)
        self.pay(paid.reminder_id.line_ids.move_id)
        self.pay(part.reminder_id.line_ids.move_id, 400)
        mailing.action_posted()
        self.assertEqual(self.states(mailing), ["dropped", "posted", "posted"])
        self.assertEqual([paid.state, part.state, other.state], ["cancelled", "sent", "sent"])
        said = mailing.message_ids[:1].body
        self.assertIn(paid.partner_id.name, said.split("although")[0])
        self.assertIn(part.partner_id.name, said.split("although")[1])

    def test_recorded_as_it_was_printed(self):
        """Neither a part payment nor another invoice that falls due meanwhile is on the paper."""
        delivery = self.wait("Anne")
        reminder, printed = delivery.reminder_id, delivery.reminder_id.line_ids.move_line_id
        mailing = self.mailing(delivery)
        later = self.invoice(MONDAY - timedelta(days=5), 50, delivery.partner_id)
        self.pay(printed.move_id, 400)
        mailing.action_posted()
        self.assertEqual((delivery.state, reminder.amount_total), ("sent", 1000))
        self.assertEqual((reminder.line_ids.move_line_id, reminder.line_ids.amount_residual), (printed, 1000))
        self.assertEqual(printed.dunning_level_id, self.level_1)
        self.assertFalse(later.line_ids.dunning_level_id, "it was on no letter")

    def test_printed_on_one_day_posted_on_the_next(self):
        mailing = self.mailing(self.wait("Anne"))
        with freeze_time(f"{LATER} 09:00:00"):
            mailing.action_posted()
        self.assertEqual((mailing.posted_on, mailing.letter_ids.delivery_id.date_done), (LATER, LATER))

    def test_posted_by_other_means_while_printing(self):
        """Neither a letter without file nor one whose file is lost keeps the others from being finished."""
        first, second, _third = deliveries = self.wait("Anne", "Bruno", "Chloé")
        mailing = self.env["dunning.mailing"].browse(deliveries.action_print_letters()["params"]["mailings"])
        mailing.print_next(1)
        self.assertEqual(mailing.letter_ids[0].delivery_id, first)
        unguarded(first.sudo().attachment_ids).unlink()
        second.sudo()._carried_out(MONDAY)
        mailing.sudo().letter_ids[1].state = "posted"
        mailing.print_next()
        self.assertEqual((mailing.state, self.states(mailing)), ("printed", ["dropped", "posted", "printed"]))
        self.assertEqual(len(pages(base64.b64decode(mailing.document))), 1)
        self.assertTrue(first.to_print and not first.in_mailing)

    # === BACK === #

    def test_came_back(self):
        """Its level is undone and the fallback goes; a person tells several at once."""
        self.use_channels("letter", "email")
        deliveries = self.wait("Anne", "Bruno")
        self.mailing(deliveries).action_posted()
        user = new_test_user(self.env, "karim", groups="account.group_account_invoice", company_id=self.company.id)
        action = deliveries.with_user(user).action_came_back()
        wizards = self.env[action["res_model"]].with_user(user).with_context(**action["context"])
        wizard = wizards.create({"reason": "Gone"})
        wizard.action_record()
        self.assertEqual(set(deliveries.mapped("state")), {"bounced"})
        self.assertIn("Gone", deliveries[0].reason)
        self.assertFalse(deliveries.reminder_id.line_ids.move_line_id.dunning_level_id)
        with self.smtp() as smtp:
            self.send()
        self.assertEqual((len(smtp.messages), set(deliveries.reminder_id.mapped("state"))), (2, {"sent"}))

    def test_only_what_was_posted_comes_back(self):
        delivery = self.wait("Anne")
        wizard = self.env["dunning.letter.return.wizard"].create({"delivery_ids": delivery.ids})
        with self.assertRaisesRegex(UserError, "no letters posted"):
            wizard.action_record()
        self.mailing(delivery).action_posted()
        wizard.date = MONDAY - timedelta(days=1)
        with self.assertRaisesRegex(UserError, "by that day"):
            wizard.action_record()

    def test_released(self):
        deliveries = self.wait("Anne")
        mailing = self.mailing(deliveries)
        mailing.action_cancel()
        self.assertEqual((mailing.state, deliveries.in_mailing, deliveries.state), ("cancelled", False, "ready"))
        self.assertEqual(self.mailing(deliveries).state, "printed")

    # === WHO === #

    def test_an_accountant_prints_and_posts(self):
        user = new_test_user(self.env, "karim", groups="account.group_account_invoice", company_id=self.company.id)
        deliveries = self.wait("Anne").with_user(user)
        mailing = self.mailing(deliveries)
        mailing.action_posted()
        self.assertEqual(deliveries.state, "sent")

    def test_the_proof_stays(self):
        """Whoever may write reminders neither deletes nor replaces what was posted, and sees it all the same."""
        user = new_test_user(self.env, "karim", groups="account.group_account_invoice", company_id=self.company.id)
        delivery = self.wait("Anne")
        mailing = self.mailing(delivery)
        mailing.action_posted()
        message = delivery.reminder_id.message_id.with_user(user)
        self.assertEqual(message.attachment_ids, delivery.attachment_ids)
        self.assertTrue(message.attachment_ids.raw)
        own = [("res_model", "=", "dunning.mailing"), ("res_id", "=", mailing.id), ("res_field", "!=", False)]
        files = message.attachment_ids + self.env["ir.attachment"].search(own).with_user(user)
        self.assertGreaterEqual(len(files), 2)
        for file in files:
            with self.assertRaises(AccessError):
                file.unlink()
            with self.assertRaises(AccessError):
                file.write({"raw": b"something else"})
        for vals in ({"state": "printed"}, {"document": False}, {"posted_on": LATER}):
            with self.assertRaises(AccessError):
                mailing.with_user(user).write(vals)
        mailing.with_user(user).message_post(body="Taken to the post by Karim")

    def test_to_print(self):
        """What a carrier prints is none of a person's business."""
        own, carried = self.wait("Anne", "Bruno")
        carried.sudo().provider = "snailmail"
        found = self.env["dunning.delivery"].search([("to_print", "=", True), ("id", "in", (own + carried).ids)])
        self.assertEqual((found, own.to_print, carried.to_print), (own, True, False))

    def test_others_do_not(self):
        auditor = new_test_user(self.env, "audit", groups="account.group_account_readonly", company_id=self.company.id)
        deliveries = self.wait("Anne")
        mailing = self.mailing(deliveries)
        self.assertEqual(mailing.with_user(auditor).state, "printed")
        for act in (mailing.with_user(auditor).action_posted, mailing.with_user(auditor).print_next):
            with self.assertRaises(AccessError):
                act()
        with self.assertRaises(AccessError):
            self.wait("Bruno").with_user(auditor).action_print_letters()

    def test_two_companies(self):
        """One mailing each, and nobody sees those of a company that is not his."""
        own = self.wait("Anne")
        mailing = self.mailing(own)
        other = self.setup_other_company(name="Other")["company"]
        stranger = new_test_user(
            self.env, "stranger", groups="account.group_account_invoice", company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )  # fmt: skip
        self.assertFalse(self.env["dunning.mailing"].with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            mailing.with_user(stranger).read(["name"])

    def test_queries_do_not_grow(self):
        """Two queries per letter link its file; nothing else is read or written letter by letter."""
        few, more = self.wait(*(f"A{rank}" for rank in range(3))), None
        more = self.wait(*(f"B{rank}" for rank in range(9)))
        self.mailing(self.wait("Warm"))
        counts = []
        for deliveries in (few, more):
            mailing = self.env["dunning.mailing"].browse(deliveries.action_print_letters()["params"]["mailings"])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            mailing.print_next()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1] - counts[0], 6 * 2 + 6, counts)

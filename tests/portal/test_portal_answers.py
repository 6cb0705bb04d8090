"""What a customer answers on the page is a record that the decision of the same evening respects."""

import re

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common.answer import PDF, PNG, AnswerCommon
from ..common.deliver import DeliverCommon


@tagged("post_install", "-at_install")
class TestPortalAnswers(AnswerCommon):
    def test_paid(self):
        """It rests until somebody finds the money; the file comes along."""
        answer = self.answer(
            "paid", item=self.the_item().id, paid_on=self.later(-2).isoformat(), means="transfer", reference="VIR 12",
            words="Sent on Friday", files=[("proof.pdf", PDF, "application/pdf")],
        )  # fmt: skip
        dispute = answer.dispute_id
        self.assertEqual((answer.state, dispute.state, dispute.account_id), ("recorded", "open", self.own))
        self.assertEqual(dispute.line_ids.mapped("move_line_id"), self.the_item())
        self.assertEqual(dispute.reason_id, self.env.ref("relance_progressive.dispute_reason_paid"))
        self.assertIn("VIR 12", dispute.statement)
        self.assertIn("Sent on Friday", dispute.statement)
        self.assertEqual((dispute.attachment_ids.name, dispute.attachment_ids.raw), ("proof.pdf", PDF))
        self.assertEqual((dispute.attachment_ids.res_model, dispute.attachment_ids.res_id), (dispute._name, dispute.id))
        self.assertEqual((answer.link_until, answer.answered_by_id.id), (self.later(60), False))
        self.run_tonight()
        self.assertFalse(self.waiting())

    def test_promise(self):
        answer = self.answer("promise", date=self.later(7).isoformat())
        promise = answer.promise_id
        self.assertEqual((promise.source, promise.amount_total, promise.last_date), ("portal", 1000, self.later(7)))
        self.assertEqual(promise.line_ids.move_line_id, self.the_item(), "what is overdue, when nothing is ticked")
        activity = answer.activity_ids
        self.assertEqual(activity.user_id, self.clerk)
        self.run_tonight()
        self.assertFalse(self.waiting())

    def test_a_part_is_promised(self):
        answer = self.answer("promise", date=self.later(7).isoformat(), amount="250,50")
        self.assertEqual(answer.promise_id.amount_total, 250.5)
        self.run_tonight()
        self.assertEqual(self.waiting().line_ids.amount_residual, 749.5)

    def test_the_confirmation(self):
        """On the page at once, by e-mail to the customer's own address."""
        answer = self.post("promise", date=self.later(7).isoformat())
        self.assertEqual(answer.status_code, 303)
        page = self.words(answer.headers["Location"].replace(self.base_url(), ""))
        self.assertIn("We have noted your commitment to pay", page)
        self.assertIn("1,000.00", page)
        (mail,) = self.mails()
        self.assertIn(self.customer.email, mail.email_to)
        self.assertIn("We have noted your commitment to pay", mail.body_html)
        self.assertNotIn("/reminders/", mail.body_html, "a link is sent with messages of ours only")

    def test_the_confirmation_reaches_no_address_out_of_a_name(self):
        """Somebody logged in writes his name himself, and nobody else is written to for it."""
        user = self.portal_user("anna", self.customer)
        user.partner_id.write({"name": "Anna\r\nBcc: boss@home.example\r\n\r\n", "email": "anna@petit.example"})
        self.authenticate("anna", "annaanna")
        self.answer("call", head=f"/my/reminders/{self.own.id}", phone="06 12 34 56 78")
        mail = self.mails()
        self.assertNotIn("\n", mail.email_to)
        to = {address for one in mail._prepare_outgoing_list() for address in one["email_to_normalized"]}
        self.assertEqual(to, {self.customer.email, "anna@petit.example"})

    def test_a_plan_inside_the_limits(self):
        answer = self.answer(
            "plan", date=self.later(5).isoformat(), count="4", every="month", agreed="1", item=self.the_item().id
        )
        promise = answer.promise_id
        self.assertEqual((answer.state, promise.is_plan, promise.accelerates), ("recorded", True, True))
        self.assertEqual(sorted(promise.line_ids.mapped("amount")), [250] * 4)
        self.assertEqual(promise.accepted_on, fields.Date.to_date(answer.answered_at))

    def test_a_plan_beyond_them_waits_for_a_person(self):
        """Nothing leaves meanwhile; a manager accepts it, nobody else."""
        answer = self.answer("plan", date=self.later(5).isoformat(), count="24", every="month", agreed="1")
        self.assertEqual((answer.state, answer.promise_id.id), ("to_approve", False))
        self.assertEqual(answer.activity_ids.user_id, self.clerk)
        self.run_tonight()
        self.assertFalse(self.waiting())
        with self.assertRaises(UserError):
            answer.with_user(self.clerk).action_accept()
        answer.with_user(self.chief).action_accept()
        self.assertEqual((answer.state, len(answer.promise_id.line_ids)), ("recorded", 24))
        self.assertTrue(answer.pause_id.ended_on)
        self.assertFalse(answer.activity_ids)
        self.assertIn("agreed", self.mails()[0].body_html + self.mails()[-1].body_html)

    def test_a_plan_is_refused(self):
        answer = self.answer("plan", date=self.later(5).isoformat(), count="24", every="month", agreed="1")
        answer.with_user(self.clerk)._decide("refused", refusal="It is too long.")
        self.assertEqual(answer.state, "refused")
        self.assertTrue(any("cannot agree" in mail.body_html for mail in self.mails()))
        self.run_tonight()
        self.assertTrue(self.waiting())
        with self.assertRaises(UserError):
            answer.with_user(self.chief).action_accept()

    def test_asking_again_gains_no_time(self):
        """Reminders rest once while somebody decides, not each time that somebody asks."""
        first = self.answer("plan", date=self.later(5).isoformat(), count="24", every="month", agreed="1")
        second = self.answer("plan", date=self.later(6).isoformat(), count="24", every="month", agreed="1")
        self.assertTrue(first.pause_id)
        self.assertFalse(second.pause_id)

    def test_contested(self):
        """An amount of one invoice, its reason, the words and the files; the rest goes on."""
        reason = self.env.ref("relance_progressive.dispute_reason_price")
        answer = self.answer(
            "dispute", item=self.the_item().id, reason=reason.id, amount="200", words="Price of 2024",
            files=[("photo.png", PNG, "image/png"), ("order.pdf", PDF, "application/pdf")],
        )  # fmt: skip
        dispute = answer.dispute_id
        self.assertEqual((dispute.reason_id, dispute.line_ids.amount, dispute.line_ids.whole), (reason, 200, False))
        self.assertEqual(set(dispute.attachment_ids.mapped("name")), {"photo.png", "order.pdf"})
        self.assertIn("do not remind you of the amount contested meanwhile: 200.00", answer.confirmation)
        self.assertIn("The rest remains to be paid", answer.confirmation)
        self.run_tonight()
        self.assertEqual(self.waiting().line_ids.amount_residual, 800)

    def test_an_order_number(self):
        answer = self.answer("order", item=self.the_item().id, reference="PO-4711")
        self.assertEqual(answer.dispute_id.reason_id, self.env.ref("relance_progressive.dispute_reason_order"))
        self.assertIn("PO-4711", answer.dispute_id.statement)

    def test_contact_data_are_corrected_by_a_person(self):
        answer = self.answer("contact", person="Anna Petit", email="Anna@Petit.example", phone="06 12 34 56 78")
        self.assertEqual(answer.summary, "Anna Petit · anna@petit.example · 06 12 34 56 78")
        self.assertNotEqual(self.customer.email, "anna@petit.example")
        self.assertEqual((answer.state, answer.activity_ids.user_id), ("to_do", self.clerk))
        self.assertNotIn("anna@petit.example", self.mails().email_to)
        answer.with_user(self.clerk).action_done()
        self.assertEqual((answer.state, answer.activity_ids.ids), ("done", []))

    def test_to_be_called(self):
        answer = self.answer("call", phone="06 12 34 56 78", when="in the morning")
        self.assertEqual(answer.activity_ids.activity_type_id, self.env.ref("mail.mail_activity_data_call"))
        self.assertIn("06 12 34 56 78", answer.summary)
        self.run_tonight()
        self.assertFalse(self.waiting())

    def test_logged_in(self):
        """The same under *My account*; it says who it was, and writes to this person as well."""
        user = self.portal_user("anna", self.customer)
        self.authenticate("anna", "annaanna")
        answer = self.answer("promise", head=f"/my/reminders/{self.own.id}", date=self.later(7).isoformat())
        self.assertEqual((answer.answered_by_id, answer.link_until), (user, False))
        self.assertEqual(answer.promise_id.amount_total, 1000)
        self.assertIn(user.email_normalized, self.mails().email_to)

    def test_what_is_wrong_is_said(self):
        """The form comes back with what was typed, and nothing is recorded."""
        answer = self.post("promise", date=self.later(-3).isoformat(), words="soon & sure")
        self.assertEqual(answer.status_code, 422)
        self.assertIn("This date is past.", self.wrong(answer))
        self.assertIn("soon &amp; sure", answer.text)
        self.assertFalse(self.answers())
        self.assertFalse(self.own.promise_ids)

    def test_what_cannot_be_recorded_is_left_to_a_person(self):
        """No answer is lost: here the invoices are in a payment plan already."""
        self.answer("plan", date=self.later(5).isoformat(), count="4", every="month", agreed="1")
        answer = self.answer("promise", item=self.the_item().id, date=self.later(9).isoformat())
        self.assertEqual((answer.state, answer.promise_id.id), ("to_do", False))
        self.assertIn("payment plan", answer.problem)
        self.assertTrue(answer.activity_ids)

    def test_a_proof_stays(self):
        answer = self.answer("call", phone="06 12 34 56 78")
        with self.assertRaises(UserError):
            answer.unlink()

    # === HELPERS === #

    def run_tonight(self):
        self.env.invalidate_all()
        self.reminders().filtered(lambda one: one.state == "ready")._set_state("cancelled")
        self.run_on(self.today)

    def waiting(self):
        """Return the reminder that leaves tonight."""
        return self.reminders().filtered(lambda one: one.state in ("ready", "approve", "to_approve"))


@tagged("post_install", "-at_install")
class TestPortalAnswerStory(AnswerCommon, DeliverCommon):
    def evening(self, day):
        """Decide and send, and return the messages to our customer."""
        self.env.invalidate_all()
        self.run_on(day)
        with self.smtp() as smtp:
            self.engine.deliver(date=day, company=self.company)
        return smtp.to(self.customer.email)

    def test_from_the_message_to_the_next_level(self):
        """Message, link, promise, run: nothing is sent; the promise is broken, run: the next level."""
        self.customer.lang = "en_US"
        self.coming.button_draft()
        self.coming.button_cancel()
        (message,) = self.evening(self.today)
        first = self.the_item().dunning_level_id
        text = message.get_body(("html",)).get_content()
        (link,) = set(re.findall(r"/reminders/[\w-]{20,}", text))
        answer = self.answer("promise", head=link, date=self.later(5).isoformat(), item=self.the_item().id)
        self.assertEqual(answer.promise_id.amount_total, 1000)
        self.assertFalse(self.evening(self.today))
        for days in range(1, 9):
            self.assertFalse(self.evening(self.later(days)), f"{days} days later")
        days = next((days for days in range(9, 16) if self.evening(self.later(days))), None)
        self.env.invalidate_all()
        self.assertEqual(answer.promise_id.state, "broken")
        self.assertTrue(days, "what was promised and not paid is reminded again")
        levels = list(self.plan.level_ids)
        self.assertEqual(levels.index(self.the_item().dunning_level_id), levels.index(first) + 1)

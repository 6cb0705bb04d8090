"""How answers end: the money comes, a person says no and why, corrected contact data are taken over."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..common.answer import AnswerCommon


@tagged("post_install", "-at_install")
class TestPortalAnswerEnd(AnswerCommon):
    def settle(self):
        """Do what happens when the transaction of a payment ends."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()

    def i_have_paid(self, *invoices):
        items = [str(self.the_item(invoice).id) for invoice in invoices or [self.late]]
        return self.answer("paid", item=items, paid_on=self.later(-2).isoformat(), means="transfer")

    # === THE MONEY COMES === #

    def test_the_money_has_come(self):
        answer = self.i_have_paid(self.late, self.coming)
        self.pay(self.late, day=self.today)
        self.settle()
        self.assertEqual(answer.state, "recorded", "one of the two")
        self.pay(self.coming, day=self.today)
        self.settle()
        self.assertEqual((answer.state, answer.dispute_id.state), ("done", "closed"))
        self.assertFalse(answer.activity_ids)
        self.assertFalse(answer.decided_by_id, "by itself")

    def test_the_money_goes_back(self):
        answer = self.i_have_paid()
        payment = self.pay(self.late, day=self.today)
        self.settle()
        self.assertEqual(answer.state, "done")
        payment.action_cancel()
        self.settle()
        self.assertEqual((answer.state, answer.dispute_id.state), ("recorded", "open"))

    def test_what_a_person_ended_stays_ended(self):
        answer = self.i_have_paid()
        answer.with_user(self.clerk).action_done()
        payment = self.pay(self.late, day=self.today)
        self.settle()
        payment.action_cancel()
        self.settle()
        self.assertEqual((answer.state, answer.decided_by_id), ("done", self.clerk))

    # === A PERSON SAYS NO === #

    def refuse(self, answer, reason, user=None):
        action = answer.with_user(user or self.clerk).action_refuse()
        wizard = self.env[action["res_model"]].with_user(user or self.clerk).with_context(**action["context"])
        return wizard.create({"reason": reason}).action_refuse()

    def test_refused_with_a_reason(self):
        """The customer reads it in his own language, courteously; what he owes is reminded again."""
        answer = self.answer("promise", date=self.later(90).isoformat())
        self.assertEqual(answer.state, "to_approve")
        self.mails().unlink()
        self.refuse(answer, "Our year ends <b>in March</b>")
        self.assertEqual((answer.state, answer.decided_by_id), ("refused", self.clerk))
        (mail,) = self.mails()
        self.assertIn("We are sorry that we cannot agree to it: Our year ends", mail.body_html)
        self.assertIn("&lt;b&gt;in March", mail.body_html)
        self.assertIn(self.customer.email, mail.email_to)
        self.assertTrue(answer.pause_id.ended_on)
        with self.assertRaises(UserError):
            self.refuse(answer, "Once more")

    def test_a_request_that_nobody_can_meet(self):
        answer = self.answer("call", phone="06 12 34 56 78")
        self.mails().unlink()
        self.refuse(answer, "We have no telephone on Saturdays.")
        self.assertIn("cannot do what you asked for: We have no telephone on Saturdays. Please", self.mails().body_html)

    def test_who_may_not(self):
        answer = self.answer("promise", date=self.later(90).isoformat())
        reader = new_test_user(
            self.env, "answer_reader", groups="account.group_account_readonly", company_id=self.company.id,
            company_ids=self.company.ids,
        )  # fmt: skip
        for button in (answer.action_refuse, answer.action_apply_contact):
            with self.assertRaises(AccessError):
                button.__func__(answer.with_user(reader))

    # === CONTACT DATA === #

    def look(self, **typed):
        """Return the answer and the dialog with the old and the new data."""
        answer = self.answer("contact", **typed)
        action = answer.action_apply_contact()
        return answer, Form(self.env[action["res_model"]].with_context(**action["context"]))

    def test_a_new_address_of_who_receives_the_reminders(self):
        answer, dialog = self.look(email="compta@neuf.example")
        self.assertEqual(dialog.contact_id, self.customer)
        self.assertEqual((dialog.old_email, dialog.new_email), (self.customer.email, "compta@neuf.example"))
        self.assertEqual(dialog.new_name, self.customer.name)
        old = self.customer.email
        self.mails().unlink()
        dialog.save().action_apply()
        self.assertEqual(self.customer.email, "compta@neuf.example")
        self.assertIn(f"{old} → compta@neuf.example", self.customer.message_ids[0].body)
        self.assertEqual(answer.state, "done")
        self.assertIn("We have corrected your contact data", self.mails().body_html)
        self.assertIn(old, self.mails().email_to, "who had the old address hears of it")

    def test_a_person_that_we_know(self):
        contact = self.env["res.partner"].create({"name": "Anne Petit", "parent_id": self.customer.id, "phone": "01"})
        answer, dialog = self.look(person="anne petit", phone="06 12 34 56 78")
        self.assertEqual((dialog.contact_id, dialog.old_phone), (contact, "01"))
        dialog.new_phone = "06 12 34 56 79"
        dialog.save().action_apply()
        self.assertEqual((contact.phone, contact.name), ("06 12 34 56 79", "Anne Petit"))
        self.assertEqual(answer.state, "done")

    def test_somebody_new_receives_the_reminders(self):
        _answer, dialog = self.look(person="Marc Neuf", email="marc@neuf.example")
        self.assertFalse(dialog.contact_id)
        dialog.save().action_apply()
        contact = self.customer.child_ids.filtered(lambda one: one.name == "Marc Neuf")
        self.assertEqual((contact.type, contact.email), ("followup", "marc@neuf.example"))

    def test_nothing_new(self):
        answer, dialog = self.look(email=self.customer.email)
        with self.assertRaises(UserError):
            dialog.save().action_apply()
        self.assertEqual(answer.state, "to_do")

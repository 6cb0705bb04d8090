from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from ..common.base import DunningCommon


@tagged("post_install", "-at_install")
class TestDisplay(DunningCommon):
    """What a person reads on accounts, customers, invoices and reminders, and the buttons that act on them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_started = True

    def live(self, delay=-4, amount=1000.0):
        """Return an invoice due some days from today, with its account brought up to date."""
        invoice = self.invoice(self.day(delay, start=self.company._dunning_today()), amount)
        self.account().action_refresh()
        return invoice

    def test_an_account_says_where_it_stands(self):
        account = self.account()
        self.assertEqual(account.headline, "Nothing is owed")
        self.live(20)
        self.assertIn("nothing overdue", account.headline)
        self.assertIn("Never reminded.", account.next_step)
        self.live(-1)
        self.assertIn("one day late", account.headline)
        self.live(-12)
        self.assertIn("12 days late", account.headline)

    def test_what_has_to_happen_goes_before_the_level_to_come(self):
        account = self.account()
        expired = {"code": "hold_decision", "since": "2026-10-15", "amount": "500.00"}
        plan = {"code": "hold_plan", "until": "2026-12-10", "amount": "500.00"}
        account.sudo().write({"reasons": [expired], "next_level_id": self.level_1.id, "next_date": "2026-12-07"})
        self.assertTrue(account.next_action.startswith("To decide:"))
        self.assertTrue(account.next_action.endswith(f"For the rest: {self.level_1.name}, on 12/07/2026."))
        account.sudo().write({"reasons": [expired, plan], "next_level_id": False, "next_date": False})
        self.assertEqual(account.next_action, "Waits until 12/10/2026: a payment plan is running.")

    def test_a_customer_whose_credits_cover_the_debt_has_nothing_to_claim(self):
        today = self.company._dunning_today()
        self.live(-4, 100)
        self.unallocated_payment(100, day=today)
        account = self.account()
        account.action_refresh()
        self.assertIn("is on its way", account.headline)

    def test_an_item_says_how_firmly_it_was_claimed(self):
        """A formal notice claims all that is late: no item under it reads as if it had a friendly reminder only."""
        item, other = self.item(self.live(-40)).sudo(), self.item(self.live(-4)).sudo()
        item.write({"dunning_level_id": self.notice.id, "dunning_stage": "formal_notice"})
        other.write({
            "dunning_level_id": self.level_1.id, "dunning_stage": "formal_notice",
            "dunning_stage_due": other.date_maturity,
        })  # fmt: skip
        self.assertEqual((item.dunning_reached, other.dunning_reached), (self.notice.name, self.notice.name))
        other.date_maturity = self.day(30, start=self.company._dunning_today())
        self.assertEqual(other.dunning_reached, self.level_1.name, "put off since: it counts no more")
        other.write({"dunning_level_id": False, "dunning_stage": False})
        self.assertFalse(other.dunning_reached)

    def test_the_open_reminder_is_the_reason(self):
        self.level_1.approval = "manual"
        self.live(-4)
        account = self.account()
        account.action_prepare()
        self.assertEqual(account.reason_text, f"{self.level_1.name}: waits for an approval")
        account.open_reminder_id.action_approve()
        self.assertIn(f"{self.level_1.name}: leaves on", account.reason_text)

    def test_preparing_by_hand_says_what_it_did(self):
        account = self.account()
        words = account.action_prepare()["params"]["message"]
        self.assertIn("No reminder is due", words)
        self.live(-4)
        self.assertEqual(account.action_prepare()["params"]["message"], "One reminder is prepared.")
        self.assertEqual(account.open_reminder_id.state, "ready")
        self.assertIn("No reminder is due", account.action_prepare()["params"]["message"])

    def test_sending_by_hand_says_what_it_did(self):
        self.customer.email = False
        self.plan.working_days_only = False
        self.live(-4)
        self.account().action_prepare()
        words = self.env["dunning.reminder"].action_send_ready()["params"]["message"]
        self.assertEqual(words, "1 failed")
        self.assertEqual(self.env["dunning.reminder"].action_send_ready()["params"]["message"], "Nothing was ready.")

    def test_an_item_and_its_invoice_tell_their_next_level(self):
        invoice = self.live(-4)
        self.assertEqual(self.item(invoice).dunning_next_level_id, self.level_1)
        self.assertEqual(self.item(invoice).dunning_days_late, 4)
        self.assertEqual(invoice.dunning_next_level_id, self.level_1)
        self.assertEqual(invoice.dunning_next_date, self.account().next_date)

    def test_an_invoice_that_is_never_reminded_has_no_next_level(self):
        invoice = self.live(-4)
        invoice.no_followup = True
        self.account().action_refresh()
        invoice.invalidate_recordset()
        self.assertFalse(invoice.dunning_next_date)
        self.assertFalse(invoice.dunning_next_level_id)

    def test_an_invoice_at_the_end_of_its_plan_waits_for_nothing_though_its_customer_does(self):
        ended, young = self.live(-60), self.live(-4)
        item = self.item(ended)
        item.sudo().write({"dunning_level_id": self.notice.id, "dunning_date": item.date_maturity})
        self.account().action_refresh()
        (ended + young).invalidate_recordset()
        self.assertFalse(ended.dunning_next_date)
        self.assertTrue(young.dunning_next_date)

    def test_the_customer_form_shows_the_account(self):
        self.live(-4)
        clerk = new_test_user(
            self.env, "clerk", groups="account.group_account_invoice,base.group_partner_manager",
            company_id=self.company.id, company_ids=[self.company.id],
        )  # fmt: skip
        customer = self.customer.with_user(clerk).with_company(self.company)
        with Form(customer) as form:
            self.assertIn("overdue", form.dunning_headline)
            form.dunning_plan_id = self.plan
        self.assertEqual(customer.dunning_account_id, self.account())
        contact = self.env["res.partner"].create({"name": "Contact", "parent_id": customer.id})
        self.assertEqual(contact.dunning_account_id, self.account())

    def test_the_message_can_be_read_before_it_leaves(self):
        self.live(-4)
        account = self.account()
        account.action_prepare()
        reminder = account.open_reminder_id
        action = reminder.action_preview_message()
        preview = self.env[action["res_model"]].browse(action["res_id"])
        self.assertIn("Please pay.", preview.body)
        self.assertIn("boulangerie.petit@example.com", preview.body)
        self.assertNotIn("text-danger", preview.body)
        self.assertFalse(reminder.message_id, "reading sends nothing")
        self.customer.email = "nobody at home"
        preview = preview.browse(reminder.action_preview_message()["res_id"])
        self.assertIn("“nobody at home” is not an e-mail address.", preview.body)

    def test_the_first_run_is_released_with_one_button(self):
        self.company.write({"dunning_started": False, "dunning_brake": 0})
        self.live(-4)
        today = self.company._dunning_today()
        self.engine.run(date=today, company=self.company)
        account = self.account()
        self.assertIn("waits for the release of the first run", account.reason_text)
        account.open_reminder_id.action_release_first_run()
        self.assertTrue(self.company.dunning_started)
        self.assertEqual(account.open_reminder_id.state, "ready")

    def test_nobody_without_the_right_to_remind_uses_the_buttons(self):
        reader = new_test_user(self.env, "reader", groups="base.group_user", company_id=self.company.id)
        with self.assertRaises(UserError):
            self.env["dunning.reminder"].with_user(reader).action_send_ready()
        with self.assertRaises(UserError):
            self.account().with_user(reader).action_prepare()

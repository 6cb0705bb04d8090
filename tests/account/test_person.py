"""Who writes, is called back and gets something to do: never somebody who has left."""

from odoo.tests import new_test_user, tagged

from ..common.base import MONDAY
from ..common.email import EmailCommon


@tagged("post_install", "-at_install")
class TestPersonInCharge(EmailCommon):
    """Léa is in charge of reminders; Paul was of one customer, and has left."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paul = new_test_user(
            cls.env, "paul", "account.group_account_invoice", name="Paul Roux", email="paul@atelier.example",
            company_id=cls.company.id, company_ids=cls.company.ids, phone="01 11 11 11 11",
        )  # fmt: skip
        cls.person.company_ids += cls.company

    def ways_to_leave(self):
        """Yield after each way in which a person can leave a company."""
        def archive():
            self.paul.action_archive()

        def write():
            self.paul.active = False

        def loses_access():
            self.paul.write({"company_id": self.elsewhere.id, "company_ids": self.elsewhere.ids})

        self.elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        for number, leave in enumerate((archive, write, loses_access), start=1):
            self.paul.write({"active": True, "company_id": self.company.id, "company_ids": self.company.ids})
            with self.subTest(leave.__name__):
                customer = self.reminder_for(f"customer{number}@petit.example")
                self.account(customer).user_id = self.paul
                yield customer, leave

    def test_messages_leave_in_the_name_of_the_person_in_charge_of_the_company(self):
        for customer, leave in self.ways_to_leave():
            leave()
            message = self.deliver_to(customer)
            for words in (message["From"], message["Reply-To"], self.text(message), self.html(message)):
                self.assertNotIn("paul", words.lower())
            self.assertIn("lea@atelier.example", message["Reply-To"])
            self.assertIn("Léa Martin", self.text(message))
            self.assertIn("01 98 76 54 32", self.text(message))

    def test_a_sender_of_the_level_who_has_left_does_not_sign(self):
        customer = self.reminder_for("customer@petit.example")
        self.plan.level_ids.sender_id = self.paul
        self.paul.active = False
        message = self.deliver_to(customer)
        self.assertIn("lea@atelier.example", message["From"])
        self.assertEqual(self.reminders(customer)._signs(), self.person)

    def test_a_salesperson_who_has_left_gets_no_copy(self):
        customer = self.reminder_for("customer@petit.example", user_id=self.paul.id)
        self.plan.level_ids.copy_salesperson = True
        self.paul.active = False
        self.assertFalse(self.deliver_to(customer)["Cc"])

    def test_tasks_go_to_somebody_who_is_there(self):
        for customer, leave in self.ways_to_leave():
            leave()
            self.deliver_to(customer)
            reminder = self.reminders(customer)
            reminder._tell_person_in_charge("The customer answered", "x")
            self.assertEqual(reminder.activity_ids.user_id, self.person)
            account = self.account(customer)
            self.assertEqual((account.person_id, account._person_in_charge()), (self.person, self.person))
            page = self.env["dunning.portal"].sudo()._letterhead(account.sudo())
            self.assertEqual(page["contact"]["email"], "lea@atelier.example")

    def test_what_was_to_be_done_is_handed_over(self):
        """Odoo deletes the activities of whoever is archived: those of customers go on."""
        for customer, leave in self.ways_to_leave():
            self.deliver_to(customer)
            account, reminder = self.account(customer), self.reminders(customer)
            reminder._tell_person_in_charge("The customer answered", "x")
            task = account.activity_schedule("mail.mail_activity_data_todo", user_id=self.paul.id, summary="Look")
            self.assertEqual(reminder.activity_ids.user_id, self.paul)
            leave()
            self.assertEqual((task.exists().user_id, reminder.activity_ids.user_id), (self.person, self.person))

    def test_the_last_one_who_leaves_leaves_nobody(self):
        customer = self.reminder_for("customer@petit.example")
        self.company.email = "factures@atelier.example"
        self.person.active = False
        message = self.deliver_to(customer)
        self.assertIn("factures@atelier.example", message["From"])
        self.assertFalse(self.account(customer)._person_in_charge())
        self.reminders(customer)._tell_person_in_charge("The customer answered", "x")
        self.assertFalse(self.reminders(customer).activity_ids)

    def test_the_list_of_those_without_a_person(self):
        left, own, none = (self.reminder_for(f"{name}@petit.example") for name in ("left", "own", "none"))
        accounts = {customer: self.account(customer) for customer in (left, own, none)}
        accounts[left].user_id, accounts[own].user_id, accounts[none].user_id = self.paul, self.person, False
        self.run_on(MONDAY)
        found = lambda domain: self.env["dunning.account"].search(  # noqa: E731
            [*domain, ("id", "in", [account.id for account in accounts.values()])]
        )
        self.assertEqual(found([("without_person", "=", True)]), accounts[none])
        self.paul.active = False
        self.assertEqual(found([("without_person", "=", True)]), accounts[left] + accounts[none])
        self.assertEqual(found([("without_person", "=", False)]), accounts[own])
        self.assertEqual(found([("person_id", "=", self.person.id)]), sum(accounts.values(), accounts[own].browse()))
        self.assertFalse(found([("person_id", "=", self.paul.id)]))
        self.assertFalse(found([("person_id", "=", False)]))
        self.assertEqual(accounts[left].mapped("without_person"), [True])
        self.person.active = False
        self.assertEqual(len(found([("person_id", "=", False)])), 3)

    def test_promises_and_answers_are_found_by_who_acts(self):
        customer = self.reminder_for("customer@petit.example")
        self.account(customer).user_id = self.paul
        promise = self.env["dunning.promise"]._record(
            self.account(customer), [(self.company._dunning_today(), 1000)], self.account(customer).move_line_ids
        )
        self.paul.active = False
        self.env.invalidate_all()
        self.assertEqual(promise.user_id, self.person)
        self.assertIn(promise, promise.search([("account_id.person_id", "=", self.person.id)]))
        answers = self.env["dunning.portal.answer"]
        self.assertFalse(answers.search([("person_in_charge_id", "=", self.paul.id)]))

    def test_the_work_list_says_so(self):
        customer = self.reminder_for("customer@petit.example")
        self.account(customer).user_id = self.paul
        self.run_on(MONDAY)
        alerts = lambda: " ".join(  # noqa: E731
            self.env["dunning.account"].with_context(allowed_company_ids=self.company.ids).get_alerts()
        )
        self.assertNotIn("person", alerts())
        self.paul.active = False
        self.assertIn("has left, or does not see the company any more: 1. Léa Martin stands in.", alerts())
        self.person.active = False
        self.assertIn("nobody is in charge of: 1", alerts())

    def test_a_new_account_is_not_given_to_somebody_who_has_left(self):
        self.person.active = False
        self.assertFalse(self.account(self.make_customer("New")).user_id)
        customer = self.reminder_for("customer@petit.example")
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM dunning_account WHERE partner_id = %s", [customer.id])  # the night makes it
        self.env.invalidate_all()
        self.run_on(MONDAY)
        self.assertFalse(self.account(customer).user_id)

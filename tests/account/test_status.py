from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from ..common.base import MONDAY, DunningCommon


@tagged("post_install", "-at_install")
class TestStatus(DunningCommon):
    """Nobody guesses what a customer is: it is proposed, and a person says so."""

    def proposal(self, **values):
        customer = self.make_customer(**values)
        self.assertFalse(customer.dunning_status, "nothing is guessed silently")
        return customer.dunning_status_proposed, customer.dunning_status_why

    def test_a_proposal_says_why(self):
        status, why = self.proposal(vat="FR23334175221")
        self.assertEqual(status, "professional")
        self.assertIn("FR23334175221", why)
        self.assertEqual(self.proposal(is_company=False)[0], "consumer")
        self.assertEqual(self.proposal(company_registry="21690123100011")[0], "public")
        self.assertEqual(self.proposal(company_registry="W691012345")[0], "non_professional")

    def test_in_doubt_nothing_is_proposed(self):
        for values in ({}, {"name": "Syndicat des copropriétaires", "vat": "FR23334175221"}):
            status, why = self.proposal(**values)
            self.assertFalse(status)
            self.assertIn("Ask.", why)

    def test_a_number_abroad_cannot_be_checked(self):
        germany = self.env.ref("base.de").id
        self.assertEqual(self.proposal(company_registry="HRB 1234", country_id=germany)[0], "professional")
        self.assertFalse(self.proposal(company_registry="HRB 1234")[0])

    def test_contacts_have_the_status_of_their_company(self):
        contact = self.make_customer("Accountant", is_company=False, parent_id=self.customer.id)
        self.customer.dunning_status = "public"
        self.assertEqual(contact.dunning_status, "public")
        later = self.make_customer("Later", is_company=False, parent_id=self.customer.id)
        self.assertEqual(later.dunning_status, "public")
        self.assertEqual(later.dunning_status_why, self.customer.dunning_status_why)

    def test_who_said_so_is_kept(self):
        self.env.cr.precommit.run()
        self.customer.with_context(tracking_disable=False, mail_notrack=False).dunning_status = "consumer"
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.customer.invalidate_recordset()
        values = self.customer.message_ids.sudo().tracking_value_ids
        self.assertIn("Consumer", values.mapped("new_value_char"))

    def test_one_click_accepts_the_proposals_of_many(self):
        firm = self.make_customer("Firm", vat="FR23334175221")
        person = self.make_customer("Person", is_company=False)
        known = self.make_customer("Known", is_company=False, dunning_status="professional")
        unsure = self.customer
        (firm | person | known | unsure).action_dunning_accept_status()
        self.assertEqual(
            (firm | person | known | unsure).mapped("dunning_status"),
            ["professional", "consumer", "professional", False],
        )
        with self.assertRaisesRegex(UserError, "choose their status yourself"):
            unsure.action_dunning_accept_status()

    def test_accepting_for_a_contact_is_accepting_for_its_company(self):
        firm = self.make_customer("Firm", vat="FR23334175221")
        contact = self.make_customer("Contact", is_company=False, parent_id=firm.id)
        contact.action_dunning_accept_status()
        self.assertEqual(firm.dunning_status, "professional")
        self.assertEqual(contact.dunning_status, "professional")

    def test_the_customer_form_asks(self):
        with Form(self.customer.with_context(lang="en_US")) as form:
            form.dunning_status = "professional"
        self.assertEqual(self.customer.dunning_status, "professional")

    def test_the_list_shows_those_who_owe_something(self):
        self.invoice(MONDAY)
        paid = self.make_customer("Paid")
        self.account(paid)
        self.run_on(self.day(1))
        action = self.env["ir.actions.act_window"]._for_xml_id("relance_progressive.dunning_status_action")
        self.assertEqual(action["path"], "customer-statuses")
        partners = self.env["res.partner"]
        found = partners.search(partners._dunning_domain_without_status(self.company))
        self.assertIn(self.customer, found)
        self.assertNotIn(paid, found)
        self.customer.dunning_status = "professional"
        self.assertNotIn(self.customer, partners.search(partners._dunning_domain_without_status(self.company)))

    def test_the_manager_is_told_how_many_there_are(self):
        self.invoice(MONDAY)
        self.run_on(self.day(1))
        people = {
            group: new_test_user(
                self.env, group, groups=f"relance_progressive.{group}", company_id=self.company.id,
                company_ids=self.company.ids,
            )
            for group in ("dunning_group_user", "dunning_group_manager")
        }  # fmt: skip
        alerts = {
            group: self.env["dunning.account"].with_user(person).with_context(
                allowed_company_ids=self.company.ids
            ).get_alerts()
            for group, person in people.items()
        }  # fmt: skip
        told = {group: [alert for alert in own if "no status" in alert] for group, own in alerts.items()}
        self.assertFalse(told["dunning_group_user"])
        (alert,) = told["dunning_group_manager"]
        self.assertIn("no status: 1.", alert)

    def test_the_account_says_it(self):
        self.customer.dunning_status = "public"
        self.assertEqual(self.account().dunning_status, "public")

    def test_proposals_cost_no_query_each(self):
        customers = self.env["res.partner"].browse([self.make_customer(f"C{rank}").id for rank in range(20)])
        self.env.flush_all()
        counts = []
        for some in (customers[:2], customers[:2], customers):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped("dunning_status_why")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

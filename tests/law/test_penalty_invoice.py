from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common.base import MONDAY
from ..common.penalty_invoice import PenaltyInvoiceCommon
from ..common.penalty_waiver import DUE


@tagged("post_install", "-at_install")
class TestPenaltyInvoice(PenaltyInvoiceCommon):
    """A document of its own, outside VAT, that anyone can compute again."""

    def test_interest_and_indemnity_of_an_invoice(self):
        invoice = self.late()
        move = self.invoice_penalties()
        self.assertEqual((move.move_type, move.state, move.dunning_is_penalty), ("out_invoice", "posted", True))
        self.assertEqual(self.amounts(move), {"763100": 11.98, "758100": 40})
        self.assertEqual((move.amount_tax, move.amount_total), (0, 51.98))
        self.assertFalse(move.line_ids.tax_ids)
        self.assertEqual((move.invoice_date, move.invoice_date_due), (MONDAY, self.day(15)))
        self.assertEqual(move.invoice_origin, invoice.name)
        for told in (self.words()[0], invoice.message_ids[0].body):
            self.assertIn(move.name, told)
        self.assertIn("CGI art. 256", move.narration)
        self.assertIn("L441-10", move.narration)
        self.assertIn("D441-5", move.narration)
        self.assertEqual(self.left(invoice), (0, 0))

    def test_the_account_shows_it_at_once(self):
        """What was invoiced is not claimed again: the account says so before the night."""
        invoice = self.late()
        self.engine.run(date=MONDAY, company=self.company)
        account = self.account(invoice.partner_id)
        self.assertEqual(account.amount_penalty, 51.98)
        self.invoice_penalties()
        self.assertEqual(account.amount_penalty, 0)

    def test_a_rate_is_not_rounded_on_the_line(self):
        self.customer.dunning_interest_rate = 12.375
        self.late()
        self.assertIn("12.375%", self.invoice_penalties().invoice_line_ids[0].name)

    def test_the_computation_is_on_the_line(self):
        invoice = self.late()
        self.pay(invoice, 500, day=date(2026, 2, 10))
        (line, _indemnity) = self.invoice_penalties().invoice_line_ids
        title, first, second = line.name.split("\n")
        self.assertIn(invoice.name, title)
        for words, row in (
            (("02/01/2026", "02/10/2026", "1,200.00", "10 days", "12.15%", "365", "3.99"), first),
            (("02/11/2026", "03/02/2026", "700.00", "20 days", "12.15%", "365", "4.66"), second),
        ):
            for word in words:
                self.assertIn(word, row)
        self.assertEqual(line.price_subtotal, 8.65)

    def test_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        self.late()
        move = self.invoice_penalties()
        self.assertIn("01/02/2026", move.invoice_line_ids[0].name)
        self.assertIn("12,15", move.invoice_line_ids[0].name)

    def test_one_line_for_each_invoice(self):
        one, two = self.late(), self.late(600, date(2026, 2, 15))
        move = self.invoice_penalties()
        self.assertEqual(len(move.invoice_line_ids), 4)
        self.assertEqual(move.dunning_penalty_line_ids.invoice_id, one | two)
        self.assertEqual(move.amount_total, 11.98 + 40 + 3.00 + 40)
        by_invoice = {line.invoice_id: line for line in move.dunning_penalty_line_ids}
        self.assertIn(one.name, by_invoice[one].interest_line_id.name)
        self.assertIn(two.name, by_invoice[two].indemnity_line_id.name)
        self.assertEqual((by_invoice[two].first_day, by_invoice[two].last_day), (date(2026, 2, 16), MONDAY))

    def test_chosen_invoices_only(self):
        one, two = self.late(), self.late(600)
        wizard = self.dialog()
        wizard.item_ids.filtered(lambda item: item.move_line_id == self.item(two)).selected = False
        wizard.until = date(2026, 2, 20)
        self.assertEqual(wizard.item_ids.filtered("selected").move_line_id, self.item(one), "it stays left out")
        wizard.action_draft()
        self.assertEqual(one.dunning_penalized_ids.interest_amount, 7.99)
        self.assertFalse(two.dunning_penalized_ids)
        move = self.invoice_penalties(two, what="interest")
        self.assertEqual(self.amounts(move), {"763100": 5.99})

    def test_from_the_list_of_invoices(self):
        other = self.make_customer("Other", dunning_status="professional")
        moves = self.late() | self.late(600, customer=other) | self.late(100)
        action = moves[:2].action_dunning_invoice_penalties()
        wizard = self.env["dunning.penalty.invoice"].browse(action["res_id"])
        self.assertEqual(wizard.item_ids.move_line_id, self.item(moves[:2]))
        made = self.env["account.move"].search(wizard.action_draft()["domain"])
        self.assertEqual(made.mapped("partner_id"), self.customer | other)

    def test_of_several_accounts(self):
        other = self.make_customer("Other", dunning_status="professional")
        self.late()
        self.late(customer=other)
        made = self.invoice_penalties(accounts=self.account() | self.account(other))
        self.assertEqual({move.partner_id: move.amount_total for move in made}, {self.customer: 51.98, other: 51.98})

    def test_an_invoice_that_was_paid_late_still_owes_them(self):
        invoice = self.late()
        self.pay(invoice)
        self.assertEqual(self.invoice_penalties().amount_total, 51.98)

    def test_what_was_waived_is_not_invoiced(self):
        self.late()
        self.waive(extent="amount", amount=5)
        move = self.invoice_penalties()
        self.assertEqual(self.amounts(move), {"763100": 6.98, "758100": 40})
        self.assertIn("−5.00", move.invoice_line_ids[0].name.replace("$\xa0", "").replace("\xa0€", ""))
        with self.assertRaisesRegex(UserError, "no penalties are left"):
            self.waive()

    def test_all_was_waived(self):
        self.late()
        self.waive()
        with self.assertRaisesRegex(UserError, "No penalties can be invoiced"):
            self.dialog()

    def test_nothing_to_invoice_says_why(self):
        stranger = self.make_customer("Nobody knows who")
        self.late(customer=stranger)
        with self.assertRaisesRegex(UserError, "nobody has said yet"):
            self.dialog(accounts=self.account(stranger))

    def test_not_before_it_has_run(self):
        self.late()
        wizard = self.dialog()
        for values in ({"until": self.day(1)}, {"date_due": self.day(-1)}):
            wizard.write({"until": MONDAY, "date_due": self.day(15), **values})
            with self.assertRaises(UserError):
                wizard.action_draft()
        wizard.item_ids.selected = False
        with self.assertRaisesRegex(UserError, "at least one"):
            wizard.action_draft()

    def test_a_consumer_never_pays_an_indemnity(self):
        person = self.make_customer("A person", is_company=False, dunning_status="consumer")
        invoice = self.late(customer=person)
        with self.assertRaises(UserError):
            self.dialog(accounts=self.account(person))
        self.patch(self.registry["dunning.decision"], "_notices_of_items", lambda _self, items: {
            self.item(invoice).id: date(2026, 2, 10)
        })  # fmt: skip
        move = self.invoice_penalties(accounts=self.account(person))
        self.assertEqual(self.amounts(move), {"763100": 1.72})  # 20 days at 2.62 percent, from the notice on
        self.assertIn("1231-6", move.narration)

    # === ACCOUNTS === #

    def test_the_accounts_of_the_settings_come_first(self):
        account = self.company_data["default_account_revenue"]
        self.company.dunning_interest_account_id = account
        self.late()
        self.assertEqual(self.amounts(self.invoice_penalties()), {account.code: 11.98, "758100": 40})

    def test_a_chart_without_these_accounts_says_what_to_set(self):
        self.late()
        self.env["account.account"].search([("code", "=", "763100")]).code = "763999"
        with self.assertRaisesRegex(UserError, "Account of Late Interest"):
            self.invoice_penalties()
        self.company.account_fiscal_country_id = self.env.ref("base.us")
        self.assertFalse(self.company._dunning_french_account("7581"), "another chart may mean something else by it")

    def test_no_taxes_ever(self):
        """Even where the accounts have some of their own, or a person adds one."""
        tax = self.env["account.tax"].search([("type_tax_use", "=", "sale"), ("amount", "=", 20)], limit=1)
        self.env["account.account"].search([("code", "in", ("763100", "758100"))]).tax_ids = tax
        self.late()
        move = self.invoice_penalties(post=False)
        self.assertFalse(move.line_ids.tax_ids)
        move.invoice_line_ids[0].tax_ids = tax
        with self.assertRaisesRegex(UserError, "outside the scope of VAT"):
            move.action_post()

    def test_revenue_is_not_booked_before_it_is_posted(self):
        self.late()
        move = self.invoice_penalties(post=False)
        income = self.env["account.account"].search([("code", "in", ("763100", "758100"))])
        booked = [("account_id", "in", income.ids), ("parent_state", "=", "posted")]
        self.assertFalse(self.env["account.move.line"].search(booked))
        move.action_post()
        self.assertAlmostEqual(sum(self.env["account.move.line"].search(booked).mapped("balance")), -51.98)

    def test_in_the_currency_of_the_invoice(self):
        dollars = self.setup_other_currency("USD", rates=[("2016-01-01", 2.0)])
        self.late(currency_id=dollars.id)
        self.late()
        by_currency = {move.currency_id.name: self.amounts(move) for move in self.invoice_penalties()}
        self.assertEqual(by_currency, {
            "USD": {"763100": 11.98, "758100": 80}, "EUR": {"763100": 11.98, "758100": 40},
        })  # fmt: skip

    def test_a_branch_invoices_what_is_its_own(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.env.user.company_ids |= branch
        self.env = self.env(context={"allowed_company_ids": [self.company.id, branch.id]})
        self.customer.with_company(branch).property_account_receivable_id = self.customer.property_account_receivable_id
        self.late()
        own = self.env["account.move"].with_company(branch).create({
            "move_type": "out_invoice", "company_id": branch.id, "partner_id": self.customer.id, "invoice_date": DUE,
            "invoice_date_due": DUE, "invoice_payment_term_id": False,
            "invoice_line_ids": [Command.create({"name": "Work", "price_unit": 1200, "tax_ids": []})],
        })  # fmt: skip
        own.action_post()
        moves = self.invoice_penalties()
        self.assertEqual(moves.mapped("company_id"), self.company | branch)
        made = moves.filtered(lambda move: move.company_id == branch)
        self.assertEqual((made.dunning_penalty_line_ids.invoice_id, self.amounts(made)), (own, {
            "763100": 11.98, "758100": 40,
        }))  # fmt: skip

    def test_in_instalments_the_indemnity_is_once(self):
        terms = self.env["account.payment.term"].create({"name": "Twice", "line_ids": [
            Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (0, 10)
        ]})  # fmt: skip
        invoice = self.late(invoice_payment_term_id=terms.id)
        move = self.invoice_penalties()
        self.assertEqual(len(move.dunning_penalty_line_ids), 2)
        self.assertEqual(sum(move.dunning_penalty_line_ids.mapped("indemnity_amount")), 40)
        self.assertEqual(move.dunning_penalty_line_ids.move_line_id, self.item(invoice))
        self.assertEqual(len(move.invoice_line_ids), 3)

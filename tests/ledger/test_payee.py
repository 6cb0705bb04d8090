"""Each sum is asked for on the account that its invoice names: a factor's invoice and an own one never together."""

import re
from datetime import timedelta

from odoo.tests import tagged

from ..common.base import MONDAY
from ..common.email import EmailCommon
from ..common.letter import LetterCommon
from ..common.pay import PayCommon

DRAWN = "data:image/png;base64,QUJD"  # stands for the picture of a code
# As they are shown: by fours where the check digits are right.
FACTOR, OWN = "FR7610278060760002044330123", "FR76 3000 6000 0112 3456 7890 189"
CLOSED, DOLLARS = "FR76 3000 4000 0312 3456 7890 143", "FR14 2004 1010 0505 0001 3M02 606"


class PayeeCommon:
    """What messages and page share: accounts of the company, invoices that name them."""

    @classmethod
    def bank(cls, number, holder=False, **values):
        """Return an account of the company, trusted as people leave theirs."""
        return cls.env["res.partner.bank"].create({
            "acc_number": number, "partner_id": cls.company.partner_id.id, "acc_holder_name": holder,
            "allow_out_payment": True, **values,
        })  # fmt: skip

    def owing(self, *debts, **values):
        """Return a customer that owes ``(amount, bank account)``, late since some days, the first one longest."""
        customer = self.make_customer(f"Owes {len(debts)}", **values)
        for place, (amount, bank) in enumerate(debts):
            due = MONDAY - timedelta(days=30 - place)
            self.invoice(due, amount, customer, partner_bank_id=bank.id if bank else False)
        return customer

    def invoices_of(self, customer):
        return self.env["account.move"].search([("partner_id", "=", customer.id)], order="invoice_date_due, id")


@tagged("post_install", "-at_install")
class TestPayeeOfMessages(PayeeCommon, EmailCommon):
    def paragraphs(self, customer):
        """Return the paragraphs of the plain text that tell an account, without special blanks."""
        text = self.text(self.deliver_to(customer)).replace("\xa0", " ")
        parts = [" ".join(part.split()) for part in re.split(r"(?:\r?\n){2,}", text)]
        return [part for part in parts if "IBAN" in part or "bank details" in part]

    def test_a_factored_invoice_and_an_own_one(self):
        """1,000 to the factor and 700 to the company: told one by one, each with what it is for."""
        factor, own = self.bank(FACTOR, "FACTOR SA"), self.bank(OWN)
        customer = self.owing((1000, factor), (700, own))
        sold, kept = self.invoices_of(customer)
        first, second = self.paragraphs(customer)
        for words in ("1,000.00", "FACTOR SA", FACTOR, sold.name):
            self.assertIn(words, first)
        for words in ("700.00", "Atelier Blanc", OWN, kept.name):
            self.assertIn(words, second)
        for words in (OWN, "700.00", kept.name):
            self.assertNotIn(words, first)
        html = self.html(self.messages[0][1]).replace("\xa0", " ")
        for words in ("1,000.00", "700.00", FACTOR, OWN, "FACTOR SA"):
            self.assertIn(words, html)

    def test_one_payee_is_told_as_ever(self):
        own = self.bank(OWN)
        customer = self.owing((1000, own), (700, own))
        (only,) = self.paragraphs(customer)
        self.assertIn(OWN, only)
        self.assertIn(f"Reference: {self.reminders(customer).name}", only)
        self.assertNotIn("700.00", only)

    def test_a_closed_account_is_never_told(self):
        """The account that Odoo puts on a new invoice takes its place: both ask for the same one."""
        closed, other = self.bank(CLOSED), self.bank(OWN)
        customer = self.owing((500, closed), (200, other))
        closed.active = False
        self.assertEqual(self.invoice(MONDAY, post=False).partner_bank_id, other)
        (only,) = self.paragraphs(customer)
        self.assertIn(OWN, only)
        self.assertNotIn(CLOSED, self.html(self.messages[0][1]))

    def test_no_account_in_use(self):
        """No IBAN is told, and the accountant reads why above the lists."""
        closed = self.bank(CLOSED)
        customer = self.owing((500, closed))
        self.assertNotIn("no bank account", " ".join(self.alerts()))
        closed.active = False
        self.assertEqual(self.paragraphs(customer), [])
        self.assertEqual(self.reminders(customer).state, "sent")
        self.assertIn("Atelier Blanc has no bank account in use", " ".join(self.alerts()))

    def alerts(self):
        return self.env["dunning.account"].get_alerts()

    def test_of_several_payees_one_without_an_account(self):
        """The factor's sum has its account, of the other one the customer is told to ask."""
        buyer = self.env["res.partner"].create({"name": "FACTOR SA", "is_company": True})
        factor, closed = self.bank(FACTOR, partner_id=buyer.id), self.bank(CLOSED)
        customer = self.owing((1000, factor), (700, closed))
        closed.active = False
        first, second = self.paragraphs(customer)
        self.assertIn(FACTOR, first)
        self.assertRegex(second, r"700\.00.*ask us for the bank details")

    def test_the_customer_s_own_account(self):
        """Odoo notes it on an entry that is no invoice: nobody is asked to pay to himself."""
        self.bank(OWN)
        customer = self.make_customer("Entry")
        self.env["res.partner.bank"].create({"acc_number": CLOSED, "partner_id": customer.id})
        self.taken_over(
            ("FA2025-001", 100, MONDAY - timedelta(days=3)), customer=customer, partner_id=customer.id
        )
        (only,) = self.paragraphs(customer)
        self.assertIn(OWN, only)
        self.assertNotIn(CLOSED, only)


@tagged("post_install", "-at_install")
class TestPayee(PayeeCommon, EmailCommon):
    """The account that takes the place of one that is closed: whatever Odoo would put on a new invoice."""

    def account_for(self, move):
        (found,) = self.env["dunning.payee"]._accounts(self.item(move)).values()
        return found

    def fallback(self, **values):
        """Return the account of an invoice whose own is closed, and that of a new invoice."""
        old = self.invoice(MONDAY, partner_bank_id=self.closed.id, **values)
        self.closed.active = False
        found, new = self.account_for(old), self.invoice(MONDAY, post=False, **values).partner_bank_id
        self.closed.active = True
        return found, new

    def test_as_odoo_proposes(self):
        self.closed = self.bank(CLOSED, sequence=1)
        dollar, euro = self.env.ref("base.USD"), self.env.ref("base.EUR")
        dollar.active = True
        untrusted = self.bank(FACTOR, sequence=2, allow_out_payment=False)
        self.assertEqual(self.fallback(), (untrusted, untrusted), "it is for money that leaves")
        in_dollars = self.bank(DOLLARS, sequence=3, currency_id=dollar.id)
        trusted = self.bank(OWN, sequence=4, currency_id=euro.id)
        self.assertEqual(self.fallback(), (trusted, trusted))
        self.assertEqual(self.fallback(currency_id=dollar.id), (in_dollars, in_dollars))
        trusted.active = untrusted.active = False
        self.assertEqual(self.fallback(), (in_dollars, in_dollars), "better than none")

    def test_not_that_of_a_factor(self):
        """Odoo would put the first one in the list on a new invoice: it is the factor's, and this one was not sold."""
        self.closed = self.bank(CLOSED, sequence=3)
        factor, own = self.bank(FACTOR, "FACTOR SA", sequence=1), self.bank(OWN, sequence=2)
        self.assertEqual(self.fallback(), (own, factor))
        own.active = False
        self.assertEqual(self.fallback(), (own.browse(), factor))

    def test_where_the_customer_s_means_of_payment_arrives(self):
        self.closed, other = self.bank(CLOSED, sequence=1), self.bank(OWN, sequence=2)
        third = self.bank(FACTOR, sequence=3)
        journal = self.company_data["default_journal_bank"]
        journal.bank_account_id = third
        self.customer.property_inbound_payment_method_line_id = journal.inbound_payment_method_line_ids[:1]
        self.assertEqual(self.fallback(), (third, third))
        old = self.invoice(MONDAY, partner_bank_id=self.closed.id)
        (self.closed + third).active = False
        self.assertEqual(self.account_for(old), other, "closed as well: Odoo looks no further, we do")

    def test_not_that_of_another_company(self):
        """An account kept for another company is neither told nor proposed."""
        self.closed = self.bank(CLOSED)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        old = self.invoice(MONDAY, partner_bank_id=self.closed.id)
        self.env.cr.execute("UPDATE res_partner_bank SET company_id = %s WHERE id = %s", (elsewhere.id, self.closed.id))
        self.closed.invalidate_recordset()
        self.assertFalse(self.account_for(old))
        own = self.bank(OWN)
        self.assertEqual(self.account_for(old), own)

    def test_a_branch_is_paid_where_it_has_an_account(self):
        own = self.bank(OWN)
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.env.user.company_ids += branch
        payees = self.env["dunning.payee"]
        none = self.env["account.payment.method.line"]
        self.assertEqual(payees._proposed(branch, branch.currency_id, none), own)
        its = self.bank(FACTOR, partner_id=branch.partner_id.id)
        self.assertEqual(payees._proposed(branch, branch.currency_id, none), its)
        self.assertEqual(payees._proposed(self.company, branch.currency_id, none), own)

    def test_whose_account_it_is(self):
        """One that stands in another name and that no journal keeps is somebody else's."""
        payees, company = self.env["dunning.payee"], self.company
        for holder, foreign in (
            ("FACTOR SA", True), ("ATELIER BLANC", False), ("SARL Atelier-Blanc", False), (False, False),
        ):  # fmt: skip
            with self.subTest(holder=holder), self.env.cr.savepoint() as savepoint:
                bank = self.bank(FACTOR, holder)
                self.assertEqual(payees._is_of_another(bank, company), foreign)
                self.company_data["default_journal_bank"].bank_account_id = bank
                self.assertFalse(payees._is_of_another(bank, company), "a journal of the company keeps it")
                savepoint.rollback()


@tagged("post_install", "-at_install")
class TestPayeeOfLetters(PayeeCommon, LetterCommon):
    def letter(self, customer, kind="letter"):
        self.drawn = []
        self.patch(
            self.registry["dunning.letter"], "_draw_transfer",
            lambda _model, bank, amount, reference, *_args: self.drawn.append(
                (bank.acc_number, amount, reference)
            ) or DRAWN,
        )  # fmt: skip
        self.prepare()
        reminder = self.reminders(customer)
        html = self.env["dunning.letter"]._compose(reminder, self.recipients(reminder), kind)[0][reminder.id].html
        return " ".join(html.replace("\xa0", " ").split())

    def test_a_code_for_each_payee(self):
        factor, own = self.bank(FACTOR, "FACTOR SA"), self.bank(OWN)
        customer = self.owing((1000, factor), (700, own), (50, factor))
        sold, kept, sold_too = self.invoices_of(customer)
        for kind in ("letter", "registered"):
            with self.subTest(kind=kind):
                html = self.letter(customer, kind)
                self.assertEqual(self.drawn, [
                    (FACTOR, 1050, self.reminders(customer).name), (OWN, 700, kept.payment_reference or kept.name),
                ])  # fmt: skip
                self.assertEqual(html.count(DRAWN), 2)
                for words in (FACTOR, OWN, "FACTOR SA", f"{sold.name}, {sold_too.name}"):
                    self.assertIn(words, html)

    def test_what_is_told_is_what_is_encoded(self):
        """With penalties, and without those that paying in time spares."""
        factor, own = self.bank(FACTOR, "FACTOR SA"), self.bank(OWN)
        customer = self.owing((1000, factor), (700, own), dunning_status="professional")
        self.level_1.penalties = "claim"
        for days in (0, 8):
            with self.subTest(days=days):
                self.plan.penalty_waive_days = days
                html = self.letter(customer)
                for _number, amount, _reference in self.drawn:
                    self.assertIn(f"{amount:,.2f}", html)
                self.assertEqual(sum(amount for _number, amount, _reference in self.drawn) == 1700, bool(days))
                self.assertEqual("of which for the delay" in html, not days)

    def test_a_closed_account_is_neither_printed_nor_encoded(self):
        closed, other = self.bank(CLOSED), self.bank(OWN)
        customer = self.owing((500, closed))
        closed.active = False
        html = self.letter(customer)
        self.assertEqual([number for number, *_more in self.drawn], [OWN])
        self.assertNotIn(CLOSED, html)
        other.active = False
        html = self.letter(customer)
        self.assertEqual((self.drawn, "IBAN" in html), ([], False))

    def test_a_long_list_of_one_payee_names_some(self):
        """Forty invoices of a factor: the first ones and how many more."""
        factor, own = self.bank(FACTOR, "FACTOR SA"), self.bank(OWN)
        customer = self.owing((1000, own), *[(10, factor)] * 20)
        html = self.letter(customer)
        self.assertRegex(html, "(and|et) 8 (more|autres|de plus)")

    def test_two_currencies_of_one_payee(self):
        """Two sums on one account: no code, a transfer has one currency; of the other payee there is one."""
        dollar = self.env.ref("base.USD")
        dollar.active = True
        factor, own = self.bank(FACTOR, "FACTOR SA"), self.bank(OWN)
        customer = self.owing((1000, factor), (700, own))
        self.invoice(MONDAY - timedelta(days=3), 300, customer, currency_id=dollar.id, partner_bank_id=factor.id)
        html = self.letter(customer)
        self.assertEqual([number for number, *_more in self.drawn], [OWN])
        self.assertIn("$", html)


@tagged("post_install", "-at_install")
class TestPayeeOnThePage(PayeeCommon, PayCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.factor, cls.account_of_ours = cls.bank(FACTOR, "FACTOR SA"), cls.bank(OWN)
        cls.late.partner_bank_id, cls.later.partner_bank_id = cls.factor, cls.account_of_ours

    def values(self):
        self.env.invalidate_all()
        return self.env["dunning.portal"].sudo()._page(self.own.sudo())

    def test_one_by_one(self):
        """The late 1,000 to the factor, 500 to the company: on the page, and in the statement on paper."""
        first, second = self.values()["transfers"]
        self.assertEqual((first["iban"], second["iban"]), (FACTOR, OWN))
        for transfer, amount, invoice in ((first, "1,000.00", self.late), (second, "500.00", self.later)):
            self.assertIn(amount, transfer["amount"])
            self.assertEqual(transfer["documents"], invoice.name)
            self.assertEqual(transfer["reference"], invoice.payment_reference or invoice.name)
        words = self.words(self.link())
        for number in (FACTOR, OWN, "FACTOR SA"):
            self.assertIn(number, words)
        printed = []
        self.patch(
            self.registry["dunning.letter"], "_print_document",
            lambda _model, _company, html: printed.append(html) or b"",
        )  # fmt: skip
        self.env["dunning.portal"].sudo()._statement_pdf(self.own.sudo())
        self.assertIn(FACTOR, printed[0])
        self.assertIn(OWN, printed[0])

    def test_one_payee_needs_no_list(self):
        self.late.partner_bank_id = self.account_of_ours
        (only,) = self.values()["transfers"]
        self.assertEqual((only["documents"], only["iban"]), ("", OWN))

    def test_closed(self):
        self.factor.active = False
        (only,) = self.values()["transfers"]
        self.assertEqual(only["iban"], OWN)
        self.assertIn("1,500.00", only["amount"])
        self.assertNotIn(FACTOR, self.words(self.link()))
        self.account_of_ours.active = False
        self.assertEqual(self.values()["transfers"], [])
        self.assertIn("Ask us for our bank details", self.words(self.link()))

    def test_online_only_what_arrives_at_the_company(self):
        """What is paid by card goes to the company's provider: what was sold is paid to the factor, by transfer."""
        words = self.words(self.link()).replace("\xa0", " ")
        self.assertIn("Pay online: 500.00 €", words)
        self.assertIn(f"To be paid by transfer, to FACTOR SA: {self.late.name}", words)
        payment = self.buy()
        self.assertEqual(payment.amount, 500)
        self.assertEqual(self.left(self.late, self.later), [1000, 0])
        answer = self.choose(item=self.item_id(self.late))
        self.assertNotIn("o_payment_form", answer.text)

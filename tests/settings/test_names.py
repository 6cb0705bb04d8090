"""A customer reads the documents that he knows: not the number of the entry they were taken over with."""

import io
from datetime import timedelta

import openpyxl

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.relance_progressive.relance_progressive.ledger import name_queries

from ..common.base import MONDAY, DunningCommon
from ..common.email import EmailCommon
from ..common.letter import LetterCommon
from ..common.penalty import DUE, PenaltyCommon
from ..common.portal import PortalCommon

OLD = [(f"FA2025-00{number}", 100.0 * number, MONDAY - timedelta(days=60 + number)) for number in (1, 2, 3)]


@tagged("post_install", "-at_install")
class TestNames(DunningCommon):
    def named(self, label, **values):
        return self.item(self.taken_over((label, 100, MONDAY), **values)).dunning_name

    def test_what_says_most(self):
        """The label, else the reference of the entry, else its number; what holds a number first."""
        account = self.customer.property_account_receivable_id
        journal = self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", self.company.id)], limit=1
        )
        for label, ref, name in (
            ("FA2025-001", False, "FA2025-001"),
            (" FA2025-001 ", "REPRISE 2025", "FA2025-001"),
            ("Travaux du salon", "FA2025-001", "FA2025-001"),
            ("Travaux du salon", False, "Travaux du salon"),
            ("Travaux du salon", "Reprise", "Travaux du salon"),
            ("", "FA2025-001", "FA2025-001"),
            (False, " FA2025-001", "FA2025-001"),
            ("/", "FA2025-001", "FA2025-001"),
            ("***", "FA2025-001", "FA2025-001"),
            (account.name, "FA2025-001", "FA2025-001"),
            (account.name.upper(), "Reprise", "Reprise"),
            (f"{account.code} {account.name}", "Reprise", "Reprise"),
            (account.code, "Reprise", "Reprise"),
            (journal.name, "Reprise", "Reprise"),
            (self.customer.name, "Reprise", "Reprise"),
        ):
            with self.subTest(label=label, ref=ref):
                self.assertEqual(self.named(label, ref=ref, journal_id=journal.id), name)

    def test_on_one_line_and_no_longer(self):
        """A label may be a page; the message, the letter and the reference to quote have a line for it."""
        self.assertEqual(self.named("FA2025-001\n travaux\tdu  salon"), "FA2025-001 travaux du salon")
        self.assertEqual(self.named("FA2025-001 " + "salon " * 200), "FA2025-001 " + "salon " * 11 + "sa…")
        self.assertEqual(self.named("salon " * 200 + "12", ref="FA2025-001"), "FA2025-001")

    def test_nothing_better_than_the_number(self):
        account = self.customer.property_account_receivable_id
        for label in ("", "/", account.name):
            entry = self.taken_over((label, 100, MONDAY))
            self.assertEqual(self.item(entry).dunning_name, entry.name)

    def test_an_invoice_has_its_number(self):
        invoice = self.invoice(MONDAY, ref="BC-77")
        self.item(invoice).name = "something else"
        self.assertEqual(self.item(invoice).dunning_name, invoice.name)

    def test_many_in_one_query(self):
        items = self.taken_over(*OLD).line_ids + self.invoice(MONDAY).line_ids + self.invoice(MONDAY).line_ids
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        items.mapped("dunning_name")
        self.assertEqual(self.env.cr.sql_log_count - before, 1)

    def test_it_is_found_by_what_people_type(self):
        item = self.item(self.taken_over(OLD[0], ref="REPRISE"))
        items = self.env["account.move.line"]
        for typed in ("FA2025-001", "a2025-00", "REPRISE", item.move_name):
            self.assertIn(item, items.search([("dunning_name", "ilike", typed)]))
        self.assertNotIn(item, items.search([("dunning_name", "ilike", "FA2025-002")]))

    def test_counted_right(self):
        """Two instalments of an invoice, or two items under one number, are one document."""
        term = self.env["account.payment.term"].create({"name": "Two parts", "line_ids": [
            Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (0, 1)
        ]})  # fmt: skip
        in_two = self.invoice(MONDAY - timedelta(days=40), invoice_payment_term_id=term.id, invoice_date_due=False)
        due = MONDAY - timedelta(days=40)
        for items, count in (
            (OLD, 3),
            ([("FA2025-001", 100, due), ("FA2025-001", 100, due)], 1),
            ([("Reprise", 100, due), ("Reprise", 100, due)], 2),
            ([("", 100, due), ("", 100, due)], 2),  # both go by the number of the entry, which is none of theirs
        ):
            with self.subTest(items=items), self.env.cr.savepoint() as savepoint:
                self.taken_over(*items)
                self.run_on(MONDAY)
                words = f"{count + 1} invoices"
                self.assertEqual(self.reminders().count_text, words)
                savepoint.rollback()
        self.assertEqual(len(self.item(in_two)), 2)


@tagged("post_install", "-at_install")
class TestNamesInMessages(EmailCommon):
    def test_a_balance_taken_over(self):
        """In the e-mail, in the call script, and where a person reads what was claimed."""
        customer = self.make_customer("Reprise", email="reprise@petit.example")
        entry = self.taken_over(*OLD, customer=customer)
        message = self.deliver_to(customer)
        reminder = self.reminders(customer)
        self.assertEqual(reminder.count_text, "3 invoices")
        for text in (self.text(message), self.html(message), self.script(reminder)):
            for name, _amount, _due in OLD:
                self.assertEqual(text.count(name), 1)
            self.assertNotIn(entry.name, text)
        self.assertEqual(set(reminder.line_ids.mapped("move_name")), {name for name, _amount, _due in OLD})

    def script(self, reminder):
        return reminder.env["ir.qweb"]._render("relance_progressive.call_sheet", {
            "lines": reminder.line_ids, "reminder": reminder, "total": "", "covered": "", "sent": [], "calls": [],
            "script": [], "day": str, "late": lambda _line: 0, "money": lambda amount, _currency: amount,
        })  # fmt: skip

    def test_what_was_told_stays(self):
        """The label is corrected after the message has left: the proof is what the customer read."""
        customer = self.make_customer("Reprise", email="reprise@petit.example")
        entry = self.taken_over(OLD[0], customer=customer)
        self.deliver_to(customer)
        self.item(entry).name = "FA2025-999"
        self.assertEqual(self.item(entry).dunning_name, "FA2025-999")
        self.assertEqual(self.reminders(customer).line_ids.move_name, "FA2025-001")

    def test_decided_again_before_it_leaves(self):
        customer = self.make_customer("Reprise", email="reprise@petit.example")
        entry = self.taken_over(*OLD, customer=customer)
        self.prepare()
        paid = self.item(entry).filtered(lambda item: item.name == "FA2025-002")
        payment = self.unallocated_payment(200, customer, day=MONDAY - timedelta(days=1))
        (paid + payment.move_id.line_ids.filtered(lambda line: line.account_id == paid.account_id)).reconcile()
        with self.smtp():
            self.send()
        self.assertEqual(self.reminders(customer).line_ids.mapped("move_name"), ["FA2025-003", "FA2025-001"])

    def test_one_document_is_the_reference_to_quote(self):
        self.env["res.partner.bank"].create({
            "acc_number": "FR7630006000011234567890189", "partner_id": self.company.partner_id.id,
        })  # fmt: skip
        customer = self.make_customer("Reprise", email="reprise@petit.example")
        self.taken_over(OLD[0], customer=customer)
        self.assertIn("Reference: FA2025-001", self.text(self.deliver_to(customer)))


@tagged("post_install", "-at_install")
class TestNamesInLetters(LetterCommon):
    def test_a_balance_taken_over(self):
        customer = self.customer_by_post()
        entry = self.taken_over(*OLD, customer=customer)
        self.prepare()
        reminder = self.reminders(customer)
        html = self.env["dunning.letter"]._compose(reminder, self.recipients(reminder))[0][reminder.id].html
        for name, _amount, _due in OLD:
            self.assertIn(name, html)
        self.assertNotIn(entry.name, html)


@tagged("post_install", "-at_install")
class TestNamesOnThePage(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.entry = cls.taken_over(
            *OLD, ("FA2025-003", 50.0, cls.today - timedelta(days=9)), customer=cls.stranger, ref="OD de reprise 2025"
        )

    def test_page_statement_and_spreadsheet(self):
        words = self.words(self.link(self.other))
        for name, _amount, _due in OLD:
            self.assertIn(name, words)
        for hidden in (self.entry.name, "OD de reprise"):  # the entry's reference is not the customer's
            self.assertNotIn(hidden, words)
        service, printed = self.env["dunning.portal"].sudo(), []
        self.patch(
            self.registry["dunning.letter"], "_print_document",
            lambda _model, _company, html: printed.append(html) or b"",
        )  # fmt: skip
        service._statement_pdf(self.other.sudo())
        self.assertIn("FA2025-001", printed[0])
        self.assertNotIn(self.entry.name, printed[0])
        _name, file = service._statement_xlsx(self.other.sudo())
        rows = list(openpyxl.load_workbook(io.BytesIO(file)).active.values)
        self.assertEqual([row[0] for row in rows[1:4]], ["FA2025-003", "FA2025-002", "FA2025-001"])
        self.assertFalse([row[2:4] for row in rows[1:4] if any(row[2:4])], "neither its reference nor its date")

    def test_counted_by_document(self):
        """Four items of three documents, and the invoice: four documents, all of them late."""
        statement = self.env["dunning.portal"].sudo()._page(self.other.sudo())["statement"]
        self.assertEqual((len(statement["rows"]), statement["count"], statement["late_count"]), (5, 4, 4))

    def test_an_answer_names_them(self):
        item = self.item(self.entry).filtered(lambda item: item.name == "FA2025-001")
        promise = self.env["dunning.promise"]._record(self.other, [(self.today + timedelta(days=3), 100)], item)
        self.assertEqual(promise.line_ids.mapped("move_name"), ["FA2025-001"])
        dispute = self.env["dunning.dispute"].create({
            "account_id": self.other.id, "reason_id": self.env["dunning.dispute.reason"].search([], limit=1).id,
            "line_ids": [Command.create({"move_line_id": item.id, "amount": 50})],
        })  # fmt: skip
        self.assertEqual(dispute.invoice_names, "FA2025-001")


@tagged("post_install", "-at_install")
class TestIndemnityOfWhatWasTakenOver(PenaltyCommon):
    def indemnities(self, *labels):
        entry = self.taken_over(*((label, 1000, DUE - timedelta(days=place)) for place, label in enumerate(labels)))
        return sorted(penalty.indemnity for penalty in self.penalties_on(MONDAY, entry))

    def test_once_for_an_invoice(self):
        """Two instalments under one number owe the fixed sum of 40.00 once, two invoices twice."""
        self.assertEqual(self.indemnities("FA2025-001", "FA2025-001"), [0, 40])
        self.assertEqual(self.indemnities("FA2025-001", "FA2025-002"), [40, 40])
        for label in ("Reprise", ""):
            self.assertEqual(self.indemnities(label, label), [40, 40])


@tagged("post_install", "-at_install")
class TestTickets(DunningCommon):
    """What is bought on account at the till: the entry of the session has a number that nobody has ever read.

    The point of sale need not be installed: its tables, as far as they are read, are made for the test.
    """

    def setUp(self):
        super().setUp()
        self.env.cr.execute("""
            CREATE TEMPORARY TABLE pos_session (id int, move_id int);
            CREATE TEMPORARY TABLE pos_payment_method (id int, split_transactions bool, journal_id int);
            CREATE TEMPORARY TABLE pos_order (id int, partner_id int, name text, pos_reference text, account_move int);
            CREATE TEMPORARY TABLE pos_payment (
                id int, session_id int, pos_order_id int, payment_method_id int, amount numeric);
            INSERT INTO pos_payment_method VALUES (1, TRUE, NULL), (2, FALSE, 5)
        """)
        self.addCleanup(self.env.cr.execute, "DROP TABLE pos_session, pos_payment_method, pos_order, pos_payment")

    def sale(self, id_, customer, amount, name, printed=None, method=1, invoice=None):
        self.env.cr.execute(
            "INSERT INTO pos_order VALUES (%s, %s, %s, %s, %s)", (id_, customer.id, name, printed, invoice)
        )
        self.env.cr.execute("INSERT INTO pos_payment VALUES (%s, 1, %s, %s, %s)", (id_, id_, method, amount))

    def names(self, entry):
        """Return ``[(customer, amount, name)]`` of the items of an entry, in their order."""
        self.env.cr.execute("INSERT INTO pos_session VALUES (1, %s)", (entry.id,))
        items = self.item(entry).sorted("id")
        query = SQL(
            """SELECT l.id, %s FROM account_move_line l JOIN account_move m ON m.id = l.move_id
                WHERE l.id = ANY(%s)""",
            name_queries.ticket_of_till(), items.ids,
        )  # fmt: skip
        self.env.flush_all()
        found = dict(self.env.execute_query(query))
        return [found[item.id] for item in items]

    def test_each_item_is_its_ticket(self):
        """Two sales of one amount, what was paid in cash, what was invoiced, a sale to a contact of the customer."""
        contact = self.make_customer("Anne", is_company=False, parent_id=self.customer.id)
        other = self.make_customer("Other")
        for id_, sale in enumerate((
            (self.customer, 80, "Till - 1", "26-1-1"), (other, 80, "Till - 2", "26-1-2"),
            (self.customer, 80, "Till - 3", None, 2), (self.customer, 80, "Till - 4", None, 1, 99),
            (contact, 120, "Till - 5", "Till - 5"), (self.customer, 80, "Till - 6", ""),
        ), start=1):  # fmt: skip
            self.sale(id_, *sale)
        label = "POS/00001 - Customer account"
        entry = self.taken_over(*((label, amount, MONDAY) for amount in (80, 120, 80, 30)))
        self.assertEqual(self.names(entry), ["Till - 1 (26-1-1)", "Till - 5", "Till - 6", None])

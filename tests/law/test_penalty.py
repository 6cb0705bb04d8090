from datetime import date, timedelta
from decimal import Decimal

from odoo import Command
from odoo.tests import freeze_time, tagged

from ..common.base import MONDAY
from ..common.penalty import DUE, INTEREST, PenaltyCommon


@tagged("post_install", "-at_install")
class TestPenalty(PenaltyCommon):
    """What an item costs its debtor for being late."""

    def test_a_professional(self):
        """30 days late at 12.15 %: 1000 x 12.15 x 30 / 36500, and 40 EUR."""
        penalty = self.penalty_on(MONDAY, self.invoice(DUE))
        (segment,) = penalty.interest.segments
        self.assertEqual((segment.first, segment.last, segment.days), (date(2026, 2, 1), MONDAY, 30))
        self.assertEqual((segment.balance, segment.rate, segment.base), (1000, Decimal("12.15"), 365))
        self.assertEqual((penalty.interest_left, penalty.indemnity_left), (Decimal("9.99"), Decimal("40.00")))
        self.assertEqual((penalty.per_day, penalty.why_not, penalty.regime), (Decimal("0.33"), "", "fr_professional"))

    def test_on_the_due_date_nothing(self):
        penalty = self.penalty_on(DUE, self.invoice(DUE))
        self.assertEqual((penalty.total_left, penalty.why_not), (0, ""))

    def test_a_part_payment_lowers_what_bears_interest(self):
        """400 paid on 10 February: 10 days on 1000 and 20 days on 600."""
        invoice = self.invoice(DUE)
        self.pay(invoice, 400, date(2026, 2, 10))
        penalty = self.penalty_on(MONDAY, invoice)
        self.assertEqual(
            [(segment.balance, segment.days, segment.amount) for segment in penalty.interest.segments],
            [(1000, 10, Decimal("3.33")), (600, 20, Decimal("3.99"))],
        )
        self.assertEqual(penalty.indemnity_left, 40)

    def test_a_credit_note_lowers_it(self):
        invoice = self.invoice(DUE)
        note = self.credit_note(1000, invoice_date=date(2026, 2, 10))
        (self.item(invoice) | self.item(note)).reconcile()
        penalty = self.penalty_on(MONDAY, invoice)
        self.assertEqual([segment.days for segment in penalty.interest.segments], [10])

    def test_who_paid_late_still_owes_them(self):
        invoice = self.invoice(DUE)
        self.pay(invoice, day=MONDAY)
        penalty = self.penalty_on(self.day(100), invoice)
        self.assertEqual((float(penalty.interest_left), penalty.indemnity_left), (INTEREST, 40))
        self.assertEqual(penalty.per_day, 0)

    def test_who_paid_in_time_owes_nothing(self):
        invoice = self.invoice(DUE)
        self.pay(invoice, day=DUE)
        self.assertEqual(self.penalty_on(MONDAY, invoice).total_left, 0)

    def test_the_indemnity_is_due_once_for_an_invoice(self):
        """Two instalments, both late: the first one carries the 40 EUR."""
        term = self.env["account.payment.term"].create({"name": "Twice", "line_ids": [
            Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (15, 30)
        ]})  # fmt: skip
        invoice = self.invoice(DUE, invoice_payment_term_id=term.id, invoice_date_due=False)
        first, second = self.penalties_on(MONDAY, invoice)
        self.assertEqual((first.due, first.indemnity, second.due, second.indemnity), (date(2026, 1, 16), 40, DUE, 0))
        alone = self.penalties._of_items(self.company, [second.item_id], MONDAY)[second.item_id]
        self.assertEqual(alone.indemnity, 0)

    def test_the_first_instalment_in_time_the_second_late(self):
        term = self.env["account.payment.term"].create({"name": "Twice", "line_ids": [
            Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (15, 30)
        ]})  # fmt: skip
        invoice = self.invoice(DUE, invoice_payment_term_id=term.id, invoice_date_due=False)
        self.pay(invoice, 500, date(2026, 1, 10))
        self.assertEqual([penalty.indemnity for penalty in self.penalties_on(MONDAY, invoice)], [0, 40])

    def test_the_indemnity_of_an_instalment_that_was_paid_late(self):
        """The first instalment was paid late: the reminder of the second one claims the indemnity, once."""
        term = self.env["account.payment.term"].create({"name": "Twice", "line_ids": [
            Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (15, 30)
        ]})  # fmt: skip
        invoice = self.invoice(DUE, invoice_payment_term_id=term.id, invoice_date_due=False)
        first, second = self.item(invoice).sorted("date_maturity")
        self.pay(invoice, 500, date(2026, 2, 10))
        claim = {second.id: Decimal(500)}
        self.assertEqual(self.penalties._of_claim(self.company, claim, MONDAY)[second.id].indemnity_left, 40)
        self.env["dunning.penalty.waiver"].sudo().create({
            "account_id": self.account().id, "date": MONDAY, "until": MONDAY, "reason": "Good will",
            "line_ids": [Command.create({"move_line_id": first.id, "indemnity_amount": 40})],
        })  # fmt: skip
        self.assertEqual(self.penalties._of_claim(self.company, claim, MONDAY)[second.id].indemnity_left, 0)

    def test_items_of_an_entry_stand_alone(self):
        """An opening entry is no invoice: each of its debts is one."""
        account = self.company_data["default_account_receivable"]
        other = self.company_data["default_account_revenue"]
        entry = self.env["account.move"].create({"move_type": "entry", "date": DUE, "line_ids": [
            Command.create({"account_id": account.id, "partner_id": self.customer.id, "debit": 100,
                            "date_maturity": DUE}),
            Command.create({"account_id": account.id, "partner_id": self.customer.id, "debit": 100,
                            "date_maturity": DUE}),
            Command.create({"account_id": other.id, "credit": 200}),
        ]})  # fmt: skip
        entry.action_post()
        self.assertEqual([penalty.indemnity for penalty in self.penalties_on(MONDAY, entry)], [40, 40])

    def test_in_another_currency(self):
        """Interest in the currency of the invoice; the 40 EUR at the rate of the due date, for good: a sum that moved
        with the exchange would never be settled. No exchange difference counts.
        """
        dollar = self.setup_other_currency("USD", rates=[("2026-01-01", 2.0), ("2026-02-05", 4.0)])
        invoice = self.invoice(DUE, currency_id=dollar.id)
        self.pay(invoice, 500, date(2026, 2, 10))
        penalty = self.penalty_on(MONDAY, invoice)
        self.assertEqual([segment.balance for segment in penalty.interest.segments], [1000, 500])
        self.assertEqual((penalty.currency_id, penalty.indemnity), (dollar.id, 80))

    def test_insolvency_stops_it(self):
        """L622-28: no interest from the opening on; L441-10 II: no indemnity for what falls due then."""
        before, after = self.invoice(DUE), self.invoice(date(2026, 2, 15))
        contact = self.make_customer("Contact", is_company=False, parent_id=self.customer.id)
        contact.parent_id.dunning_insolvency_date = date(2026, 2, 11)
        self.assertEqual(contact.dunning_insolvency_date, date(2026, 2, 11))
        penalty = self.penalty_on(MONDAY, before)
        self.assertEqual([segment.last for segment in penalty.interest.segments], [date(2026, 2, 10)])
        self.assertEqual((penalty.indemnity_left, penalty.per_day), (40, 0))
        penalty = self.penalty_on(MONDAY, after)
        self.assertEqual((penalty.total_left, penalty.why_not), (0, "insolvency"))
        self.assertIn("L622-28", self.penalties._why_not_in_words(penalty))

    def test_a_payment_plan_without_interest(self):
        """None from the day of the plan on while it is kept; again from the day on which it is given up."""
        invoice = self.invoice(DUE)
        self.plan.promise_max_days = 90
        with freeze_time("2026-02-10"):
            plan = self.env["dunning.promise"]._record(
                self.account(), [(date(2026, 3, 10), 500), (date(2026, 4, 10), 500)], self.item(invoice),
                interest_suspended=True,
            )  # fmt: skip
        penalty = self.penalty_on(MONDAY, invoice)
        self.assertEqual([segment.days for segment in penalty.interest.segments], [9])
        self.assertEqual((penalty.per_day, penalty.indemnity_left), (0, 40))
        plan._cancel("It was a mistake", day=MONDAY)
        penalty = self.penalty_on(MONDAY, invoice)
        self.assertEqual([segment.days for segment in penalty.interest.segments], [9, 1])
        plan.sudo().interest_suspended = False
        self.assertEqual([segment.days for segment in self.penalty_on(MONDAY, invoice).interest.segments], [30])

    def test_only_what_is_claimed_bears_interest(self):
        """The customer contests 400 of 1000: interest on 600."""
        invoice = self.invoice(DUE)
        penalty = self.penalty_on(MONDAY, invoice, claimed={self.item(invoice).id: Decimal(600)})
        self.assertEqual([segment.balance for segment in penalty.interest.segments], [600])

    def test_interest_first(self):
        """An option of the company: a part payment settles the interest that has run before the debt."""
        self.company.dunning_interest_first = True
        invoice = self.invoice(DUE)
        self.pay(invoice, 400, date(2026, 2, 10))
        penalty = self.penalty_on(MONDAY, invoice)
        self.assertEqual(penalty.interest.paid, Decimal("3.33"))
        self.assertEqual(penalty.interest.segments[1].balance, Decimal("603.33"))
        self.assertEqual(penalty.interest_left, penalty.interest.segments[1].amount)

    # === WHY NOT === #

    def test_without_a_status_nothing_is_claimed(self):
        self.customer.dunning_status = False
        penalty = self.penalty_on(MONDAY, self.invoice(DUE))
        self.assertEqual((penalty.total_left, penalty.why_not), (0, "no_status"))
        self.assertIn("nobody has said", self.penalties._why_not_in_words(penalty))

    def test_without_a_rule_nothing_is_claimed(self):
        self.customer.dunning_law_id = self.env.ref("base.us")
        penalty = self.penalty_on(MONDAY, self.invoice(DUE))
        self.assertEqual((penalty.total_left, penalty.why_not), (0, "no_regime"))

    def test_without_a_rate_what_is_known_is_claimed(self):
        """Nobody knows the rate of 2027-S1 yet: interest until 31 December, the indemnity, and which is missing."""
        invoice = self.invoice(DUE)
        penalty, known = (self.penalty_on(day, invoice) for day in (date(2027, 1, 10), date(2026, 12, 31)))
        self.assertEqual(penalty.interest.segments, known.interest.segments)
        self.assertEqual((penalty.indemnity_left, penalty.per_day, penalty.why_not), (40, 0, "missing_rate"))
        self.assertEqual(penalty.missing_rate.day, date(2027, 1, 1))
        words = self.penalties._why_not_in_words(penalty)
        self.assertIn("ECB main refinancing rate", words)
        self.assertIn("2027", words)

    def test_a_consumer_before_any_notice(self):
        penalty = self.penalty_on(MONDAY, self.invoice(DUE, customer=self.consumer))
        self.assertEqual((penalty.total_left, penalty.per_day, penalty.why_not), (0, 0, "before_notice"))

    def test_a_consumer_after_a_notice(self):
        """From the notice on, at the legal rate of 2.62 %, and never an indemnity."""
        invoice = self.invoice(DUE, customer=self.consumer)
        self.in_effect(invoice, MONDAY)
        self.assertEqual(self.penalty_on(MONDAY, invoice).total_left, 0)
        penalty = self.penalty_on(self.day(10), invoice)
        (segment,) = penalty.interest.segments
        self.assertEqual((segment.first, segment.days, segment.rate), (self.day(1), 10, Decimal("2.62")))
        self.assertEqual((penalty.indemnity, penalty.why_not), (0, ""))

    def test_a_belgian_consumer_after_a_notice(self):
        """CDE XIX: third working day, Thursday 5 February, and fourteen days from it on; then 12 days at 4.50 %."""
        self.consumer.country_id = self.env.ref("base.be")
        invoice = self.invoice(DUE, customer=self.consumer)
        self.in_effect(invoice, date(2026, 2, 2))
        self.assertEqual(self.penalty_on(date(2026, 2, 18), invoice).why_not, "before_notice")
        (segment,) = self.penalty_on(MONDAY, invoice).interest.segments
        self.assertEqual((segment.first, segment.days), (date(2026, 2, 19), 12))
        self.assertEqual((segment.rate, segment.amount), (Decimal("4.5"), Decimal("1.48")))

    def test_no_interest_on_interest(self):
        invoice = self.invoice(DUE)
        self.env.cr.execute("UPDATE account_move SET dunning_is_penalty = TRUE WHERE id = %s", [invoice.id])
        self.env.invalidate_all()
        penalty = self.penalty_on(MONDAY, invoice)
        self.assertEqual((penalty.total_left, penalty.why_not), (0, "penalty"))

    # === SET-WISE === #

    def test_as_many_queries_for_many_as_for_one(self):
        one = self.invoice(DUE)
        customers = [self.make_customer(f"C {number}", dunning_status="professional") for number in range(10)]
        many = [self.invoice(DUE - timedelta(days=n), 100 + n, customer) for n, customer in enumerate(customers)]
        self.pay(many[0], 50, date(2026, 2, 10))
        self.penalties_on(MONDAY, one, *many)  # rates and regimes are kept
        with self.assertQueryCount(0), self.subTest("nothing asked"):
            self.penalties._of_items(self.company, [], MONDAY)
        counts = []
        for moves in ([one], many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.penalties_on(MONDAY, *moves)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_money_that_nobody_has_matched_yet_bears_no_interest(self):
        """What came in stops the interest on the day it came, matched or not; the rest bears it on."""
        invoice = self.invoice(DUE, 1000)
        account, half = self.account(), DUE + timedelta(days=10)
        self.unallocated_payment(600, day=half)
        self.engine._refresh(account, MONDAY)
        found = self.penalty_on(MONDAY, invoice)
        self.assertEqual([(one.balance, one.days) for one in found.interest.segments], [(1000, 10), (400, 20)])
        stored = self.penalties._sums_of_customers(self.company, self.customer.ids, MONDAY)[self.customer.id]
        self.assertEqual(stored[:2], (found.total_left, found.per_day))
        self.assertEqual((account.amount_penalty, account.penalty_per_day), (float(stored[0]), float(stored[1])))
        matched = self.invoice(DUE, 1000, self.make_customer("Other", dunning_status="professional"))
        self.pay(matched, 600, day=half)
        self.assertEqual(self.penalty_on(MONDAY, matched).interest, found.interest, "as if it were matched")

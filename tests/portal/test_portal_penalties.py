from datetime import date, timedelta

from odoo import Command
from odoo.tests import tagged

from ..common.penalty_shown import FORBIDDEN
from ..common.portal_penalties import LATE, SUM, PortalPenaltyCommon


@tagged("post_install", "-at_install")
class TestPortalPenalties(PortalPenaltyCommon):
    """What a professional reads of penalties on the page: what the messages that reached him told of them."""

    def test_nothing_before_a_reminder_speaks_of_them(self):
        self.told("none")
        self.assertEqual(self.page_of()["statement"]["penalties"], {})
        self.assertFalse(FORBIDDEN.search(self.words(self.link())))

    def test_claimed(self):
        """Per item and in total, the computation, what a day adds, and what is to be transferred."""
        self.told("claim")
        words = self.words(self.link()).replace("\xa0", " ")
        interest = f"{LATE * 12.15:.2f}"
        for text in (
            interest, "40.00", f"{36500 + 300 + 40 + LATE * 12.15:,.2f}", "12.15 %", "12/365", "L441-10 II", "D441-5",
            "grows by", "2.15 % + 10 points", f"of which for the delay: €{LATE * 12.15 + 40:.2f}",
        ):  # fmt: skip
            self.assertIn(text.replace("€", ""), words.replace("€", ""))
        self.assertNotIn("not asked for", words)
        transfer = self.page_of()["transfers"][0]
        self.assertIn(f"{36500 + 40 + LATE * 12.15:,.2f}", transfer["amount"])

    def test_mentioned(self):
        """The figures, and that they are not asked for: neither in the total nor in the transfer."""
        self.told("mention")
        words = self.words(self.link()).replace("\xa0", " ")
        for text in (f"{LATE * 12.15:.2f}", "40.00", "not asked for at present", "12/365"):
            self.assertIn(text, words)
        page = self.page_of()
        self.assertEqual(page["statement"]["penalties"]["asked"], {})
        self.assertNotIn("Grand total", words)
        self.assertIn("36,500.00", page["transfers"][0]["amount"])
        self.assertEqual(page["transfers"][0]["penalties"], "")

    def test_only_of_what_was_reminded(self):
        """An invoice that no reminder has named yet bears none on the page."""
        other = self.invoice(self.today - timedelta(days=LATE), SUM)
        self.told("claim")
        rows = {row["invoice"]: row for row in self.page_of()["statement"]["rows"]}
        self.assertTrue(rows[self.big.id]["interest"])
        self.assertFalse(rows[other.id]["interest"] or rows[other.id]["indemnity"])

    def test_only_of_what_is_claimed(self):
        """Half of it is contested, a quarter promised: interest on the last quarter, as in a message."""
        self.told("claim")
        item = self.item(self.big)
        self.env["dunning.dispute"].create({
            "account_id": self.own.id, "reason_id": self.env["dunning.dispute.reason"].search([], limit=1).id,
            "line_ids": [Command.create({"move_line_id": item.id, "amount": SUM / 2})],
        })  # fmt: skip
        self.env["dunning.promise"]._record(self.own, [(self.today + timedelta(days=3), SUM / 4)], item)
        (row,) = [row for row in self.page_of()["statement"]["penalties"]["rows"]]
        self.assertIn("9,125.00", row["balance"])

    def test_a_message_that_came_back_told_nothing(self):
        self.told("claim").delivery_ids._bounced("unknown")
        self.assertEqual(self.page_of()["statement"]["penalties"], {})

    def test_without_a_status(self):
        self.told("claim")
        self.customer.dunning_status = False
        self.assertEqual(self.page_of()["statement"]["penalties"], {})

    def test_waived(self):
        """What was given up is in no figure of the statement; the reminder stays as it was sent."""
        reminder = self.told("claim")
        self.env["dunning.penalty.waiver"].sudo().create({
            "account_id": self.own.id, "reason": "good will", "date": self.today, "until": self.today,
            "line_ids": [Command.create({
                "move_line_id": self.item(self.big).id, "interest_amount": 0, "indemnity_amount": 40,
            })],
        })  # fmt: skip
        penalties = self.page_of()["statement"]["penalties"]
        self.assertEqual(penalties["asked"]["indemnity"], "")
        self.assertIn("40.00", penalties["settled"])
        self.assertIn("40.00", self.words(self.link(suffix=f"/reminder/{reminder.id}")))

    def test_paying_in_time_spares_them(self):
        """Within the time that the plan leaves, the transfer is for the invoices alone; the page says until when."""
        self.plan.penalty_waive_days = 8
        self.told("claim")
        page = self.page_of()
        self.assertIn("we give up late interest and indemnity", page["statement"]["penalties"]["waiver"])
        self.assertEqual(page["transfers"][0]["penalties"], "")
        self.plan.penalty_waive_days = 1  # over since yesterday
        page = self.page_of()
        self.assertEqual(page["statement"]["penalties"]["waiver"], "")
        self.assertTrue(page["transfers"][0]["penalties"])

    def test_every_output_tells_the_same(self):
        reminder = self.told("claim")
        outputs = self.outputs(reminder)
        for name in ("page", "statement on paper"):
            self.assertIn(f"{LATE * 12.15:.2f}", outputs[name], name)
            self.assertIn("D441-5", outputs[name], name)
        self.assertIn(f"{LATE * 12.15:.1f}", outputs["spreadsheet"])
        self.assertIn("L441-10 II", outputs["spreadsheet"])

    def test_a_reminder_as_it_was_frozen(self):
        """Ten days of interest on the day it left; two days later the page of the reminder still says so."""
        reminder = self.told("claim")
        words = self.words(self.link(suffix=f"/reminder/{reminder.id}")).replace("\xa0", " ")
        for text in ("121.50", "40.00", "10/365", "36,661.50"):
            self.assertIn(text, words)
        self.pay(self.big, 1000, day=self.today - timedelta(days=8))
        self.env.invalidate_all()
        self.assertIn("36,661.50", self.words(self.link(suffix=f"/reminder/{reminder.id}")))

    def many(self, count):
        """Have so many more invoices reminded, and asked for with penalties."""
        due = self.today - timedelta(days=LATE)
        moves = self.env["account.move"].create([
            {
                "move_type": "out_invoice", "partner_id": self.customer.id, "invoice_payment_term_id": False,
                "invoice_date": due - timedelta(days=30), "invoice_date_due": due - timedelta(days=number % 9),
                "invoice_line_ids": [Command.create({"name": "Work", "price_unit": 100 + number, "tax_ids": []})],
            }
            for number in range(count)
        ])  # fmt: skip
        moves.action_post()
        reminder = self.told("claim")
        self.env.cr.execute(
            """INSERT INTO dunning_reminder_line (reminder_id, move_line_id, move_name, currency_id, amount_currency,
                                                  amount_residual, date_maturity, level_id)
               SELECT %s, id, move_name, currency_id, amount_currency, amount_residual, date_maturity, %s
                 FROM account_move_line WHERE move_id = ANY(%s) AND display_type = 'payment_term'""",
            [reminder.id, self.level_1.id, moves.ids],
        )
        self.env.invalidate_all()

    def test_queries_do_not_grow(self):
        """As many for 80 reminded items, and their penalties, as for 20."""
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertGreater(self.page_of()["statement"]["penalties"]["asked"]["both"], "")
            return self.env.cr.sql_log_count - before

        self.many(20)
        queries()
        few = queries()
        self.many(60)
        queries()
        self.assertEqual(queries(), few)


@tagged("post_install", "-at_install")
class TestPortalPenaltiesOfConsumers(PortalPenaltyCommon):
    """CPCE L111-8, C. civ. 1231-6: nothing of interest before a formal notice, never an indemnity."""

    def test_nothing_before_a_notice(self):
        for penalties in ("mention", "claim"):
            with self.subTest(penalties=penalties):
                reminder = self.told(penalties, self.private)
                for name, text in self.outputs(reminder).items():
                    self.assertFalse(FORBIDDEN.search(text), f"{name}: {text}")

    def test_nothing_while_the_notice_is_on_its_way(self):
        self.level_1.stage = "formal_notice"
        notice = self.told("claim", self.private, "registered")
        notice.delivery_ids._record_event("handed_in", self.today - timedelta(days=1))
        for name, text in self.outputs(notice).items():
            self.assertFalse(FORBIDDEN.search(text), f"{name}: {text}")

    def test_interest_and_no_indemnity_after_it(self):
        """Four days at 2.50 a day, and not a word of an indemnity anywhere."""
        outputs = self.outputs(self.notice_to_the_consumer(4))
        self.assertIn("10.00", outputs["page"])
        self.assertIn("10.00", outputs["statement on paper"])
        self.assertIn("2.50 %", outputs["page"])
        self.assertIn("1231-6", outputs["page"])
        for name, text in outputs.items():
            self.assertNotRegex(text.lower(), r"indemni|l441-10|40[.,]00", name)


@tagged("post_install", "-at_install")
class TestPenaltyExchange(PortalPenaltyCommon):
    def test_as_odoo_converts(self):
        """The indemnity of the law is in euros: on every day as Odoo converts it, for one query."""
        euro, dollar = self.env.ref("base.EUR"), self.env.ref("base.USD")
        self.env["res.currency.rate"].search([("currency_id", "in", (euro | dollar).ids)]).unlink()
        self.env["res.currency.rate"].create([
            {"name": day, "rate": rate, "currency_id": currency.id, "company_id": company}
            for day, rate, currency, company in (
                ("2026-01-05", 1.1, dollar, False), ("2026-02-05", 1.2, dollar, False), ("2026-02-01", 1.5, dollar,
                self.company.id), ("2026-03-01", 1.6, dollar, self.company.id), ("2026-02-20", 1.25, euro, False),
            )
        ])  # fmt: skip
        self.env.flush_all()
        convert = self.env["dunning.penalty"]._exchange(euro, dollar, self.company)
        days = [date(2026, 1, 1) + timedelta(days=number) for number in range(80)]
        expected = [euro._convert(40.0, dollar, self.company, day) for day in days]
        self.assertGreater(len(set(expected)), 2)
        with self.assertQueryCount(0):
            self.assertEqual([convert(40.0, day) for day in days], expected)

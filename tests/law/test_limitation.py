from datetime import date

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from ..common.limitation import TODAY, LimitationCommon


@freeze_time("2026-03-02 10:00:00")
@tagged("post_install", "-at_install")
class TestLimitation(LimitationCommon):
    def test_each_kind_of_customer_has_its_period(self):
        item = self.claim("2025-04-01")
        for status, expected in {
            "professional": date(2030, 4, 1), "consumer": date(2027, 4, 1), "non_professional": date(2030, 4, 1),
            "public": date(2029, 12, 31), False: date(2027, 4, 1),
        }.items():  # fmt: skip
            with self.subTest(status):
                self.customer.dunning_status = status
                self.assertEqual(self.last_day(item), expected)

    def test_an_unknown_status_takes_the_shortest_and_says_so(self):
        item = self.claim("2025-04-01", status=False)
        self.assertIn("Nobody has said what kind of customer this is", item.dunning_limitation_text)
        self.assertIn("L218-2", item.dunning_limitation_text)

    def test_it_starts_with_the_earliest_of_delivery_invoice_and_due_date(self):
        item = self.claim("2025-06-01", invoice_date="2025-05-01")
        self.assertEqual(self.last_day(item), date(2030, 5, 1))
        self.assertIn("date of the invoice", item.dunning_limitation_text)
        item.move_id.delivery_date = "2025-04-15"
        self.assertEqual(self.last_day(item), date(2030, 4, 15))
        self.assertIn("Counted from the delivery", item.dunning_limitation_text)

    def test_both_readings_are_told_where_they_differ(self):
        """matuile.com counts a consumer's invoice of 1 January 2024 at 30 days until 31 January 2026."""
        item = self.claim("2024-01-31", invoice_date="2024-01-01", status="consumer")
        self.assertEqual(self.last_day(item), date(2026, 1, 1))
        self.assertIn("01/01/2026", item.dunning_limitation_text)
        self.assertIn("from the due date, 01/31/2024: until 01/31/2026", item.dunning_limitation_text)
        alone = self.claim("2024-02-15", invoice_date="2024-02-15", status="consumer")
        self.assertNotIn("Others count", alone.dunning_limitation_text)

    def test_a_customer_abroad_is_counted_under_the_law_of_the_creditor(self):
        """Where no rule is known for its country."""
        customer = self.make_customer("Abroad", country_id=self.env.ref("base.us").id, dunning_status="professional")
        item = self.claim("2025-04-01", customer=customer)
        self.assertEqual(self.last_day(item), date(2030, 4, 1))
        self.assertIn("law of France", item.dunning_limitation_text)

    # === INTERRUPTIONS === #

    def test_a_part_payment_begins_it_again(self):
        item = self.claim("2021-04-01")
        self.pay(item.move_id, 100, day="2025-09-10")
        self.assertEqual(self.last_day(item), date(2030, 9, 10))
        self.assertIn("Part payment: it begins again", item.dunning_limitation_text)

    def test_a_credit_note_acknowledges_nothing(self):
        item = self.claim("2021-04-01")
        note = self.credit_note(100, day="2025-09-10")
        (item + self.item(note)).reconcile()
        self.assertEqual(item.amount_residual, 900)
        self.assertEqual(self.last_day(item), date(2026, 4, 1))

    def test_a_part_payment_too_late_revives_nothing(self):
        item = self.claim("2020-04-01")
        self.pay(item.move_id, 100, day="2025-09-10")
        self.assertEqual(self.last_day(item), date(2025, 4, 1))
        self.assertIn("too late", item.dunning_limitation_text)
        self.assertEqual(item.dunning_limitation_state, "expired")

    def test_a_reminder_interrupts_nothing_and_the_screen_says_so(self):
        item = self.claim("2021-04-01")
        self.run_on(TODAY)
        self.assertEqual(self.last_day(item), date(2026, 4, 1))
        for name in ("account_move_line_view_form_limitation", "dunning_account_view_form_limitation"):
            words = " ".join(self.env.ref(f"relance_progressive.{name}").arch.split())
            self.assertIn("reminder or a formal notice, even by registered letter, does not interrupt", words)
            self.assertIn("20-23.204", words)

    def test_what_people_record_counts_with_its_document(self):
        item, other = self.claim("2021-04-01"), self.claim("2021-05-01")
        event = self.happened(item, "acknowledgement", "2026-02-10", attachment_ids=[
            Command.create({"name": "letter.pdf", "raw": b"%PDF-1.4"})
        ])  # fmt: skip
        self.assertEqual((self.last_day(item), self.last_day(other)), (date(2031, 2, 10), date(2026, 5, 1)))
        self.assertEqual(event.attachment_ids.res_id, event.id)
        event.void = True
        self.assertEqual(self.last_day(item), date(2026, 4, 1))
        self.assertIn("withdrawn, lapsed or dismissed", item.dunning_limitation_text)

    def test_a_mediation_leaves_six_months_at_least(self):
        item = self.claim("2021-04-01")
        self.happened(item, "mediation", "2026-01-10", until="2026-02-20")
        self.assertEqual(self.last_day(item), date(2026, 8, 20))

    def test_a_title_lives_ten_years(self):
        item = self.claim("2021-04-01", status="consumer")
        self.happened(item, "title", "2023-01-10")
        self.assertEqual(self.last_day(item), date(2033, 1, 10))

    def test_what_was_recorded_is_not_altered(self):
        item = self.claim("2021-04-01")
        events = self.env["dunning.interruption"].with_user(self.person)
        event = events.with_context(default_user_id=self.env.uid, default_struck=True).create({
            "account_id": self.account().id, "item_ids": item.ids, "kind": "enforcement", "day": "2026-02-10",
            "words": "Seizure of an account",
        })  # fmt: skip
        self.assertEqual((event.user_id, event.struck), (self.person, False), "whatever the context says")
        with self.assertRaisesRegex(UserError, "strike it out"):
            event.day = "2026-02-11"
        with self.assertRaisesRegex(UserError, "not deleted"):
            event.sudo().unlink()
        with self.assertRaisesRegex(UserError, "manager"):
            event.action_strike_out()
        event.with_user(self.env.user).action_strike_out()
        self.assertEqual(self.last_day(item), date(2026, 4, 1))
        with self.assertRaises(ValidationError):
            self.happened(item, "acknowledgement", "2026-03-03")
        with self.assertRaises(ValidationError):
            other = self.claim("2025-04-01", customer=self.make_customer("Other"))
            self.env["dunning.interruption"].create({
                "account_id": self.account().id, "item_ids": other.ids, "kind": "acknowledgement", "day": "2026-02-10",
                "words": "Wrong customer",
            })  # fmt: skip

    def test_a_claim_declared_in_insolvency_proceedings(self):
        """C. com. L622-25-1: while they last, and as long again after their end."""
        item = self.claim("2021-04-01")
        event = self.happened(item, "declaration", "2025-05-02")
        self.assertEqual(self.last_day(item), date(2030, 5, 2))
        event.until = "2026-02-20"
        self.assertEqual(self.last_day(item), date(2031, 2, 20))
        self.assertIn("Claim declared in insolvency proceedings: it begins again", item.dunning_limitation_text)

    def test_many_claims_are_chosen_one_is_not(self):
        """Whoever records an interruption says of which invoices: the others would seem to live longer."""
        item = self.claim("2021-04-01")
        action = self.account().action_record_interruption()
        self.assertEqual(action["context"]["default_item_ids"], item.ids)
        self.claim("2021-05-01")
        self.account().invalidate_recordset()
        action = self.account().action_record_interruption()
        self.assertFalse(action["context"]["default_item_ids"])

    def test_buttons(self):
        item = self.claim("2021-04-01")
        action = item.with_user(self.person).move_id.action_dunning_limitation()
        self.assertEqual((action["res_model"], action["res_id"]), ("account.move.line", item.id))
        action = item.with_user(self.person).action_dunning_record_interruption()
        event = self.env["dunning.interruption"].with_user(self.person).with_context(**action["context"]).create({
            "kind": "acknowledgement", "day": "2026-01-10", "words": "E-mail",
        })  # fmt: skip
        self.assertEqual((event.item_ids, event.partner_id), (item, self.customer))
        self.assertEqual(self.last_day(item), date(2031, 1, 10))

    def test_queries_do_not_grow_with_the_items(self):
        service, counts = self.env["dunning.limitation"], []
        items = self.env["account.move.line"].union(*(self.claim(f"2021-04-{day:02}") for day in range(1, 21)))
        for some in (items[:2], items):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(service._of_items(self.company, some.ids)), len(some))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

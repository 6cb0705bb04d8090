"""Traps and requests of the field that concern money on its way, the preview and the control, one test each."""

import json
from ast import literal_eval
from datetime import timedelta
from io import BytesIO

import openpyxl
from lxml import etree

from odoo.http import Request
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged

from ...relance_progressive.core.decision.reasons import HOLD_PREFIX, HOLD_REASONS
from ...relance_progressive.office.forecast import next_action
from ..common.base import MONDAY, DunningCommon
from ..common.deliver import DeliverCommon
from ..common.digest import DigestCommon
from ..common.money import MoneyCommon
from ..common.takeover import TakeoverCommon


@tagged("post_install", "-at_install")
class TestNobodyIsForgotten(DunningCommon):
    def test_whatever_holds_an_account_says_what_has_to_happen(self):
        told = next_action.STOPS.keys() | next_action.ENDS.keys()
        self.assertFalse({HOLD_PREFIX + reason for reason in HOLD_REASONS} - told)

    def test_an_archived_customer_who_owes_something(self):
        self.invoice(self.day(-4))
        self.customer.active = False
        self.run_on(MONDAY)
        self.assertIn("To decide: the customer is archived", self.account().next_step)


@tagged("post_install", "-at_install")
class TestMoneyTraps(MoneyCommon, DeliverCommon):
    def test_trap_k_an_unallocated_payment_that_covers_the_debt_stops_the_letter(self):
        self.late_invoice(1000)
        self.unallocated_payment(1000)
        self.assertEqual(self.run_on(MONDAY)["reminders"], 0)

    def test_request_7_credit_notes_and_payments_are_netted_oldest_first_and_named(self):
        """The amount claimed is what is really owed, the older invoice is covered first, the message says so."""
        old, young = self.late_invoice(300), self.invoice(self.day(-3), 500)
        self.item(old).date_maturity = self.day(-9)
        self.credit_note(100)
        self.unallocated_payment(250)
        self.run_on(MONDAY)
        reminder = self.reminders()
        self.assertEqual(reminder.line_ids.move_id, young)
        self.assertEqual((reminder.amount_total, reminder.amount_covered), (450, 350))
        with self.smtp() as smtp:
            self.send()
        ((_recipients, message),) = smtp.messages
        self.assertIn("350.00", message.get_body(("html",)).get_content())

    def test_request_10_a_part_paid_between_preparation_and_sending(self):
        """The message claims the rest, not what was owed in the night."""
        invoice = self.late_invoice(1000)
        self.run_on(MONDAY)
        self.pay(invoice, 400)
        with self.smtp() as smtp:
            self.send()
        ((_recipients, message),) = smtp.messages
        self.assertIn("600.00", message.get_body(("html",)).get_content())
        self.assertNotIn("Total: 1,000.00", message.get_body(("plain",)).get_content())

    def test_fault_paid_after_the_line_was_made_and_reminded_all_the_same(self):
        invoice = self.late_invoice(1000)
        self.run_on(MONDAY)
        self.pay(invoice)
        with self.smtp() as smtp:
            self.send()
        self.assertEqual((smtp.messages, self.reminders().state), ([], "cancelled"))

    def test_trap_l_a_reconciliation_undone_claims_again_at_the_level_where_it_was(self):
        invoice = self.late_invoice(1000)
        self.run_on(MONDAY)
        with self.smtp():
            self.send()
        self.pay(invoice, day=self.day(1))
        self.assertEqual(self.run_on(self.day(6))["reminders"], 0)
        self.item(invoice).remove_move_reconcile()
        self.credits_of_the_payment().move_id.button_draft()
        self.run_on(self.day(7))
        self.assertEqual(self.reminders()[-1:].level_id, self.level_2)

    def credits_of_the_payment(self):
        return self.env["account.move.line"].search([
            ("partner_id", "=", self.customer.id), ("amount_residual", "<", 0), ("parent_state", "=", "posted"),
        ])  # fmt: skip

    def test_trap_a_bank_line_of_a_namesake_pays_nobody_s_debt(self):
        """The label names a customer only by what is his alone: the number of his invoice, his reference."""
        self.late_invoice(1000)
        self.make_customer("Boulangerie Petit & Fils")
        self.bank_line(1000, label="VIR BOULANGERIE PETIT")
        self.assertFalse(self.credits())


@tagged("post_install", "-at_install")
class TestControlTraps(TakeoverCommon):
    def test_request_13_the_backlog_starts_at_a_level_that_someone_chose(self):
        """400 days late at go-live: neither all levels one after the other, nor a formal notice at once."""
        self.takeover(firmest="firm").action_apply()
        self.run_on(MONDAY)
        self.assertEqual(self.reminders(self.ancient.partner_id).level_id, self.level_3)

    def test_trap_c_nights_that_were_missed_are_caught_up_once(self):
        """Three nights without a run, then two runs the same day: one message."""
        self.run_on(MONDAY - timedelta(days=3))
        self.run_on(MONDAY)
        with self.smtp():
            self.send()
        self.run_on(MONDAY)
        self.assertEqual(len(self.reminders(self.old.partner_id).filtered(lambda one: one.state == "sent")), 1)
        self.assertEqual(len(self.reminders(self.old.partner_id)), 1)

    def test_request_dry_run_writes_nothing(self):
        """The preview takes exactly the decision of the night, and leaves no trace: not even an account."""
        tables = ("dunning_account", "dunning_reminder", "dunning_reminder_line", "dunning_delivery", "mail_message")
        before = [self.rows(table) for table in tables]
        told = [row["partner_id"] for row in self.engine.preview(MONDAY, None, self.company) if row["send"]]
        self.env.flush_all()
        self.assertEqual([self.rows(table) for table in tables], before)
        self.run_on(MONDAY)
        made = self.env["dunning.reminder"].search([("company_id", "=", self.company.id)])
        self.assertEqual(sorted(made.partner_id.ids), sorted(told))

    def rows(self, table):
        self.env.cr.execute(f"SELECT count(*), max(id) FROM {table}")
        return self.env.cr.fetchone()


@tagged("post_install", "-at_install")
class TestForecastToTheSpreadsheet(DeliverCommon, HttpCase):
    def test_the_export_opens_and_says_why(self):
        """As the button of the list exports it, read back by another program; the words are an accountant's."""
        clerk = new_test_user(
            self.env, "clerk_exports", "account.group_account_invoice,base.group_allow_export",
            company_id=self.company.id, company_ids=self.company.ids, password="clerk_exports",
        )  # fmt: skip
        late, covered, small = (self.make_customer(name) for name in ("Late", "Covered", "Small"))
        self.invoice(self.day(-4), 100, late)
        self.invoice(self.day(-4), 300, covered)
        self.unallocated_payment(300, covered)
        self.level_1.amount_min = 50
        self.invoice(self.day(-4), 20, small)
        forecast = self.env["dunning.forecast"].with_user(clerk).create({"date": MONDAY})
        with freeze_time(MONDAY):
            action = forecast.action_show()
        fields = ["partner_id", "outcome", "level_id", "channel_text", "amount", "reason_text", "next_date"]
        types = self.env["dunning.forecast.line"].fields_get(fields, ["type"])
        self.authenticate(clerk.login, clerk.login)
        response = self.url_open("/web/export/xlsx", data={"data": json.dumps({
            "model": "dunning.forecast.line", "fields": [
                {"name": name, "label": name, "type": types[name]["type"]} for name in fields
            ],
            "ids": False, "domain": action["domain"], "groupby": [], "import_compat": False,
            "context": {"allowed_company_ids": self.company.ids},
        }), "csrf_token": Request.csrf_token(self)})  # fmt: skip
        self.assertEqual(response.status_code, 200, response.text[:300])
        sheet = openpyxl.load_workbook(BytesIO(response.content)).active
        rows = {row[0]: dict(zip(fields, row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True)}
        self.assertEqual(set(rows), {"Late", "Covered", "Small"})
        self.assertEqual((rows["Late"]["outcome"], rows["Late"]["amount"]), ("Leaves", 100))
        self.assertIn("covered by a payment received on 03/02/2026, not allocated", rows["Covered"]["reason_text"])
        self.assertIn("Too small an amount", rows["Small"]["reason_text"])

    def test_the_filter_of_holds_finds_holds_only(self):
        """“below_threshold” ends with the word hold: the wildcard of SQL finds it too."""
        paused, small = self.make_customer("Paused"), self.make_customer("Small")
        self.level_1.amount_min = 50
        self.invoice(self.day(-4), 500, paused)
        self.invoice(self.day(-4), 20, small)
        self.unallocated_payment(1, small)
        self.env["dunning.pause"].create(
            {"account_id": self.account(paused).id, "reason": "Asked", "date_from": MONDAY, "until": self.day(9)}
        )
        forecast = self.env["dunning.forecast"].create({"date": MONDAY})
        with freeze_time(MONDAY):
            forecast.action_show()
        self.assertIn("below_threshold,", "".join(forecast.line_ids.mapped("reason_codes")))
        arch = self.env["dunning.forecast.line"].get_view(view_type="search")["arch"]
        self.assertEqual(forecast.line_ids.filtered_domain(self.domain_of(arch, "held")).partner_id, paused)
        found = self.env["dunning.forecast.line"].search(
            self.domain_of(arch, "held") + [("forecast_id", "=", forecast.id)]
        )
        self.assertEqual(found.partner_id, paused)

    def domain_of(self, arch, name):
        return literal_eval(etree.fromstring(arch).find(f".//filter[@name='{name}']").get("domain"))


@tagged("post_install", "-at_install")
class TestLinksOfTheDigest(DigestCommon, HttpCase):
    def test_the_reader_at_work_in_another_company_finds_what_leaves(self):
        """The links of the e-mail lead to the pages with the company of the digest among those at work."""
        other = self.setup_other_company(name="Other")["company"]
        self.claire.write({"company_ids": [(4, other.id)], "company_id": other.id, "password": "claire"})
        self.late("Garage Morin", 1000)
        mail = self.night()["claire@atelier.example"]
        self.authenticate("claire", "claire")
        reminder = self.env["dunning.reminder"].search([("user_id", "=", self.claire.id)])
        self.opener.cookies.set("cids", str(other.id))
        page = f"/dunning/{self.company.id}/reminders-leaving"
        response = self.follow(page, mail, "/odoo/reminders-leaving")
        self.assertIn(f"cids={other.id}-{self.company.id}", response.headers["Set-Cookie"])
        self.follow(f"{page}?reminder={reminder.id}", mail, f"/odoo/reminders-leaving/{reminder.id}")

    def follow(self, path, mail, target):
        """Click on a link of an e-mail."""
        self.assertIn(path, mail.body_html)
        response = self.url_open(path, allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith(target), response.headers["Location"])
        return response

    def test_nobody_is_let_into_a_company_by_a_link(self):
        other = self.setup_other_company(name="Other")["company"]
        self.claire.password = "claire"
        self.authenticate("claire", "claire")
        for path in (f"/dunning/{other.id}/reminders-leaving", f"/dunning/{self.company.id}/settings"):
            self.assertEqual(self.url_open(path, allow_redirects=False).status_code, 404)

    def test_some_hours_to_stop_what_it_announces(self):
        """The night was late, its digest came at 10:15: nothing leaves before 12:15, what was stopped never does."""
        stopped, other = self.late("Garage Morin", 1000), self.late("Hotel Bellevue", 700)
        self.company.partner_id.tz = "UTC"
        with freeze_time(f"{MONDAY} 10:15:00"):
            self.engine._cron_run()
        with self.smtp() as smtp:
            with freeze_time(f"{MONDAY} 12:00:00"):
                self.engine._cron_deliver()
                self.assertFalse(smtp.messages)
                self.reminders(stopped.partner_id).with_user(self.claire).action_cancel()
            with freeze_time(f"{MONDAY} 12:20:00"):
                self.engine._cron_deliver()
        ((recipients, _message),) = smtp.messages
        self.assertIn(other.partner_id.email, recipients)

"""Doors that stood open: the mail gateway's methods, reports of any numbers, links in exports, fields of the house."""

from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.relance_progressive.relance_progressive.portal.door import rights

from ..common.base import MONDAY
from ..common.portal import PortalCommon
from ..common.security import SecurityCommon
from .methods import call

CLOSED = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
GATEWAY = ("message_new", "message_update")  # what Odoo calls as superuser for an e-mail that came in


@tagged("post_install", "-at_install")
class TestGateway(SecurityCommon):
    def message(self):
        return {"email_from": "anybody@example.com", "subject": "Paid!", "body": "x", "message_id": "<1@x>", "to": ""}

    @mute_logger(*CLOSED)
    def test_nobody_answers_for_a_customer(self):
        reminder = self.mine["dunning.reminder"].sudo()
        sent = self.env["dunning.delivery"].sudo().create({
            "reminder_id": reminder.id, "channel": "email", "state": "sent", "date_done": MONDAY,
        })  # fmt: skip
        for person in (self.portal, self.employee, self.auditor, self.user, self.manager):
            with self.subTest(person.login), self.assertRaises(AccessError):
                call(self.as_(person, self.mine["dunning.reminder"]), "message_update", self.message())
        self.assertEqual(sent.state, "sent")
        self.assertFalse(reminder.activity_ids)

    @mute_logger(*CLOSED)
    def test_the_gateway_s_methods_need_the_rights_of_who_calls(self):
        """On all our models with a thread: a message makes and changes nothing for who may not."""
        threads = [name for name in self.env.registry if name.startswith("dunning.") and not self.env[name]._abstract
                   and hasattr(self.env[name], "message_update")]  # fmt: skip
        self.assertGreater(len(threads), 5)
        for name in threads:
            for person in (self.portal, self.employee, self.env.ref("base.public_user")):
                model = self.as_(person, self.env[name])
                with self.subTest(model=name, person=person.sudo().login):
                    # An AccessError, or that people make no such record, or type no such field.
                    with self.assertRaises(UserError):
                        call(model, "message_new", self.message())
                    with self.assertRaises(UserError):
                        call(model.browse(1), "message_update", self.message(), {"message_main_attachment_id": False})
                    with self.assertRaises(AccessError):
                        call(model.browse(1), "message_subscribe", self.customer.ids)

    @mute_logger(*CLOSED)
    def test_nobody_hands_in_an_e_mail_of_a_customer(self):
        """Odoo takes a whole message from any employee, and then works as superuser, on any model, with any values."""
        text = "From: Customer <c@customer.example>\nTo: x@y.example\nMessage-Id: <{}@x>\n{}\nPaid!"
        reminder, account = self.mine["dunning.reminder"].sudo(), self.mine["dunning.account"]
        sent = self.env["dunning.delivery"].sudo().create({
            "reminder_id": reminder.id, "channel": "email", "state": "sent", "date_done": MONDAY,
        })  # fmt: skip
        left = reminder._message_log(body="As it left")
        answers = f"In-Reply-To: {left.message_id}\nReferences: {left.message_id}\n"
        pause = {"account_id": account.id, "scope": "account", "reason": "Mine", "until": "2030-01-01"}
        reminders = {"account_id": account.id, "level_id": reminder.level_id.id, "state": "ready"}
        pauses = self.env["dunning.pause"].sudo().search_count([])
        for person in (self.employee, self.auditor, self.user, self.manager):
            thread = self.as_(person, self.env["mail.thread"])
            for number, (model, more, values, record) in enumerate((
                ("dunning.reminder", "", {}, reminder.id),
                (False, answers, {}, None),
                ("dunning.pause", "", pause, None),
                ("dunning.reminder", "", reminders, None),
                ("dunning.account", "", {}, account.id),
            )):
                with self.subTest(person=person.login, number=number), self.assertRaises(AccessError):
                    message = text.format(f"{person.login}.{number}", more)
                    call(thread, "message_process", model, message, values, False, False, record)
        self.assertEqual(sent.state, "sent")
        self.assertFalse(reminder.activity_ids)
        self.assertEqual(self.env["dunning.pause"].sudo().search_count([]), pauses)

    @mute_logger(*CLOSED)
    def test_nobody_hands_in_a_failure(self):
        """A report that an e-mail came back undoes its reminder."""
        reminder = self.mine["dunning.reminder"].sudo()
        left = reminder._message_log(body="As it left")
        report = (
            "From: MAILER-DAEMON@x.example\nTo: bounce@x.example\nMessage-Id: <b@x>\nSubject: Failed\n"
            'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="B"\n\n'
            "--B\nContent-Type: text/plain\n\nNo such user\n"
            "--B\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n"
            "Final-Recipient: rfc822; c@customer.example\nAction: failed\nStatus: 5.1.1\n\n"
            f"--B\nContent-Type: message/rfc822\n\nMessage-Id: {left.message_id}\nFrom: x@y.example\n\n--B--\n"
        )
        for person in (self.auditor, self.user):  # Odoo finds no message for whoever may not read it
            with self.subTest(person.login), self.assertRaises(AccessError):
                call(self.as_(person, self.env["mail.thread"]), "message_process", False, report)

    @mute_logger(*CLOSED)
    def test_no_route_is_asked_from_outside(self):
        with self.assertRaises(AccessError):
            call(self.as_(self.portal, self.env["mail.thread"]), "message_route", None, self.message())


@tagged("post_install", "-at_install")
class TestReports(SecurityCommon):
    @mute_logger(*CLOSED)
    def test_no_report_of_ours_prints_what_one_may_not_read(self):
        reports = self.env["ir.actions.report"].search([("model", "=like", "dunning.%")])
        self.assertTrue(reports)
        for report in reports:
            record = self.theirs[report.model]
            for person in (self.employee, self.manager, self.portal):
                self.env.invalidate_all()
                with self.subTest(report=report.report_name, person=person.login), self.assertRaises(AccessError):
                    self.as_(person, self.env["ir.actions.report"])._render_qweb_html(report.report_name, record.ids)


@tagged("post_install", "-at_install")
class TestFieldsOfTheHouse(SecurityCommon):
    def test_a_portal_user_reads_no_field_of_ours(self):
        """Odoo lets him read his company, contacts, invoices and items, and the terms of payment."""
        tried = 0
        for name in self.env.registry:
            for person in (self.portal, self.env.ref("base.public_user")):
                model = self.env[name].with_user(person)
                if name.startswith("dunning.") or model._abstract or not model.has_access("read"):
                    continue
                for field in model._fields.values():
                    if field.name.startswith("dunning_") or field._module == "relance_progressive":
                        if field.inherited or field.name == "type":  # one of Odoo's, with a kind of ours
                            continue
                        tried += 1
                        self.assertFalse(model._has_field_access(field, "read"), f"{field}, {person.sudo().login}")
        self.assertGreater(tried, 100)

    def test_employees_read_them(self):
        company = self.as_(self.employee, self.company)
        self.assertTrue(company.read(["dunning_tolerance"]))
        self.customer.dunning_status = "professional"
        self.env.invalidate_all()
        customer = self.as_(self.employee, self.customer)
        self.assertIn("%", customer.read(["dunning_interest_words"])[0]["dunning_interest_words"])


@tagged("post_install", "-at_install")
class TestLinks(PortalCommon):
    def person(self, group):
        return new_test_user(
            self.env, f"links_{group.rpartition('_')[2]}", groups=f"{group},base.group_allow_export",
            company_id=self.company.id, company_ids=self.company.ids,
        )  # fmt: skip

    def test_who_only_looks_is_shown_no_link(self):
        auditor, clerk = self.person("account.group_account_readonly"), self.person("account.group_account_invoice")
        names = ["customer_link"]
        own = self.reminder.with_user(clerk).export_data(names)["datas"]
        self.assertIn("/reminders/", own[0][0])
        self.assertFalse(self.reminder.with_user(auditor).export_data(names)["datas"][0][0])
        with self.assertRaises(AccessError):
            self.own.with_user(auditor).action_open_portal()
        preview = self.reminder.with_user(auditor)._present_words()
        self.assertNotIn("/reminders/", str(preview))
        for person, shown in ((auditor, False), (clerk, True)):
            self.env.invalidate_all()
            dialog = self.reminder.with_user(person).action_preview_message()
            body = self.env[dialog["res_model"]].with_user(person).browse(dialog["res_id"]).body
            self.assertEqual("/reminders/" in body, shown, person.login)

    def test_nothing_that_is_kept_opens_the_page(self):
        """A text as it was sent is read by auditors, a payment by whoever invoices: neither lets them in."""
        invoicing = new_test_user(
            self.env, "links_payments", groups="account.group_account_invoice", company_id=self.company.id,
            company_ids=self.company.ids,
        )  # fmt: skip
        link = self.own._portal_link()
        content = {
            "address": "x", "contact_id": self.customer.id, "author_id": self.env.user.partner_id.id,
            "reference": "<a@b>", "subject": "Due", "attachment_ids": [],
            "body": f'<p><a href="{link}?lang=fr_FR">Pay</a> {link}.</p>',
        }  # fmt: skip
        for code in ("email", "sms", "letter"):
            kept = self.env["dunning.channel"]._of(code).sudo()._keep({self.reminder.id: content})
            body = self.env["mail.message"].sudo().browse(kept[self.reminder.id]).body
            with self.subTest(code):
                self.assertNotIn(link.rpartition("/")[2], body)
                self.assertEqual(body.count(f"/my/reminders/{self.own.id}"), 2)
                shown = self.env["dunning.portal"].sudo()._as_sent(body)
                self.assertNotIn("/my/reminders", shown)
        payments = self.env["payment.transaction"].with_user(invoicing)
        self.assertNotIn("landing_route", payments.fields_get())
        with self.assertRaises(AccessError), mute_logger(*CLOSED):
            payments.search([("landing_route", "like", "/reminders/")])

    def test_a_posted_letter_is_opened_by_who_may_remind(self):
        """It carries the key as a code; an auditor reads its text. What proves its delivery is his to read."""
        auditor, clerk = self.person("account.group_account_readonly"), self.person("account.group_account_invoice")
        files = self.env["ir.attachment"].sudo()
        delivery = self.env["dunning.delivery"].sudo().create({"reminder_id": self.reminder.id, "channel": "letter"})
        letter = files.create({"name": "letter.pdf", "raw": b"%PDF-1.4 key", "res_model": delivery._name,
                               "res_id": delivery.id})  # fmt: skip
        event = self.env["dunning.delivery.event"].sudo().create({
            "delivery_id": delivery.id, "kind": "handed_in", "date": self.day(0),
        })  # fmt: skip
        slip = files.create({"name": "slip.pdf", "raw": b"%PDF-1.4 slip", "res_model": event._name, "res_id": event.id})
        for person, file, content in ((clerk, letter, b"%PDF-1.4 key"), (auditor, slip, b"%PDF-1.4 slip")):
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual(file.with_user(person).sudo(False).raw, content)
        with self.assertRaisesRegex(AccessError, "carries the link"):
            letter.with_user(auditor).sudo(False).check_access("read")
        found = self.env["ir.attachment"].with_user(auditor).search([("id", "in", (letter + slip).ids)])
        self.assertEqual(found, slip.with_user(auditor).sudo(False))

    def test_an_employee_looks_and_does_not_act(self):
        self.person("account.group_account_invoice")
        link = self.own._portal_link().partition("/reminders/")[2]
        self.authenticate(None, None)
        self.assertNotIn("dunning_portal_staff", self.url_open(f"/reminders/{link}").text)
        self.authenticate("links_invoice", "links_invoice")
        page = self.url_open(f"/reminders/{link}")
        self.assertEqual(page.status_code, 200)
        self.assertIn("dunning_portal_staff", page.text)
        answers = self.env["dunning.portal.answer"].search_count([])
        form = {"csrf_token": Request.csrf_token(self), "key": "once"}
        for route in rights.ROUTES:
            if (route.method, route.kind) == ("POST", "http"):
                suffix = route.suffix.replace("<int:record_id>", "1")
                answer = self.url_open(f"/reminders/{link}{suffix}", data=form)
                self.assertEqual(answer.status_code, 403, route)
                self.assertIn("logged in as an employee", answer.text)
        paying = self.make_jsonrpc_request(f"/reminders/{link}/pay/transaction", {"amount": 1})
        self.assertIn("employee", paying["state_message"])
        self.assertEqual(self.env["dunning.portal.answer"].search_count([]), answers)

"""Too many requests, scripts in every text, and what a page reads: each tries to break in."""

import io
import re
import zipfile
from datetime import timedelta

import lxml.html

from odoo import Command, api
from odoo.http import Controller
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from odoo.addons.relance_progressive.relance_progressive.portal.answers import controller as answer_controller
from odoo.addons.relance_progressive.relance_progressive.portal.door import (
    controller as portal_controller,
)
from odoo.addons.relance_progressive.relance_progressive.portal.door import (
    door as portal_door,
)
from odoo.addons.relance_progressive.relance_progressive.portal.door import (
    dunning_portal_visit,
    rights,
)
from odoo.addons.relance_progressive.relance_progressive.portal.page import queries
from odoo.addons.relance_progressive.relance_progressive.portal.pay import controller as pay_controller
from odoo.addons.relance_progressive.relance_progressive.settings.proofs import unguarded

from ..common.portal_attacks import ATTACK
from ..common.portal_security import DoorsCommon

OWN = "odoo.addons.relance_progressive."


@tagged("post_install", "-at_install")
class TestPortalFlood(DoorsCommon):
    def test_hundreds_of_requests(self):
        """A clear answer after many pages a minute from one address; others open, and a minute later all is well."""
        self.patch(dunning_portal_visit, "MOST_PAGES", 5)
        answers = [self.get(self.link()).status_code for _number in range(8)]
        self.assertEqual(answers, [200] * 5 + [429] * 3)
        answer = self.get(self.link(suffix="/statement.pdf"))
        self.assertEqual((answer.status_code, answer.headers["Retry-After"]), (429, "60"))
        self.assertEqual(self.sealed(answer), rights.HEADERS)
        self.assertIn("wait a minute", answer.text)
        self.assertEqual(self.get(self.link(self.other)).status_code, 200)
        visits = self.env["dunning.portal.visit"].sudo().search([])
        visits.at = visits[0].at - timedelta(minutes=2)
        self.assertEqual(self.get(self.link()).status_code, 200)

    def test_files_cost_more(self):
        """A PDF counts for several pages."""
        self.patch(dunning_portal_visit, "MOST_PAGES", 8)
        path = self.link(suffix=f"/reminder/{self.reminder.id}.pdf")
        self.assertEqual([self.get(path).status_code for _number in range(3)], [200, 200, 429])

    def test_statements_cost_most(self):
        """Five a minute."""
        path = self.link(suffix="/statement.pdf")
        self.assertEqual([self.get(path).status_code for _number in range(6)], [200] * 5 + [429])

    def test_one_statement_at_a_time(self):
        """Another worker prints one of the same account."""
        path = self.link(suffix="/statement.pdf")
        with db_connect(self.env.cr.dbname).cursor() as other:
            self.assertTrue(api.Environment(other, self.uid, {})["dunning.portal.visit"]._is_alone(self.own))
            answer = self.get(path)
            self.assertEqual((answer.status_code, answer.headers["Retry-After"]), (429, "60"))
            self.assertEqual(self.get(self.link(self.other, "/statement.pdf")).status_code, 200)
        self.assertEqual(self.get(path).status_code, 200)

    def test_guessing_fast(self):
        self.patch(dunning_portal_visit, "MOST_WRONG", 5)
        answers = [self.get(f"/reminders/{number}").status_code for number in range(8)]
        self.assertEqual(answers, [404] * 5 + [429] * 3)
        self.assertEqual(self.get(self.link()).status_code, 200, "a customer at the same address is not shut out")

    def test_many_addresses(self):
        """The account itself has a limit too."""
        self.patch(dunning_portal_visit, "MOST_OF_ACCOUNT", 4)
        visits, account = self.env["dunning.portal.visit"], self.own
        answers = [visits._may_come_in(f"192.0.2.{number}", account) for number in range(6)]
        self.assertEqual(answers, [True] * 4 + [False] * 2)

    def test_no_address_is_kept(self):
        self.get(self.link())
        self.env.cr.execute("SELECT visitor FROM dunning_portal_visit")
        self.assertFalse([visitor for (visitor,) in self.env.cr.fetchall() if "127" in visitor and "." in visitor])

    def test_forgotten(self):
        self.get(self.link())
        visits = self.env["dunning.portal.visit"].sudo()
        visits.search([]).at = visits.search([])[0].at - timedelta(hours=1)
        visits._gc_visits()
        self.assertFalse(visits.search([]))

    def test_all_are_forgotten(self):
        """However many came: Odoo is told to call again."""
        self.patch(dunning_portal_visit, "FORGOTTEN_AT_ONCE", 2)
        visits = self.env["dunning.portal.visit"].sudo()
        old = self.env.cr.now() - timedelta(hours=1)
        visits.create([{"visitor": "x", "account_id": self.own.id, "at": old}] * 3)
        self.assertEqual([visits._gc_visits(), visits._gc_visits()], [(2, 1), (1, 0)])
        self.assertFalse(visits.search([]))


@tagged("post_install", "-at_install")
class TestPortalText(DoorsCommon):
    """HTML and scripts in every text field that a page, a spreadsheet or a PDF shows."""

    def setUp(self):
        super().setUp()
        self.customer.name = self.company.name = ATTACK
        self.late.line_ids.flush_recordset()
        self.late.ref = ATTACK
        self.env.user.partner_id.write({"name": ATTACK, "phone": ATTACK})
        self.company.dunning_user_id = self.env.user
        reason = self.env["dunning.dispute.reason"].create({"name": ATTACK, "days": 3})
        self.env["dunning.dispute"].create({
            "account_id": self.own.id, "reason_id": reason.id, "statement": ATTACK,
            "line_ids": [Command.create({"move_line_id": self.item(self.late).id, "amount": 10})],
        })  # fmt: skip
        bank = self.env["res.partner.bank"].create({
            "acc_number": ATTACK, "acc_holder_name": ATTACK, "partner_id": self.company.partner_id.id,
        })  # fmt: skip
        self.late.partner_bank_id = bank
        self.company.primary_color = '#fff;"><script>alert(1)</script>'
        body = ATTACK.replace("src=x", "src=y")
        body += '<p style="background: url(javascript:alert(3))" onclick="alert(4)">Please</p>'
        body += '<iframe src="/x"></iframe><form action="/x"><input name="p"/></form>'
        body += '<a href="javascript:alert(5)">pay</a>'
        self.bad = self.make_reminder(self.own, self.coming, body=body, address=ATTACK, registered_number=ATTACK)
        unguarded(self.bad.delivery_ids.message_id).subject = ATTACK
        self.env.flush_all()
        message = self.bad.delivery_ids.message_id
        self.env.cr.execute("UPDATE mail_message SET body = %s WHERE id = %s", [body, message.id])
        self.env.invalidate_all()

    def assert_harmless(self, html):
        page = lxml.html.fromstring(html)
        own = page.xpath("//div[contains(@class, 'o_dunning_portal') or contains(@class, 'dn-paper')]")[0]
        self.assertFalse(own.xpath(".//script | .//iframe | .//object | .//embed"))
        self.assertFalse(own.xpath(".//img[@src='x']"))
        for node in own.iter():
            for name, value in getattr(node, "attrib", {}).items():
                self.assertFalse(name.startswith("on"), f"{name}={value}")
                self.assertNotIn("javascript:", value)
        self.assertNotIn("49", [text.strip() for text in own.itertext()])

    def test_pages(self):
        page = self.page(self.link())
        self.assertIn("&lt;script&gt;", page)
        self.assert_harmless(page)
        self.assert_harmless(self.page(self.link(suffix=f"/reminder/{self.bad.id}")))

    def test_paper(self):
        seen = []
        self.patch(
            self.registry["dunning.letter"], "_print_documents",
            lambda _own, _company, documents: seen.extend(documents.values()) or dict.fromkeys(documents, b"%PDF"),
        )  # fmt: skip
        self.get(self.link(suffix="/statement.pdf"))
        self.get(self.link(suffix=f"/reminder/{self.bad.id}.pdf"))
        self.assertEqual(len(seen), 2)
        for html in seen:
            self.assert_harmless(html)

    def test_no_formula_in_the_spreadsheet(self):
        self.late.ref = '=HYPERLINK("http://evil.example","pay here")'
        sheet = self.get(self.link(suffix="/statement.xlsx")).content
        with zipfile.ZipFile(io.BytesIO(sheet)) as book:
            self.assertNotIn("<f>", book.read("xl/worksheets/sheet1.xml").decode())

    def test_what_is_typed_in_the_address(self):
        typed = ("page=-1", "page=99999999999999", f"page={ATTACK}", f"lang={ATTACK}", "account_id=1", "base=x")
        for query in (f"?{value}" for value in typed):
            answer = self.get(self.link() + query)
            self.assertEqual(answer.status_code, 200, query)
            self.assert_harmless(answer.text)


@tagged("post_install", "-at_install")
class TestPortalReads(DoorsCommon):
    def test_the_query_reads_what_is_listed(self):
        names = {"line": "account.move.line", "move": "account.move"}
        listed = {alias: {*rights.READS[model], "id"} for alias, model in names.items()}
        listed["move"].add("move_type")
        for alias, name in re.findall(r"\b(line|move)\.(\w+)", queries.items(self.env, [1]).code):
            self.assertIn(name, listed[alias])

    def test_no_model_is_open_to_portal_users(self):
        """The pages are the only way: no right on any of the models, hence nothing by remote calls."""
        user = self.portal_user("anna", self.customer)
        for name in self.env.registry:
            if name.startswith("dunning.") and not self.env[name]._abstract:
                for operation in ("read", "write", "create", "unlink"):
                    self.assertFalse(self.env[name].with_user(user).has_access(operation), f"{name} {operation}")

    def test_no_remote_call_of_the_service(self):
        self.portal_user("anna", self.customer)
        self.authenticate("anna", "annaanna")
        for method in ("_page", "_portal_account", "_portal_link"):
            model = "dunning.portal" if method == "_page" else "dunning.account"
            with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
                self.make_jsonrpc_request(f"/web/dataset/call_kw/{model}/{method}", {
                    "model": model, "method": method, "args": [[self.own.id]], "kwargs": {},
                })  # fmt: skip

    def test_every_page_is_served_by_the_one_door(self):
        """No page of the controller is reached around the resolver."""
        controllers = (
            portal_controller.ReminderPortal, answer_controller.ReminderPortalAnswers,
            pay_controller.ReminderPortalPayment,
        )  # fmt: skip
        own = {name for one in controllers for name in vars(one) if name.startswith("dunning_")}
        self.assertEqual(len(own - {"dunning_accounts"}), len(rights.ROUTES))

    def test_names_of_the_controller(self):
        """All the add-ons share one portal controller: what is ours says so, or is a method of Odoo's."""

        def classes(top):
            return {top}.union(*map(classes, top.__subclasses__()))

        ours = {one for one in classes(Controller) if one.__module__.startswith(OWN)}
        self.assertIn(portal_door.ReminderDoor, ours)
        for one in ours:
            theirs = {name for base in one.mro()[1:] if not base.__module__.startswith(OWN) for name in vars(base)}
            for name in vars(one).keys() - theirs:
                self.assertRegex(name, "^(_?dunning_|__)", one)

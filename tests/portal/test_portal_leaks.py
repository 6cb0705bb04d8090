"""Errors that tell more than pages, old links, dialogs of our own people, broken pictures: each tries to get more."""

import struct
import zlib
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.relance_progressive.relance_progressive.portal.door import rights
from odoo.addons.relance_progressive.relance_progressive.portal.door import token as portal_token

from ..common.answer import AnswerCommon


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def picture(side):
    """Return a picture that says to be as wide and high as that, and holds nearly nothing of it."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 9)[:6])


@tagged("post_install", "-at_install")
class TestPortalLeaks(AnswerCommon):
    def assert_sealed(self, answer, status):
        self.assertEqual(answer.status_code, status, answer.url)
        self.assertEqual({name: answer.headers.get(name) for name in rights.HEADERS}, rights.HEADERS, answer.url)

    # === ERRORS === #

    def test_what_is_no_page(self):
        """An address behind the link that is none, and a form without its token."""
        with mute_logger("odoo.http"):
            self.assert_sealed(self.get(self.link(suffix="/nothing")), 404)
            self.assert_sealed(self.post("call", csrf_token=None, phone="06 12 34 56 78"), 400)

    def test_a_page_that_fails(self):
        for error, status in ((UserError("No engine"), 422), (ValueError("Broken"), 500)):
            def fail(*_args, error=error):
                raise error

            self.patch(self.registry["dunning.portal"], "_statement_pdf", fail)
            with mute_logger("odoo.http"):
                self.assert_sealed(self.get(self.link(suffix="/statement.pdf")), status)

    def test_nobody_is_logged_in(self):
        self.assert_sealed(self.get("/my/reminders"), 303)

    def test_a_form_of_another_site_begins_no_payment(self):
        """A browser sends no JSON to another site without asking it first: nothing else is taken."""
        before = self.env["payment.transaction"].search_count([])
        for kind in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"):
            with mute_logger("odoo.http"):
                answer = self.get(
                    self.link(suffix="/pay/transaction"), data='{"params": {}}', headers={"Content-Type": kind}
                )
            self.assertEqual(answer.status_code, 415, kind)
        self.assertEqual(self.env["payment.transaction"].search_count([]), before)

    # === LINKS === #

    def test_a_link_prolongs_itself_by_no_message(self):
        """Who comes in with a link that is nearly over finds no newer one in the messages that he reads."""
        newer = self.own._portal_link()
        body = f'<p>Pay <a href="{newer}">on your page</a>, or copy {newer}?lang=en_US to your browser.</p>'
        reminder = self.make_reminder(self.own, self.coming, body=body)
        old = portal_token.make(self.env, self.own.id, self.today + timedelta(days=1), "")
        page = self.page(f"/reminders/{old}/reminder/{reminder.id}")
        self.assertIn("on your page", page)
        self.assertIn("to your browser", page)
        self.assertNotIn(newer.rpartition("/")[2], page)

    def test_the_public_user_has_no_account(self):
        """An invoice to "Public user" would be everybody's."""
        public = self.env.ref("base.public_user").sudo()
        accounts = self.env["dunning.account"]
        accounts.sudo()._of(public.partner_id, public.company_id)
        self.assertFalse(accounts._portal_accounts(public))

    # === DIALOGS OF OUR PEOPLE === #

    def test_the_dialogs_show_nothing_of_a_sister_company(self):
        """Neither an answer nor a contact that the person may not see."""
        sister = self.setup_other_company(name="Sister")["company"]
        theirs = new_test_user(
            self.env, "sister_clerk", groups="account.group_account_invoice", company_id=sister.id,
            company_ids=sister.ids,
        )  # fmt: skip
        answer = self.answer("contact", email="new@petit.example", words="Between us")
        dialogs = (("contact", {}, ["words", "new_email"]), ("answer.refuse", {"reason": "No"}, ["summary"]))
        for model, values, names in dialogs:
            with self.assertRaises(AccessError, msg=model):
                dialog = self.env[f"dunning.portal.{model}"].with_user(theirs).create({"answer_id": answer.id} | values)
                dialog.invalidate_recordset()
                dialog.read(names)
        hidden = self.env["res.partner"].create({"name": "Theirs", "email": "a@b.example", "company_id": sister.id})
        with self.assertRaises(AccessError):
            dialog = self.env["dunning.portal.contact"].with_user(self.clerk).create({
                "answer_id": answer.id, "contact_id": hidden.id,
            })  # fmt: skip
            dialog.invalidate_recordset()
            dialog.read(["old_email", "new_name"])

    def test_contact_data_go_to_a_contact_of_the_customer(self):
        """What one customer typed is not written on another one, whatever is sent instead of the choice."""
        answer, before = self.answer("contact", email="new@petit.example"), self.stranger.email
        dialog = self.env["dunning.portal.contact"].create({"answer_id": answer.id, "contact_id": self.stranger.id})
        with self.assertRaises(UserError):
            dialog.action_apply()
        self.assertEqual((self.stranger.email, answer.state), (before, "to_do"))

    def test_a_plan_is_accepted_once(self):
        answer = self.answer("plan", date=self.later(5).isoformat(), count="24", every="month", agreed="1")
        answer.with_user(self.chief).action_accept()
        answer.with_user(self.chief).action_done()
        with self.assertRaises(UserError):
            answer.with_user(self.chief).action_accept()
        self.assertEqual(self.own.promise_ids, answer.promise_id)

    def test_what_waits_for_approval_is_not_forgotten(self):
        """Marked as done together with others, it stays to be decided, with its activity."""
        call = self.answer("call", phone="06 12 34 56 78")
        self.forget_visits()
        plan = self.answer("plan", date=self.later(5).isoformat(), count="24", every="month", agreed="1")
        (call | plan).with_user(self.clerk).action_done()
        self.assertEqual((call.state, call.activity_ids.ids), ("done", []))
        self.assertEqual((plan.state, plan.activity_ids.user_id), ("to_approve", self.clerk))

    # === PICTURES === #

    def test_pictures_are_kept_as_they_are(self):
        """One that would unfold to gigabytes, and one that a phone did not finish: no answer is lost."""
        for side in (60_000, 3_000):
            content = picture(side)
            answer = self.answer(
                "paid", paid_on=self.today.isoformat(), means="transfer", files=[("x.png", content, "image/png")]
            )
            self.assertEqual(answer.attachment_ids.raw, content)
            answer.dispute_id.action_withdraw()
            self.forget_visits()

"""Forms that nobody filled in honestly; what is tried is in the name of each test."""

from datetime import timedelta
from unittest.mock import patch

import lxml.html

from odoo import Command
from odoo.exceptions import AccessError, ConcurrencyError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.relance_progressive.relance_progressive.portal.answers import (
    controller as answer_controller,
)
from odoo.addons.relance_progressive.relance_progressive.portal.answers import (
    form_fields as answer_fields,
)
from odoo.addons.relance_progressive.relance_progressive.portal.answers import (
    forms as answer_forms,
)
from odoo.addons.relance_progressive.relance_progressive.portal.answers import (
    record as answer_record,
)
from odoo.addons.relance_progressive.relance_progressive.portal.door import rights

from ..common.answer import PDF, AnswerCommon
from ..common.portal_attacks import ATTACK


@tagged("post_install", "-at_install")
class TestPortalAnswerAttacks(AnswerCommon):
    def assert_nothing_made(self):
        self.assertFalse(self.answers())
        self.assertFalse((self.own | self.other).promise_ids)
        self.assertFalse((self.own | self.other).dispute_ids)
        self.assertFalse(self.mails())

    def assert_wrong(self, answer, words, status=422):
        self.assertEqual(answer.status_code, status)
        self.assertIn(words, " ".join(self.wrong(answer)))
        self.assertEqual({name: answer.headers.get(name) for name in rights.HEADERS}, rights.HEADERS)
        self.assert_nothing_made()

    def right(self):
        """Return forms that are right, one of each kind."""
        day = self.later(5).isoformat()
        return {
            "paid": {"paid_on": self.today.isoformat(), "means": "transfer"},
            "promise": {"date": day},
            "plan": {"date": day, "count": "3", "every": "month", "agreed": "1"},
            "dispute": {"words": "No", "item": self.the_item().id},
            "order": {"reference": "PO 1"},
            "contact": {"person": "Anna"},
            "call": {"phone": "06 12 34 56 78"},
        }

    def test_all_kinds_are_tried(self):
        self.assertEqual(set(self.right()), {answer.kind for answer in rights.ANSWERS})

    # === WHO === #

    def test_no_csrf_token(self):
        for kind, typed in self.right().items():
            with mute_logger("odoo.http"):
                answer = self.post(kind, csrf_token=None, **typed)
                self.assertEqual(answer.status_code, 400, kind)
                self.assertEqual(self.post(kind, csrf_token="0" * 40 + "o9999999999", **typed).status_code, 400, kind)
            self.forget_visits()
        self.assert_nothing_made()

    def test_revoked_expired_and_foreign_links(self):
        """The one answer of all links that open nothing, and nothing is made."""
        for kind, typed in self.right().items():
            _address, own = self.fields_of(kind)
            token = self.link().rpartition("/")[2]
            for wrong in (token[:-4] + "AAAA", "nothing", token + "x"):
                fields = (f"/reminders/{wrong}/answer/{kind}", own)
                self.assertEqual(self.post(kind, fields=fields, **typed).status_code, 404, wrong)
            self.forget_visits()
        address, own = self.fields_of("promise")
        self.own.action_revoke_links()
        self.assertEqual(self.post("promise", fields=(address, own), **self.right()["promise"]).status_code, 404)
        self.assert_nothing_made()

    def test_a_portal_user_of_another_customer(self):
        fields = {kind: self.fields_of(kind) for kind in self.right()}
        self.portal_user("eve", self.stranger)
        self.authenticate("eve", "eveeveev")
        _address, eve = self.fields_of("call", f"/my/reminders/{self.other.id}")
        for kind, typed in self.right().items():
            own = fields[kind][1] | {"csrf_token": eve["csrf_token"]}
            path = f"/my/reminders/{self.own.id}/answer/{kind}"
            self.assertEqual(self.post(kind, fields=(path, own), **typed).status_code, 404, kind)
            self.forget_visits()
        self.assert_nothing_made()

    def test_nobody_logged_in(self):
        _address, own = self.fields_of("promise")
        path = f"/my/reminders/{self.own.id}/answer/promise"
        answer = self.post("promise", fields=(path, own), **self.right()["promise"])
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/web/login", answer.headers["Location"])
        self.assertNotIn("answer", answer.headers["Location"])
        self.assert_nothing_made()

    def test_a_form_of_another_account(self):
        """The key of a form is one of its account: that of another one opens nothing here."""
        address, own = self.fields_of("promise")
        _other, theirs = self.fields_of("promise", self.link(self.other))
        for key in (theirs["key"], "", "1.2.3", own["key"][:-1], own["key"] + "0", "é", "739000.0123456789abcdef."):
            answer = self.post("promise", fields=(address, own), key=key, **self.right()["promise"])
            self.assert_wrong(answer, "open for too long")
            self.forget_visits()

    def test_a_form_of_another_day(self):
        service = self.env["dunning.portal"]
        old = service._form_key(self.own, self.today - timedelta(days=answer_forms.FORM_DAYS + 1))
        self.assert_wrong(self.post("promise", key=old, **self.right()["promise"]), "open for too long")
        early = service._form_key(self.own, self.today + timedelta(days=3))
        self.assert_wrong(self.post("promise", key=early, **self.right()["promise"]), "open for too long")

    # === REPLAY === #

    def test_replay_of_a_form(self):
        """Sent again and again, it counts once and says the same."""
        for kind, typed in self.right().items():
            fields, before = self.fields_of(kind), len(self.answers())
            mails = len(self.mails())
            answers = [self.post(kind, fields=fields, **typed) for _time in range(3)]
            self.assertEqual([answer.status_code for answer in answers], [303] * 3, kind)
            self.assertEqual(len({answer.headers["Location"] for answer in answers}), 1)
            self.assertEqual((len(self.answers()) - before, len(self.mails()) - mails), (1, 1), kind)
            self.forget_visits()
            for dispute in self.own.dispute_ids.filtered(lambda one: one.state == "open"):
                dispute.action_withdraw()
            for promise in self.own.promise_ids.filtered(lambda one: one.state == "open"):
                promise._cancel("test")

    def test_twice_at_the_same_moment(self):
        """Where both pass the first look, the database lets one in."""
        fields = self.fields_of("promise")
        answers = self.env.registry["dunning.portal.answer"]
        typed = self.right()["promise"] | {"item": self.the_item().id}
        self.post("promise", fields=fields, **typed)
        original, seen = answers._said_before, []

        def nothing_at_first(own, *args):
            seen.append(1)
            return original(own, *args) if len(seen) > 1 else own.browse()

        with patch.object(answers, "_said_before", nothing_at_first):
            self.assertEqual(self.post("promise", fields=fields, **typed).status_code, 303)
        self.assertEqual((len(self.answers()), len(self.own.promise_ids)), (1, 1))

    def test_two_windows_contest_the_same_at_once(self):
        """Who comes second waits, and reads what the first one said before anything is made of his own words."""
        accounts, item = self.env.registry["dunning.account"], self.the_item()
        let_one_in, made = accounts._let_one_in, []

        def after_the_other_window(account):
            let_one_in(account)
            if not made:
                made.append(account.env["dunning.dispute"].create({
                    "account_id": account.id, "reason_id": account.env["dunning.dispute.reason"].search([], limit=1).id,
                    "opened_on": self.today, "line_ids": [Command.create({"move_line_id": item.id, "whole": True})],
                }))  # fmt: skip

        fields = self.fields_of("dispute")
        with patch.object(accounts, "_let_one_in", after_the_other_window):
            answer = self.post("dispute", fields=fields, **self.right()["dispute"])
        self.assertEqual(answer.status_code, 422)
        self.assertIn("We are examining these invoices already.", " ".join(self.wrong(answer)))
        self.assertEqual(len(self.own.dispute_ids), 1)

    # === AMOUNTS, ITEMS AND STATES === #

    def test_items_of_others(self):
        paid = self.invoice(self.later(-20), 50)
        self.pay(paid, day=self.today)
        wrong = (self.the_item(self.foreign).id, self.the_item(paid).id, 999999999, -1, "1 OR 1=1", "٣", "9" * 30)
        for kind in ("paid", "promise", "plan", "dispute", "order"):
            for one in wrong:
                answer = self.post(kind, **self.right()[kind] | {"item": one})
                self.assert_wrong(answer, "is not in this account")
                self.forget_visits()

    def test_amounts(self):
        for amount, words in (
            ("1000.01", "at most"), ("999999999", "at most"), ("-5", "above zero"), ("0", "above zero"),
            ("1e3", "above zero"), ("nan", "above zero"), ("1.234", "above zero"), ("<b>", "above zero"),
        ):  # fmt: skip
            for kind in ("promise", "dispute"):
                answer = self.post(kind, **self.right()[kind] | {"amount": amount, "item": self.the_item().id})
                self.assert_wrong(answer, words)
                self.forget_visits()

    def test_what_no_form_has(self):
        """States, accounts, amounts and records that a client adds are not read."""
        answer = self.answer("promise", **self.right()["promise"], **{
            "state": "kept", "account_id": str(self.other.id), "amount_total": "1", "company_id": "1",
            "override": "yes", "override_reason": "yes", "user_id": "2", "record_id": "1", "kind": "call",
            "dates": "[['2099-01-01', 1]]", "token": "x", "source": "call", "recorded_by_id": "2",
        })  # fmt: skip
        promise = answer.promise_id
        self.assertEqual((answer.kind, promise.account_id, promise.state), ("promise", self.own, "open"))
        self.assertEqual((promise.amount_total, promise.source, promise.override_reason), (1000, "portal", False))
        self.assertEqual(promise.last_date, self.later(5))

    def test_a_plan_of_more_than_is_allowed(self):
        """Nothing that is typed gets it past a person."""
        self.plan.promise_plan_payments = 3
        for typed in ({"count": "4"}, {"date": self.later(170).isoformat(), "count": "2"}):
            answer = self.answer("plan", **self.right()["plan"] | typed | {"override": "1", "state": "recorded"})
            self.assertEqual((answer.state, answer.promise_id.id), ("to_approve", False))

    def test_days_and_choices(self):
        cases = (
            ("promise", "date", "2026-02-30"), ("promise", "date", "9999-12-31"), ("promise", "date", "x"),
            ("promise", "date", ""), ("paid", "paid_on", self.later(1).isoformat()), ("paid", "paid_on", "1900-01-01"),
            ("paid", "means", "gold"), ("plan", "count", "1"), ("plan", "count", "61"), ("plan", "count", "-3"),
            ("plan", "count", "٣"), ("plan", "every", "day"), ("plan", "agreed", None), ("dispute", "reason", "0"),
            ("dispute", "reason", "abc"), ("call", "phone", "call me"), ("contact", "email", "a@b@c"),
            ("contact", "person", ""), ("call", "phone", ""), ("dispute", "words", " \u202e "),
        )  # fmt: skip
        for kind, name, value in cases:
            answer = self.post(kind, **self.right()[kind] | {name: value})
            self.assertEqual(answer.status_code, 422, (kind, name, value))
            self.assert_nothing_made()
            self.forget_visits()

    def test_a_reason_of_another_company(self):
        sister = self.setup_other_company(name="Sister")["company"]
        reason = self.env["dunning.dispute.reason"].create({"name": "Theirs", "company_id": sister.id})
        answer = self.post("dispute", **self.right()["dispute"] | {"reason": reason.id})
        self.assert_wrong(answer, "choose one")

    # === FILES === #

    def test_files_of_a_forbidden_kind(self):
        """Its content says what a file is: neither its name nor the type that the client gives."""
        for name, content in (
            ("x.pdf", b"<html><script>alert(1)</script></html>"), ("x.png", b"MZ\x90\x00" + b"\0" * 90),
            ("x.pdf", b"PK\x03\x04" + b"\0" * 90), ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            ("x.pdf", b""), ("x.jpg", b"#!/bin/sh\nrm"),
        ):  # fmt: skip
            answer = self.post("paid", **self.right()["paid"], files=[(name, content, "application/pdf")])
            self.assert_wrong(answer, "PDF, JPEG or PNG")
            self.forget_visits()
        self.assertFalse(self.env["ir.attachment"].search([("name", "=like", "x.%")]))

    def test_files_that_are_too_large_or_too_many(self):
        self.patch(answer_fields, "MOST_BYTES", 1000)
        large = [("x.pdf", PDF + b"0" * 1000, "application/pdf")]
        self.assert_wrong(self.post("paid", **self.right()["paid"], files=large), "at most")
        many = [("x.pdf", PDF, "application/pdf")] * (answer_fields.MOST_FILES + 1)
        self.assert_wrong(self.post("paid", **self.right()["paid"], files=many), "files at most")

    def test_a_body_that_is_too_large(self):
        """It is refused before anybody reads it."""
        most = answer_fields.MOST_FILES * answer_fields.MOST_BYTES + answer_controller.LONGEST_FORM
        huge = [("x.pdf", PDF + b"0" * most, "application/pdf")]
        with mute_logger("odoo.http"):
            answer = self.post("paid", **self.right()["paid"], files=huge)
        self.assertEqual(answer.status_code, 413)
        self.assertEqual({name: answer.headers.get(name) for name in rights.HEADERS}, rights.HEADERS)
        self.assertIn("Your files are too large", answer.text)
        self.assert_nothing_made()

    def test_all_files_survive_a_repeated_request(self):
        """Odoo begins again when the account was written meanwhile, and rewinds the first file only."""
        answers, tries = self.registry["dunning.portal.answer"], []
        receive = answers._receive

        def conflict_once(own, *args):
            tries.append(True)
            if len(tries) == 1:
                raise ConcurrencyError("The account was written meanwhile")
            return receive(own, *args)

        self.patch(answers, "_receive", conflict_once)
        files = [(f"{name}.pdf", PDF + name.encode(), "application/pdf") for name in ("one", "two", "three")]
        with patch("odoo.service.model.time.sleep"):
            made = self.answer("paid", **self.right()["paid"], files=files)
        self.assertEqual(len(tries), 2)
        self.assertEqual(made.attachment_ids.sorted("id").mapped("raw"), [content for _name, content, _kind in files])

    def test_names_of_files(self):
        for name in ("../../etc/passwd", "a\\b\\c.pdf", "x.pdf\u202egpj.exe", "<script>.pdf", "con.php.pdf", "é" * 300):
            self.answer("paid", **self.right()["paid"], files=[(name, PDF, "text/html")])
            file = self.answers()[0].attachment_ids
            self.assertFalse(set("/\\<>\u202e") & set(file.name), name)
            self.assertTrue(file.name.endswith(".pdf"))
            self.assertEqual(file.mimetype, "application/pdf")
            self.assertFalse(file.public)
            self.answers()[0].dispute_id.action_withdraw()
            self.forget_visits()

    # === TEXT === #

    def test_scripts_in_every_field(self):
        """On the page, in the e-mail, and where our people read it."""
        self.answer("dispute", **self.right()["dispute"] | {"words": ATTACK})
        self.forget_visits()
        self.answer("paid", item=self.item(self.coming).id, **self.right()["paid"], reference=ATTACK, words=ATTACK)
        self.forget_visits()
        for kind, typed in (
            ("contact", {"person": ATTACK, "words": ATTACK}),
            ("call", {"phone": "06 12 34 56 78", "when": ATTACK, "person": ATTACK, "words": ATTACK}),
        ):
            self.answer(kind, **typed)
            self.forget_visits()
        made = self.answers()
        html = [mail.body_html for mail in self.mails()]
        html += (made.activity_ids | made.dispute_id.activity_ids).mapped("note")
        html += (made.message_ids | made.dispute_id.message_ids).mapped("body")
        for text in filter(None, html):
            page = lxml.html.fromstring(f"<div>{text}</div>")
            self.assertFalse(page.xpath("//script | //img[@src='x'] | //*[@onerror]"), text)
        wrong = self.post("promise", date=ATTACK, words=ATTACK, amount=ATTACK)
        self.assertEqual(wrong.status_code, 422)
        own = lxml.html.fromstring(wrong.text).xpath("//div[contains(@class, 'o_dunning_portal')]")[0]
        self.assertFalse(own.xpath(".//script | .//img[@src='x'] | .//*[@onerror]"))

    def test_text_that_is_too_long(self):
        for kind, name, size in (("promise", "words", answer_fields.LONGEST_WORDS), ("order", "reference", 120)):
            answer = self.post(kind, **self.right()[kind] | {name: "x" * (size + 1)})
            self.assert_wrong(answer, "Please keep to")

    # === HOW OFTEN, AND WHO ELSE === #

    def test_answers_without_end(self):
        self.patch(answer_record, "MOST_A_DAY", 2)
        for _time in range(2):
            self.answer("call", phone="06 12 34 56 78")
        answer = self.post("call", phone="06 12 34 56 78")
        self.assertEqual(answer.status_code, 429)
        self.assertEqual(len(self.answers()), 2)

    def test_hundreds_a_minute(self):
        """An answer counts for several pages: who sends many is told to wait."""
        fields = self.fields_of("call")
        answers = [self.post("call", fields=fields, phone="06 12 34 56 78").status_code for _time in range(14)]
        self.assertEqual(answers[0], 303)
        self.assertEqual(answers[-1], 429)

    def test_what_was_said_to_others(self):
        """The key of a form shows the answer that was made with it on its own account only."""
        fields = self.fields_of("call")
        self.post("call", fields=fields, phone="06 12 34 56 78")
        key = fields[1]["key"]
        self.assertIn("We call you", self.words(self.link(suffix=f"?answered={key}")))
        self.assertNotIn("We call you", self.words(self.link(self.other, f"?answered={key}")))
        for wrong in ("1", "%", "é", "x" * 200, ATTACK):
            self.assertNotIn("We call you", self.words(self.link(suffix=f"?answered={wrong}")))

    def test_our_people_alter_no_answer(self):
        answer = self.answer("call", phone="06 12 34 56 78")
        for user in (self.clerk, self.chief):
            with self.assertRaises(AccessError):
                answer.with_user(user).write({"words": "other"})
            with self.assertRaises(AccessError):
                self.env["dunning.portal.answer"].with_user(user).create({"account_id": self.own.id, "kind": "call"})

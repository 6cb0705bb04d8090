"""Every place that lives on after an error: a conflict with another transaction is none that it keeps."""

import ast
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from psycopg2 import errors

from odoo.exceptions import UserError
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.relance_progressive.relance_progressive.channels.email.smtp import Postman
from odoo.addons.sms.tools.sms_api import SmsApi

from ..common.letter import LetterCommon

CODE = Path(__file__).parents[2] / "relance_progressive"


def postman(test):
    return Postman(test.env["ir.mail_server"], None, "us@atelier.example")


def open_postman(test):
    opened = postman(test)
    opened._open = True
    return opened


def registered(test):
    return {test.reminder.id: {
        "company_id": test.company.id, "provider": "local", "reference": "R1", "subject": "Notice", "pdf": "",
        "name": "Petit", "contact_id": test.customer.id, "address": "petit@client.example", "lang": "en_US",
    }}  # fmt: skip


def short(test):
    content = {"address": "+33612345678", "reference": "T1", "text": "Please pay.", "note": ""}
    return {test.reminder.id: content}


# (place, what is done there, how one gets there)
PLACES = [
    ("message/dunning_letter.py:_compose_batch", "dunning.letter:_letters",
     lambda test: test.env["dunning.letter"]._compose_batch(
         test.reminder, test.level_1.template_id, {}, "letter", {}, {})),
    ("message/dunning_letter.py:_draw_safely", "dunning.letter:_draw_transfer",
     lambda test: test.env["dunning.letter"]._draw_safely(None, 1.0, "", None, None)),
    ("message/letter_pdf.py:_print_safely", "dunning.letter:_print",
     lambda test: test.env["dunning.letter"]._print_safely(test.reminder, {test.reminder.id: "<html/>"})),
    ("message/letter_pdf.py:_check_engine", "ir.actions.report:_run_wkhtmltopdf",
     lambda test: test.env["dunning.letter"]._check_engine()),
    ("engine/dunning_account.py:_refresh_live", "dunning.engine:_refresh",
     lambda test: test.env["dunning.account"]._refresh_live(test.company, test.customer)),
    ("engine/dunning_account.py:_refresh_live", "dunning.account:_note_settled",
     lambda test: test.env["dunning.account"]._refresh_live(test.company, test.customer)),
    ("plan/dunning_plan.py:_check_customer_domain", "dunning.plan:_customers",
     lambda test: test.plan._check_customer_domain()),
    ("account/dunning_plan.py:_choices", "dunning.plan:_customers",
     lambda test: test.env["dunning.plan"]._choices(test.company)),
    ("account/dunning_account.py:_follow_items", "dunning.dispute.line:_follow_items",
     lambda test: test.env["dunning.account"]._follow_items(test.items, ["dunning.dispute.line"])),
    ("account/dunning_account.py:_follow_items", "dunning.decision:_close_overtaken",
     lambda test: test.env["dunning.account"]._follow_items(test.items, ["dunning.decision"])),
    ("channels/sms/gateway.py:_send", "dunning.channel.sms:_gateway_class",
     lambda test: list(test.env["dunning.channel.sms"]._send(test.company, short(test), lambda _id: ""))),
    ("channels/sms/gateway.py:_send", (SmsApi, "_send_sms_batch"),
     lambda test: list(test.env["dunning.channel.sms"]._send(test.company, short(test), lambda _id: ""))),
    ("channels/email/transport.py:_hand_over_one", "dunning.channel.email:_mime",
     lambda test: test.env["dunning.channel.email"]._hand_over_one(
         SimpleNamespace(connect=lambda: ""), None, {"from": "us@atelier.example"}, lambda: "")),
    ("channels/email/smtp.py:connect", "ir.mail_server:_connect__", lambda test: postman(test).connect()),
    ("channels/email/smtp.py:send", "ir.mail_server:send_email",
     lambda test: open_postman(test).send(None, ["a@b.example"])),
    ("channels/contacts.py:_try_batch", "dunning.channel.email:_render_batch",
     lambda test: test.env["dunning.channel.email"]._try_batch(test.reminder, test.level_1.template_id, {}, {}, {})),
    ("channels/account_move.py:_dunning_print", "account.move:_dunning_generate",
     lambda test: test.items.move_id._dunning_print()),
    ("channels/lre/channel_lre.py:_hand_over", "dunning.lre.provider.local:_send",
     lambda test: list(test.env["dunning.channel.lre"]._hand_over(registered(test), lambda _id: ""))),
    ("channels/lre/channel_lre.py:_sync_status", "dunning.lre.provider.local:_poll",
     lambda test: test.env["dunning.channel.lre"]._sync_status(test.registered)),
    ("channels/lre/channel_lre.py:_fetch", "dunning.lre.provider.local:_fetch_proofs",
     lambda test: test.env["dunning.channel.lre"]._fetch(
         test.env["dunning.lre.provider.local"], test.registered, {"R1": [SimpleNamespace(uid="1")]})),
    ("channels/lre/delivery.py:_take_news", "dunning.delivery:_take_all",
     lambda test: test.registered._take_news({})),
    ("channels/post/snailmail.py:_tell_dunning", "snailmail.letter:_tell_delivery",
     lambda test: test.letter._tell_dunning("sent")),
    ("channels/post/snailmail.py:_begin", "dunning.delivery:_still_due", lambda test: test.letter._begin()),
    ("engine/news/dunning_thanks.py:_word", "dunning.reminder:_worded",
     lambda test: test.env["dunning.thanks"]._render(test.env["dunning.channel.email"], test.reminder)),
    ("office/queue/dunning_reminder.py:_present_words", "dunning.reminder:_document_words",
     lambda test: test.reminder._present_words()),
    ("engine/news/dunning_promise_warning.py:_content", "mail.template:_generate_template",
     lambda test: test.env["dunning.promise.warning"]._content(
         test.level_1.template_id, SimpleNamespace(lang="en_US"))),
    ("portal/pay/payment_transaction.py:_dunning_note_too_much", "payment.transaction:_dunning_tell_too_much",
     lambda test: test.env["payment.transaction"]._dunning_note_too_much(test.env["account.payment"], 1.0)),
    ("portal/answers/record.py:_carry_out", "dunning.portal.answer:_sum_up",
     lambda test: test.env["dunning.portal.answer"]._carry_out(test.day(0))),
]  # fmt: skip


def calls(name):
    """Return the places of the product, ``file:function``, that call a function of the policy."""
    return {
        f"{path.relative_to(CODE)}:{function.name}"
        for path in CODE.rglob("*.py") if path.name != "apart.py"
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name
    }  # fmt: skip


@tagged("post_install", "-at_install")
class TestConflictPlaces(LetterCommon):
    """The test's own transaction is one of two people; the other one has a connection of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.country = cls.env.ref("base.aq")  # nobody else writes it

    def setUp(self):
        super().setUp()
        self.customer = self.customer_by_post()
        self.prepare()
        self.reminder = self.reminders()
        self.items = self.reminder.line_ids.move_line_id
        self.letter = self.env["snailmail.letter"].sudo().create({
            "model": "dunning.reminder", "res_id": self.reminder.id, "partner_id": self.customer.id,
            "company_id": self.company.id,
        })  # fmt: skip
        self.registered, _by_post = self.env["dunning.delivery"].sudo().create([
            {"reminder_id": self.reminder.id, "channel": "lre", "state": "sent", "provider": "local",
             "reference": "R1"},
            {"reminder_id": self.reminder.id, "channel": "letter", "state": "ready", "provider": "snailmail",
             "reference": f"snailmail-{self.letter.id}"},
        ])  # fmt: skip
        self.env.flush_all()
        with db_connect(self.env.cr.dbname).cursor() as somebody:
            somebody.execute("UPDATE res_country SET code = code WHERE id = %s", [self.country.id])

    def conflict(self, *_args, **_values):
        """Write what somebody has written since this transaction began."""
        self.env.cr.execute("UPDATE res_country SET code = code WHERE id = %s", [self.country.id])

    def dressed(self, *_args, **_values):
        """Meet the conflict inside what makes an error of its own of it, as Odoo's templates do."""
        try:
            self.conflict()
        except errors.SerializationFailure as error:
            raise UserError(str(error)) from error

    def expect_conflict(self, place, inside, call, trouble=None):
        """Check that a conflict inside a place comes out as what it is: who began the transaction begins again."""
        target, method = (self.registry[inside.split(":")[0]], inside.split(":")[1]) if ":" in inside else inside
        with (
            self.subTest(place, inside=method),
            patch.object(target, method, trouble or getattr(target, method)),
            patch.object(self.registry["ir.actions.report"], "get_wkhtmltopdf_state", lambda _report: "ok"),
            mute_logger("odoo.sql_db"),
            self.assertRaises(errors.SerializationFailure), self.env.cr.savepoint(),
        ):  # fmt: skip
            if not trouble:
                self.country.vat_label = "not written yet"
            call(self)

    def test_one_met_there(self):
        for place in PLACES:
            self.expect_conflict(*place, self.conflict)

    def test_one_met_there_in_the_clothes_of_another_error(self):
        for place in PLACES:
            self.expect_conflict(*place, self.dressed)

    def test_one_met_by_what_was_not_written_before(self):
        aparts = calls("apart")
        for place in PLACES:
            if place[0] in aparts:
                self.expect_conflict(*place)

    def test_every_place_is_tried(self):
        self.assertEqual({place for place, _inside, _call in PLACES}, calls("apart") | calls("raise_if_lost"))

import base64
import errno
import os
import stat
import tempfile
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models import ir_actions_report
from odoo.addons.relance_progressive.relance_progressive.engine.delivery import (
    carrying,
)
from odoo.addons.relance_progressive.relance_progressive.engine.delivery import (
    deliver as engine_deliver,
)
from odoo.addons.relance_progressive.relance_progressive.engine.delivery import (
    hand_over as engine_hand_over,
)
from odoo.addons.relance_progressive.relance_progressive.message import pdf_engine

from ..common.base import MONDAY
from ..common.letter import LetterCommon, quick_pdf

ENDLESS = "<p><t t-foreach='range(10 ** 12)' t-as='number'><t t-set='last' t-value='number'/></t></p>"


class BadDays(LetterCommon):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.patch(self.registry["dunning.letter.provider.folder"], "_folder", lambda _model: f"{self.folder}/letters")
        self.company.dunning_user_id = self.env.user

    def customers(self, count, **values):
        return [self.customer_by_post(f"Client {number:02}", **values) for number in range(count)]

    def states(self, customers):
        return [self.reminders(customer).state for customer in customers]

    def ready_again(self):
        """Let the time come at which what was put off is tried again."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE dunning_reminder SET retry_at = retry_at - interval '2 hours'")
        self.env.cr.execute("UPDATE dunning_outage SET until = until - interval '2 hours'")
        self.env.invalidate_all()

    def told(self):
        self.env["dunning.outage"].invalidate_model()
        return self.env["dunning.outage"].search([]).activity_ids

    def engine_is(self, script):
        """Let a shell script stand for wkhtmltopdf; ``$real`` is the real one."""
        real = ir_actions_report._wkhtml()
        path = self.folder / "wkhtmltopdf"
        path.write_text(f"#!/bin/bash\nreal={real.bin}\nfor last; do :; done\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IEXEC)
        return patch.object(ir_actions_report, "_wkhtml", lambda: real._replace(bin=str(path)))


@tagged("post_install", "-at_install")
class TestSlowBatch(BadDays):
    """Making takes time of its own; what was made is used."""

    def test_letters_are_printed_once(self):
        """Slower to print than a batch may take to hand over: each is printed once, and leaves."""
        self.company.dunning_letter_provider = "folder"
        printed = Counter()

        def slow(model, company, documents):
            printed.update(documents.keys())
            time.sleep(0.05 * len(documents))
            return quick_pdf(model, company, documents)

        self.patch(self.registry["dunning.letter"], "_print_documents", slow)
        customers = self.customers(25)
        self.prepare()
        with patch.object(engine_hand_over, "SECONDS", 0.2):
            self.assertEqual(self.send(), {"letter": {"sent": 25}})
        self.assertEqual(set(printed.values()), {1})
        self.assertEqual(len(list((self.folder / "letters").iterdir())), 25)
        self.assertEqual(self.states(customers), ["sent"] * 25)

    def test_texts_are_made_once(self):
        """A slow mail server: what was made and could not be handed over in time is handed over next."""
        self.use_channels("email")
        customers = [self.reminder_for(f"client{number}@petit.example") for number in range(12)]
        self.prepare()
        made, render = Counter(), self.registry["dunning.channel.email"]._render_batch

        def counted(model, reminders, *args):
            made.update(reminders.ids)
            return render(model, reminders, *args)

        self.patch(self.registry["dunning.channel.email"], "_render_batch", counted)
        with self.smtp() as smtp, patch.object(engine_hand_over, "SECONDS", 0.15):
            smtp.seconds = 0.05
            self.assertEqual(self.send(), {"email": {"sent": 12}})
        self.assertEqual((set(made.values()), len(smtp.messages)), ({1}, 12))
        self.assertGreater(smtp.sessions, 1, "in several batches")
        self.assertEqual(self.states(customers), ["sent"] * 12)

    def test_what_was_made_for_other_figures_is_made_again(self):
        """One of two invoices is paid between two batches."""
        self.use_channels("email")
        first = self.reminder_for("first@petit.example")
        second = self.reminder_for("second@petit.example")
        paid = self.invoice(MONDAY - timedelta(days=3), 77.0, second)
        self.prepare()
        claim, batches = self.registry["dunning.engine"]._claim, []

        def paid_meanwhile(engine, *args):
            batches.append(True)
            if len(batches) == 2:
                self.pay(paid)
            return claim(engine, *args)

        self.patch(self.registry["dunning.engine"], "_claim", paid_meanwhile)
        with self.smtp() as smtp, patch.object(engine_hand_over, "SECONDS", -1):
            self.assertEqual(self.send(), {"email": {"sent": 2}})
        text = smtp.to("second@petit.example")[0].get_body(("plain",)).get_content()
        self.assertNotIn("77.00", text)
        self.assertTrue(smtp.to(first.email))

    def test_a_batch_counts_items(self):
        self.use_channels("email")
        for number in range(4):
            customer = self.reminder_for(f"client{number}@petit.example")
            self.invoice(MONDAY - timedelta(days=3), 10.0, customer)
        self.prepare()
        with self.smtp() as smtp, patch.object(engine_deliver, "ITEMS", 5):
            self.assertEqual(self.send(), {"email": {"sent": 4}})
            self.assertEqual(smtp.sessions, 2)
        big = self.reminder_for("big@petit.example")
        for _number in range(8):
            self.invoice(MONDAY - timedelta(days=3), 10.0, big)
        self.prepare()
        with self.smtp() as smtp, patch.object(engine_deliver, "ITEMS", 5):
            self.assertEqual(self.send(), {"email": {"sent": 1}}, "one reminder is never divided")

    # === WITHOUT END === #

    def test_a_text_that_never_ends(self):
        """It is broken off and fails with its reason; the others leave."""
        self.use_channels("email")
        plan = self.make_plan((3, "friendly"))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_template SET body_html = jsonb_build_object('en_US', %s::text) WHERE id = %s",
            [ENDLESS, plan.level_ids.template_id.id],
        )
        plan.level_ids.template_id.invalidate_recordset()
        good = [self.reminder_for(f"client{number}@petit.example") for number in range(3)]
        endless = self.reminder_for("endless@petit.example", dunning_plan_id=plan.id)
        self.prepare()
        with self.smtp(), patch.object(carrying, "TOGETHER_SECONDS", 1), patch.object(carrying, "ALONE_SECONDS", 1):
            began = time.monotonic()
            self.send()
            self.assertLess(time.monotonic() - began, 30)
        self.assertEqual((self.states(good), self.states([endless])), (["sent"] * 3, ["failed"]))
        delivery = self.reminders(endless).delivery_ids
        self.assertEqual(delivery.failure, "template")
        self.assertIn("1 ", delivery.reason)
        self.assertFalse(self.env["dunning.journal"].sudo().search([]))

    def test_what_was_made_when_a_worker_died_is_made_alone(self):
        self.use_channels("email")
        customers = [self.reminder_for(f"client{number}@petit.example") for number in range(4)]
        self.prepare()
        for rank, customer in enumerate(customers[:3]):
            self.env["dunning.journal"].sudo().create({
                "reminder_id": self.reminders(customer).id, "channel": "email", "state": "making", "date": MONDAY,
                "alone": rank == 0, "begun_at": datetime.now() - timedelta(days=1),
            })  # fmt: skip
        sizes, render = [], self.registry["dunning.channel.email"]._render

        def seen(model, reminders):
            sizes.append(len(reminders))
            return render(model, reminders)

        self.patch(self.registry["dunning.channel.email"], "_render", seen)
        with self.smtp():
            self.send()
        self.assertEqual(self.states(customers), ["failed", "sent", "sent", "sent"])
        self.assertEqual(sizes, [1, 1, 1])
        self.assertEqual(self.reminders(customers[0]).delivery_ids.failure, "template")
        self.assertFalse(self.env["dunning.journal"].sudo().search([]))


@tagged("post_install", "-at_install")
class TestBrokenPrinter(BadDays):
    """A PDF engine that hangs, makes nothing, or has no room."""

    def setUp(self):
        super().setUp()
        if not self.env["dunning.letter"]._has_headers():
            self.skipTest("needs wkhtmltopdf with patched Qt")
        self.patch(pdf_engine, "SECONDS", 2)

    ENGINES = ("exit 0", "exit 1", ": > $last; exit 0", ": > $last; exit 1", "kill -9 $$", "sleep 60")

    def test_letters_wait_for_an_engine_that_makes_nothing(self):
        self.company.dunning_letter_provider = "folder"
        customers = self.customers(3)
        self.prepare()
        for script in self.ENGINES:
            with self.subTest(script), self.env.cr.savepoint() as savepoint:
                with self.engine_is(script), mute_logger("odoo.addons.relance_progressive"):
                    self.assertEqual(self.send(), {"letter": {"delayed": 3}})
                self.assertEqual((self.states(customers), len(self.told())), (["ready"] * 3, 1))
                self.ready_again()
                self.assertEqual(self.send(), {"letter": {"sent": 3}})
                self.assertFalse(self.told())
                savepoint.rollback()
                self.env.invalidate_all()

    def test_one_letter_that_the_engine_cannot_print(self):
        """It fails, the others leave."""
        self.company.dunning_letter_provider = "folder"
        customers = [*self.customers(2), self.customer_by_post("Evil Twin")]
        self.prepare()
        for script in ("exit 0", "sleep 60"):
            with self.subTest(script), self.env.cr.savepoint() as savepoint:
                run = f'if grep -qsi "evil Twin" "${{last%/*}}"/body-*; then {script}; fi; exec $real "$@"'
                with self.engine_is(run), mute_logger("odoo.addons.relance_progressive"):
                    self.send()
                self.assertEqual(self.states(customers), ["sent", "sent", "failed"])
                savepoint.rollback()
                self.env.invalidate_all()

    def test_the_day_s_post_stays_as_it_was(self):
        customers = self.customers(3)
        deliveries = self.letters(*customers)
        mailing = self.env["dunning.mailing"].browse(deliveries.action_print_letters()["params"]["mailings"])
        for script in self.ENGINES:
            with self.subTest(script), self.engine_is(script), self.assertRaisesRegex(UserError, "PDF"):
                mailing.print_next()
            self.assertEqual(mailing.letter_ids.mapped("state"), ["waiting"] * 3)
            self.assertEqual((mailing.state, deliveries.mapped("state")), ("printing", ["ready"] * 3))
        while not mailing.print_next()["finished"]:
            pass
        self.assertEqual((mailing.state, mailing.letter_ids.mapped("state")), ("printed", ["printed"] * 3))

    def test_the_list_cannot_be_printed(self):
        """The last step fails: nothing of this call stays."""
        deliveries = self.letters(*self.customers(2))
        mailing = self.env["dunning.mailing"].browse(deliveries.action_print_letters()["params"]["mailings"])
        with patch.object(
            self.registry["dunning.mailing"], "_list", side_effect=pdf_engine.EngineFailed("no PDF")
        ), self.assertRaises(UserError):
            mailing.print_next()
        self.assertEqual((mailing.state, mailing.letter_ids.mapped("state")), ("printing", ["waiting"] * 2))


@tagged("post_install", "-at_install")
class TestDiskFull(BadDays):
    """No room is "later", for whoever finds none."""

    def full(self, *_args, **_values):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def test_the_folder_of_the_letters(self):
        self.quick()
        self.company.dunning_letter_provider = "folder"
        customers = self.customers(5)
        self.prepare()
        with patch.object(Path, "write_bytes", self.full):
            self.assertEqual(self.send(), {"letter": {"delayed": 5}})
        self.assertEqual((self.states(customers), len(self.told())), (["ready"] * 5, 1))
        self.ready_again()
        self.assertEqual(self.send(), {"letter": {"sent": 5}})

    def test_the_pages_of_the_engine(self):
        self.company.dunning_letter_provider = "folder"
        customers = self.customers(2)
        self.prepare()
        with patch.object(Path, "write_text", self.full), mute_logger("odoo.addons.relance_progressive"):
            self.assertEqual(self.send(), {"letter": {"delayed": 2}})
        self.assertRegex(self.reminders(customers[0]).reason, "no room left on the disk|plus de place sur le disque")

    def test_the_files_of_the_day_s_post(self):
        self.quick()
        deliveries = self.letters(*self.customers(3))
        mailing = self.env["dunning.mailing"].browse(deliveries.action_print_letters()["params"]["mailings"])
        with patch.object(self.registry["ir.attachment"], "_file_write", self.full), self.assertRaisesRegex(
            UserError, "room"
        ):
            mailing.print_next()
        self.assertEqual((mailing.state, mailing.letter_ids.mapped("state")), ("printing", ["waiting"] * 3))

    def test_after_the_letters_have_left(self):
        """What left is known from the journal: nobody is asked, nothing leaves twice."""
        self.quick()
        self.company.dunning_letter_provider = "folder"
        (customer,) = self.customers(1)
        self.prepare()
        with patch.object(self.registry["ir.attachment"], "_file_write", self.full), self.assertRaises(OSError):
            with self.env.cr.savepoint():
                self.send()
        with self.assertRaises(OSError):
            self.engine._undo(OSError(errno.ENOSPC, "full"))
        self.assertEqual(self.states([customer]), ["ready"])
        self.assertEqual(self.send(), {"letter": {"sent": 1}})
        file = self.reminders(customer).message_id.attachment_ids
        self.assertTrue(base64.b64decode(file.datas).startswith(b"%PDF"))
        self.assertLess(self.reminders(customer).delivery_ids.sent_at, datetime.now())

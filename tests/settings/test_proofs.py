"""What was sent, and what customers gave, stays as it was, whatever model is used to get at it."""
# pylint: disable=translation-required
# What people write is not translated.

import base64
from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

from ..common.answer import AnswerCommon
from ..common.base import MONDAY
from ..common.deliver import DeliverCommon

# Fields of ours that hold messages or files and are no proofs, and why.
NO_PROOFS = {
    ("dunning.dispute", "attachment_ids"): "what people add; the files of the customer are those of the answer",
}


@tagged("post_install", "-at_install")
class TestSentText(DeliverCommon):
    """An e-mail with an invoice, as it left."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level_1.attach_invoices = True
        cls.clerk = new_test_user(
            cls.env, "proof_clerk", groups="account.group_account_invoice", company_id=cls.company.id,
            company_ids=cls.company.ids,
        )  # fmt: skip
        cls.admin = new_test_user(
            cls.env, "proof_admin", groups="account.group_account_manager,base.group_system",
            company_id=cls.company.id, company_ids=cls.company.ids,
        )  # fmt: skip

    def setUp(self):
        super().setUp()
        self.sold = self.invoice(MONDAY - timedelta(days=3), 1000.0)
        self.prepare()
        with self.smtp():
            self.send()
        self.message = self.reminders().message_id
        self.file = self.message.attachment_ids
        self.sent = self.message.body, self.message.date, self.file.raw
        self.assertEqual(self.file.res_model, "account.move")

    def people(self):
        return (("clerk", self.message.with_user(self.clerk)), ("admin", self.message.with_user(self.admin)),
                ("system", self.message.sudo()))  # fmt: skip

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_the_message_is_not_written(self):
        changes = {
            "body": "<p>Nothing is owed.</p>", "subject": "Thank you", "date": "2020-01-01 00:00:00",
            "author_id": self.clerk.partner_id.id, "email_from": "x@y.example", "attachment_ids": [Command.clear()],
            "message_type": "comment", "message_id": "<made@up>", "subtype_id": False, "is_internal": True,
            "model": "res.partner", "res_id": 1, "reply_to": "x@y.example",
        }  # fmt: skip
        routed = {"partner_ids": [Command.set(self.clerk.partner_id.ids)], "parent_id": self.other_message().id}
        for name, message in self.people():
            for field, value in (changes | (routed if name != "system" else {})).items():
                with self.subTest(person=name, field=field), self.assertRaises(UserError), self.env.cr.savepoint():
                    message.write({field: value})
            with self.subTest(person=name, act="delete"), self.assertRaises(UserError), self.env.cr.savepoint():
                message.unlink()
        self.assertEqual((self.message.body, self.message.date, self.message.attachment_ids.raw), self.sent)

    def other_message(self):
        return self.reminders()._message_log(body="Another one")

    def test_nobody_makes_up_what_a_customer_wrote(self):
        """A message under a reminder is by whoever writes it, and of the day itself."""
        auditor = new_test_user(
            self.env, "proof_auditor", groups="account.group_account_readonly", company_id=self.company.id,
            company_ids=self.company.ids,
        )  # fmt: skip
        reminder, customer = self.reminders(), self.reminders().partner_id
        reminder.message_subscribe(auditor.partner_id.ids)
        forged = (
            {"author_id": customer.id}, {"email_from": "compta@customer.example", "author_id": False},
            {"message_type": "email"}, {"date": "2020-01-01 00:00:00"},
            *({"message_type": kind} for kind in ("email_outgoing", "out_of_office", "snailmail", "auto_comment")),
        )  # fmt: skip
        before = len(reminder.message_ids)
        for person in (self.clerk, auditor, self.admin):
            own = {"model": reminder._name, "res_id": reminder.id, "body": "I pay", "author_id": person.partner_id.id}
            for values in forged:
                with self.subTest(person=person.login, values=values):
                    with self.assertRaises(UserError), self.env.cr.savepoint():
                        self.env["mail.message"].with_user(person).create({**own, **values})
                    defaults = {f"default_{name}": value for name, value in {**own, **values}.items()}
                    with self.assertRaises(UserError), self.env.cr.savepoint():
                        self.env["mail.message"].with_user(person).with_context(**defaults).create({"subject": "x"})
            with self.subTest(person.login), self.assertRaises(UserError), self.env.cr.savepoint():
                reminder.with_user(person).message_post(
                    body="I pay", author_id=customer.id, email_from="compta@customer.example", message_type="email"
                )
            reminder.with_user(person).message_post(body="He called me")
        self.assertEqual(len(reminder.message_ids), before + 3)

    def test_no_message_from_elsewhere_becomes_the_word_of_a_customer(self):
        """Under a contact Odoo lets one say who wrote what; administrators move messages to other records."""
        reminder, customer = self.reminders(), self.reminders().partner_id
        message = customer.with_user(self.admin).message_post(body="I pay")
        message.with_user(self.admin).write({"author_id": customer.id, "message_type": "email"})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            message.with_user(self.admin).write({"model": reminder._name, "res_id": reminder.id})
        self.assertEqual(message.model, "res.partner")

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_a_note_does_not_become_the_word_of_a_customer(self):
        """Who has written a comment corrects its words: not its author, nor its day, nor what others have noted."""
        reminder = self.reminders()
        for record in (reminder, reminder.account_id):
            own = record.with_user(self.clerk).message_post(body="Called", message_type="comment")
            others = record.with_user(self.admin).message_post(body="He pays on Friday", message_type="comment")
            told = record.sudo()._message_log(body="Waived by a manager")
            customer = {"author_id": reminder.partner_id.id, "email_from": "customer@x.example"}
            for message, vals in (
                (own, customer), (own, {"message_type": "email"}), (own, {"date": "2020-01-01 00:00:00"}),
                (others, {"body": "He never pays"}), (told, {"body": "Waived by nobody"}),
            ):  # fmt: skip
                with self.subTest(record=record._name, vals=vals), self.assertRaises(UserError):
                    message.with_user(self.clerk).write(vals)
            for message in (others, told):
                with self.subTest(record=record._name, deleted=message.body), self.assertRaises(UserError):
                    message.with_user(self.clerk).unlink()
            with self.assertRaises(UserError), self.env.cr.savepoint():
                record.with_user(self.clerk).message_ids = [Command.clear()]
            own.with_user(self.clerk).body = "Called, nobody answered"
            own.with_user(self.clerk).unlink()

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_who_only_reads_sends_no_text(self):
        auditor = new_test_user(
            self.env, "proof_reader", groups="account.group_account_readonly", company_id=self.company.id,
            company_ids=self.company.ids,
        )  # fmt: skip
        text, reminder = self.level_1.template_id, self.reminders()
        with self.assertRaises(AccessError):
            text.with_user(auditor).send_mail(reminder.id)
        dialog = self.env["mail.compose.message"].with_user(auditor).create({
            "model": reminder._name, "res_ids": str(reminder.ids), "template_id": text.id,
            "composition_mode": "mass_mail",
        })  # fmt: skip
        with self.assertRaises(AccessError):
            dialog.action_send_mail()
        text.with_user(self.clerk).send_mail(reminder.id)

    def test_nor_through_a_mail(self):
        mail = self.env["mail.mail"].sudo().create({"mail_message_id": self.message.id})
        with self.assertRaisesRegex(UserError, "proof"), self.env.cr.savepoint():
            mail.body = "<p>Forged</p>"
        with self.assertRaisesRegex(UserError, "proof"), self.env.cr.savepoint():
            mail.write({"is_notification": False, "subject": "Forged"})
        mail.is_notification = False  # as if it had made the message, which it takes with it
        with self.assertRaisesRegex(UserError, "proof"), self.env.cr.savepoint():
            mail.unlink()

    def test_nor_as_odoo_s_chatter_edits(self):
        reminder = self.reminders().with_user(self.clerk)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            reminder._message_update_content(self.message, body="<p>Forged</p>", strict=False)

    def test_what_is_no_part_of_it_goes_on(self):
        message = self.message.with_user(self.clerk)
        message.toggle_message_starred()
        self.assertTrue(message.starred)
        self.message.notification_ids.sudo().notification_status = "bounce"
        note = self.reminders().with_user(self.clerk).message_post(body="A note", message_type="comment")
        note.body = "Another note"

    def test_odoo_s_mark_of_an_uninstallation_opens_nothing(self):
        for _name, message in self.people():
            forged = message.with_context(**{MODULE_UNINSTALL_FLAG: True, "dunning_proofs": True})
            with self.assertRaises(UserError), self.env.cr.savepoint():
                forged.body = "<p>Forged</p>"
            with self.assertRaises(UserError), self.env.cr.savepoint():
                forged.unlink()
        self.env["ir.module.module"].sudo()._get("relance_progressive").state = "to remove"
        self.message.with_context(**{MODULE_UNINSTALL_FLAG: True}).write({"body": False})

    def test_an_invoice_goes_its_own_way(self):
        """Its PDF is made again or deleted with it: the message keeps what was attached."""
        self.file.raw = b"%PDF-1.4 another"
        kept = self.message.attachment_ids
        self.assertNotEqual(kept, self.file)
        self.assertEqual((kept.raw, kept.res_model, kept.name), (self.sent[2], "dunning.reminder", self.file.name))
        with self.assertRaisesRegex(UserError, "proof"), self.env.cr.savepoint():
            kept.unlink()
        self.file.unlink()
        self.assertEqual(self.message.attachment_ids, kept)

    def test_a_deleted_file_of_an_invoice(self):
        name = self.file.name
        self.sold.button_draft()  # Odoo gives the file another name
        self.file.with_user(self.admin).unlink()
        self.assertEqual((self.message.attachment_ids.raw, self.message.attachment_ids.name), (self.sent[2], name))

    def test_files_move_to_another_store(self):
        """Odoo writes each file again as it is."""
        before = self.message.attachment_ids
        self.file.write({"raw": self.file.raw, "mimetype": self.file.mimetype})
        self.file.write({"datas": base64.b64encode(self.file.raw)})
        self.assertEqual(self.message.attachment_ids, before)

    def answer_by_mail(self):
        """Return the answer of a customer, as the mail gateway files it."""
        return self.reminders().sudo().message_post(
            body="I pay on Friday", message_type="email", author_id=self.customer.id
        ).sudo(False)  # fmt: skip

    def test_an_answer_by_mail(self):
        answer = self.answer_by_mail()
        for act in (lambda: answer.write({"body": "I owe it all"}), answer.unlink):
            with self.assertRaisesRegex(UserError, "proof"), self.env.cr.savepoint():
                act()

    def test_erased_by_an_administrator(self):
        """The one way: it is told on the account, and the rest of the history stays."""
        answer = self.answer_by_mail()
        wizard = self.env["dunning.erasure"].with_user(self.admin).with_context(
            allowed_company_ids=self.company.ids
        ).create({"account_ids": self.account().ids, "reason": "Asked for by the customer"})  # fmt: skip
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            wizard.with_user(self.clerk).action_erase()
        address, name = self.reminders().delivery_ids.address, self.reminders().name
        with mute_logger("odoo.addons.relance_progressive.relance_progressive.reminder.dunning_erasure"):
            wizard.action_erase()
        self.assertNotIn("pay", self.message.body + answer.body)
        self.assertFalse(self.message.attachment_ids)
        self.assertEqual(self.file.exists().raw, self.sent[2], "the invoice keeps its document")
        delivery = self.reminders().delivery_ids
        self.assertNotEqual(delivery.address, address)
        self.assertEqual((self.reminders().name, delivery.state), (name, "sent"))
        told = self.account().message_ids[:1].body
        self.assertIn("Asked for by the customer", told)
        self.assertIn(self.admin.name, told)
        self.assertEqual(self.message.date, self.sent[1])

    def test_what_has_not_left_is_not_erased(self):
        self.customer = self.reminder_for("other@petit.example")
        self.prepare()
        wizard = self.env["dunning.erasure"].with_user(self.admin).with_context(
            allowed_company_ids=self.company.ids
        ).create({"account_ids": self.account().ids, "reason": "Asked for by the customer"})  # fmt: skip
        with self.assertRaisesRegex(UserError, "has not left"):
            wizard.action_erase()

    def test_merged_customers(self):
        other = self.make_customer("The Other One")
        self.env["base.partner.merge.automatic.wizard"].create({})._merge([self.customer.id, other.id], other)
        self.assertEqual(self.reminders(other).message_id, self.message)

    def test_a_sent_reminder_is_not_deleted(self):
        for records in (self.reminders(), self.reminders().delivery_ids, self.account()):
            with self.subTest(model=records._name), self.assertRaises(UserError), self.env.cr.savepoint():
                records.sudo().unlink()


@tagged("post_install", "-at_install")
class TestFilesOfCustomers(AnswerCommon):
    def test_a_proof_of_payment(self):
        for kind, typed in (
            ("paid", {"paid_on": self.today.isoformat(), "means": "transfer"}), ("order", {"reference": "BC-99"}),
            ("dispute", {"words": "Broken"}),
        ):  # fmt: skip
            before = self.answers()
            typed["item"] = self.the_item(self.invoice(self.today - timedelta(days=12), 100.0)).id
            answer = self.post(kind, files=[("proof.pdf", b"%PDF-1.4 paid", "application/pdf")], **typed)
            self.assertEqual(answer.status_code, 303, self.wrong(answer))
            made = self.answers() - before
            file = made.attachment_ids
            self.assertEqual(len(file), 1, kind)
            holder = self.env[file.res_model].browse(file.res_id).with_user(self.clerk)
            for act in (
                lambda file=file: file.with_user(self.clerk).unlink(),
                lambda file=file: file.with_user(self.clerk).write({"raw": b"forged"}),
                lambda file=file: file.with_user(self.clerk).write({"name": "another.pdf"}),
                lambda holder=holder, file=file: holder.write({"attachment_ids": [Command.delete(file.id)]}),
            ):  # fmt: skip
                with self.subTest(kind), self.assertRaises(UserError), self.env.cr.savepoint():
                    act()
            self.assertEqual(file.raw, b"%PDF-1.4 paid")


@tagged("post_install", "-at_install")
class TestAllProofs(DeliverCommon):
    def test_every_field_that_holds_messages_or_files_is_a_proof(self):
        """Mark a new one ``proof=`` with the path to its account, or say here why it is none."""
        found = set()
        for name, model in self.registry.items():
            if not name.startswith("dunning.") or model._abstract or model._transient:
                continue
            for field in model._fields.values():
                if field.type not in ("many2one", "many2many") or not field.store or field.related:
                    continue
                if field.name == "message_main_attachment_id":  # which of its files a thread shows first
                    continue
                if field.comodel_name in ("mail.message", "ir.attachment") and not getattr(field, "proof", None):
                    found.add((name, field.name))
        self.assertEqual(found, set(NO_PROOFS))

    def test_the_path_of_each_leads_to_the_account(self):
        guarded = self.env["dunning.guarded"]
        fields_ = [row for kind in ("mail.message", "ir.attachment", None) for row in guarded._proof_fields(kind)]
        self.assertGreater(len(fields_), 15)
        for model, _name, path in fields_:
            self.assertFalse(self.env[model].search([(path, "in", self.account().ids)]), model)

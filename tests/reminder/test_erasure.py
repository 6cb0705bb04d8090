"""Once nothing of it is needed as a proof, what a customer wrote, and was written, is gone: wherever it was noted."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from ..common.answer import PDF, AnswerCommon

SECRET = "ZZSECRET"
QUIET = "odoo.addons.relance_progressive.relance_progressive.reminder.dunning_erasure"
# Words about a customer that stay: numbers, codes and what the house has decided for itself.
STAYING = {
    "dunning.account": {"fingerprint", "limitation_told", "penalty_codes", "portal_key", "reason_codes", "reasons"},
    "dunning.decision": {"reason"},
    "dunning.delivery": {"news_problem", "proof_missing", "provider", "reference", "registered_number"},
    "dunning.delivery.event": {"provider_uid", "struck_reason"},
    "dunning.dispute": {"name"},
    "dunning.dispute.line": {"move_name"},
    "dunning.mailing.letter": {"claim"},
    "dunning.notice": {"words"},
    "dunning.penalty.line": {"computation", "invoice_name"},
    "dunning.penalty.waiver": {"cancel_reason", "name", "reason"},
    "dunning.penalty.waiver.line": {"invoice_name"},
    "dunning.portal.answer": {"form_key", "lang", "name"},
    "dunning.promise": {"name", "told_state"},
    "dunning.promise.line": {"move_name"},
    "dunning.promise.warning": {"message_ref"},
    "dunning.reminder": {"covered_in", "notice_in", "lang", "name"},
    "dunning.reminder.line": {"move_name", "penalty_detail"},
}


@tagged("post_install", "-at_install")
class TestErasure(AnswerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(
            cls.env, "erasing_admin", groups="account.group_account_manager,base.group_system",
            company_id=cls.company.id, company_ids=cls.company.ids,
        )  # fmt: skip

    def erase(self):
        open_ones = self.own.sudo().reminder_ids.filtered(lambda one: one.state in ("draft", "ready"))
        open_ones._set_state("cancelled")
        dialog = self.env["dunning.erasure"].with_user(self.admin).with_context(
            allowed_company_ids=self.company.ids
        ).create({"account_ids": self.own.ids, "reason": "Asked for by the customer"})  # fmt: skip
        with mute_logger(QUIET):
            dialog.action_erase()
        self.env.flush_all()

    def where(self):
        """Return each column of the database that says it."""
        self.env.cr.flush()
        columns = self.env.execute_query(SQL(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND data_type IN ('text', 'character varying', 'json', 'jsonb')"
        ))  # fmt: skip
        return {
            f"{table}.{column}" for table, column in columns
            if self.env.execute_query(SQL(
                "SELECT 1 FROM %s WHERE %s::text ILIKE %s LIMIT 1", SQL.identifier(table), SQL.identifier(column),
                f"%{SECRET}%",
            ))
        }  # fmt: skip

    def everything(self):
        """The customer answers all that can be answered, and people work on it, in words that nobody else says."""
        item, files = self.the_item().id, [(f"{SECRET}.pdf", PDF, "application/pdf")]
        day = self.later(5).isoformat()
        self.answer("call", phone="+33612345678", person=SECRET, words=SECRET)
        self.answer("contact", person=SECRET, email=f"{SECRET}@x.example", words=SECRET)
        self.answer("promise", item=item, date=day, words=SECRET)
        self.answer("dispute", item=item, words=SECRET, files=files)
        answers, clerk = self.answers(), self.clerk
        for task in answers.activity_ids + answers.dispute_id.activity_ids:
            task.with_user(clerk).sudo().action_feedback(feedback=SECRET)
        pause = self.env["dunning.pause"].with_user(clerk).create({
            "account_id": self.own.id, "reason": SECRET, "until": self.later(9),
        })  # fmt: skip
        interruption = self.env["dunning.interruption"].with_user(clerk).create({
            "account_id": self.own.id, "item_ids": [Command.set([item])], "kind": "acknowledgement", "words": SECRET,
            "day": self.today,
        })  # fmt: skip
        records = (self.own, self.reminder, answers[0], answers.dispute_id, answers.promise_id, pause, interruption)
        for record in records:
            record.with_user(clerk).sudo().message_post(body=SECRET)
            file = {"name": f"{SECRET}.pdf", "raw": b"x", "res_model": record._name, "res_id": record.id}
            self.env["ir.attachment"].sudo().create(file)
        text = answers[0].message_ids[0]
        self.env["sms.sms"].sudo().create({
            "number": "+33600000000", "body": SECRET, "mail_message_id": text.id, "state": "sent",
        })  # fmt: skip
        self.env["mail.tracking.value"].sudo().create({
            "mail_message_id": pause.message_ids[:1].id, "new_value_char": SECRET,
            "field_id": self.env["ir.model.fields"]._get("dunning.pause", "reason").id,
        })  # fmt: skip
        self.env["mail.mail"].sudo().search([]).state = "sent"

    def test_nothing_of_it_is_left_anywhere(self):
        self.everything()
        self.assertGreater(self.where(), {
            "ir_attachment.name", "mail_message.body", "mail_mail.body_html", "mail_activity.note",
            "mail_activity.feedback", "mail_tracking_value.new_value_char", "sms_sms.body", "dunning_pause.reason",
            "dunning_interruption.words", "dunning_portal_answer.words", "dunning_promise.words",
            "dunning_dispute.statement",
        })  # fmt: skip
        self.erase()
        self.assertFalse(self.where())

    def test_that_it_was_erased_is_never_erased(self):
        self.erase()
        self.erase()
        told = [body for body in self.own.sudo().message_ids.mapped("body") if "Asked for by the customer" in body]
        self.assertEqual(len(told), 2)

    def test_what_waits_to_leave_is_not_erased(self):
        self.answer("call", phone="+33612345678", person=SECRET, words=SECRET)
        self.env["mail.mail"].sudo().search([]).state = "outgoing"
        with self.assertRaisesRegex(UserError, "waits to be sent"):
            self.erase()

    def test_all_words_about_customers_are_thought_of(self):
        """A new field of words is a proof, erased, or stays for a reason."""
        paths, models = {"dunning.account"}, [
            model for name, model in self.env.registry.items()
            if name.startswith("dunning.") and not model._abstract and not model._transient
        ]  # fmt: skip
        for _round in range(5):
            paths |= {
                model._name for model in models for field in model._fields.values()
                if field.type == "many2one" and field.store and field.required and field.comodel_name in paths
            }
        self.assertGreater(len(paths), 15)
        for model in models:
            if model._name not in paths | {"dunning.pause"}:
                continue
            for field in model._fields.values():
                words = field.type in ("char", "text", "html", "json") and field.store and not field.related
                if words and not (getattr(field, "proof", None) or getattr(field, "erased", None)):
                    staying = STAYING.get(model._name, set()) | {"dunning_limitation_text"}
                    self.assertIn(field.name, staying, model._name)

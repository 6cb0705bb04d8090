"""A placeholder in a wrong form is refused where it is written, and never sent raw."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..common.base import MONDAY
from ..common.deliver import DeliverCommon

BODIES = (
    "<p>You owe {{ object.amount_text }}.</p>",
    "<p>You owe ${object.amount_text}.</p>",
    "<p>late for {days} days</p>",
    '<p>You owe <t t-out="object.amount"/>.</p>',
    "<p>&lt;t t-out='object.amount_text'/&gt;</p>",
)
SUBJECTS = ("Unpaid: ${object.amount_text}", "Unpaid: {amount_text}", "Unpaid: {{ amount_text }}")


@tagged("post_install", "-at_install")
class TestPlaceholders(DeliverCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.text = cls.level_1.template_id

    def refused(self, record, **values):
        with self.assertRaisesRegex(ValidationError, "as it stands|tel quel"), self.env.cr.savepoint():
            record.write(values)

    def test_a_template_refuses_them(self):
        for body in BODIES:
            self.refused(self.text, body_html=body)
            self.refused(self.text.with_context(lang="fr_FR"), body_html=body)
        for subject in SUBJECTS:
            self.refused(self.text, subject=subject)
        self.text.write({"subject": "{{ object.amount_text }}", "body_html": '<p><t t-out="object.amount_text"/></p>'})

    def test_so_does_the_dialog_of_translations(self):
        self.text.subject = "Unpaid: {{ object.amount_text }}"
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.text.update_field_translations("subject", {"fr_FR": "Impayé : ${object.amount_text}"})
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.level_1.update_field_translations("call_script", {"fr_FR": "Bonjour {nom}"})

    def test_so_does_an_import(self):
        model = self.env["ir.model"]._get_id("dunning.reminder")
        result = self.env["mail.template"].load(
            ["name", "model_id/.id", "subject"], [["Imported", str(model), "Unpaid: ${object.amount_text}"]]
        )
        self.assertFalse(result["ids"])
        self.assertIn("as it stands", str(result["messages"]))

    def test_templates_of_others_are_left_alone(self):
        template = self.env["mail.template"].create({
            "name": "Contact", "model_id": self.env["ir.model"]._get_id("res.partner"), "subject": "{name}",
        })  # fmt: skip
        self.assertEqual(template.subject, "{name}")

    def test_what_is_texted_or_said(self):
        self.refused(self.level_1, sms_body="Call us, {customer_name}")
        self.refused(self.level_1, sms_body="${object.company_name}: call us")
        self.level_1.sms_body = "{{ object.company_name }}: call us"
        script = "Hello {nobody}, you owe {amount_text}"
        known = r"\{nobody\} would be read.*\{days_text\}"
        with self.assertRaisesRegex(ValidationError, known), self.env.cr.savepoint():
            self.level_1.call_script = script
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.level_1.call_script = "Hello {{ object.customer_name }}"
        self.level_1.call_script = "Hello {customer_name}, {days_text} late: {despite_text}"

    def test_standard_scripts_hold_what_is_known(self):
        for lang in ("en_US", "fr_FR"):
            for level in self.plan.level_ids.with_context(lang=lang):
                names = self.env["dunning.reminder"]
                level.call_script = level._standard_call_script()
                self.assertFalse(level._script_placeholder_problem(), names)

    def test_own_words(self):
        customer = self.reminder_for()
        self.prepare()
        reminder = self.reminders(customer).sudo()
        for values in (
            {"own_subject": "{{ object.amount_text }} to pay"}, {"own_text": "<p>You owe ${amount}</p>"},
            {"own_short_text": "You owe {amount_text}"}, {"own_script": "Hello {customer_name}"},
        ):  # fmt: skip
            self.refused(reminder, **values)
        reminder.own_text = "<p>You owe 1,000 euros { or so }.</p>"

    def test_what_came_by_another_way_is_told_and_not_sent(self):
        """A restored database, SQL, the file of a translation."""
        customer = self.reminder_for()
        self.prepare()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_template SET body_html = jsonb_build_object('en_US', %s::text) WHERE id = %s",
            ["<p>You owe ${object.amount_text}.</p>", self.text.id],
        )
        self.env.invalidate_all()
        self.assertIn("${object.amount_text}", self.level_1.text_warning)
        with self.smtp() as smtp:
            self.send()
            self.assertFalse(smtp.messages)
        reminder = self.reminders(customer)
        self.assertEqual(reminder.state, "failed")
        self.assertIn("${object.amount_text} would reach", reminder.delivery_ids.reason)

    def test_default_texts_have_nothing_wrong(self):
        levels = self.env["dunning.level"].search([("plan_id.company_id", "=", False)])
        self.assertTrue(levels)
        for level in levels:
            self.assertFalse(level.text_warning, level.display_name)

    def test_rights_come_first(self):
        manager = new_test_user(self.env, "manager", "account.group_account_manager")
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.text.with_user(manager).body_html = '<t t-out="object.env.cr.dbname"/>'

    def test_an_answer_to_a_dispute(self):
        invoice = self.invoice(MONDAY, 100)
        dispute = self.env["dunning.dispute"].create({
            "account_id": self.account().id,
            "reason_id": self.env["dunning.dispute.reason"].search([], limit=1).id,
            "line_ids": [Command.create({"move_line_id": self.item(invoice).id, "whole": True})],
        })  # fmt: skip
        wizard = self.env["dunning.dispute.resolve"].create({"dispute_id": dispute.id, "decision": "rejected"})
        wizard.body = "<p>You owe {{ object.amount_text }}</p>"
        wizard.send = True
        with self.assertRaisesRegex(UserError, "as it stands"):
            wizard._told()

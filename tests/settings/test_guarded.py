"""What people may write of our records, in one list; the rest is the system's."""

from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.relance_progressive.relance_progressive.settings.guarded import THREAD

from ..common.base import MONDAY
from ..common.security import SecurityCommon

OPEN = ("open",)
LIMITATION = {
    "dunning_limitation_kind": True, "dunning_limitation_months": True, "dunning_limitation_text": True,
}  # fmt: skip
# {model: {field: when people write it}}, besides what people do with any thread: a new field has to be put here.
WRITTEN = {
    "dunning.account": {
        "user_id": True, "protected": True, "protected_stage": True, "reach_email": True, "reach_phone": True,
        "reach_street": True, "reach_zip": True, "reach_city": True, **LIMITATION,
    },
    "dunning.reminder": {},
    "dunning.promise": {"words": "once", "accepted_on": "once", "acceptance_ids": "once"},
    "dunning.pause": {
        "scope": "create", "company_id": "create", "account_id": "create", "line_ids": "create", "date_from": "create",
        "only_items": True, "kind": True, "reason": True, "until": True,
    },
    "dunning.dispute": {
        "account_id": "create", "contact_id": True, "reason_id": OPEN, "statement": "once", "attachment_ids": True,
        "line_ids": OPEN, "user_id": OPEN, "target_date": OPEN,
    },
    "dunning.dispute.line": {"dispute_id": "create", "move_line_id": True, "whole": True, "amount": True},
    "dunning.interruption": {
        "account_id": "create", "item_ids": "create", "kind": "create", "day": "create", "until": True, "void": True,
        "words": True, "attachment_ids": True,
    },
    "dunning.takeover": {"company_id": ("draft",), "date": ("draft",), "firmest": ("draft",), "daily_cap": ("draft",)},
}  # fmt: skip
# What managers set up: all of it but what is read only.
SETTINGS = {
    "dunning.plan", "dunning.level", "dunning.level.channel", "dunning.notice.text", "dunning.dispute.reason",
    "dunning.interest.rate",
}  # fmt: skip
# Fields of the add-on on Odoo's records that the system writes.
OF_THE_SYSTEM = {
    "account.move": {"dunning_known_on", "dunning_has_it"},
    "account.move.line": {
        "dunning_level_id", "dunning_date", "dunning_due", "dunning_stage", "dunning_stage_due", "dunning_known_on",
        "dunning_origin_id",
    },
    "payment.transaction": {"dunning_items", "dunning_given_up", "dunning_excess"},
    "snailmail.letter": {"dunning_content", "dunning_claim", "dunning_attempts", "dunning_begun"},
}  # fmt: skip
SAMPLES = {
    "char": "x", "text": "x", "html": "<p>x</p>", "integer": 7, "float": 7.0, "monetary": 7.0, "boolean": True,
    "date": "2020-01-01", "datetime": "2020-01-01 00:00:00", "json": {}, "many2one": 1, "many2one_reference": 1,
}  # fmt: skip


def sample(field, env):
    """Return a value of the type of a field."""
    if field.type == "selection":
        return field.get_values(env)[0]
    return SAMPLES.get(field.type, [Command.clear()])


@tagged("post_install", "-at_install")
class TestGuarded(SecurityCommon):
    """A manager, who may write most, and the records of a story."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sold = cls.invoice(MONDAY - timedelta(days=5))
        cls.owed = cls.sold.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        cls.own = cls.mine["dunning.account"]
        env = cls.env
        promise = env["dunning.promise"].sudo()._record(
            cls.own, [(cls.company._dunning_today() + timedelta(days=3), 10.0)], cls.owed, words="On Friday"
        )
        dispute = env["dunning.dispute"].sudo().create({
            "account_id": cls.own.id, "reason_id": env["dunning.dispute.reason"].search([], limit=1).id,
            "statement": "Broken", "line_ids": [Command.create({"move_line_id": cls.owed.id, "amount": 10.0})],
        })  # fmt: skip
        pause = env["dunning.pause"].sudo().create({
            "account_id": cls.own.id, "reason": "Agreed", "until": cls.company._dunning_today() + timedelta(days=9),
        })  # fmt: skip
        interruption = env["dunning.interruption"].sudo().create({
            "account_id": cls.own.id, "item_ids": cls.owed.ids, "kind": env["dunning.interruption"]._fields[
                "kind"].get_values(env)[0], "day": MONDAY, "words": "Letter",
        })  # fmt: skip
        takeover = env["dunning.takeover"].sudo().create({"company_id": cls.company.id})
        made = (promise, dispute, dispute.line_ids, pause, interruption, takeover)
        cls.records = {record._name: record for record in (*made, cls.mine["dunning.reminder"], cls.own)}

    def models_people_write(self):
        """Return the persistent models of ours that somebody may write or make records of."""
        rights = self.env["ir.model.access"].sudo().search([("model_id.model", "=like", "dunning.%")])
        names = {right.model_id.model for right in rights if right.perm_write or right.perm_create}
        return {name for name in names if not self.registry[name]._transient}

    def test_nobody_has_a_default_for_what_the_system_writes(self):
        """Odoo lets everybody keep defaults of his own: they would hold for what a button makes as well."""
        for person in (self.user, self.employee, self.manager):
            defaults = self.env["ir.default"].with_user(person)
            for model, name, value in (
                ("dunning.dispute", "answer", "<p>Told</p>"), ("dunning.pause", "ended_on", "2026-01-01"),
                ("dunning.promise", "accelerates", True), ("dunning.reminder", "own_text", "<p>Mine</p>"),
                ("dunning.decision", "reason", "x"), ("dunning.portal.answer", "problem", "x"),
                ("account.move.line", "dunning_known_on", "2030-01-01"),
            ):
                with self.subTest(person=person.login, field=f"{model}.{name}"):
                    with self.assertRaises(UserError), self.env.cr.savepoint():
                        defaults.set(model, name, value, user_id=True)
        self.env["ir.default"].with_user(self.user).set("dunning.pause", "reason", "As agreed", user_id=True)
        self.env["ir.default"].with_user(self.user).set("res.partner", "dunning_status", "consumer", user_id=True)

    def test_every_model_that_people_write_is_on_the_list(self):
        self.assertEqual(self.models_people_write(), WRITTEN.keys() | SETTINGS)

    def test_every_field_that_people_write_is_on_the_list(self):
        for model, expected in WRITTEN.items():
            found = {
                name: when for name, when in self.env[model]._people_fields().items()
                if name not in THREAD and not name.startswith("activity_")
            }  # fmt: skip
            self.assertEqual(found, expected, model)
        self.assertEqual({name for name in SETTINGS if self.env[name]._people_settings}, SETTINGS)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_the_rest_is_refused(self):
        for model, record in self.records.items():
            own = self.as_(self.manager, record)
            for name, field in record._fields.items():
                if WRITTEN[model].get(name) in (None, "create") and name not in THREAD and not name.startswith(
                    "activity_"
                ):  # fmt: skip
                    with self.subTest(model=model, field=name), self.assertRaises(UserError), self.env.cr.savepoint():
                        own.write({name: sample(field, self.env)})

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_nor_given_to_a_new_one(self):
        for model, record in self.records.items():
            own = self.as_(self.manager, self.env[model])
            for name, field in record._fields.items():
                if name not in WRITTEN[model] and name not in THREAD and not name.startswith("activity_"):
                    with self.subTest(model=model, field=name), self.assertRaises(UserError), self.env.cr.savepoint():
                        own.create({name: sample(field, self.env)})

    def test_nor_by_the_context(self):
        pauses = self.as_(self.manager, self.env["dunning.pause"]).with_context(
            default_ended_on="2020-01-01", default_in_odoo=True, default_reason="Agreed"
        )
        pause = pauses.create({"account_id": self.own.id, "until": self.company._dunning_today()})
        self.assertEqual((pause.ended_on, pause.in_odoo, pause.reason), (False, False, "Agreed"))

    def test_what_is_given_once(self):
        promise = self.as_(self.manager, self.records["dunning.promise"])
        promise.accepted_on = MONDAY
        for values in ({"accepted_on": "2020-01-01"}, {"words": "Never"}):
            with self.assertRaisesRegex(UserError, "as it was said"), self.env.cr.savepoint():
                promise.write(values)
        dispute = self.as_(self.manager, self.records["dunning.dispute"])
        with self.assertRaisesRegex(UserError, "nobody types “What the Customer Says”"), self.env.cr.savepoint():
            dispute.statement = "Nothing"

    def test_by_state(self):
        dispute = self.as_(self.manager, self.records["dunning.dispute"])
        dispute.user_id = self.manager
        dispute.action_withdraw()
        with self.assertRaisesRegex(UserError, "nobody types “Owner”"), self.env.cr.savepoint():
            dispute.user_id = self.user

    def test_a_proof_is_completed_only(self):
        event = self.as_(self.manager, self.records["dunning.interruption"])
        event.attachment_ids = [Command.create({"name": "letter.pdf", "raw": b"signed"})]
        event.attachment_ids = [Command.create({"name": "answer.pdf", "raw": b"read"})]
        file = event.attachment_ids[:1]
        for command in (Command.unlink(file.id), Command.delete(file.id), Command.clear(), Command.set([])):
            with self.assertRaisesRegex(UserError, "proof"), self.env.cr.savepoint():
                event.attachment_ids = [command]
        self.assertEqual(len(event.attachment_ids), 2)

    def test_what_the_add_on_puts_on_odoo_s_records(self):
        clerk = self.as_(self.user, self.sold)
        found = {
            model: {
                name for name, field in self.env[model]._fields.items()
                if name.startswith("dunning_") and field.store and field.readonly and field.column_type
            } - {"dunning_is_penalty"}  # that one has rules of its own
            for model in self.env.registry
            if not model.startswith("dunning.") and self.env[model]._auto and not self.env[model]._transient
            and model != "res.company"  # which administrators write only
        }  # fmt: skip
        self.assertEqual({model: names for model, names in found.items() if names}, OF_THE_SYSTEM)
        for model, names in OF_THE_SYSTEM.items():
            own = {"account.move": clerk, "account.move.line": clerk.line_ids[:1]}.get(model, clerk.env[model])
            for name in names:
                value = sample(own._fields[name], self.env)
                with self.subTest(model=model, field=name):
                    with self.assertRaisesRegex(UserError, "Nobody types"), self.env.cr.savepoint():
                        own.write({name: value})
                    with self.assertRaisesRegex(UserError, "Nobody types"), self.env.cr.savepoint():
                        own.create({name: value})
                    with self.assertRaisesRegex(UserError, "Nobody types"), self.env.cr.savepoint():
                        own.with_context(**{f"default_{name}": value}).create({})
        clerk.narration = "A note"

    def test_a_copy_has_nothing_of_it(self):
        """What happened to an invoice happened to no copy of it, nor to its credit note."""
        for model in OF_THE_SYSTEM:
            for name, field in self.env[model]._fields.items():
                if name.startswith("dunning_") and field.store and field.readonly:
                    self.assertFalse(field.copy, field)
        self.assertTrue(self.as_(self.user, self.sold).copy())

    def test_what_has_a_history_is_not_deleted(self):
        for record in (self.own, self.records["dunning.dispute"].reason_id):
            with self.subTest(record._name), self.assertRaisesRegex(UserError, "history"), self.env.cr.savepoint():
                record.sudo().unlink()

    def test_all_that_is_kept_says_so(self):
        """What another record of ours refers to, and does not let go, is guarded: it says so in words."""
        for name, model in self.registry.items():
            for field in model._fields.values() if name.startswith("dunning.") and not model._abstract else ():
                if field.type == "many2one" and field.store and field.ondelete == "restrict" and not field.related:
                    if field.comodel_name.startswith("dunning."):
                        self.assertTrue(
                            issubclass(self.registry[field.comodel_name], self.registry["dunning.guarded"]), field
                        )

    @mute_logger("odoo.sql_db")
    def test_what_the_database_refuses_is_told_in_words(self):
        promise = self.records["dunning.promise"]
        promise.sudo().recorded_by_id = self.user
        with self.assertRaises(IntegrityError) as refused, self.env.cr.savepoint():
            self.user.sudo().unlink()
        words = self.env["dunning.promise"]._sql_error_to_message(refused.exception)
        self.assertRegex(words, "history of reminders.*Promise|Another model is using")

    def test_buttons_write_what_people_do_not(self):
        account = self.account(self.make_customer("Somebody else"))
        reminder = self.as_(self.user, self.env["dunning.reminder"].sudo().create({
            "account_id": account.id, "level_id": self.level_1.id, "date": MONDAY,
        }))  # fmt: skip
        reminder.action_approve()
        self.assertEqual(reminder.state, "ready")
        self.env["dunning.reminder.words"].with_user(self.user).create(
            {"reminder_id": reminder.id, "subject": "Own words"}
        )._keep({"own_subject": "Own words"})
        self.assertEqual(reminder.own_subject, "Own words")
        reminder.action_cancel()
        self.assertIn(self.user.name, reminder.reason)

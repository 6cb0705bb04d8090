"""Nothing is opened on what is closed to a person: no dialog, no form that is never saved, no record."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .world import RightsCommon

CLOSED = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
OURS = "dunning.pointing"
ODOO_S = ("create_uid", "write_uid", "message_partner_ids")


@tagged("post_install", "-at_install")
class TestDialogs(RightsCommon):
    def models(self, operation):
        """Return the models of ours on which a manager has a right."""
        models = [self.env[name] for name in sorted(self.env.registry) if name.startswith("dunning.")]
        models = [model for model in models if not model._abstract]
        return [model for model in models if model.with_user(self.manager).has_access(operation)]

    def pointers(self, operation):
        """Yield ``(model, field, record of the other company)`` of all that a manager may make point at something."""
        for model in self.models(operation):
            for field in model._fields.values():
                record = self.theirs.get(field.comodel_name)
                if record and field.relational and field.name not in ODOO_S:
                    yield model, field, record

    def as_value(self, field, record):
        return record.id if field.type == "many2one" else [Command.link(record.id)]

    def as_manager(self, record):
        """Return a record as a manager of the first company sees it, when nobody has read anything before."""
        self.env.flush_all()
        self.env.invalidate_all()
        return self.as_(self.manager, record)

    def spec(self, model):
        return {name: {} for name, field in model._fields.items() if not field.groups}

    def test_every_model_that_people_fill_looks_at_what_it_points_at(self):
        with_rights = self.env["ir.model.access"].search([
            ("model_id.model", "=like", "dunning.%"), "|", ("perm_create", "=", True), ("perm_write", "=", True)
        ])  # fmt: skip
        for name in set(with_rights.model_id.mapped("model")):
            self.assertIn(OURS, self.registry[name]._inherit_module, name)

    def test_every_dialog_is_one_s_own(self):
        """Odoo lets everybody who may open a dialog read those of all others."""
        for name in self.env.registry:
            model = self.env[name]
            if name.startswith("dunning.") and model._transient and not model._abstract:
                domain = self.env["ir.rule"].with_user(self.manager)._compute_domain(name, "read")
                self.assertIn(("create_uid", "in", [self.manager.id]), list(domain), name)

    @mute_logger(*CLOSED)
    def test_no_form_shows_another_company(self):
        tried = 0
        for model, field, record in self.pointers("create"):
            tried += 1
            value = self.as_value(field, record)
            with self.subTest(model=model._name, field=field.name), self.assertRaises(AccessError):
                self.as_manager(model).onchange({field.name: value}, [field.name], self.spec(model))
        self.assertGreater(tried, 60)

    @mute_logger(*CLOSED)
    def test_nor_by_a_default(self):
        for model, field, record in self.pointers("create"):
            given = {f"default_{field.name}": self.as_value(field, record)}
            with self.subTest(model=model._name, field=field.name), self.assertRaises(AccessError):
                self.as_manager(model).with_context(**given).onchange({}, [], self.spec(model))

    @mute_logger(*CLOSED)
    def test_nor_by_creating_it(self):
        for model, field, record in self.pointers("create"):
            values = {field.name: self.as_value(field, record)}
            with self.subTest(model=model._name, field=field.name), self.env.cr.savepoint():
                with self.assertRaises(UserError):  # an AccessError, or that such a field is typed by nobody
                    self.as_manager(model).create(values)

    @mute_logger(*CLOSED)
    def test_nor_from_what_is_one_s_own(self):
        tried = 0
        for model, field, record in self.pointers("write"):
            mine = self.mine.get(model._name)
            if mine:
                tried += 1
                value = {field.name: self.as_value(field, record)}
                with self.subTest(model=model._name, field=field.name), self.assertRaises(AccessError):
                    self.as_manager(mine).onchange(value, [field.name], self.spec(model))
        self.assertGreater(tried, 30)

    @mute_logger(*CLOSED)
    def test_nor_hidden_in_a_line_or_around_it(self):
        account, dispute = self.theirs["dunning.account"], self.theirs["dunning.dispute"]
        item = self.theirs["account.move.line"]
        lines = self.env["dunning.dispute.line"]
        for value in (
            {"move_line_id": item.id}, {"move_line_id": str(item.id)}, {"move_line_id": [item.id, "x"]},
            {"dispute_id": {"id": dispute.id}}, {"dispute_id": {"account_id": account.id}},
        ):  # fmt: skip
            (name,) = value
            with self.subTest(value), self.assertRaises(AccessError):
                self.as_manager(lines).onchange(value, [name], self.spec(lines))
        disputes = self.env["dunning.dispute"]
        for command in ([0, "virtual_1", {"move_line_id": item.id}], [4, float(item.id)], [6, 0, [str(item.id)]]):
            target = "line_ids" if command[0] == 0 else "attachment_ids"
            if target == "attachment_ids":
                command = [command[0], *([0] if command[0] == 6 else [])]
                closed = self.theirs["ir.attachment"].id
                command.append([str(closed)] if command[0] == 6 else float(closed))
            with self.subTest(command), self.assertRaises(AccessError):
                self.as_manager(disputes).onchange({target: [command]}, [target], self.spec(disputes))

    @mute_logger(*CLOSED)
    def test_a_dialog_of_a_colleague_is_closed(self):
        reminder = self.mine["dunning.reminder"]
        words = self.as_manager(self.env["dunning.reminder.words"]).create({"reminder_id": reminder.id})
        with self.assertRaises(AccessError):
            words.with_user(self.user).read(["body"])
        with self.assertRaises(AccessError):
            words.with_user(self.stranger).with_context(allowed_company_ids=self.other.ids).action_standard()

    def test_an_answer_is_about_its_own_dispute(self):
        invoice = self.invoice_of(self.company)
        other = self.env["dunning.dispute"].create({
            "account_id": self.mine["dunning.account"].id, "reason_id": self.mine["dunning.dispute.reason"].id,
            "line_ids": [Command.create({"move_line_id": self.item_of(invoice).id, "whole": True})],
        })  # fmt: skip
        answer = self.as_manager(self.env["dunning.dispute.resolve"]).create({
            "dispute_id": self.mine["dunning.dispute"].id, "decision": "partly", "send": False,
            "line_ids": [Command.clear(), Command.create({"line_id": other.line_ids.id, "amount": 7})],
        })  # fmt: skip
        with self.assertRaisesRegex(UserError, "Nothing is accepted"):
            answer.action_save()
        self.assertFalse(other.line_ids.amount_accepted)

    def test_what_is_one_s_own_opens(self):
        """Whoever only reminds is no accountant, and yet says which invoice is contested or promised."""
        account, item = self.mine["dunning.account"], self.mine["account.move.line"]
        contested = {"account_id": account.id, "line_ids": [[0, "virtual_1", {"move_line_id": item.id}]]}
        for person in (self.manager, self.user, self.reminding):
            for model, values in (
                ("dunning.dispute", contested),
                ("dunning.dispute.resolve", {"dispute_id": self.mine["dunning.dispute"].id}),
                ("dunning.reminder.words", {"reminder_id": self.mine["dunning.reminder"].id}),
            ):  # fmt: skip
                with self.subTest(person=person.login, model=model):
                    self.env.invalidate_all()
                    form = self.as_(person, self.env[model])
                    self.assertTrue(form.onchange(values, list(values), self.spec(form))["value"])

    @mute_logger(*CLOSED)
    def test_but_no_other_journal_item(self):
        income = self.mine["account.move"].line_ids - self.mine["account.move.line"]
        lines = self.env["dunning.dispute.line"]
        with self.assertRaises(AccessError):
            self.as_(self.reminding, lines).onchange({"move_line_id": income.id}, ["move_line_id"], self.spec(lines))


@tagged("post_install", "-at_install")
class TestDialogsOfOdoo(RightsCommon):
    """What Odoo's own forms show of whatever is typed: any employee opens them, on records of any company."""

    def ask(self, person, model, values, name):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.as_(person, self.env[model]).onchange(values, [], {name: {}})

    @mute_logger(*CLOSED)
    def test_no_form_names_what_is_closed(self):
        secret = self.theirs["dunning.account"]
        message = self.theirs["dunning.reminder"].sudo()._message_log(body="As it left", subject="MISE EN DEMEURE")
        letter = self.env["ir.attachment"].sudo().create({
            "name": "letter.pdf", "raw": b"%PDF-1.4 key", "res_model": "dunning.delivery",
            "res_id": self.theirs["dunning.delivery"].id,
        })  # fmt: skip
        shown = (
            ("mail.activity", {"res_model": secret._name, "res_id": secret.id}, "res_name"),
            ("mail.activity", {"res_model_id": self.env["ir.model"]._get_id(secret._name), "res_id": secret.id},
             "res_name"),
            ("mail.message", {"model": secret._name, "res_id": secret.id}, "record_name"),
            ("mail.compose.message", {"parent_id": message.id}, "subject"),
            ("snailmail.letter", {"attachment_id": letter.id}, "attachment_datas"),
            ("snailmail.letter", {"attachment_id": {"id": letter.id}}, "attachment_fname"),
        )  # fmt: skip
        for person in (self.employee, self.manager):
            for model, values, name in shown:
                with self.subTest(person=person.login, model=model, name=name), self.assertRaises(AccessError):
                    self.ask(person, model, values, name)
                defaults = {f"default_{key}": value for key, value in values.items() if not isinstance(value, dict)}
                if defaults:
                    spec = {field: {} for field in (name, *values)}
                    with self.subTest(person=person.login, model=model, how="context"), self.assertRaises(AccessError):
                        self.as_(person, self.env[model]).with_context(**defaults).onchange({}, [], spec)
            with self.subTest(person=person.login, how="made"), self.assertRaises(AccessError):
                self.as_(person, self.env["mail.compose.message"]).create({"parent_id": message.id})

    @mute_logger(*CLOSED)
    def test_nobody_moves_a_task_to_what_is_closed(self):
        secret = self.theirs["dunning.account"]
        for person in (self.employee, self.manager):
            task = self.as_(person, self.env["mail.activity"]).create({"user_id": person.id, "summary": "Mine"})
            with self.assertRaises(AccessError):
                task.write({"res_model_id": self.env["ir.model"]._get_id(secret._name), "res_id": secret.id})
            task.summary = "Still mine"

    def test_what_is_open_is_shown(self):
        own = self.mine["dunning.account"]
        values = {"res_model": own._name, "res_id": own.id}
        named = self.ask(self.user, "mail.activity", values, "res_name")["value"]["res_name"]
        self.assertEqual(named, own.sudo().display_name)

    @mute_logger(*CLOSED)
    def test_no_other_form_tells_anything(self):
        """Every model of Odoo that is said to be under a record of ours, opened on one that is closed."""
        secret = self.theirs["dunning.reminder"].sudo()
        secret.partner_id.sudo().write({"phone": "+33 6 99 88 77 66", "email": "closed@closed.example"})
        told = (secret.display_name, secret.account_id.display_name, "99 88 77 66", "+33699887766", "closed@closed")
        under = {
            "model": secret._name, "res_model": secret._name,
            "res_model_id": self.env["ir.model"]._get_id(secret._name),
            "res_id": secret.id, "res_ids": str(secret.ids),
        }  # fmt: skip
        tried = {
            name: {key: value for key, value in under.items() if key in model._fields}
            for name in self.env.registry
            if not name.startswith("dunning.") and not (model := self.as_(self.manager, self.env[name]))._abstract
            if len(under.keys() & model._fields.keys()) > 1 and model.has_access("create")
        }  # fmt: skip
        self.assertGreaterEqual(tried.keys(), {"mail.activity", "mail.compose.message", "mail.message", "sms.composer"})
        for name, values in tried.items():
            for field in self.env[name]._fields:
                with self.subTest(model=name, field=field):
                    shown = self.shown(name, values, field)
                    self.assertFalse([words for words in told if words in shown])

    def shown(self, name, values, field):
        """Return what a form tells of a field: nothing where it is refused, or where Odoo itself stumbles."""
        spec = {field: {}, **{key: {} for key in values}}
        self.env.flush_all()
        self.env.invalidate_all()
        try:
            with self.env.cr.savepoint():
                return repr(self.as_(self.manager, self.env[name]).onchange(dict(values), [], spec))
        except (AccessError, UserError, LookupError, ValueError):
            return ""

    @mute_logger(*CLOSED)
    def test_nor_does_what_is_filled_in(self):
        """Where a person's own default gives a part of the place, or two parts of it contradict each other."""
        secret = self.theirs["dunning.account"]
        of_partners = self.env["ir.model"]._get_id("res.partner")
        activities = self.as_(self.manager, self.env["mail.activity"])
        both = {"res_model": secret._name, "res_model_id": of_partners, "res_id": secret.id}
        with self.assertRaises(AccessError):
            activities.create(both)
        with self.assertRaises(AccessError):
            activities.onchange(both, [], {"res_name": {}})
        with self.assertRaises(AccessError):
            activities.with_context(default_res_model=secret._name).create({"res_id": secret.id})
        self.as_(self.manager, self.env["ir.default"]).set("mail.activity", "res_id", secret.id, user_id=True)
        with self.assertRaises(AccessError):
            activities.create({"res_model_id": self.env["ir.model"]._get_id(secret._name)})

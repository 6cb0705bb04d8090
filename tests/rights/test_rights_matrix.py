"""Every model of ours, each kind of person, reading, writing, creating, deleting: as the table says, and no more."""

from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.convert import convert_file

from .models import ADMIN, expected
from .world import RightsCommon

OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
KIND = {  # which columns of the table are a person's; the others have no right at all
    "employee": ("employee",), "auditor": ("auditor",), "user": ("user",), "bookkeeper": ("auditor", "user"),
    "reminding": ("user",), "manager": ("manager",), "chief": ("manager",), "admin": ("employee",),
    "stranger": ("manager",),
}
TO_ANSWER = {"dunning.dispute", "dunning.dispute.line"}  # an employee reads those that he has to answer


@tagged("post_install", "-at_install")
class TestMatrix(RightsCommon):
    def wanted(self, model, name):
        """Return the letters of a person in the table, those of all his columns."""
        rights = expected()[model]
        letters = {letter for column in KIND.get(name, ()) for letter in rights[column]}
        if name == "admin":
            letters.update(ADMIN.get(model, ""))
        return "".join(letter if letter in letters else "-" for letter in OPERATIONS)

    def letters(self, person, record):
        own = self.as_(person, record)
        return "".join(letter if own.has_access(name) else "-" for letter, name in OPERATIONS.items())

    def test_the_table_names_every_model(self):
        models = [self.env[name] for name in self.env.registry if name.startswith("dunning.")]
        self.assertEqual(sorted(expected()), sorted(model._name for model in models if not model._abstract))

    def test_every_person_has_the_rights_of_the_table_and_no_more(self):
        for model in expected():
            for name, person in self.people.items():
                with self.subTest(model=model, person=name):
                    self.assertEqual(self.letters(person, self.env[model]), self.wanted(model, name))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_on_the_records_of_his_own_company(self):
        """The same, record by record: no rule closes what a person works with."""
        for model in expected():
            for name, person in self.people.items():
                if model in self.mine and name != "stranger":
                    wanted = self.wanted(model, name)
                    if KIND.get(name) == ("employee",) and model in TO_ANSWER:
                        wanted = "----"
                    with self.subTest(model=model, person=name):
                        self.assertEqual(self.letters(person, self.mine[model]), wanted)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_nobody_has_any_right_in_another_company(self):
        for model in expected():
            for name, person in self.people.items():
                record = (self.mine if name == "stranger" else self.theirs).get(model)
                if record:
                    with self.subTest(model=model, person=name):
                        self.assertEqual(self.letters(person, record), "----")

    def test_there_is_a_record_of_every_model_that_is_no_dialog(self):
        models = {name for name in expected() if not self.env[name]._transient}
        # A view of Odoo's own records, and what came with the add-on: of no company.
        self.assertEqual(models - self.theirs.keys(), {"dunning.money", "dunning.shipped"})

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_an_employee_reads_the_disputes_that_he_answers(self):
        dispute = self.mine["dunning.dispute"]
        dispute.sudo().user_id = self.employee
        for record in (dispute, self.mine["dunning.dispute.line"]):
            self.assertEqual(self.letters(self.employee, record), "r---")


@tagged("post_install", "-at_install")
class TestWhoReminds(RightsCommon):
    """Whether whoever invoices also reminds is a choice of the settings, that is made once."""

    def choose(self, choice):
        self.env["res.config.settings"].create({"group_dunning_user": choice}).execute()

    def test_whoever_invoices_reminds_unless_the_settings_say_no(self):
        group = "relance_progressive.dunning_group_user"
        self.assertTrue(self.env["res.config.settings"].create({}).group_dunning_user, "by default")
        self.choose(False)
        self.assertFalse(self.user.has_group(group))
        self.assertEqual(self.letters_of(self.user), "----")
        self.assertTrue(self.reminding.has_group(group) and self.manager.has_group(group), "these keep it")
        self.choose(True)
        self.assertTrue(self.user.has_group(group))

    def test_who_may_not_remind_is_not_offered_to_invoice_penalties(self):
        """It would be refused: the accounts are not theirs to read."""
        self.choose(False)
        for person, offered in ((self.user, False), (self.manager, True)):
            found = self.env["ir.actions.actions"].with_user(person).get_bindings("account.move")
            names = [action["name"] for action in found.get("action", ())]
            self.assertEqual("Invoice Penalties" in names, offered, person.login)

    def letters_of(self, person):
        reminders = self.as_(person, self.env["dunning.reminder"])
        return "".join(letter if reminders.has_access(name) else "-" for letter, name in OPERATIONS.items())

    def test_an_update_does_not_choose_again(self):
        self.choose(False)
        path = "relance_progressive/security/dunning_groups.xml"
        convert_file(self.env, "relance_progressive", path, {}, mode="update", noupdate=False)
        self.assertFalse(self.user.has_group("relance_progressive.dunning_group_user"))

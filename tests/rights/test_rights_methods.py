"""Every method that RPC lets anybody call: who gets in, and that nothing happens to the others' data.

A method that is new, or public by mistake, is not in the table: it fails until somebody has said who may call it.
"""

import re
from contextlib import contextmanager, suppress

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.sql_db import Cursor
from odoo.tests import tagged
from odoo.tools import mute_logger

from .methods import call, listed, public_methods
from .world import RightsCommon

LOGS = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.sql_db", "odoo.http")
OUTSIDERS = ("visitor", "portal", "employee")
WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)')


@tagged("post_install", "-at_install")
class TestMethods(RightsCommon):
    def setUp(self):
        super().setUp()
        self.written = written = []
        execute = Cursor.execute

        def watched(cursor, query, *args, **kwargs):
            if found := WRITES.match(getattr(query, "code", query)):
                written.append(found[1])
            return execute(cursor, query, *args, **kwargs)

        self.patch(Cursor, "execute", watched)

    @contextmanager
    def undone(self):
        """Undo whatever is done, after it is written to the database."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.written.clear()
        savepoint = self.env.cr.savepoint()
        try:
            yield
            self.env.flush_all()
        finally:
            savepoint.rollback()
            savepoint.close(rollback=True)

    def dialogs(self):
        """Return the tables of dialogs: one's own may be opened on nothing."""
        models = [self.env[name] for name in self.env.registry if name.startswith("dunning.")]
        return {model._table for model in models if model._transient} | {"dunning_forecast_res_partner_rel"}

    def record(self, model):
        return self.mine.get(model) or self.env[model].browse(987654321)

    def assert_refused(self, name, model, method):
        with self.subTest(person=name, model=model, method=method):
            with self.undone(), self.assertRaises(AccessError):
                call(self.as_(self.people[name], self.record(model)), method)
            self.assertFalse(self.written)

    def test_the_table_names_every_public_method_and_no_other(self):
        there = {f"{model}.{method}" for model, method in public_methods(self.env) if not self.env[model]._abstract}
        known = {f"{model}.{method}" for model, method, _who, _company in listed()}
        self.assertFalse(sorted(there - known), "say who may call these, or make them private")
        self.assertFalse(sorted(known - there), "these are no public methods any more")

    def test_what_has_no_records_is_closed(self):
        """An engine, a channel or a provider works as superuser, and from inside."""
        for model, method in public_methods(self.env):
            if self.env[model]._abstract and model.startswith("dunning.") and model not in MIXINS:
                self.fail(f"{model}.{method} is called by anybody")

    @mute_logger(*LOGS)
    def test_outsiders_get_in_nowhere(self):
        for model, method, who, _company in listed():
            if who != "anybody":
                for name in OUTSIDERS:
                    if (name, model, method) not in HARMLESS:
                        self.assert_refused(name, model, method)

    @mute_logger(*LOGS)
    def test_nobody_acts_on_another_company(self):
        for model, method, who, company in listed():
            if who not in ("anybody", "admin") and not company and model in self.mine:
                self.assert_refused("stranger", model, method)

    @mute_logger(*LOGS)
    def test_whoever_only_reads_changes_nothing(self):
        for model, method, who, _company in listed():
            if who in ("user", "manager", "admin"):
                self.assert_refused("auditor", model, method)

    @mute_logger(*LOGS)
    def test_what_is_a_manager_s(self):
        for model, method, who, _company in listed():
            if who in ("manager", "admin"):
                self.assert_refused("reminding", model, method)
                if who == "admin":
                    self.assert_refused("chief", model, method)

    @mute_logger(*LOGS)
    def test_a_window_writes_nothing(self):
        for model, method, who, _company in listed():
            if who == "anybody" and model.startswith("dunning."):
                for name in (*OUTSIDERS, "stranger"):
                    with self.subTest(person=name, model=model, method=method):
                        with self.undone(), suppress(UserError):  # refused: as good
                            call(self.as_(self.people[name], self.record(model)), method)
                        self.assertFalse(self.written)

    @mute_logger(*LOGS)
    def test_hostile_ids_and_arguments(self):
        """No record, one that is not there, other types, too many arguments: an error, and nothing is written."""
        for model, method, _who, _company in listed():
            for ids, args in (([], ()), ([987654321], ()), (["x"], ()), ([None], ()), ([987654321] * 2000, ()),
                              ([987654321], (None, "x", {}))):  # fmt: skip
                if (model, method) in WORKS_FOR_ALL:
                    continue
                with self.subTest(model=model, method=method, ids=ids[:1], args=args):
                    # Errors of Odoo, for what is no id or no argument.
                    with self.undone(), suppress(UserError, ValueError, TypeError, KeyError, psycopg2.Error):
                        call(self.as_(self.manager, self.env[model].browse(ids)), method, *args)
                    # Where this database stands is noted when somebody sends for the first time.
                    self.assertFalse(set(self.written) - self.dialogs() - {"ir_config_parameter"})


# No model of its own: what inherits it is tried.
MIXINS = {"dunning.shared", "dunning.pointing", "dunning.limitation.period", "dunning.penalty.item"}
# Without records it is what the night does as well: what is ready leaves, and after rates all is decided again.
WORKS_FOR_ALL = {("dunning.reminder", "action_send_ready"), ("dunning.interest.rate", "action_back_to_shipped")}
# The customer asks for the reminders of his own invoice, and gets a window in which he sees none.
HARMLESS = {("portal", "account.move", "action_dunning_reminders")}

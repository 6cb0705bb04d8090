"""Two people, or a person and the night, at the same time: real connections, real commits."""

from psycopg2 import errors

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.relance_progressive.relance_progressive.engine import dunning_engine
from odoo.addons.relance_progressive.relance_progressive.settings.apart import apart


@tagged("post_install", "-at_install")
class TestConflicts(TransactionCase):
    def setUp(self):
        super().setUp()
        connection = db_connect(self.env.cr.dbname)
        self.mine, self.other = connection.cursor(), connection.cursor()
        self.addCleanup(self.mine.close)
        self.addCleanup(self.other.close)
        self.own = api.Environment(self.mine, SUPERUSER_ID, {})
        self.company = self.own["res.company"].search([("parent_id", "=", False)], limit=1)

    def somebody_writes_the_company(self):
        """Somebody else saves the company after this transaction has begun; nothing of it changes."""
        self.other.execute("SET LOCAL lock_timeout = '5s'")
        self.other.execute("UPDATE res_company SET name = name WHERE id = %s", [self.company.id])
        self.other.commit()

    def meet(self, work):
        """Meet a conflict while ``work`` is done on top of a change that is not written yet."""
        self.company.dunning_brake  # noqa: B018  the transaction begins
        self.somebody_writes_the_company()
        self.company.dunning_brake += 1
        with self.assertRaises(errors.SerializationFailure), mute_logger("odoo.sql_db"):
            work()
        self.mine.rollback()
        self.own.invalidate_all(flush=False)
        self.mine.execute("SELECT 1")

    def test_a_conflict_is_never_taken_for_a_fault_of_what_follows(self):
        accounts, company = self.own["dunning.account"], self.company
        item = self.own["account.move.line"].browse(1)
        places = {
            "filters of plans": lambda: self.own["dunning.plan"]._choices(company),
            "figures": lambda: accounts._refresh_live(company, company.partner_id),
            "disputes and answers": lambda: accounts._follow_disputes(item),
            "decisions": lambda: accounts._close_paid_decisions(item.ids),
            "news of registered letters": lambda: self.own["dunning.delivery"].browse(1)._take_news({}),
        }
        for name, work in places.items():
            with self.subTest(name):
                self.meet(work)

    def test_a_conflict_inside_is_not_kept_either(self):
        def work():
            with apart(self.own, self.fail):
                self.company.dunning_brake += 1
                self.company.flush_recordset()

        self.company.dunning_brake  # noqa: B018  the transaction begins
        self.somebody_writes_the_company()
        with self.assertRaises(errors.SerializationFailure), mute_logger("odoo.sql_db"):
            work()

    def test_a_conflict_in_the_clothes_of_another_error_is_found(self):
        with self.assertRaises(errors.SerializationFailure), apart(self.own, self.fail):
            try:
                raise errors.SerializationFailure("somebody was faster")
            except errors.SerializationFailure as error:
                raise ValueError("The text cannot be made") from error

    def test_any_other_error_is_told_and_what_was_changed_before_stands(self):
        told = []
        brake = self.company.dunning_brake + 1
        self.company.dunning_brake = brake
        with apart(self.own, told.append):
            self.company.dunning_brake = brake + 1
            raise ValueError("broken")
        self.assertEqual([str(error) for error in told], ["broken"])
        self.company.invalidate_recordset()
        self.assertEqual(self.company.dunning_brake, brake)


@tagged("post_install", "-at_install")
class TestBatches(TransactionCase):
    """What is done of a long list while somebody changes one of its rows all the time."""

    def setUp(self):
        super().setUp()
        engine = type(self.env["dunning.engine"])
        self.patch(engine, "_can_commit", lambda _self: True)
        self.patch(engine, "_begin_again", lambda _self, _attempt: None)
        self.seconds = iter(())
        self.patch(engine, "_checkpoint", lambda _self, *_args, **_kw: next(self.seconds, 100))
        self.patch(dunning_engine, "BATCH", 8)
        self.done, self.tried = [], []

    def work(self, locked, times=1000):
        def work(batch):
            self.tried.append(len(batch))
            if locked in batch and self.tried.count(1) <= times:
                raise errors.SerializationFailure
            return batch

        return self.env["dunning.engine"]._by_batches(list(range(20)), work, self.done.extend)

    def test_half_as_many_are_tried_down_to_one_and_only_that_one_is_left_out(self):
        self.assertFalse(self.work(5), "it is said that one is left")
        self.assertEqual(self.done, [number for number in range(20) if number != 5])
        self.assertEqual(self.tried[:4], [8, 4, 8, 4], "more again after what went well")

    def test_one_that_is_let_go_in_time_is_done(self):
        self.assertTrue(self.work(5, times=2))
        self.assertEqual(self.done, list(range(20)))

    def test_nothing_is_counted_that_was_not_committed(self):
        self.seconds = iter([100, 0])
        self.assertFalse(self.work(None))
        self.assertEqual(self.done, list(range(8)))

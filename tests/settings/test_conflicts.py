"""Two people, or a person and the night, at the same time: real connections, real commits."""

from datetime import date
from unittest.mock import patch

from psycopg2 import errors

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.relance_progressive.relance_progressive.engine import transactions
from odoo.addons.relance_progressive.relance_progressive.engine.delivery import (
    deliver as engine_deliver,
)
from odoo.addons.relance_progressive.relance_progressive.engine.delivery import (
    delivery_queries,
)
from odoo.addons.relance_progressive.relance_progressive.engine.delivery.deliver import Progress
from odoo.addons.relance_progressive.relance_progressive.engine.delivery.journal import Journal
from odoo.addons.relance_progressive.relance_progressive.settings.apart import apart, raise_if_lost

from ..common.base import MONDAY
from ..common.deliver import DeliverCommon


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
            "disputes and answers": lambda: self.own["dunning.dispute"]._follow_settled(item),
            "decisions": lambda: accounts._follow_items(item, ["dunning.decision"]),
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

    def test_an_error_of_the_database_is_none_to_live_on_with_unless_it_was_undone(self):
        broken = errors.UniqueViolation("twice")
        raise_if_lost(broken, undone=True)
        with self.assertRaises(errors.UniqueViolation):
            raise_if_lost(broken)

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
        self.patch(transactions, "BATCH", 8)
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


@tagged("post_install", "-at_install")
class TestDeliveryBatches(TransactionCase):
    """A delivery of twenty messages while somebody holds or changes what belongs to one of them."""

    def setUp(self):
        super().setUp()
        engine, self.errors = type(self.env["dunning.engine"]), ()
        for name, value in {
            "_can_commit": lambda _self: True, "_begin_again": lambda _self, _tries: None,
            "_checkpoint": lambda _self, *_args, **_kw: 100, "_claim": self.claim, "_deliver_batch": self.deliver_batch,
        }.items():  # fmt: skip
            self.patch(engine, name, value)
        self.patch(self.env.cr, "rollback", lambda: None)
        self.patch(engine_deliver, "BATCH", 8)
        self.sent, self.tried = [], []

    def claim(self, _which, size, _companies, _day, after, _only):
        left = [number for number in range(1, 21) if number not in self.sent and number > after[1]]
        return [(number, date.min, 1) for number in left[:size]]

    def deliver_batch(self, ids, _day, _journal):
        self.tried.append(len(ids))
        if 5 in ids and self.errors:
            raise self.errors.pop(0)
        self.sent += ids
        return {"email": {"sent": len(ids)}}, []

    def deliver(self, *mishaps, limit=None):
        self.errors = list(mishaps)
        progress = Progress(limit)
        done = self.env["dunning.engine"]._deliver_all(
            delivery_queries.READY, self.env.company, None, Journal(self.env, separate=False), progress
        )
        return done, progress

    def test_half_as_many_after_a_conflict_and_more_again_after_what_went_well(self):
        done, progress = self.deliver(errors.SerializationFailure())
        self.assertEqual((done, progress.left_out, sorted(self.sent)), (True, 0, list(range(1, 21))))
        self.assertEqual(self.tried, [8, 4, 8, 8])

    def test_a_lock_that_others_hold_stops_nothing(self):
        done, progress = self.deliver(errors.LockNotAvailable(), errors.DeadlockDetected())
        self.assertEqual((done, progress.left_out, sorted(self.sent)), (True, 0, list(range(1, 21))))
        self.assertEqual(self.tried[:4], [8, 4, 8, 4])

    def test_one_in_the_clothes_of_another_error_is_none_of_the_message(self):
        dressed = UserError("The text cannot be made")
        dressed.__cause__ = errors.SerializationFailure()
        _done, progress = self.deliver(dressed)
        self.assertEqual((progress.left_out, progress.as_dict()), (0, {"email": {"sent": 20}}))
        self.assertEqual(self.tried[:2], [8, 4], "not one by one: none of them is to blame")

    def test_the_one_that_is_changed_all_the_time_is_left_for_the_next_delivery(self):
        done, progress = self.deliver(*[errors.SerializationFailure()] * 1000)
        self.assertEqual(sorted(self.sent), [number for number in range(1, 21) if number != 5])
        self.assertEqual((done, progress.left_out), (True, 1))
        self.assertEqual(progress.as_dict(), {"email": {"sent": 19}}, "it has not failed")

    def test_the_limit_counts_what_left(self):
        _done, progress = self.deliver(*[errors.SerializationFailure()] * 1000, limit=10)
        self.assertEqual((len(self.sent), progress.left_out), (10, 1))


@tagged("post_install", "-at_install")
class TestDeliveryInConflict(DeliverCommon):
    """What a delivery that met somebody leaves behind: the journal, and who is told."""

    def test_what_is_not_recorded_yet_stays_in_the_journal(self):
        """Of two that left together the first is recorded alone: the other one is not forgotten with it."""
        self.reminder_for("first@petit.example")
        self.reminder_for("second@petit.example")
        self.prepare()
        first, second = self.env["dunning.reminder"].search([("state", "=", "ready")], limit=2)
        with Journal(self.env, separate=False) as journal:
            for reminder in (first, second):
                journal.begin(reminder.id, "email", MONDAY, {})
            journal.forget(first.ids)
            self.assertEqual([row["reminder_id"] for row in journal.rows([first.id, second.id])], second.ids)

    def test_a_text_that_was_being_made_is_not_taken_for_one_that_stops_workers(self):
        self.reminder_for()
        self.prepare()
        engine, seen = type(self.engine), []

        def broken_off(_engine, ids, _day, journal):
            seen.append(journal.died_making(ids))
            if len(seen) == 1:
                journal.making(ids, "email", MONDAY, True)
                raise errors.SerializationFailure
            return {}, []

        self.patch(engine, "_deliver_batch", broken_off)
        self.patch(engine, "_can_commit", lambda _self: True)
        self.patch(engine, "_begin_again", lambda *_args: None)
        self.patch(engine, "_checkpoint", lambda *_args, **_values: 100)
        self.patch(self.env.cr, "rollback", lambda: None)
        with Journal(self.env, separate=False) as journal:
            self.engine._deliver_all(delivery_queries.READY, self.company, MONDAY, journal, Progress(None))
        self.assertEqual(seen, [{}, {}])

    def test_each_company_has_its_own_limit_of_the_hour(self):
        """In one batch the messages of the company without a limit do not wait for those of the other one."""
        other = self.setup_other_company(name="Other")["company"]
        other.email = "factures@other.example"
        for number in range(3):
            self.reminder_for(f"client{number}@petit.example")
        self.prepare()
        limited = self.reminders_ready()
        self.company.dunning_hourly_cap = 1
        free = limited[1:]
        self.env.flush_all()
        self.env.cr.execute("UPDATE dunning_reminder SET company_id = %s WHERE id = ANY(%s)", [other.id, free.ids])
        self.env.invalidate_all()
        with self.smtp(), Journal(self.env, separate=False) as journal:
            journal.services.load()
            attempts, late = self.engine._use_channel("email", limited, MONDAY, journal, 20)
        self.assertFalse(late)
        self.assertEqual([attempts[reminder].state for reminder in limited], ["sent"] * 3, attempts)

    def reminders_ready(self):
        return self.env["dunning.reminder"].search([("state", "=", "ready")], order="id")

    def deliveries(self, *left_out):
        """Run the scheduled action, each time with so many left out."""
        for left in left_out:
            progress = Progress(None)
            progress.left_out, progress.complete = left, True
            with patch.object(self.registry["dunning.engine"], "_deliver", lambda *_args, left=progress: left):
                self.engine._cron_deliver()

    def test_who_is_in_charge_is_told_of_what_stays_after_three_deliveries(self):
        self.env["res.company"].search([]).dunning_automatic = False
        self.company.write({"dunning_automatic": True, "dunning_user_id": self.env.user.id})
        self.patch(self.registry["dunning.engine"], "_is_open", lambda *_args: True)
        with freeze_time(MONDAY):
            self.deliveries(2, 1)
            self.assertFalse(self.company.dunning_trouble, "it may pass")
            self.deliveries(3)
            self.assertEqual(self.company.dunning_trouble, "delivery")
            self.assertIn("3 messages", self.company.partner_id.activity_ids.note)
            self.deliveries(0)
        self.assertFalse(self.company.dunning_trouble or self.company.partner_id.activity_ids)
        self.assertFalse(self.company.dunning_delivery_tries)

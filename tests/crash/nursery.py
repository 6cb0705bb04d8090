"""Runs in Odoo's shell: loads Odoo once, then forks a worker for each command it is given.

A worker is a real process with its own connections; it can be killed at any moment. Commands and
answers are lines of JSON on a socket: ``{"do": "deliver", ...}`` gives ``{"pid": n}``, then
``{"wait": n}`` gives what the worker returned, or ``null`` if it was killed.
"""
# ruff: noqa: F821  `env` is there

import json
import logging
import os
import socket
import sys
import tempfile
import time
import traceback
from pathlib import Path

import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

from odoo.addons.relance_progressive.relance_progressive.engine import transactions
from odoo.addons.relance_progressive.relance_progressive.engine.delivery import deliver as engine_deliver

transactions.BATCH = 40  # more moments to be killed at
engine_deliver.BATCH = 40
RESULTS = Path(tempfile.mkdtemp())


def work(command):
    """Carry out one command in this process, with a connection of its own."""
    with Registry(DATABASE).cursor() as cr:
        engine = api.Environment(cr, SUPERUSER_ID, {})["dunning.engine"]
        if command.get("listen"):
            return listened_to(engine, command)
        if command["do"] == "run":
            return engine.run(date=command["date"])
        if command["do"] == "cancel":
            return engine.env["dunning.reminder"].browse(command["ids"]).action_cancel()
        if command["do"] == "retry":
            return engine.env["dunning.reminder"].browse(command["ids"]).action_retry()
        if command["do"] == "commit_while_held":
            return commit_while_held(engine.env, command["reminder"])
        if command["do"] == "pay_and_deliver":
            return pay_and_deliver(engine, command["reminder"], command["moment"], command.get("amount"))
        if stuck := command.get("stuck"):
            never_ends(type(engine.env["dunning.channel.email"]), stuck)
        if mishaps := command.get("mishaps"):
            provoke(type(engine), **mishaps)
        if times := command.get("conflicts"):
            meet_somebody(type(engine), times)
        return engine.deliver(limit=command.get("limit"), date=command.get("date"))


def listened_to(engine, command):
    """Run or deliver; return what it returned, the errors logged, and how often it was in conflict with others."""
    errors, conflicts, begin_again = [], [], type(engine)._begin_again
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: errors.append(record.getMessage())
    logging.getLogger("odoo").addHandler(handler)
    type(engine)._begin_again = lambda self, tries: conflicts.append(tries) or begin_again(self, tries)
    work = engine.run if command["do"] == "run" else engine.deliver
    return {"result": work(date=command["date"]), "errors": errors, "conflicts": len(conflicts)}


def meet_somebody(engine, times):
    """Have somebody change an item of each of the first batches once its messages have left."""
    logging.disable(logging.CRITICAL)
    record, met = engine._record, []

    def unlucky_record(self, attempts, days, counts):
        if len(attempts) > 1 and len(met) < times:
            met.append(True)
            with self.env.registry.cursor() as other:
                other.execute(
                    "UPDATE account_move_line SET name = name WHERE id = %s",
                    [next(iter(attempts)).line_ids.move_line_id[:1].id],
                )
        return record(self, attempts, days, counts)

    engine._record = unlucky_record


def pay_and_deliver(engine, reminder_id, moment, amount):
    """Pay what a reminder claims at some moment of its delivery, in a transaction of its own; then deliver again.

    :param moment: "before": it is committed; "during": once the delivery has decided to send it, a person
        pays; "uncommitted": the person's transaction is open while the delivery runs
    :param amount: paid of each invoice, all of it if empty
    :return: the counts of the first delivery, and of the one after the payment
    """
    reminder = engine.env["dunning.reminder"].browse(reminder_id)
    engine.env.cr.execute("SET lock_timeout = '20s'")  # rather an error than two that wait for one another
    with engine.env.registry.cursor() as cr:
        person = api.Environment(cr, SUPERUSER_ID, {})
        if moment == "during":
            pay_after_the_decision(type(engine), person, reminder_id, amount)
            first = engine.deliver(reminders=reminder)
        else:
            pay(person, reminder_id, amount)
            if moment == "before":
                cr.commit()
            first = engine.deliver(reminders=reminder)
    engine.env.cr.execute("UPDATE dunning_reminder SET retry_at = NULL WHERE id = %s", [reminder_id])
    engine.env.cr.commit()
    return [first, engine.deliver(reminders=reminder)]


def pay(env, reminder_id, amount):
    """Register a payment of each invoice that a reminder claims, as a person does."""
    lines = env["dunning.reminder"].browse(reminder_id).line_ids.filtered(lambda line: not line.upcoming)
    for move in lines.move_line_id.move_id:
        env["account.payment.register"].with_context(active_model="account.move", active_ids=move.ids).create(
            {"amount": amount} if amount else {}
        )._create_payments()
    env.flush_all()


def pay_after_the_decision(engine, person, reminder_id, amount):
    """Have a person pay between the decision to send and the sending, and commit."""
    hand_over, paid = engine._hand_over, []

    def slow_hand_over(self, reminders, day, journal):
        if not paid and reminder_id in reminders.ids:
            paid.append(True)
            pay(person, reminder_id, amount)
            person.cr.commit()
        return hand_over(self, reminders, day, journal)

    engine._hand_over = slow_hand_over


def commit_while_held(env, reminder_id):
    """Change an invoice while another transaction holds its account; return what the log complains of.

    A person who registers a payment during a delivery never waits for it: the delivery itself brings
    the account up to date.
    """
    complaints = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: complaints.append(record.getMessage())
    logging.getLogger("odoo").addHandler(handler)
    reminder = env["dunning.reminder"].browse(reminder_id)
    lines = reminder.line_ids.move_line_id
    with env.registry.cursor() as holder:
        holder.execute("SELECT FROM dunning_account WHERE id = %s FOR NO KEY UPDATE", [reminder.account_id.id])
        env.cr.execute("SET LOCAL lock_timeout = '2s'")
        lines[:1].name = "changed during a delivery"
        env["dunning.account"]._touch(lines)
        env.cr.commit()
    lines.invalidate_recordset()
    return complaints if lines[:1].name == "changed during a delivery" else ["the change was lost"]


def provoke(engine, before, after, conflict):
    """Make one reminder fail before it leaves, one after it left, and write on the items of a third meanwhile."""
    logging.disable(logging.CRITICAL)  # the log would frighten whoever reads the tests
    adapt, record, written = engine._adapt, engine._record, []

    def broken_adapt(self, reminder, decision):
        if reminder.id == before:
            raise ValueError("before it leaves")
        return adapt(self, reminder, decision)

    def broken_record(self, attempts, days, counts):
        ids = [reminder.id for reminder in attempts]
        if after in ids:
            raise ValueError("after it left")
        if conflict in ids and not written:
            written.append(True)
            with self.env.registry.cursor() as other:
                other.execute(
                    "UPDATE account_move_line SET name = 'changed' WHERE id IN"
                    " (SELECT move_line_id FROM dunning_reminder_line WHERE reminder_id = %s)",
                    [conflict],
                )
        return record(self, attempts, days, counts)

    engine._adapt, engine._record = broken_adapt, broken_record


def never_ends(channel, reminder_id):
    """Make the text of one reminder without end, in a place where nobody breaks it off."""
    render = channel._render_batch

    def endless(self, reminders, *args):
        if reminder_id in reminders.ids:
            time.sleep(3600)
        return render(self, reminders, *args)

    channel._render_batch = endless


def fork(command):
    """Start a worker and return its process number."""
    sys.stdout.flush()
    if pid := os.fork():
        return pid
    code = 1
    try:
        result = work(command)
        (RESULTS / str(os.getpid())).write_text(json.dumps(result, default=str))
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def wait(pid):
    """Return what a worker returned, or nothing if it was killed."""
    _pid, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return {"killed": True}
    return {"code": os.WEXITSTATUS(status), "result": json.loads((RESULTS / str(pid)).read_text())}


DATABASE = env.cr.dbname
env["dunning.engine"].preview()  # whatever is loaded once is loaded here
env.cr.rollback()
odoo.sql_db.close_all()  # a worker must not share a connection with another one

control = socket.socket(socket.AF_UNIX)
control.connect(os.environ["CRASH_CONTROL"])
with control.makefile("rw") as lines:
    for line in lines:
        order = json.loads(line)
        answer = wait(order["wait"]) if "wait" in order else {"pid": fork(order)}
        lines.write(json.dumps(answer) + "\n")
        lines.flush()
os._exit(0)

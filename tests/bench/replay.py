"""Replay a ledger whose settlements are known, day by day, and check what was sent.

    REPLAY_CSV=ledger.csv dev/odoo shell -d DATABASE < tests/bench/replay.py

The database has the add-on and no receivables. The file has one invoice a line, with the columns
customerID, invoiceNumber, InvoiceDate, DueDate, InvoiceAmount and SettledDate (month/day/year). The
e-mails leave over SMTP to a catcher in this process. Every day: the payments of the day before are
registered, ``run(date=...)``, drafts approved, ``deliver()``. The checks read plain SQL and the file.
"""
# ruff: noqa: F821, T201 -- env is given by the shell, and this is a script

import csv
import logging
import os
import socket
import time
from collections import Counter, defaultdict
from datetime import datetime, timedelta

from aiosmtpd.controller import Controller

from odoo import Command


def day_of(text):
    """Return the day of a ``month/day/year`` text."""
    return datetime.strptime(text, "%m/%d/%Y").date()


class Catcher:
    """Count the e-mails that arrive, by address."""

    received = Counter()

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 -- the name of aiosmtpd
        self.received.update(envelope.rcpt_tos)
        return "250 OK"


def prepare_company():
    """Give the company its chart of accounts and its mail server."""
    company = env.company
    if not company.chart_template:
        env["account.chart.template"].try_loading("fr", company, install_demo=False)
    company.write({"country_id": env.ref("base.fr").id, "dunning_started": True, "email": "claims@example.com"})
    env["ir.mail_server"].search([]).active = False
    env["ir.mail_server"].create({
        "name": "Catcher", "smtp_host": controller.hostname, "smtp_port": controller.port, "smtp_encryption": "none",
    })  # fmt: skip
    env["dunning.level"].search([]).attach_invoices = False


def post_ledger(rows):
    """Post all invoices; return them by number."""
    names = sorted({row["customerID"] for row in rows})
    customers = dict(zip(names, env["res.partner"].create([
        {"name": name, "is_company": True, "email": f"{name.lower()}@example.com", "country_id": env.ref("base.fr").id}
        for name in names
    ]), strict=True))  # fmt: skip
    moves = env["account.move"]
    for start in range(0, len(rows), 200):
        batch = env["account.move"].with_context(tracking_disable=True).create([{
            "move_type": "out_invoice", "partner_id": customers[row["customerID"]].id, "ref": row["invoiceNumber"],
            "invoice_date": day_of(row["InvoiceDate"]), "invoice_date_due": day_of(row["DueDate"]),
            "invoice_payment_term_id": False,
            "invoice_line_ids": [
                Command.create({"name": "Sale", "price_unit": float(row["InvoiceAmount"]), "tax_ids": []})
            ],
        } for row in rows[start : start + 200]])  # fmt: skip
        batch.action_post()
        env.cr.commit()
        moves += batch
        print(f"\r{len(moves)} of {len(rows)} invoices posted", end="", flush=True)
    print()
    return {move.ref: move for move in moves}


def settle(moves, day):
    """Register the payment of these invoices in full."""
    env["account.payment.register"].with_context(
        active_model="account.move", active_ids=[move.id for move in moves], tracking_disable=True
    ).create({"payment_date": day, "group_payment": False})._create_payments()


def replay(rows, moves):
    """Go through the days; an invoice settled on a day is paid before the night of that day."""
    settled = defaultdict(list)
    for row in rows:
        settled[day_of(row["SettledDate"])].append(moves[row["invoiceNumber"]])
    first = min(day_of(row["InvoiceDate"]) for row in rows)
    last = max(settled) + timedelta(days=7)
    engine, day, start = env["dunning.engine"], first, time.monotonic()
    while day <= last:
        if settled[day]:
            settle(settled[day], day)
        engine.run(date=day)
        env["dunning.reminder"].search([("state", "=", "draft")])._set_state("ready")
        engine.deliver()
        env.cr.commit()
        env.invalidate_all()
        if day.day == 1:
            print(f"{day}: {sum(Catcher.received.values())} e-mails, {time.monotonic() - start:.0f} s", flush=True)
        day += timedelta(days=1)


def check(rows):
    """Compare what was sent with the file; raise on the first fault."""
    env.cr.execute("""
        SELECT m.ref, r.id, d.date_done, level.id, level.delay_days, level.stage, p.name
          FROM dunning_delivery d
          JOIN dunning_reminder r ON r.id = d.reminder_id
          JOIN dunning_reminder_line l ON l.reminder_id = r.id
          JOIN account_move_line item ON item.id = l.move_line_id
          JOIN account_move m ON m.id = item.move_id
          JOIN res_partner p ON p.id = r.partner_id
     LEFT JOIN dunning_level level ON level.id = l.level_id
         WHERE d.state = 'sent'
    """)
    ledger = {row["invoiceNumber"]: row for row in rows}
    contacts, advanced = defaultdict(set), Counter()
    for number, reminder, sent_on, level, delay, stage, customer in env.cr.fetchall():
        due, settlement = day_of(ledger[number]["DueDate"]), day_of(ledger[number]["SettledDate"])
        assert sent_on < settlement, f"{number} was reminded on {sent_on}, settled on {settlement}"
        assert sent_on.weekday() < 5, f"{number} was reminded on a week-end: {sent_on}"
        if level:
            assert sent_on >= due + timedelta(days=delay), f"{number} was reminded early: {sent_on}"
            assert stage != "pre_due" or sent_on <= due, f"{number}: announced after its due date"
            advanced[number, level] += 1
        contacts[customer].add((sent_on, reminder))
    assert advanced, "nothing was sent"
    assert max(advanced.values()) == 1, "a level was sent twice for an invoice"
    for customer, days in contacts.items():
        ordered = sorted(days)
        for (before, _a), (after, _b) in zip(ordered, ordered[1:], strict=False):
            assert (after - before).days >= 5, f"{customer}: contacted on {before} and on {after}"
    sent = sum(len(days) for days in contacts.values())
    assert sent == sum(Catcher.received.values()), "an e-mail arrived that no delivery knows, or the other way round"
    late = [row for row in rows if (day_of(row["SettledDate"]) - day_of(row["DueDate"])).days > 15]
    reminded = {number for number, level in advanced if level in levels()}
    missed = [row["invoiceNumber"] for row in late if row["invoiceNumber"] not in reminded]
    assert not missed, f"late by more than 15 days and never reminded: {missed[:10]}"
    print(f"{sent} e-mails to {len(contacts)} customers, {len(advanced)} levels of invoices done,")
    print(f"{len(late)} invoices late by more than 15 days and all of them reminded: all checks hold")


def levels():
    """Return the ids of the levels that claim a late payment."""
    return env["dunning.level"].search([("stage", "!=", "pre_due")]).ids


with open(os.environ["REPLAY_CSV"]) as file:
    ledger_rows = list(csv.DictReader(file))[: int(os.environ.get("REPLAY_LIMIT", "1000000"))]
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    free_port = probe.getsockname()[1]
logging.getLogger("mail.log").setLevel(logging.WARNING)
controller = Controller(Catcher(), hostname="127.0.0.1", port=free_port, ready_timeout=60)
controller.start()
try:
    prepare_company()
    replay(ledger_rows, post_ledger(ledger_rows))
    check(ledger_rows)
finally:
    controller.stop()

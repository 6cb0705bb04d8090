"""The nightly job over the demo company, and a report: a script for Odoo's shell."""
# ruff: noqa: F821  `env` is there

import os
import re
from collections import Counter
from datetime import datetime, time

from odoo.fields import Date

from odoo.addons.relance_progressive.relance_progressive.account.reason_words import WORDS
from odoo.addons.relance_progressive.relance_progressive.core.plain.days import Calendar, french_holidays
from odoo.addons.relance_progressive.relance_progressive.settings import database


def working_day(company):
    """Return today, or the next working day; never before a run that took place."""
    today = max(Date.today(), company.dunning_last_run or Date.today())
    return Calendar(french_holidays(today.year) | french_holidays(today.year + 1)).next_open(today)


def table(title, rows, heads):
    """Print rows under a title, numbers to the right."""
    print(f"\n{title}")
    if not rows:
        print("  none")
        return
    cells = [heads, *[[str(cell) for cell in row] for row in rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    for index, row in enumerate(cells):
        aligned = [
            cell.rjust(width) if rows[0][column].__class__ is int else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  " + "  ".join(aligned).rstrip())
        if index == 0:
            print("  " + "  ".join("-" * width for width in widths))


def words(code):
    """Return a reason without its figures."""
    text = env._(WORDS[code]) % {"until": "…", "amount": "…", "count": "…"} if code in WORDS else code
    return re.sub(r"[:\s(]*…\)?$", "", text).removeprefix("… ").capitalize()


def states(records, field="state"):
    """Return 'n sent, n ready' for records."""
    labels = dict(records._fields[field]._description_selection(records.env))
    return ", ".join(
        f"{count} {labels[state].lower()}" for state, count in Counter(records.mapped(field)).most_common()
    )


def night(company):
    """Run and deliver as the scheduled actions do, and print what happened."""
    engine = env["dunning.engine"]
    day = working_day(company)
    # At noon of that day: nobody receives a text message at night or on a Sunday.
    type(env["dunning.channel.sms"])._now = lambda channel: datetime.combine(day, time(12))
    print(f"\n== {company.name}: the night before {day:%A %d %B %Y} ==")
    report = engine.run(date=day, company=company)
    env.cr.commit()
    if not company.dunning_started:
        waiting = env["dunning.reminder"].search_count(
            [("company_id", "=", company.id), ("state", "=", "draft"), ("draft_reason", "=", "first_run")]
        )
        print(f"  the first run asks before it sends {waiting} messages (the brake: {company.dunning_brake}): yes")
        env["dunning.reminder"]._release_first_run(company)
        env.cr.commit()
    engine.deliver(date=day, company=company)
    env.cr.commit()
    print_report(company, report, day)


def print_report(company, report, day):
    """Print the tables of one night."""
    domain = [("company_id", "=", company.id)]
    accounts = env["dunning.account"].search(domain)
    reminders = env["dunning.reminder"].search([*domain, ("date", "=", day)])
    print(f"  {len(accounts)} customers, {len(accounts.filtered('amount_overdue'))} of them with overdue invoices: "
          f"{sum(accounts.mapped('amount_overdue')):,.2f} {company.currency_id.name} overdue of "
          f"{sum(accounts.mapped('amount_due')):,.2f} due")  # fmt: skip
    by_level = sorted(
        reminders.grouped("level_id").items(), key=lambda item: (item[0].plan_id.sequence, item[0].sequence)
    )
    table("Customers by level", [
        (f"{level.plan_id.name}: {level.name}", len(found), f"{sum(found.mapped('amount_total')):,.2f}", states(found))
        for level, found in by_level
    ], ["level", "customers", "claimed", "state"])  # fmt: skip
    labels = dict(env["dunning.delivery"]._fields["channel"]._description_selection(env))
    table("By channel", [
        (labels.get(channel, channel), len(found), states(found))
        for channel, found in reminders.delivery_ids.grouped("channel").items()
    ], ["channel", "deliveries", "state"])  # fmt: skip
    table("What could not be sent", [
        (reminder.partner_id.display_name, reminder.reason or "")
        for reminder in reminders.filtered(lambda reminder: reminder.state in ("failed", "uncertain"))
    ], ["customer", "why"])  # fmt: skip
    table("Customers that nothing leaves for now, by why not", [
        (words(code), count) for code, count in Counter(report["reasons"]).most_common() if code != "level_due"
    ], ["why not", "customers"])  # fmt: skip


database.keep(env)  # the demo is built under another name: it is no copy
automatic = env["res.company"].search([("dunning_automatic", "=", True), ("parent_id", "=", False)])
for company in automatic or env["res.company"].search([("parent_id", "=", False)]):
    night(company)
if address := os.environ.get("RELANCE_DEMO_ADDRESS"):
    env["ir.config_parameter"].sudo().set_param("web.base.url", address)
    env.cr.commit()

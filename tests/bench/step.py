"""One measure, in a process of its own: `dev/odoo shell` reads this script and finds ``env`` ready.

The step, the size and the place of the result come by environment variables (see ``bench.py``).
"""
# ruff: noqa: F821 -- env is given by the shell

import json
import os
import resource
import sys
import time
from datetime import date, timedelta

sys.path.insert(0, os.environ["BENCH_FOLDER"])
import channels
import generate
import limitations
import penalties
import portal

TODAY = date(2026, 9, 7)  # a Monday
A_MONTH_LATER = date(2026, 10, 7)


def memory():
    """Return the peak memory of this process, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def floor(company):
    """Time the least that a first run has to do: read the overdue lines, write as many reminders and lines."""
    accounts, branches = env["dunning.account"]._scope(company)
    overdue = env.cr.mogrify(
        """FROM account_move_line l
          WHERE l.account_id = ANY(%s) AND l.company_id = ANY(%s) AND l.parent_state = 'posted'
            AND l.reconciled IS NOT TRUE AND l.amount_residual > 0 AND l.date_maturity < %s""",
        [accounts, branches, TODAY],
    ).decode()
    start = time.perf_counter()
    env.cr.execute(f"SELECT l.id, l.partner_id, l.date_maturity, l.amount_residual {overdue}")
    rows = len(env.cr.fetchall())
    read = time.perf_counter()
    level = env["dunning.level"].search([], limit=1)
    env.cr.execute(
        f"""WITH account AS (
                INSERT INTO dunning_account (company_id, partner_id, plan_id)
                SELECT DISTINCT %(company)s::int, l.partner_id, %(plan)s::int {overdue} RETURNING id, partner_id
            ), reminder AS (
                INSERT INTO dunning_reminder (account_id, company_id, partner_id, level_id, date, state)
                SELECT id, %(company)s, partner_id, %(level)s, %(today)s, 'ready' FROM account RETURNING id, partner_id
            )
            INSERT INTO dunning_reminder_line (reminder_id, move_line_id, level_id, currency_id, amount_residual)
            SELECT reminder.id, l.id, %(level)s, l.currency_id, l.amount_residual
            {overdue.replace("WHERE", "JOIN reminder ON reminder.partner_id = l.partner_id WHERE")}""",
        {"company": company.id, "plan": level.plan_id.id, "level": level.id, "today": TODAY},
    )
    written = time.perf_counter()
    env.cr.rollback()
    return {"lines": rows, "select_seconds": read - start, "insert_seconds": written - read}


def measure(action):
    """Return what ``action`` gives, with its time, its queries and the growth of memory."""
    env.registry.clear_cache()
    env["dunning.plan"]._policies(env.company, TODAY)  # the first use of a model costs more
    before, queries, start = memory(), env.cr.sql_log_count, time.perf_counter()
    result = action()
    return {
        **(result or {}),
        "seconds": time.perf_counter() - start,
        "queries": env.cr.sql_log_count - queries,
        "memory_mb": memory() - before,
    }


def run(day):
    """Run one night."""
    report = env["dunning.engine"].run(date=day, company=env.company)
    env.cr.commit()
    return {"reminders": report["reminders"]}


def send_everything(day):
    """Stand for the deliveries: every reminder was sent on ``day`` (the e-mails have their own measure)."""
    # The floor rolls back what it writes: a look of autovacuum in between would have PostgreSQL plan for empty tables.
    env.cr.execute("ANALYZE dunning_account, dunning_reminder, dunning_reminder_line")
    env.cr.execute("UPDATE dunning_reminder SET state = 'ready', draft_reason = NULL WHERE state = 'draft'")
    env.invalidate_all()
    reminders = env["dunning.reminder"].search([("state", "=", "ready")])
    for start in range(0, len(reminders), 5000):
        reminders[start : start + 5000].with_context(tracking_disable=True)._set_state("sent", date=day)
        env.cr.commit()
        env.invalidate_all()


def preview():
    """Preview one customer that owes something."""
    partner = env["dunning.account"].search([("amount_overdue", ">", 0)], limit=1).partner_id
    return {"rows": len(env["dunning.engine"].preview(date=A_MONTH_LATER, partners=partner))}


def deliver(count):
    """Send ``count`` e-mails, without PDF, through the catcher of the bench."""
    env["ir.mail_server"].search([]).active = False
    port = int(os.environ["BENCH_SMTP_PORT"])
    env["ir.mail_server"].create({
        "name": "Catcher", "smtp_host": "127.0.0.1", "smtp_port": port, "smtp_encryption": "none",
    })  # fmt: skip
    levels = env["dunning.level"].search([])
    levels.attach_invoices = False
    levels.channel_ids.filtered(lambda step: step.channel != "email").unlink()
    for level in levels.filtered(lambda level: not level.channel_ids):
        level.channel_ids = [(0, 0, {"channel": "email"})]
    levels.channel_ids.fallback = False
    env.company.email = "factures@atelier.example"
    env.cr.commit()
    engine = env["dunning.engine"]
    engine.deliver(limit=5)  # the first ones compile the templates
    env.cr.commit()
    figures = measure(lambda: {"sent": dict(engine.deliver(limit=count))})
    sent = figures["sent"]["email"]["sent"]
    return figures | {"ms_per_mail": 1000 * figures["seconds"] / sent, "ms_of_odoo": 1000 * of_odoo(sent) / sent}


def of_odoo(count):
    """Return the seconds that ``count`` plain e-mails of a template take, sent together by ``send_mail_batch``."""
    template = env["mail.template"].create({
        "name": "Bench", "model_id": env["ir.model"]._get_id("res.partner"), "subject": "Dear {{ object.name }}",
        "body_html": "<p>Dear <t t-out='object.name'/>, your account is overdue.</p>", "auto_delete": False,
    })  # fmt: skip
    partners = env["dunning.account"].search([("amount_overdue", ">", 0)], limit=count + 5).partner_id
    template.send_mail_batch(partners[:5].ids, force_send=True)  # the first ones compile the templates
    env.cr.commit()
    env.invalidate_all()
    start = time.perf_counter()
    template.send_mail_batch(partners[5:].ids, force_send=True)
    env.cr.commit()
    return time.perf_counter() - start


def fill(size):
    """Make the receivables."""
    env.company.dunning_started = True
    env.cr.commit()
    generate.generate(env, env.company, size, TODAY)
    return {}


STEPS = {
    "generate": fill,
    "floor": lambda size: floor(env.company),
    "first": lambda size: measure(lambda: run(TODAY)),
    "idle": lambda size: measure(lambda: run(TODAY)),  # the same night again: nothing is new
    "sent": lambda size: send_everything(TODAY),
    "after": lambda size: measure(lambda: run(TODAY + timedelta(days=1))),  # those reminded are decided again
    "ordinary": lambda size: measure(lambda: run(TODAY + timedelta(days=2))),  # some invoices reach a level
    "month": lambda size: measure(lambda: run(A_MONTH_LATER)),
    "preview": lambda size: measure(preview),
    "deliver": lambda size: deliver(500),
    "sms": lambda size: channels.sms(env, measure, TODAY, 500),
    "calls": lambda size: channels.calls(env, measure, TODAY, 500),
    "letters": lambda size: channels.letters(env, measure, TODAY, 100),
    "penalties": lambda size: penalties.recompute(env, measure, TODAY),
    "portal": lambda size: portal.page(env, 2000),
    "limitations": lambda size: limitations.follow(env, measure, TODAY),
}

outcome = STEPS[os.environ["BENCH_STEP"]](int(os.environ["BENCH_SIZE"])) or {}
with open(os.environ["BENCH_RESULT"], "w") as file:
    json.dump(outcome, file, default=str)

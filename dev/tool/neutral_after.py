"""See that nothing leaves from a neutralized copy, whoever asks: a script for Odoo's shell, for a database to drop.

Ends with a line ``left: []``: what would have left, or be open, after all.
"""
# ruff: noqa: F821  `env` is there

import socket
from unittest.mock import patch

from odoo.exceptions import RedirectWarning

CRONS = (
    *(f"relance_progressive.ir_cron_dunning_{name}" for name in ("run", "deliver", "lre", "sms_news", "notices")),
    "snailmail.snailmail_print", "sms.ir_cron_sms_scheduler_action", "mail.ir_cron_mail_scheduler_action",
)  # fmt: skip
NOWHERE = "invalid"  # the mail server of a database that Odoo has neutralized
left, asked = [], []


def nobody(host, *_args, **_kw):
    """Note who is asked for, and answer that there is nobody."""
    asked.append(host)
    raise socket.gaierror(f"{host}: not in this test")


def gone():
    """Return what is recorded as handed over by somebody else than a person."""
    return env["dunning.delivery"].search([
        ("state", "=", "sent"), ("channel", "in", ("email", "letter", "registered", "lre", "post")),
    ])  # fmt: skip


before = gone()
with patch("socket.getaddrinfo", nobody):
    for name in CRONS:
        env.ref(name).method_direct_trigger()
    env.cr.commit()
    if set(asked) - {NOWHERE} or gone() - before:
        left.append(("scheduled actions", sorted(set(asked)), len(gone() - before)))
    reminders = env["dunning.reminder"]
    if still := reminders.search_count([("state", "=", "ready"), ("waiting", "=", False)]):
        left.append(("not stopped", still))
    ready = reminders.search([("state", "=", "draft")])
    try:
        ready.action_approve()
        left.append(("by hand", len(ready)))
    except RedirectWarning:
        env.cr.rollback()
    env["res.config.settings"].create({}).action_dunning_right()
    day = max(ready.mapped("date"))
    ready._set_state("ready", draft_reason=False)
    env["dunning.engine"].deliver(date=day)
    env.cr.commit()
    if set(asked) - {NOWHERE} or gone() - before:
        left.append(("once somebody has said that it is real", sorted(set(asked)), len(gone() - before)))
token = env["ir.config_parameter"].get_param("neutral.link")
if env["dunning.account"]._portal_account(token):
    left.append("the link to a customer's page")
print("left:", left)

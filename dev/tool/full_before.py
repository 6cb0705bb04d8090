"""Use the example add-ons in a full database, and leave traces everywhere: a script for Odoo's shell.

Ends with a line ``wrong: []``.
"""
# ruff: noqa: F821  `env` is there

import base64
from datetime import timedelta
from pathlib import Path
from unittest.mock import Mock, patch

from markupsafe import Markup

from odoo import Command
from odoo.tools.misc import file_open

from odoo.addons.relance_progressive.relance_progressive.channels.lre.provider import Item

wrong, sent = [], []


def post(url, **message):
    """Take a message as a gateway would."""
    sent.append((url, message))
    return Mock(ok=True, reason="OK", json=dict)


def expect(what, condition):
    """Note what is not as it should be."""
    if not condition:
        wrong.append(what)


company = env["res.company"].search([("name", "=", "Ateliers Morel")])
company.write({
    "dunning_started": True, "dunning_brake": 100000, "dunning_daily_cap": 0, "dunning_letter_provider": "example",
    "dunning_lre_provider": "example",
})  # fmt: skip
for name in ("gateway", "carrier", "provider"):
    env["ir.config_parameter"].set_param(f"dunning_example.{name}", f"http://{name}.invalid")
levels = env["dunning.level"].search([("stage", "!=", "pre_due")])
levels.approval = "automatic"
for level in levels:
    level.channel_ids = [Command.clear(), *(
        Command.create({"channel": code, "sequence": number}) for number, code in enumerate(("messenger", "letter"))
    )]  # fmt: skip
day = max(company.dunning_last_run or company._dunning_today(), company._dunning_today()) + timedelta(days=1)
held = env["dunning.account"].search([("company_id", "=", company.id), ("amount_overdue", ">", 100)], limit=1)
held.partner_id.dunning_embargo = True
with patch("requests.post", post), patch("requests.get", lambda url, **more: Mock(ok=True, json=list)):
    for _night in range(7):
        env["dunning.engine"].run(date=day, company=company)
        env["dunning.engine"].deliver(date=day)
        day += timedelta(days=1)
    provider, item = env["dunning.lre.provider.example"], Item(
        "R1", "Notice", b"%PDF", "Somebody", "somebody@example.com", "fr_FR", True, company.name, "us@example.com"
    )  # fmt: skip
    expect("the provider takes a letter", provider._send(company, item).outcome.state == "accepted")
    expect("the provider has news", provider._poll(company, ["R1"], None) == {"R1": []})
expect("the hold has words", "Under an embargo" in (held.reason_text or ""))
expect("the hold holds", not held.open_reminder_id)
for code in ("messenger", "letter"):
    deliveries = env["dunning.delivery"].search([("channel", "=", code), ("date_done", "!=", False)], order="id desc")
    gone = [url for url, _message in sent if ("gateway" if code == "messenger" else "carrier") in url]
    expect(f"{code} has left", deliveries and gone)
    expect(f"{code} says what it said", all(one.message_id for one in deliveries[:1]))

partner = held.partner_id
env["res.partner"].create({"name": "Reminders", "type": "followup", "parent_id": partner.id})
partner.message_post(body=Markup("See <a href='#' data-oe-model='dunning.account' data-oe-id='%s'>this</a>") % held.id)
partner.activity_schedule("relance_progressive.mail_activity_unsent")
folder = Path(env["dunning.letter.provider.folder"]._folder())
folder.mkdir(parents=True, exist_ok=True)
(folder / "letter.pdf").write_bytes(base64.b64decode(b""))
env.cr.commit()
for example in ("channel", "carrier", "provider"):
    with file_open(f"dunning_example_{example}/data/neutralize.sql") as script:
        env.cr.execute(script.read())
env.invalidate_all()
expect("neutralized carrier", company.dunning_letter_provider == "print" and not company.dunning_lre_provider)
parameters = env["ir.config_parameter"].search_count([("key", "=like", "dunning_example.%")])
expect("neutralized addresses", not parameters)
env.cr.rollback()
print("wrong:", wrong)

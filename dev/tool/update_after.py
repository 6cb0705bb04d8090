"""Compare what people wrote before an update with what stands there now: a script for Odoo's shell.

Ends with a line ``changed: []``. ``FRESH`` holds the checksums of a fresh installation.
"""
# ruff: noqa: F821  `env` is there

import json
import os

parameters, changed = env["ir.config_parameter"], []
# What the update from 19.0.1.0.0 to 19.0.1.1.0 did cannot be undone, but what is still to be seen of it is shown. Of a
# level that was only renamed in French nothing is: it has our words again.
harmed = os.environ["UPDATED_BY"] == "19.0.1.1.0"
lost = ["level_professionals_3"] if harmed else []
lost_levels = [env.ref(f"relance_progressive.{name}") for name in lost]


def now(record, name, before):
    """Return what a field says now, as it was noted."""
    field = record._fields[name]
    if field.translate:
        return field._get_stored_translations(record)
    value = field.convert_to_read(record[name], record, use_display_name=False)
    return json.loads(json.dumps(value, default=str))


for model, number, values in json.loads(parameters.get_param("update.touched")):
    record = env[model].browse(number)
    if not record.exists():
        changed.append((model, number, "is gone"))
        continue
    for name, before in ({} if record in lost_levels else values).items():
        if name in record._fields and now(record, name, before) != before and not (harmed and name == "penalties"):
            changed.append((record.display_name, name, before, now(record, name, before)))
notice = env.ref("relance_progressive.level_professionals_5")
own = env["dunning.level"].search([("plan_id.name", "=", "Notre plan"), ("stage", "=", "formal_notice")])
if harmed:
    marked = env["dunning.level"].search([("update_signs", "!=", False)])
    if not notice | own <= marked:
        changed.append(("not shown", (notice | own - marked).mapped("name")))
    alerts = env(user=env["res.users"].search([("login", "=", "chef")]))["dunning.account"].get_alerts()
    if not any(notice.name in alert and own.name in alert for alert in alerts):
        changed.append(("no alert", alerts))
elif os.environ["UPDATED_FROM"] == "19.0.1.0.0":
    if notice.notice_text_ids:
        changed.append(("our texts stand in the place of theirs", notice.notice_text_ids.mapped("kind")))
    if own.penalties != "none":
        changed.append(("claims by a default", own.name))
theirs, known = json.loads(parameters.get_param("update.names")), env["dunning.shipped"]._known()
for name, sums in json.loads(os.environ["FRESH"]).items():
    if name in lost:
        continue
    if name in theirs:
        if known.get(name):
            changed.append((name, "is taken for ours"))
    elif different := [key for key, value in sums.items() if known.get(name, {}).get(key) != value]:
        changed.append((name, "is not as in a fresh installation", different))
print("changed:", changed)

"""Work in a database of an earlier version as people do, and note what they wrote: a script for Odoo's shell."""
# ruff: noqa: F821  `env` is there

import json

from odoo import Command

ours = "relance_progressive."
env["res.lang"]._activate_lang("fr_FR")
manager = env["res.users"].create({
    "name": "Chef", "login": "chef",
    "group_ids": [Command.link(env.ref(name).id) for name in (
        "account.group_account_manager", "base.group_system", "mail.group_mail_template_editor",
    )],
})  # fmt: skip
chef, french = env(user=manager), env(user=manager, context={"lang": "fr_FR"})
own_text = chef["mail.template"].create({
    "name": "Notre mise en demeure", "model_id": env["ir.model"]._get_id("dunning.reminder"),
    "subject": "Mise en demeure de la maison", "body_html": "<p>Nos propres mots.</p>",
})  # fmt: skip
french.ref(ours + "level_professionals_3").name = "Deuxième rappel, à notre façon"
notice = chef.ref(ours + "level_professionals_5")
notice.write({"name": "Notre mise en demeure", "delay_days": 45, "template_id": own_text.id})
chef.ref(ours + "level_key_accounts_2").channel_ids.filtered(lambda step: step.channel == "note").unlink()
french.ref(ours + "template_consumers_4").subject = "Dernier rappel, chère cliente"
chef.ref(ours + "template_key_accounts_2").body_html = "<p>Dear friend, a word of ours.</p>"
chef.ref(ours + "plan_key_accounts").spacing_days = 21
plan = chef["dunning.plan"].create({"name": "Notre plan", "spacing_days": 9, "level_ids": [
    Command.create({"name": "Rappel", "delay_days": 4, "stage": "friendly", "template_id": own_text.id}),
    Command.create({
        "name": "Dernier mot", "sequence": 20, "delay_days": 60, "stage": "formal_notice", "template_id": own_text.id,
        "channel_ids": [Command.create({"channel": "letter"}), Command.create({"channel": "note", "sequence": 20})],
    }),
]})  # fmt: skip
names = (
    "level_professionals_3", "level_professionals_5", "level_key_accounts_2", "template_consumers_4",
    "template_key_accounts_2", "plan_key_accounts",
)  # fmt: skip
company = env.company
company.write({
    "dunning_hour_from": 9.5, "dunning_hour_to": 16, "dunning_brake": 12, "dunning_spacing_days": 8,
    "dunning_user_id": manager.id, "dunning_stale_days": 4,
})  # fmt: skip
cron = env.ref(ours + "ir_cron_dunning_run")
cron.write({"interval_number": 2, "priority": 9, "name": "Nos relances de la nuit"})
env.flush_all()


def said(record):
    """Return what a record says, in every language."""
    values = {}
    for name, field in record._fields.items():
        own = name.startswith("dunning_") if record._name == "res.company" else not name.startswith("write_")
        own = own and not name.startswith("message_")  # what Odoo itself notes of an update
        if not own or not field.store or field.type in ("binary", "many2many") or field.compute and field.readonly:
            continue
        values[name] = field._get_stored_translations(record) if field.translate else field.convert_to_read(
            record[name], record, use_display_name=False
        )  # fmt: skip
    return values


touched = [env.ref(ours + name) for name in names]
touched += [cron, company, own_text.with_env(env), plan.with_env(env), *plan.with_env(env).level_ids]
touched += [step for record in touched if record._name == "dunning.level" for step in record.channel_ids]
env["ir.config_parameter"].set_param("update.touched", json.dumps([
    (record._name, record.id, said(record)) for record in touched
], default=str))  # fmt: skip
env["ir.config_parameter"].set_param("update.names", json.dumps(names))
# People have worked with it for a month: what a later version brings is known by its later day.
env.cr.execute("UPDATE ir_model_data SET create_date = create_date - interval '30 days' WHERE module = %s", [ours[:-1]])
env.cr.commit()
print("written")

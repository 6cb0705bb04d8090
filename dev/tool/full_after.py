"""Look for what a removed add-on has left: a script for Odoo's shell. Ends with a line ``left: []``."""
# ruff: noqa: F821  `env` is there

from pathlib import Path

from odoo.tools import config

left = []
QUESTIONS = {
    "tables": "SELECT tablename FROM pg_tables WHERE tablename LIKE 'dunning%'",
    "columns": "SELECT table_name, column_name FROM information_schema.columns WHERE column_name LIKE '%dunning%'",
    "indexes": "SELECT indexname FROM pg_indexes WHERE indexname LIKE '%dunning%'",
    "models": "SELECT model FROM ir_model WHERE model LIKE 'dunning%'",
    "data": "SELECT name FROM ir_model_data WHERE module = 'relance_progressive'",
    "contacts": "SELECT name FROM res_partner WHERE type IS NULL OR type = 'followup'",
    "dead links": "SELECT id, model FROM mail_message WHERE body LIKE '%data-oe-model=\"dunning.%'",
    "messages": "SELECT id FROM mail_message WHERE model LIKE 'dunning.%'",
    "files": "SELECT id, name FROM ir_attachment WHERE res_model LIKE 'dunning.%'",
    "tasks": "SELECT id, res_model FROM mail_activity WHERE res_model LIKE 'dunning.%' OR activity_type_id IS NULL",
    "parameters": "SELECT key FROM ir_config_parameter WHERE key LIKE 'relance_progressive.%'",
    "texts": "SELECT id FROM mail_template WHERE model LIKE 'dunning.%'",
    "followers": "SELECT id FROM mail_followers WHERE res_model LIKE 'dunning.%'",
}
for what, question in QUESTIONS.items():
    env.cr.execute(question)
    if rows := env.cr.fetchall():
        left.append((what, len(rows), rows[:5]))
files, data = env["ir.attachment"]._filestore(), Path(config["data_dir"])
folders = (Path(f"{files}-letters"), Path(f"{files}-sms"), data / "dunning_lre" / env.cr.dbname)
left += [str(folder) for folder in folders if folder.exists()]
if not env["mail.message"].search_count([("model", "=", "res.partner"), ("body", "like", "See ")]):
    left.append("the note that had a link is gone")
print("left:", left)

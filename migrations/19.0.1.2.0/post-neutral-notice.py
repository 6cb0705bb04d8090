"""The text for customers without a status, at the default levels that have one for customers under another law."""

from odoo import SUPERUSER_ID, Command, api

from odoo.addons.relance_progressive.relance_progressive.plan import shipped

NOTICES = ("level_professionals_5", "level_consumers_5")


def migrate(cr, version):
    """Add the neutral text; levels that a person has changed keep their texts."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    template = env.ref("relance_progressive.template_notice_neutral")
    ours = shipped.untouched(env, NOTICES, version)
    for name in ours:
        level = env.ref(f"relance_progressive.{name}")
        if "neutral" not in level.notice_text_ids.mapped("kind"):
            level.notice_text_ids = [Command.create({"kind": "neutral", "template_id": template.id})]
    shipped.keep(env, ours)

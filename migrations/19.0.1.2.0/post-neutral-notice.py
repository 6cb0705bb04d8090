"""The text for customers without a status, at the levels that have one for customers under another law."""

from odoo import SUPERUSER_ID, Command, api


def migrate(cr, _version):
    """Add the neutral text; levels without texts of each kind, made for one kind of customer, keep theirs."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    template = env.ref("relance_progressive.template_notice_neutral")
    texts = env["dunning.notice.text"].search([("kind", "=", "abroad")])
    for level in texts.level_id:
        if "neutral" not in level.notice_text_ids.mapped("kind"):
            level.notice_text_ids = [Command.create({"kind": "neutral", "template_id": template.id})]

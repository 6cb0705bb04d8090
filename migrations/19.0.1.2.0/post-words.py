"""Default texts and channels of the formal notice as they are now; the French of screens as it was put right."""

from odoo import SUPERUSER_ID, api

from odoo.addons.relance_progressive.relance_progressive.plan import shipped

TEMPLATES = "plan/default_templates.xml"
CHANGED = {
    TEMPLATES: (
        *(f"template_professionals_{number}" for number in (2, 3, 4, 5)),
        *(f"template_consumers_{number}" for number in (2, 3, 4, 5)),
        *(f"template_key_accounts_{number}" for number in (1, 2, 4)),
    ),
    "message/letter_texts.xml": ("template_letter_firm", "template_letter_notice", "template_letter_notice_consumer"),
    "law/notices/texts.xml": (
        "template_notice_professional", "template_notice_public", "template_notice_abroad",
    ),
    "engine/news/thank_you_templates.xml": ("thank_you_template",),
    "holds/disputes/data.xml": ("dispute_rejected_template",),
}
# The e-mail goes with the registered letter; a level that a person has changed keeps its channels.
NOTICES = ("level_professionals_5", "level_consumers_5")


def migrate(cr, version):
    """Load again what has changed of the default texts, but for what people have made their own."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    shipped.reload(env, version, CHANGED)
    ours = shipped.untouched(env, NOTICES, version)
    for name in ours:
        _email_as_copy(env.ref(f"{shipped.MODULE}.{name}"))
    shipped.keep(env, ours)
    # Screens and letters whose English is the same keep their old French otherwise.
    env["ir.module.module"].search([("name", "=", shipped.MODULE)])._update_translations(overwrite=True)


def _email_as_copy(level):
    """Have the e-mail of a default notice leave with the registered letter, not only when that fails."""
    steps = level.channel_ids.sorted()
    if [(step.channel, step.fallback) for step in steps] == [("registered", False), ("email", True), ("note", False)]:
        steps[1].fallback = False

"""Default texts and channels of the formal notice as they are now; the French of screens as it was put right."""

from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.modules.migration import load_script

MODULE = "relance_progressive"
EARLIER = Path(__file__).parent.parent / "19.0.1.1.0" / "post-migration.py"
TEMPLATES = "plan/default_templates.xml"
CHANGED = {
    TEMPLATES: (
        *(f"template_professionals_{number}" for number in (2, 3, 4, 5)),
        *(f"template_consumers_{number}" for number in (2, 3, 4, 5)),
        *(f"template_key_accounts_{number}" for number in (1, 2, 4)),
    ),
    "letters/letter_texts.xml": ("template_letter_firm", "template_letter_notice", "template_letter_notice_consumer"),
    "notices/notice_texts.xml": ("template_notice_professional", "template_notice_public", "template_notice_abroad"),
    "control/thank_you_templates.xml": ("thank_you_template",),
    "disputes/dispute_data.xml": ("dispute_rejected_template",),
}
# The e-mail goes with the registered letter; a level that a person has changed keeps its channels.
NOTICES = ("level_professionals_5", "level_consumers_5")


def migrate(cr, version):
    """Load again what has changed of the default texts, but for what people have made their own."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    earlier = load_script(str(EARLIER), "relance_progressive_migration_19_0_1_1_0")
    for file, names in CHANGED.items():
        ours = [name for name in names if earlier._is_ours(env.ref(f"{MODULE}.{name}", raise_if_not_found=False))]
        if ours:
            earlier._load(env, f"{MODULE}/{MODULE}/{file}", ours)
    for name in NOTICES:
        level = env.ref(f"{MODULE}.{name}", raise_if_not_found=False)
        if earlier._is_ours(level):
            _email_as_copy(level)
    # Screens and letters whose English is the same keep their old French otherwise.
    env["ir.module.module"].search([("name", "=", MODULE)])._update_translations(overwrite=True)


def _email_as_copy(level):
    """Have the e-mail of a default notice leave with the registered letter, not only when that fails."""
    steps = level.channel_ids.sorted()
    shape = [(step.channel, step.fallback) for step in steps]
    if shape == [("registered", False), ("email", True), ("note", False)] and all(
        step.write_uid.id == SUPERUSER_ID for step in steps
    ):
        steps[1].fallback = False

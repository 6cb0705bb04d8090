"""Default plans and texts as they are since late interest, indemnity and the consumers' formal notice came."""

from odoo import SUPERUSER_ID, api

from odoo.addons.relance_progressive.relance_progressive.plan import shipped

CHANGED = {
    "plan/default_plans.xml": ("plan_consumers",),
    "plan/default_templates.xml": ("template_professionals_5",),
    "message/letter_texts.xml": ("template_letter_notice", "template_letter_notice_consumer"),
    "channels/default_channels.xml": ("level_consumers_5",),
    "law/notices/texts.xml": ("level_professionals_5", "level_consumers_5"),
    "law/penalties/default_penalties.xml": ("level_professionals_3", "level_professionals_4", "level_key_accounts_4"),
    "law/penalties/settled/default_waivers.xml": ("plan_professionals", "plan_key_accounts"),
}
NOTICES = ("level_professionals_5", "level_consumers_5")


def migrate(cr, version):
    """Load again what has changed of the default data, but for what people have made their own."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    shipped.reload(env, version, CHANGED)
    # No data file says that a formal notice claims: a new level does so by its stage.
    ours = shipped.untouched(env, NOTICES, version)
    for name in ours:
        env.ref(f"relance_progressive.{name}").penalties = "claim"
    shipped.keep(env, ours)

"""What came with the add-on is known by checksums from now on; what an earlier update took for it is shown."""

from odoo import SUPERUSER_ID, api

from odoo.addons.relance_progressive.relance_progressive.plan import shipped

CHANGED_BY_1_1 = (
    "level_professionals_3", "level_professionals_4", "level_professionals_5", "level_consumers_5",
    "level_key_accounts_4",
)  # fmt: skip


def migrate(cr, version):
    """Find the levels that the update to 19.0.1.1.0 changed although people had made them, and mark them."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    if version == "19.0.1.1.0" and _came_from_1_0(cr):
        theirs = set(CHANGED_BY_1_1) - set(shipped.untouched(env, CHANGED_BY_1_1, version))
        found = shipped.records(env)
        levels = env["dunning.level"].browse(found[name].id for name in theirs if name in found)
        _mark(levels | _of_own_plans(env))
    shipped.settle(env, version)


def _came_from_1_0(cr):
    """Tell whether the texts of 19.0.1.1.0 came later than the plans did."""
    cr.execute(
        """
        SELECT max(data.create_date) FILTER (WHERE data.name = 'template_notice_professional')
             > min(data.create_date) FILTER (WHERE data.name = 'level_professionals_1') + interval '1 minute'
          FROM ir_model_data data
         WHERE data.module = %s
        """,
        [shipped.MODULE],
    )
    return bool(cr.fetchone()[0])


def _of_own_plans(env):
    """Return the formal notices that people had made before that update, which made them claim by a default."""
    env.cr.execute(
        """
        SELECT level.id
          FROM dunning_level level
         WHERE level.stage = 'formal_notice' AND level.penalties = 'claim'
           AND NOT EXISTS (SELECT FROM ir_model_data data
                            WHERE data.model = 'dunning.level' AND data.res_id = level.id AND data.module = %(module)s)
           AND level.create_date < (SELECT min(data.create_date) FROM ir_model_data data
                                     WHERE data.module = %(module)s AND data.name = 'template_notice_professional')
        """,
        {"module": shipped.MODULE},
    )
    return env["dunning.level"].browse(level for (level,) in env.cr.fetchall())


def _mark(levels):
    """Note on each level what that update may have changed; nothing is taken back without a person's word."""
    for level in levels:
        signs = [level.penalties] if level.penalties != "none" else []
        if level.notice_text_ids:
            signs.append("texts")
        level.update_signs = ",".join(signs)

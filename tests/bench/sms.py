"""The measure of text messages: ``step.py`` calls it with its ``env`` and its ``measure``."""

from datetime import datetime
from unittest.mock import patch

from odoo.addons.relance_progressive.tests.fake_sms import local_gateway

NOON = datetime(2026, 9, 7, 11, 0)  # everybody is awake


def sms(env, measure, count):
    """Send ``count`` text messages through a gateway in this process."""
    env.cr.execute("UPDATE res_partner SET phone = '06' || lpad(id::text, 8, '1') WHERE customer_rank > 0")
    env.cr.execute("UPDATE dunning_reminder SET state = 'ready', draft_reason = NULL WHERE state = 'draft'")
    env["dunning.level.channel"].search([("channel", "!=", "email")]).unlink()
    env["dunning.level.channel"].search([]).channel = "sms"
    env.cr.commit()
    env.invalidate_all()
    engine, channel = env["dunning.engine"], env.registry["dunning.channel.sms"]
    with local_gateway(env.registry), patch.object(channel, "_now", lambda model: NOON):
        engine.deliver(limit=5)  # the first ones read what later ones find
        env.cr.commit()
        figures = measure(lambda: {"sent": dict(engine.deliver(limit=count))})
    return figures | {"ms_per_sms": 1000 * figures["seconds"] / count}

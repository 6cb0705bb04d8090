"""The measures of text messages, calls and letters: ``step.py`` calls them with its ``env`` and its ``measure``."""

from datetime import datetime
from unittest.mock import patch

from odoo.fields import Command

from odoo.addons.relance_progressive.tests.fake_sms import local_gateway

NOON = datetime(2026, 9, 7, 11, 0)  # everybody is awake


def prepare(env, day, channel):
    """Forget all reminders, and prepare those of ``day`` again, on levels of one channel."""
    env.cr.execute("UPDATE account_move_line SET dunning_level_id = NULL, dunning_date = NULL")
    env.cr.execute("DELETE FROM dunning_delivery")
    env.cr.execute("DELETE FROM dunning_reminder")
    env.cr.execute("UPDATE dunning_account SET last_contact_date = NULL, fingerprint = NULL")
    env.cr.execute(
        "UPDATE res_partner SET phone = '06' || lpad((id %% 100000000)::text, 8, '1'), street = '1 rue Haute',"
        " zip = '69001', city = 'Lyon', lang = 'en_US' WHERE customer_rank > 0 OR name LIKE %s", ["Customer %"],
    )  # fmt: skip
    env.invalidate_all()
    levels = env["dunning.level"].search([])
    levels.write({"approval": "automatic", "attach_invoices": False})
    levels.channel_ids.unlink()
    levels.write({"channel_ids": [Command.create({"channel": channel})]})
    env.company.write({"dunning_last_run": False, "dunning_started": True, "dunning_user_id": env.user.id})
    env["dunning.engine"].run(date=day, company=env.company)
    env.cr.commit()


def sms(env, measure, day, count):
    """Send ``count`` text messages through a gateway in this process."""
    prepare(env, day, "sms")
    engine, channel = env["dunning.engine"], env.registry["dunning.channel.sms"]
    with local_gateway(env.registry), patch.object(channel, "_now", lambda model: NOON):
        engine.deliver(limit=5)  # the first ones read what later ones find
        figures = measure(lambda: {"sms": dict(engine.deliver(limit=count))})
    return figures | {"ms_per_sms": 1000 * figures["seconds"] / count}


def calls(env, measure, day, count):
    """Hand ``count`` calls over to the person in charge."""
    prepare(env, day, "call")
    engine = env["dunning.engine"]
    engine.deliver(limit=5)
    figures = measure(lambda: {"calls": dict(engine.deliver(limit=count))})
    return figures | {"ms_per_call": 1000 * figures["seconds"] / count}


def letters(env, measure, day, count):
    """Print ``count`` letters as the progress bar does, a few per call, then post them."""
    prepare(env, day, "letter")
    engine = env["dunning.engine"]
    handed = measure(lambda: dict(engine.deliver(limit=count)))
    waiting = env["dunning.delivery"].search([("channel", "=", "letter"), ("state", "=", "ready")], limit=count)
    mailing = env["dunning.mailing"]._make(waiting)

    def print_all():
        while not mailing.print_next()["finished"]:
            env.cr.commit()

    printed, posted = measure(print_all), measure(lambda: {"posted": mailing.action_posted()})
    return {
        "letters": mailing.letter_count, "pages": mailing.page_count, "hand_over_seconds": handed["seconds"],
        "print_seconds": printed["seconds"], "print_queries": printed["queries"], "post_seconds": posted["seconds"],
        "post_queries": posted["queries"], "ms_per_letter": 1000 * printed["seconds"] / max(1, mailing.letter_count),
    }  # fmt: skip

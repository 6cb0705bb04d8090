"""Messages that were sent before: what is kept of them opens no customer's page any more, to whoever reads it."""

from odoo import SUPERUSER_ID, api

from odoo.addons.relance_progressive.relance_progressive.channels.queries import write_bodies

BATCH = 1000


def migrate(cr, _version):
    """Put the address for whoever logs in, of the same page, in the place of the one that opens by itself."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute("SELECT id FROM mail_message WHERE model = 'dunning.reminder' AND body LIKE '%/reminders/%'")
    ids = [row[0] for row in cr.fetchall()]
    for start in range(0, len(ids), BATCH):
        cr.execute("SELECT id, body FROM mail_message WHERE id = ANY(%s)", [ids[start : start + BATCH]])
        bodies = {id_: env["dunning.account"]._without_links(body) for id_, body in cr.fetchall()}
        env.execute_query(write_bodies(bodies))
    env["mail.message"].invalidate_model(["body"])

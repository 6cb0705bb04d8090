"""SQL of the e-mail channel."""

from odoo.tools import SQL


def contacts(env, reminder_ids):
    """Return who receives each reminder: a reminder contact, else an invoice contact, else the company.

    One row per reminder whose customer has any address.
    """
    fields = ("active", "commercial_partner_id", "email", "lang", "message_bounce", "name", "type")
    return SQL(
        """
        SELECT r.id, r.retried_at, p.id AS contact_id, p.name, p.email, COALESCE(p.lang, customer.lang) AS lang,
               p.message_bounce
          FROM dunning_reminder r
          JOIN res_partner customer ON customer.id = r.partner_id
          JOIN LATERAL (
                   SELECT c.id, c.name, c.email, c.lang, c.message_bounce
                     FROM res_partner c
                    WHERE c.commercial_partner_id = r.partner_id AND TRIM(c.email) <> ''
                      AND (c.id = r.partner_id OR (c.active AND c.type IN ('followup', 'invoice')))
                 ORDER BY CASE WHEN c.id = r.partner_id THEN 2 WHEN c.type = 'followup' THEN 0 ELSE 1 END, c.id
                    LIMIT 1) p ON TRUE
         WHERE r.id = ANY(%(reminders)s)
        """,
        reminders=list(reminder_ids),
        to_flush=[
            *(env["res.partner"]._fields[name] for name in fields),
            *(env["dunning.reminder"]._fields[name] for name in ("partner_id", "retried_at")),
        ],
    )


def bounced(env, addresses):
    """Return ``(address, when)`` of the addresses whose last message came back."""
    return SQL(
        """
        SELECT address, news_at
          FROM (SELECT DISTINCT ON (address) address, state, news_at
                  FROM dunning_delivery
                 WHERE address = ANY(%(addresses)s) AND channel = 'email'
                   AND state IN ('sent', 'delivered', 'opened', 'answered', 'bounced')
              ORDER BY address, id DESC) last
         WHERE state = 'bounced'
        """,
        addresses=list(addresses),
        to_flush=[env["dunning.delivery"]._fields[name] for name in ("address", "channel", "news_at", "state")],
    )


def invoice_files(env, move_ids):
    """Return ``(invoice, attachment, name, size, mimetype)`` of the PDF files of invoices."""
    fields = ("file_size", "name", "res_field", "res_id", "res_model")
    return SQL(
        """
        SELECT DISTINCT ON (res_id) res_id, id, name, file_size, mimetype
          FROM ir_attachment
         WHERE res_model = 'account.move' AND res_field = 'invoice_pdf_report_file' AND res_id = ANY(%(moves)s)
      ORDER BY res_id, id DESC
        """,
        moves=list(move_ids),
        to_flush=[env["ir.attachment"]._fields[name] for name in fields],
    )


def write_bodies(bodies):
    """Return the update of the bodies of messages, ``{id: HTML}``.

    Written past the ORM: it would clean HTML that this add-on has just made, for longer than it
    takes to send it.
    """
    return SQL(
        """
        UPDATE mail_message SET body = text.body
          FROM unnest(%(ids)s::int[], %(bodies)s::text[]) AS text(id, body)
         WHERE mail_message.id = text.id
     RETURNING mail_message.id
        """,
        ids=list(bodies),
        bodies=[str(body) for body in bodies.values()],
    )

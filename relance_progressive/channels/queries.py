"""SQL of the channels: whom messages are for, what came back, and how they are kept."""

from odoo.tools import SQL


def invoiced_of_reminders(env, reminder_ids):
    """Return ``(reminder, contact)`` of the contacts, other than the customer, that the claimed items are made out to.

    That of the oldest item first.
    """
    lines, moves = env["dunning.reminder.line"], env["account.move"]
    return SQL(
        """
        SELECT line.reminder_id, move.partner_id
          FROM dunning_reminder_line line
          JOIN dunning_reminder reminder ON reminder.id = line.reminder_id
          JOIN account_move_line item ON item.id = line.move_line_id
          JOIN account_move move ON move.id = item.move_id
         WHERE line.reminder_id = ANY(%(reminders)s) AND move.partner_id <> reminder.partner_id
      GROUP BY line.reminder_id, move.partner_id
      ORDER BY line.reminder_id, BOOL_AND(line.upcoming IS TRUE), MIN(line.date_maturity), move.partner_id
        """,
        reminders=list(reminder_ids),
        to_flush=[lines._fields[name] for name in ("date_maturity", "move_line_id", "reminder_id", "upcoming")]
        + [moves._fields["partner_id"]],
    )


def invoiced_of_accounts(env, account_ids):
    """Return ``(account, contact)`` of the contacts, other than the customer, that open invoices are made out to.

    That of the oldest invoice first.
    """
    fields = ("company_id", "invoice_date_due", "move_type", "partner_id", "payment_state", "state")
    return SQL(
        """
        SELECT account.id, contact.id
          FROM dunning_account account
          JOIN res_partner contact ON contact.commercial_partner_id = account.partner_id
                                  AND contact.id <> account.partner_id
          JOIN account_move move ON move.partner_id = contact.id
          JOIN res_company company ON company.id = move.company_id
         WHERE account.id = ANY(%(accounts)s) AND move.state = 'posted' AND move.move_type = 'out_invoice'
           AND move.payment_state NOT IN ('paid', 'reversed')
           AND split_part(company.parent_path, '/', 1)::int = account.company_id
      GROUP BY account.id, contact.id
      ORDER BY account.id, MIN(move.invoice_date_due), contact.id
        """,
        accounts=list(account_ids),
        to_flush=[env["account.move"]._fields[name] for name in fields]
        + [env["res.partner"]._fields["commercial_partner_id"]],
    )


def contacts(env, partner_ids, invoiced):
    """Return every contact that may receive a reminder of these customers, the customers themselves included.

    :param invoiced: ids of the contacts that their invoices are made out to

    A contact of the type "followup" is a reminder contact, one of the type "invoice" receives the
    invoices. Sorted so that the first one in need comes first.
    """
    fields = (
        "active", "city", "commercial_partner_id", "country_id", "dunning_office", "dunning_role", "dunning_stages",
        "email", "is_company", "lang", "message_bounce", "name", "phone", "street", "street2", "type", "zip",
    )  # fmt: skip
    return SQL(
        """
        SELECT c.commercial_partner_id AS customer_id, c.id, c.name, c.email, c.phone, c.street, c.street2, c.zip,
               c.city, c.country_id, c.is_company, COALESCE(c.lang, customer.lang) AS lang, c.message_bounce,
               c.dunning_stages, c.dunning_role, c.dunning_office IS TRUE AS office,
               CASE WHEN c.id = c.commercial_partner_id THEN 'customer' ELSE c.type END AS kind
          FROM res_partner c
          JOIN res_partner customer ON customer.id = c.commercial_partner_id
         WHERE c.commercial_partner_id = ANY(%(partners)s)
           AND (c.id = c.commercial_partner_id
                OR c.active AND (c.type IN ('followup', 'invoice') OR c.dunning_office OR c.id = ANY(%(invoiced)s)))
      ORDER BY c.commercial_partner_id, c.id
        """,
        partners=list(partner_ids),
        invoiced=list(invoiced),
        to_flush=[env["res.partner"]._fields[name] for name in fields],
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


def reminded_before(env, reminder_ids, inside):
    """Return ``(reminder)`` of which an item was claimed before: by an older message that reached the customer.

    What was announced before its due date was not asked for, and a note inside the company reaches nobody.

    :param inside: codes of the channels that reach no customer
    """
    names = {
        "dunning.reminder.line": ("move_line_id", "reminder_id", "upcoming"),
        "dunning.delivery": ("channel", "reminder_id", "state"),
    }
    return SQL(
        """
        SELECT DISTINCT line.reminder_id
          FROM dunning_reminder_line line
          JOIN dunning_reminder_line older ON older.move_line_id = line.move_line_id
                                          AND older.reminder_id < line.reminder_id AND older.upcoming IS NOT TRUE
          JOIN dunning_delivery delivery ON delivery.reminder_id = older.reminder_id
         WHERE line.reminder_id = ANY(%(reminders)s) AND line.upcoming IS NOT TRUE
           AND delivery.state = ANY(%(reached)s) AND delivery.channel <> ALL(%(inside)s)
        """,
        reminders=list(reminder_ids),
        reached=list(env["dunning.delivery"]._handed_over_states()),
        inside=inside,
        to_flush=[env[model]._fields[name] for model, fields in names.items() for name in fields],
    )

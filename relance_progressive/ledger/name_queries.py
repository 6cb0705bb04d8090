"""SQL of the name of an item: the document as the customer knows it."""

from odoo.tools import SQL

LONGEST = 80  # signs of a name: a note of a page that somebody typed as a label is none

READ = {
    "account.move.line": ("account_id", "amount_currency", "dunning_origin_id", "move_id", "name", "partner_id"),
    "account.move": ("journal_id", "move_type", "name", "ref"),
    "account.account": ("code_store", "name"),
    "account.journal": ("name",),
    "res.partner": ("commercial_partner_id", "name"),
}
# The point of sale may not be installed.
READ_OF_TILLS = {
    "pos.order": ("account_move", "name", "partner_id", "pos_reference"),
    "pos.payment": ("amount", "payment_method_id", "pos_order_id", "session_id"),
    "pos.payment.method": ("journal_id", "split_transactions"),
    "pos.session": ("move_id",),
}


def flush(env):
    """List the fields that a name reads."""
    read = READ | (READ_OF_TILLS if "pos.session" in env else {})
    return [env[model]._fields[name] for model, names in read.items() for name in names]


def item_name(env):
    """Return the expression of the name of an item (aliases ``l`` of the item, ``m`` of its entry).

    An invoice has its number. An entry that is none, a balance taken over for instance, holds many documents under a
    number that no customer has ever read: there it is the ticket of the till, else what the entry says of the item.
    Money that the bank sent back has the name of the item that is due again.
    """
    return SQL(
        """
        CASE WHEN m.move_type <> 'entry' THEN m.name
             WHEN l.dunning_origin_id IS NOT NULL
             THEN (SELECT CASE WHEN due.move_type <> 'entry' THEN due.name ELSE %(words_of_origin)s END
                     FROM account_move_line origin
                     JOIN account_move due ON due.id = origin.move_id
                    WHERE origin.id = l.dunning_origin_id)
             ELSE COALESCE(%(ticket)s, %(words)s)
              END""",
        words=words_of_entry("l", "m"),
        words_of_origin=words_of_entry("origin", "due"),
        ticket=ticket_of_till() if "pos.session" in env else SQL("NULL"),
        to_flush=flush(env),
    )


def words_of_entry(item, entry):
    """Return the expression of what an entry that is no invoice says of an item: aliases of the item and its entry.

    The label of the line or the reference of the entry, whichever holds a number first, else whichever says something
    at all, on one line and not too long for one; the number of the entry for want of anything better. A label that
    only repeats the account, the journal or the customer says nothing.
    """
    return SQL(
        """
        COALESCE((
            SELECT known.words
              FROM (SELECT told.place, CASE WHEN length(told.words) > %(longest)s
                                            THEN rtrim(left(told.words, %(longest)s - 1)) || '…'
                                            ELSE told.words END AS words
                      FROM (VALUES (1, btrim(regexp_replace(%(item)s.name, '\\s+', ' ', 'g'))),
                                   (2, btrim(regexp_replace(%(entry)s.ref, '\\s+', ' ', 'g')))) told (place, words)
                   ) known
             WHERE known.words ~ '[[:alnum:]]'
               AND NOT EXISTS (
                   SELECT FROM account_account account
                          CROSS JOIN jsonb_each_text(account.name) label
                           LEFT JOIN LATERAL jsonb_each_text(account.code_store) code ON TRUE
                    WHERE account.id = %(item)s.account_id AND lower(known.words) IN (
                          lower(label.value), code.value, lower(concat_ws(' ', code.value, label.value))))
               AND NOT EXISTS (
                   SELECT FROM account_journal journal, jsonb_each_text(journal.name) label
                    WHERE journal.id = %(entry)s.journal_id AND lower(label.value) = lower(known.words))
               AND NOT EXISTS (
                   SELECT FROM res_partner customer
                    WHERE customer.id = %(item)s.partner_id AND lower(customer.name) = lower(known.words))
          ORDER BY known.words !~ '[0-9]', known.place
             LIMIT 1), %(entry)s.name)""",
        item=SQL.identifier(item),
        entry=SQL.identifier(entry),
        longest=LONGEST,
    )


def ticket_of_till():
    """Return the expression of the ticket of a till: the order and, if another, the number printed on the receipt.

    The entry of a session has a line for each sale on a customer's account, in the order of the payments, and nothing
    leads from one to the other but the amount. An order that was invoiced is no part of it.
    """
    return SQL(
        """(
        SELECT CASE WHEN COALESCE(ticket.printed, '') IN ('', ticket.name) THEN ticket.name
                    ELSE concat(ticket.name, ' (', ticket.printed, ')') END
          FROM (SELECT sale.name, sale.pos_reference AS printed, row_number() OVER (ORDER BY payment.id) AS place
                  FROM pos_session session
                  JOIN pos_payment payment ON payment.session_id = session.id
                  JOIN pos_payment_method method ON method.id = payment.payment_method_id
                  JOIN pos_order sale ON sale.id = payment.pos_order_id
                  JOIN res_partner buyer ON buyer.id = sale.partner_id
                 WHERE session.move_id = m.id AND buyer.commercial_partner_id = l.partner_id
                   AND payment.amount = l.amount_currency AND sale.account_move IS NULL
                   AND method.split_transactions AND method.journal_id IS NULL) ticket
         WHERE ticket.place = (
               SELECT COUNT(*) FROM account_move_line twin
                WHERE twin.move_id = m.id AND twin.partner_id = l.partner_id AND twin.account_id = l.account_id
                  AND twin.amount_currency = l.amount_currency AND twin.id <= l.id))"""
    )


def names(env, items):
    """Return ``(item, name)`` of these items."""
    return SQL(
        """
        SELECT l.id, %(name)s
          FROM account_move_line l
          JOIN account_move m ON m.id = l.move_id
         WHERE l.id = ANY(%(items)s)
        """,
        name=item_name(env),
        items=list(items),
    )

"""SQL of the SMS channel."""

from odoo.tools import SQL


def blacklisted(env, numbers):
    """Return ``(number,)`` of those whose owner asked never to be texted."""
    return SQL(
        "SELECT number FROM phone_blacklist WHERE number = ANY(%(numbers)s) AND active",
        numbers=list(numbers),
        to_flush=[env["phone.blacklist"]._fields[name] for name in ("active", "number")],
    )


def unreachable(env, numbers):
    """Return ``(number, when)`` of those to which the last SMS could not be delivered for good."""
    fields = ("address", "channel", "failure", "news_at", "state")
    return SQL(
        """
        SELECT address, news_at
          FROM (SELECT DISTINCT ON (address) address, state, failure, news_at
                  FROM dunning_delivery
                 WHERE address = ANY(%(numbers)s) AND channel = 'sms'
                   AND state IN ('sent', 'delivered', 'answered', 'bounced')
              ORDER BY address, id DESC) last
         WHERE state = 'bounced' AND failure = 'refused'
        """,
        numbers=list(numbers),
        to_flush=[env["dunning.delivery"]._fields[name] for name in fields],
    )

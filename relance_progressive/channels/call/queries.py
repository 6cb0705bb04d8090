"""SQL of the calls."""

from odoo.tools import SQL


def wrong_numbers(env, numbers):
    """Return ``(number, when)`` of the numbers of which the last call said that they are wrong."""
    return SQL(
        """
        SELECT number, called_at
          FROM (SELECT DISTINCT ON (number) number, outcome, called_at
                  FROM dunning_call
                 WHERE number = ANY(%(numbers)s)
              ORDER BY number, id DESC) last
         WHERE outcome = 'wrong_number'
        """,
        numbers=list(numbers),
        to_flush=[env["dunning.call"]._fields[name] for name in ("called_at", "number", "outcome")],
    )

"""SQL of the published rates."""

from odoo.tools import SQL


def rates_that_count(env, company_id):
    """Return ``(reference, first day, percent)`` for a company, each period once.

    Its own value comes first, then one that people entered for all companies, then the shipped one.
    """
    fields = env["dunning.interest.rate"]._fields
    return SQL(
        """
        SELECT DISTINCT ON (reference, date_from) reference, date_from, trim_scale(value)::text
          FROM dunning_interest_rate
         WHERE company_id IS NULL OR company_id = %(company)s
      ORDER BY reference, date_from, company_id NULLS LAST, shipped
        """,
        company=company_id,
        to_flush=[fields[name] for name in ("company_id", "date_from", "reference", "shipped", "value")],
    )

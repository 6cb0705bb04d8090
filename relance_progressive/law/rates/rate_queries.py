"""SQL of the published rates."""

from odoo.tools import SQL

from ...core.plain.arrays import as_array


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


def terms_of_customers(env, company, customers):
    """Return ``(status, country, law, agreed rate, day of insolvency, customer ids)``, a row for each kind of customer.

    Contacts stand for their commercial entity; who has no status is left out.

    :param company: a main company: a customer may have agreed on another law or rate with each
    """
    partners = env["res.partner"].with_company(company)
    fields = partners._fields
    return SQL(
        """
        SELECT c.dunning_status, c.country_id, %(law)s, COALESCE(%(rate)s, 0), c.dunning_insolvency_date,
               array_agg(p.id)
          FROM res_partner p
          JOIN res_partner c ON c.id = p.commercial_partner_id AND c.dunning_status IS NOT NULL
         WHERE p.id = ANY(%(customers)s)
      GROUP BY 1, 2, 3, 4, 5
        """,
        law=fields["dunning_law_id"].to_sql(partners, "c"),
        rate=fields["dunning_interest_rate"].to_sql(partners, "c"),
        customers=as_array(customers),
        to_flush=[
            fields[name]
            for name in ("commercial_partner_id", "country_id", "dunning_insolvency_date", "dunning_status")
        ],
    )

"""Writing many accounts at once: what features compute of them is stored together, one write for each account."""

import json

from odoo.tools import SQL


def typed_columns(env, names):
    """Return ``[(name, type)]``, as SQL, of columns of ``dunning.account``."""
    fields = env["dunning.account"]._fields
    return [
        (SQL.identifier(name), SQL(fields[name].column_type[1]))  # pylint: disable=sql-injection
        for name in names
    ]


def store_columns(env, company, figures):
    """Return the update of the accounts of customers where something is new; gives ``(account id,)`` of those."""
    columns = typed_columns(env, next(iter(figures.values())))
    names = [name for name, _type in columns]
    return SQL(
        """
        UPDATE dunning_account a
           SET (%(names)s) = ROW(%(new)s)
          FROM json_to_recordset(%(rows)s::json) AS d(partner int, %(typed)s)
         WHERE a.company_id = %(company)s AND a.partner_id = d.partner AND (%(old)s) IS DISTINCT FROM (%(new)s)
     RETURNING a.id
        """,
        names=SQL(", ").join(names),
        new=SQL(", ").join(SQL("d.%s", name) for name in names),
        old=SQL(", ").join(SQL("a.%s", name) for name in names),
        typed=SQL(", ").join(SQL("%s %s", *column) for column in columns),
        rows=json.dumps([{"partner": partner, **values} for partner, values in figures.items()], default=str),
        company=company.id,
        to_flush=list(env["dunning.account"]._fields.values()),
    )

"""Writing many accounts at once: what features compute of them is stored together, one write for each account."""

from odoo.tools import SQL


def as_rows(rows, *types):
    """Return rows of plain values as the SQL of a table of them: a parameter for each column, however many they are.

    :param types: the PostgreSQL types of the columns; JSON is given as text
    """
    columns = zip(*rows, strict=True) if rows else [()] * len(types)
    return SQL("unnest(%s)", SQL(", ").join(
        SQL("%s::%s[]", _as_array(column), SQL(type_))  # pylint: disable=sql-injection
        for column, type_ in zip(columns, types, strict=True)
    ))  # fmt: skip


def _as_array(values):
    """Return plain values, None among them, as the text of an array."""
    texts = [
        "NULL" if value is None else _in_quotes(value) if isinstance(value, str) else str(value) for value in values
    ]
    return f"{{{','.join(texts)}}}"


def _in_quotes(text):
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def store_columns(env, company, figures):
    """Return the update of the accounts of customers where something is new; gives ``(account id,)`` of those."""
    fields, names = env["dunning.account"]._fields, list(next(iter(figures.values())))
    return SQL(
        """
        UPDATE dunning_account a
           SET (%(names)s) = ROW(%(new)s)
          FROM %(rows)s AS d(partner, %(names)s)
         WHERE a.company_id = %(company)s AND a.partner_id = d.partner AND (%(old)s) IS DISTINCT FROM (%(new)s)
     RETURNING a.id
        """,
        names=SQL(", ").join(SQL.identifier(name) for name in names),
        new=SQL(", ").join(SQL.identifier("d", name) for name in names),
        old=SQL(", ").join(SQL.identifier("a", name) for name in names),
        rows=as_rows(
            [(partner, *[values[name] for name in names]) for partner, values in figures.items()],
            "int", *[fields[name].column_type[1] for name in names],
        ),
        company=company.id,
        to_flush=list(fields.values()),
    )  # fmt: skip

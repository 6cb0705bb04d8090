"""What Odoo calls once in the life of an installation."""

import shutil
from pathlib import Path

from odoo.fields import Field
from odoo.models import Constraint, Index, MetaModel, UniqueIndex
from odoo.tools import SQL, sql

ADDON = "relance_progressive"
TYPES = {
    "boolean": "bool", "char": "varchar", "selection": "varchar", "text": "text", "html": "text", "json": "jsonb",
    "integer": "int4", "many2one": "int4", "date": "date", "datetime": "timestamp", "monetary": "numeric",
}  # fmt: skip


# === INSTALLATION === #


def pre_init_hook(env):
    """Add to Odoo's own tables beforehand what the add-on adds to them, each in a moment of its own.

    Odoo does it all in the transaction that loads the data: whoever reads an invoice, a customer or a company waits
    until it is over. A column without a value for each row takes no time; an index keeps writers away while it is made.
    """
    env.cr.commit()
    for table, classes in _extended_tables(env):
        known = sql.table_columns(env.cr, table)
        for name, (kind, given) in _fields(classes).items():
            if name not in known and (column := _column(kind, given)):
                names = SQL.identifier(table), SQL.identifier(name)
                env.cr.execute(SQL("ALTER TABLE %s ADD COLUMN %s %s", *names, column))
                env.cr.execute(SQL("ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT", *names))
        env.cr.commit()
        for name, index in _objects(classes, (Index, UniqueIndex)):
            _add_index(env.cr, f"{table}{name}", table, index)
            env.cr.commit()
        for name, constraint in _objects(classes, Constraint):
            full, definition = f"{table}{name}", constraint.get_definition(env.registry)
            if not sql.constraint_definition(env.cr, table, full):
                sql.add_constraint(env.cr, table, full, definition)
        env.cr.commit()


def _extended_tables(env):
    """Yield ``(table, classes)`` of Odoo's models that the add-on extends."""
    all_classes, by_model = MetaModel._module_to_models__[ADDON], {}
    for one in all_classes:
        parents = [one._inherit] if isinstance(one._inherit, str) else list(one._inherit or [""])
        extended = one._name if one._name in parents else parents[0]  # mixins may stand before it
        if extended and not extended.startswith("dunning.") and one._name in (None, extended):
            of_mixins = [other for other in all_classes if other._name in parents and other._name != extended]
            by_model.setdefault(extended, []).extend([*of_mixins, one])
    for name, classes in by_model.items():
        if name in env and env[name]._auto and not env[name]._abstract and not env[name]._transient:
            yield env[name]._table, classes


def _fields(classes):
    """Return ``{name: (type, what its definitions say together)}``."""
    found = {}
    for one in classes:
        for name, field in vars(one).items():
            if isinstance(field, Field):
                found[name] = (field.type, {**found.get(name, (None, {}))[1], **field._args__})
    return found


def _objects(classes, kind):
    for one in classes:
        yield from ((name, thing) for name, thing in vars(one).items() if isinstance(thing, kind))


def _column(field_type, given):
    """Return the definition of the column of a field; nothing if it has none, or a default that is computed."""
    default = given.get("default")
    if given.get("compute") or given.get("related") or not given.get("store", True) or callable(default):
        return None
    kind = TYPES.get(field_type)
    if field_type == "float":
        kind = "float8" if given.get("_digits") is None else "numeric"
    if given.get("translate") or given.get("company_dependent"):
        kind = "jsonb"
        default = None
    if not kind:
        return None
    if default is None:
        return SQL(kind)
    return SQL("%s DEFAULT %s%s", SQL(kind), default, SQL(" NOT NULL") if given.get("required") else SQL())


def _add_index(cr, name, table, index):
    definition = index._index_definition
    if not callable(definition) and not sql.index_definition(cr, name)[0]:
        comment = index.get_definition(None)
        sql.add_index(cr, name, table, definition, comment=comment, unique=index.unique)


# === REMOVAL === #


def uninstall_hook(env):
    """Leave nothing behind that would stop the removal, lead nowhere or keep data of customers.

    The tables of the add-on go anyway: what points at their rows need not hold them back.
    """
    _release(env)
    _unlink_histories(env)
    env["ir.config_parameter"].sudo().search([("key", "=like", f"{ADDON}.%")]).unlink()
    env["mail.activity"].sudo().search([("activity_type_id", "in", _own(env, "mail.activity.type").ids)]).unlink()
    folders = [
        Path(env["dunning.letter.provider.folder"]._folder()), Path(env["dunning.lre.provider.local"]._root()),
        Path(f"{env['ir.attachment']._filestore()}-sms"),
    ]  # fmt: skip
    env.cr.postcommit.add(lambda: [shutil.rmtree(folder, ignore_errors=True) for folder in folders])


def _own(env, model):
    """Return the records of a model that came with the add-on."""
    data = env["ir.model.data"].sudo().search([("module", "=", ADDON), ("model", "=", model)])
    return env[model].sudo().browse(data.mapped("res_id")).exists()


def _release(env):
    """Drop the foreign keys that refuse the deletion of rows of our own tables."""
    tables = [model._table for name, model in env.items() if name.startswith("dunning.") and not model._abstract]
    keys = env.execute_query(SQL(
        """
        SELECT conrelid::regclass::text, conname
          FROM pg_constraint
         WHERE contype = 'f' AND confdeltype IN ('r', 'a')
           AND confrelid = ANY(SELECT to_regclass(name) FROM unnest(%(tables)s) name)
        """,
        tables=tables,
    ))  # fmt: skip
    for table, name in keys:
        env.cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT %s", SQL.identifier(table), SQL.identifier(name)))


def _unlink_histories(env):
    """In the histories of customers and invoices, turn links to records that go into their text."""
    env.cr.execute(
        r"""
        UPDATE mail_message
           SET body = regexp_replace(
                   body, '<a [^>]*data-oe-model=["'']dunning\.[^>]*>([^<]*)</a>', '\1', 'g'
               )
         WHERE body ~ 'data-oe-model=["'']dunning\.'
        """
    )
    env["mail.message"].invalidate_model(["body"])

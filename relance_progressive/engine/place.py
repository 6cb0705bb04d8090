"""Where this database lives: a dump that is restored, or a copy, is another place."""

from odoo.tools import SQL

PARAMETER = "relance_progressive.place"


def present(env):
    """Return what tells this database from its copies.

    Odoo gives a copy another uuid; a dump that PostgreSQL's own tools restore keeps it, but lies in another database
    (its number changes even under the same name) or on another server.
    """
    uuid = env["ir.config_parameter"].sudo().get_param("database.uuid")
    ((name, number, server),) = env.execute_query(SQL("""
        SELECT d.datname, d.oid, s.system_identifier
          FROM pg_database d, pg_control_system() s
         WHERE d.datname = current_database()
    """))  # fmt: skip
    return f"{uuid} {server} {number} {name}"


def keep(env):
    """Note that reminders are sent from here."""
    env["ir.config_parameter"].sudo().set_param(PARAMETER, present(env))


def kept(env):
    """Return from where reminders are sent, empty if nobody has switched them on yet."""
    return env["ir.config_parameter"].sudo().get_param(PARAMETER) or ""

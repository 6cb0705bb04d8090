"""Where this database lives: a dump that is restored, or a copy, is another place, from which nothing leaves."""

from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import SQL

PARAMETER = "relance_progressive.place"
FORMER = "relance_progressive.former"  # the uuids under which reminders were sent before
KNOWN = "relance_progressive.known_until"  # the last moment that a copy knows of, as long as nobody has answered


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
    """Note that reminders are sent from here, and under which uuid they were sent before."""
    env["ir.config_parameter"].sudo().set_param(FORMER, " ".join(uuids(env)[1:]))
    env["ir.config_parameter"].sudo().set_param(PARAMETER, present(env))
    env["ir.config_parameter"].sudo().set_param(KNOWN, False)


def kept(env):
    """Return from where reminders are sent, empty if nobody has sent any yet."""
    return env["ir.config_parameter"].sudo().get_param(PARAMETER) or ""


def uuids(env):
    """Return the uuids under which reminders were sent, the present one first."""
    parameters = env["ir.config_parameter"].sudo()
    former = parameters.get_param(FORMER) or ""
    return list(dict.fromkeys([parameters.get_param("database.uuid"), *kept(env).split()[:1], *former.split()]))


def is_copied(env):
    """Tell whether reminders are sent from elsewhere, as far as anybody has said."""
    known = kept(env)
    return bool(known) and known != present(env)


def check_real(env):
    """Refuse what a person would have leave, in a copy; note the place of the first one that leaves by hand.

    :raise RedirectWarning: with the way to the settings, for those who may open them
    :raise UserError: for the others
    """
    if not kept(env):
        keep(env)
    if not is_copied(env):
        return
    words = env._(
        "This database was copied or restored. Nothing leaves from it, neither by itself nor by hand, before somebody "
        "has said in the settings of payment reminders that it is the real one."
    )
    if env.user.has_group("base.group_system"):
        action = env.ref("account.action_account_config").id
        raise RedirectWarning(words, action, env._("Open the Settings"))
    whom = env._("Ask whoever may change the settings of Odoo.")
    refused = f"{words} {whom}"
    raise UserError(refused)

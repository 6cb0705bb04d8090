"""No level begins to claim late interest by an update: the default is for new levels."""


def migrate(cr, _version):
    """Make the column before Odoo computes it for every level, and so writes every level as the system."""
    cr.execute("ALTER TABLE dunning_level ADD COLUMN IF NOT EXISTS penalties varchar")
    cr.execute("UPDATE dunning_level SET penalties = 'none' WHERE penalties IS NULL")

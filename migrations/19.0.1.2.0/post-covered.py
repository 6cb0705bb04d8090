"""Penalties of those whose money nobody has matched yet: it bears no interest any more."""


def migrate(cr, _version):
    """Have the next night compute them again; until then the account says so."""
    cr.execute("UPDATE dunning_account SET penalty_date = NULL WHERE amount_covered > 0")

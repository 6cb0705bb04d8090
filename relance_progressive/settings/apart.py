"""What follows from a person's change is done apart from it: it may fail, the change stands."""

from contextlib import contextmanager
from functools import partial

import psycopg2

from odoo.exceptions import ConcurrencyError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

# Another transaction was faster, or holds what is needed: done again, the same may succeed.
CONFLICTS = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError)
# The transaction itself is at stake: a conflict, a lock, a connection that is gone, or an error met before.
LOST = (psycopg2.OperationalError, psycopg2.InterfaceError, psycopg2.InternalError, ConcurrencyError)


@contextmanager
def apart(env, told):
    """Do something that may fail without harm: all of it, or nothing.

    One policy for errors of the database: a conflict is never kept. It is raised, and whoever owns the transaction
    begins again: Odoo for a person's request, the engine for its batches.

    What was to be written before is written first, outside: a conflict met there is no failure of what follows, and
    nothing could be rolled back for it.

    :param told: a function that is given the error once it is undone, inside ``except``
    """
    env.cr.flush()
    try:
        with env.cr.savepoint():
            yield
    except Exception as error:
        raise_if_lost(error, undone=True)
        told(error)


@contextmanager
def refused_quietly(cr):
    """Try what the database may refuse, in a savepoint: a refusal that is met here is no line in the log.

    It is this cursor that keeps quiet, and no other thread's: a logger is everybody's.
    """
    cr.flush()  # what was to be written before is none of it
    cr.execute = partial(cr.execute, log_exceptions=False)
    try:
        with cr.savepoint():
            yield
    finally:
        del cr.execute


def raise_if_lost(error, undone=False):
    """Raise the error of the database that is behind an error, if any: after it nothing can be read or written.

    :param undone: whether what failed was rolled back to a savepoint: then only what is worse is raised
    """
    if lost := behind(error, LOST if undone else (psycopg2.Error, ConcurrencyError)):
        raise lost


def behind(error, kinds):
    """Return the error of one of these kinds that is behind an error, or is it; nothing if there is none."""
    seen, todo = set(), [error]
    while todo:
        error = todo.pop()
        if isinstance(error, kinds):
            return error
        if error is not None and id(error) not in seen:
            seen.add(id(error))
            todo += (error.__context__, error.__cause__)
    return None

"""What our code says to our code stands in the context, and so does whatever anybody sends with a request.

So it is said with a :class:`Mark`, that no request can bring, under one key; all of them stand here.
"""

from enum import Enum

KEY = "dunning_inside"


class Mark(Enum):
    """What is being done further up, for whom Odoo's own methods stand between: elsewhere it is an argument."""

    MOVING = "the state follows from the life of the record, it is not typed"
    SAVING_PLAN = "the levels are saved with their plan, which says that it has changed"
    DECIDED_LATER = "whoever says so decides the accounts again when all is done"
    MERGING = "items follow their account to the customer that stays"
    ABSORBING = "a period of limitation follows its account to the customer that stays"
    SYNCING = "a flag of Odoo's follows ours, not the other way round"
    CLOSING = "a letter of Odoo's is closed by us: it is no news"
    RECORDING = "what happened to a registered letter is completed by its own buttons"
    NO_FOLLOWER = "a task changes hands, nobody follows its record for it"
    AUTOMATIC_MAIL = "an answer of a machine came in: it answers nothing"


def marked(records, mark):
    """Return records that carry a mark, to whatever is done with them."""
    return records.with_context(**{KEY: _marks(records.env) | {mark}})


def is_marked(env, mark):
    """Tell whether this is done with a mark."""
    return mark in _marks(env)


def _marks(env):
    marks = env.context.get(KEY)
    return marks if isinstance(marks, frozenset) else frozenset()


def without_ours(records):
    """Return records without what a request says in our own words: what is decided and leaves is made by code alone."""
    context = {name: value for name, value in records.env.context.items() if not name.startswith("dunning_")}
    return records.with_context(context)  # pylint: disable=context-overridden

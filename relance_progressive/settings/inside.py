"""What our code says to our code stands in the context, and so does whatever anybody sends with a request."""

INSIDE = object()  # what only code can put in a context, where a plain "yes" could come from anybody


def without_ours(records):
    """Return records without what a request says in our own words: what is decided and leaves is made by code alone."""
    context = {name: value for name, value in records.env.context.items() if not name.startswith("dunning_")}
    return records.with_context(context)  # pylint: disable=context-overridden

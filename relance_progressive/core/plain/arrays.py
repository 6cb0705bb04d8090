"""Arrays for PostgreSQL."""


def as_array(ids):
    """Return ids as the text of an array: PostgreSQL reads it much faster than tens of thousands of parameters."""
    return f"{{{','.join(map(str, ids))}}}"

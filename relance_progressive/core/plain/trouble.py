"""What goes wrong without being the fault of a message."""

import errno


class OutOfOrder(Exception):  # noqa: N818 -- a state of things, that ends by itself
    """Who makes or carries messages does not work now: a PDF engine, a disk. Its text says it to people."""


def is_disk_full(error: BaseException | None) -> bool:
    """Tell whether there was no room to write.

    >>> is_disk_full(OSError(errno.ENOSPC, "No space left on device")), is_disk_full(OSError(errno.EACCES, "Denied"))
    (True, False)
    """
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)

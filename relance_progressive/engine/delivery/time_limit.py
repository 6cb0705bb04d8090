"""A limit of time for what people wrote: a text may run in circles."""

import ctypes
import threading
from contextlib import contextmanager


class TookTooLong(Exception):
    """What was begun did not end in time."""


class _Enough(BaseException):
    """Raised inside what takes too long; no ``except Exception`` of a text or of its engine keeps it."""


@contextmanager
def limited(seconds):
    """Break off what runs inside after some seconds, wherever this thread is by then.

    An endless loop is broken off, in any thread; what waits for a process or for the database goes on until that
    answers, they have limits of their own.

    :raise TookTooLong: if it was broken off
    """
    thread, lock, over = threading.get_ident(), threading.Lock(), threading.Event()

    def enough():
        with lock:
            if not over.is_set():
                over.set()
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(_Enough))

    timer = threading.Timer(seconds, enough)
    timer.daemon = True
    timer.start()
    try:
        try:
            yield
        finally:
            with lock:
                late = over.is_set()
                over.set()
            if late:  # it ended, or failed, at the very moment: the exception may be on its way
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), None)
    except _Enough:
        raise TookTooLong from None
    finally:
        timer.cancel()

"""Another clock for Odoo's processes: a Sunday, a month's end, the hour after midnight, the change of clocks.

``RELANCE_CLOCK="2026-03-29 01:30:00"`` (UTC) starts them at that moment. PostgreSQL keeps the true time, and so does
the browser: choose classes without tours, and a moment near the present one where a test compares with what the
database notes.
"""

import os
from datetime import datetime
from pathlib import Path

from . import setup
from .base import Failure, once

NAME = "RELANCE_CLOCK"
LIBRARY = "faketime/libfaketimeMT.so.1"


def environment(path: str) -> dict[str, str]:
    """Return what shifts the clock of a Python process with a search path; nothing unless another clock is asked for.

    Raises:
        Failure: the moment cannot be read.
    """
    moment = os.environ.get(NAME)
    if not moment:
        return {}
    try:
        start = datetime.fromisoformat(moment)
    except ValueError:
        raise Failure(f'{NAME}={moment} is no moment: write "2026-03-29 01:30:00".') from None
    once("faketime", "1", "Another clock (libfaketime)", lambda: setup.add_libraries("libfaketime"))
    return {
        "PYTHONPATH": f"{path}:{Path(__file__).parent / 'shifted'}",
        "LD_PRELOAD": str(_library()), "FAKETIME": f"@{start:%Y-%m-%d %H:%M:%S}", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "TZ": "UTC",
    }  # fmt: skip


def _library() -> Path:
    found = [*setup.LIBRARIES.glob(f"usr/lib/*/{LIBRARY}"), *Path("/usr/lib").glob(f"*/{LIBRARY}")]
    if not found:
        raise Failure(f"libfaketime is not on this machine. Install the package libfaketime, or leave {NAME} out.")
    return found[0]

"""Python loads this by itself where the clock is shifted: there the system's sleep refuses to sleep."""

import select
import time


def sleep(seconds):
    """Wait, measured by the clock that is not shifted."""
    select.select([], [], [], seconds)


time.sleep = sleep

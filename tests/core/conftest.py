"""Hypothesis draws the same examples on each run, unless HYPOTHESIS_PROFILE=search asks for more."""

import os

from hypothesis import HealthCheck, settings

QUIET = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.filter_too_much],
}
settings.register_profile("fixed", derandomize=True, max_examples=240, **QUIET)
settings.register_profile("search", max_examples=5000, **QUIET)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))

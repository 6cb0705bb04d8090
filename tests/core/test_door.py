"""``relance_progressive.core`` is the door of the library: what integrators import, and examples that hold."""

import doctest
import importlib
import pkgutil
from datetime import date

import pytest

from relance_progressive import core

MODULES = sorted(module.name for module in pkgutil.walk_packages(core.__path__, f"{core.__name__}."))


def test_what_it_offers_is_there():
    assert {name for name in core.__all__ if getattr(core, name, None) is None} == set()
    assert core.decide(core.AccountFacts(items=()), None, date(2026, 1, 5)).send is False


@pytest.mark.parametrize("name", [core.__name__, *MODULES])
def test_the_examples_hold(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0

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


def test_scripts_written_for_the_first_release_still_import():
    facts = importlib.import_module(f"{core.__name__}.facts")
    decide = importlib.import_module(f"{core.__name__}.decide")
    assert (facts.Item, decide.decide) == (core.Item, core.decide)
    assert importlib.import_module(f"{core.__name__}.limitation").limitation is core.limitation
    assert callable(core.decide), "the door is not replaced by the file of that name"

"""The life of an installation: installed, updated from each released version, uninstalled and installed again."""

from typing import NamedTuple

from . import postgres, released
from .base import ADDON, REPO
from .odoo_log import Outcome, complaints
from .server import Server
from .steps import logged_odoo, scratch_name, shell_output

EXAMPLES = [f"dunning_example_{what}" for what in ("channel", "carrier", "provider", "hold")]
# From which version, and by which other one on the way.
UPDATES = (("19.0.1.0.0", ""), ("19.0.1.1.0", ""), ("19.0.1.0.0", "19.0.1.1.0"))


class Fresh(NamedTuple):
    """What a new installation has: checksums of the default data as JSON, and its external identifiers."""

    known: str
    identifiers: dict[str, tuple[str, str]]


def cycle(server: Server) -> Outcome:
    """install, update, uninstall and install again, with nothing to complain about in the log"""
    outcome = Outcome()
    name = scratch_name("cycle")
    server.create(name)
    try:
        _step(server, outcome, name, "install", "-d", name, "-i", ADDON, "--stop-after-init")
        fresh = Fresh(shell_output(server, name, "shipped_known.py").splitlines()[-1], _identifiers(name))
        _step(server, outcome, name, "update", "-d", name, "-u", ADDON, "--stop-after-init")
        _step(server, outcome, name, "uninstall", "module", "uninstall", "-d", name, ADDON)
        _step(server, outcome, name, "install again", "-d", name, "-i", ADDON, "--stop-after-init")
    finally:
        server.drop(name)
    for first, way in UPDATES:
        _updated(server, outcome, first, way, fresh)
    _full(server, outcome)
    return outcome


def _full(server: Server, outcome: Outcome) -> None:
    """Install the example add-ons beside a company that has worked, use them, and remove everything."""
    name = scratch_name("full")
    beside = Server(None, REPO / "tests" / "examples")
    server.copy(server.template(demo=True), name)
    try:
        _step(server, outcome, name, "install full", "-d", name, "-i", ADDON, "--with-demo", "--stop-after-init")
        _step(beside, outcome, name, "examples", "-d", name, "-i", ",".join(EXAMPLES), "--stop-after-init")
        tried = shell_output(beside, name, "full_before.py")
        _count(outcome, "the example add-ons", tried, "wrong: []")
        _step(beside, outcome, name, "uninstall full", "module", "uninstall", "-d", name, ADDON)
        _count(outcome, "what is left", shell_output(server, name, "full_after.py"), "left: []")
    finally:
        server.drop(name)


def _identifiers(name: str) -> dict[str, tuple[str, str]]:
    """Return ``{external identifier: (model, record)}`` of the add-on in a database."""
    rows = postgres.sql("SELECT name, model, res_id FROM ir_model_data WHERE module = :'addon'", name, addon=ADDON)
    return {identifier: (model, record) for identifier, model, record in (row.split("\t") for row in rows)}


def _identifiers_lost(old: dict, new: dict, fresh: Fresh) -> str:
    """Say which views, menus, groups, rules, scheduled actions, fields ... an update lost, left behind or made anew."""
    lost = [f"{name} is missing" for name in fresh.identifiers if name not in new]
    lost += [f"{name} is left behind" for name in new if name not in fresh.identifiers]
    lost += [f"{name} is another record" for name in old if name in new and old[name] != new[name]]
    return f"lost: {sorted(lost)}"


def _count(outcome: Outcome, what: str, printed: str, good: str) -> None:
    """Count a script that ends with a line."""
    if printed.rstrip().endswith(good):
        outcome.passed += 1
    else:
        outcome.fail(f"{what}: {printed[-4000:]}")


def _step(server: Server, outcome: Outcome, name: str, step: str, *arguments: str) -> bool:
    """Run one step and count it; return whether it went well."""
    code, text = logged_odoo(server, f"cycle-{step.replace(' ', '-')}", *arguments)
    found = complaints(text)
    if code or server.has_addon(name) == step.startswith("uninstall"):
        found.append(f"it ended with exit code {code}:\n{text[-2000:]}")
    if found:
        outcome.fail(f"{step}: " + "\n".join(found))
    else:
        outcome.passed += 1
    return not found


def _updated(server: Server, outcome: Outcome, first: str, way: str, fresh: Fresh) -> None:
    """Update a database of an earlier version in which people have worked, and compare."""
    folders = [released.addons_folder(version) for version in (first, way) if version]
    if None in folders:
        return
    name, label = scratch_name("update"), f"update from {first}{f' by {way}' if way else ''}"
    before = Server(folders[0])
    before.create(name)
    try:
        # What earlier versions had to complain about is not this one's.
        logged_odoo(before, "cycle-before", "-d", name, "-i", ADDON, "--load-language", "fr_FR", "--stop-after-init")
        written = shell_output(before, name, "update_before.py")
        old = _identifiers(name)
        if way:
            logged_odoo(Server(folders[1]), "cycle-way", "-d", name, "-u", ADDON, "--stop-after-init")
        _step(server, outcome, name, label, "-d", name, "-u", ADDON, "--stop-after-init")
        _count(outcome, f"identifiers after {label}", _identifiers_lost(old, _identifiers(name), fresh), "lost: []")
        facts = {"FRESH": fresh.known, "UPDATED_FROM": first, "UPDATED_BY": way}
        compared = shell_output(server, name, "update_after.py", **facts)
        _count(outcome, label, f"{written[-1500:]}\n{compared}", "changed: []")
    finally:
        server.drop(name)

"""All tests, part by part, and their sum."""

import ast
import json
import os
import re
import shutil
import subprocess
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from . import demo, postgres, setup
from .base import ADDON, CACHE, REPO, Failure, locked, say
from .cycle import cycle
from .odoo_log import Outcome, complaints, test_outcome
from .server import Server
from .steps import HERE, LOGS, logged, logged_odoo, scratch_name, shell_output

HOUSE = ("test_house", "test_house_models", "test_house_owners", "test_house_texts")  # need no Odoo


def run_parts(only: str | None, database: str | None, tags: str | None) -> int:
    """Run one part or all of them and print the sum; return the exit code."""
    LOGS.mkdir(parents=True, exist_ok=True)
    server = Server()
    start = time.monotonic()
    # The others need hardly more than one process: beside Odoo's tests they fill the two cores.
    lanes = [[only]] if only else [["odoo"], [name for name in PARTS if name != "odoo"]]
    with ThreadPoolExecutor(len(lanes)) as pool:
        running = [pool.submit(_run_lane, server, names, database, tags) for names in lanes]
    total = Outcome()
    for lane in running:
        total += lane.result()
    say(f"\nin {time.monotonic() - start:.0f} s")
    say(f"{total.passed} passed, {total.failed} failed")
    return 1 if total.failed or not total.passed else 0


def _run_lane(server: Server, names: list[str], database: str | None, tags: str | None) -> Outcome:
    """Run parts one after the other."""
    total = Outcome()
    for name in names:
        part = PARTS[name]
        say(f"\n--- {name}: {part.__doc__.splitlines()[0]}")
        begun = time.monotonic()
        try:
            outcome = part(server, database, tags) if part is odoo else part(server)
        except Failure as failure:
            outcome = Outcome(failed=1, problems=[str(failure)])
        for problem in outcome.problems:
            say(f"\nFAILED in {name}: {problem}")
        say(f"--- {name}: {outcome.passed} passed, {outcome.failed} failed, {time.monotonic() - begun:.0f} s")
        total += outcome
    return total


def core(server: Server) -> Outcome:
    """the pure rules, with pytest and hypothesis"""
    report = LOGS / f"core-{os.getpid()}.xml"
    folder = REPO / "tests" / "core"
    command = [setup.PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", folder]
    environment = server.environment | {"PYTHONPATH": "", "HYPOTHESIS_STORAGE_DIRECTORY": str(CACHE / "hypothesis")}
    process = subprocess.run(list(map(str, command)), cwd=folder, env=environment)
    if not report.exists():
        return Outcome(failed=1, problems=[f"pytest ended with exit code {process.returncode} and no report"])
    suite = ElementTree.parse(report).getroot().find("testsuite")
    report.unlink()
    count, failures, errors, skipped = (int(suite.get(name)) for name in ("tests", "failures", "errors", "skipped"))
    broken = failures + errors + skipped
    if process.returncode and not broken:
        return Outcome(count, 1, [f"pytest ended with exit code {process.returncode}"])
    return Outcome(count - broken, broken, [f"{broken} of {count} tests, see above"] if broken else [])


def house(server: Server) -> Outcome:
    """the rules of the repository"""
    outcome = Outcome()
    for name in HOUSE:
        report = LOGS / f"{name}-{os.getpid()}.json"
        runner, file = REPO / "dev" / "tool" / "house_runner.py", REPO / "tests" / f"{name}.py"
        process = subprocess.run([setup.PYTHON, runner, file, report], env=server.environment, cwd=REPO)
        if not report.exists():
            outcome += Outcome(failed=1, problems=[f"{name} could not be run ({process.returncode}), see above"])
            continue
        result = json.loads(report.read_text())
        report.unlink()
        outcome += Outcome(result["run"] - len(result["broken"]), len(result["broken"]), result["broken"])
    return outcome


def lint(server: Server) -> Outcome:
    """ruff and pylint-odoo, one test each"""
    outcome = Outcome()
    python = str(setup.PYTHON)
    commands = {
        "ruff": [python, "-m", "ruff", "check", "--no-cache", "."],
        "pylint-odoo": [python, "-m", "pylint", "--rcfile=pyproject.toml", str(server.addons / ADDON)],
    }
    for name, command in commands.items():
        result = subprocess.run(command, cwd=REPO, env=server.environment, capture_output=True, text=True)
        if result.returncode:
            outcome.fail(f"{name}\n{(result.stdout + result.stderr)[-6000:]}")
        else:
            outcome.passed += 1
    return outcome


def odoo(server: Server, database: str | None, tags: str | None) -> Outcome:
    """the add-on in a real Odoo, browser tours included"""
    with locked("setup"):
        setup.get_browser()
        setup.get_axe()
    name = database or scratch_name("odoo")
    if name not in server.databases():
        server.create(name)
    # One process leaves half of two cores idle: without a choice of tests, two share them, each with its database.
    shares = [tags] if tags or database else _shares(6)
    names = [name] if len(shares) == 1 else [name, f"{name}_2"]
    try:
        how = "-u" if server.has_addon(name) else "-i"
        code, text = logged_odoo(server, "odoo-install", "-d", name, how, ADDON, "--stop-after-init")
        if found := complaints(text) + ([text[-3000:]] if code else []):
            return Outcome(failed=1, problems=found)
        with open(HERE / "test_company.py") as script:
            server.call("shell", "-d", name, "--log-level=error", stdin=script)
        for copy in names[1:]:
            server.copy(name, copy)
        total, waiting = Outcome(), iter(enumerate(shares, start=1))
        with ThreadPoolExecutor(len(names)) as pool:
            for outcome in pool.map(partial(_run_shares, server, waiting), names):
                total += outcome
        return total
    finally:
        for scratch in names if not database else names[1:]:
            server.drop(scratch)


def _run_shares(server: Server, waiting: Iterator[tuple[int, str | None]], name: str) -> Outcome:
    """Run one share of Odoo's tests after the other in one database, as long as some wait: both cores end together."""
    total = Outcome()
    for number, tags in waiting:
        arguments = ("-d", name, "--stop-after-init", "--test-tags", tags or f"/{ADDON}")
        code, text = logged_odoo(server, f"odoo-{number}", *arguments)
        total += test_outcome(text, code)
    return total


def _shares(count: int) -> list[str]:
    """Return the test tags of ``count`` parts of the test classes, about as many tests in each."""
    classes = Counter()
    for path in (REPO / "tests").glob("*/test_*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and path.parent.name != "core":
                tests = [one for one in node.body if isinstance(one, ast.FunctionDef) and one.name.startswith("test")]
                classes[node.name] += len(tests)
    shares = [[0, []] for _share in range(count)]
    for name, tests in (+classes).most_common():  # without those that have none
        least = min(shares, key=lambda share: share[0])
        least[0] += tests
        least[1].append(f"/{ADDON}:{name}")
    return [",".join(names) for _tests, names in shares]


def demonstration(server: Server) -> Outcome:
    """the demo, from its data to the e-mails in the catcher"""
    outcome = Outcome()
    name = scratch_name("demo")
    mails = demo.mail_folder(name)
    try:
        demo.demo(serve=False, fresh=True, interface="127.0.0.1", port=None, database=name)
        found = complaints(server.install_log(demo.draft_of(name)).read_text())
        sent = postgres.sql(
            "SELECT count(*) FROM dunning_delivery"  # without the history that the demo company begins with
            " WHERE channel = 'email' AND state = 'sent' AND date_done = (SELECT max(date_done) FROM dunning_delivery)",
            name,
        )
        kept = len(list(mails.glob("*.eml")))
        neutral = _neutralized(server, name)
        nights = shell_output(server, name, "forty_nights.py")
    finally:
        server.drop(name)
        server.drop(demo.draft_of(name))
        shutil.rmtree(mails, ignore_errors=True)
    if found:
        outcome.fail("loading the demo data: " + "\n".join(found))
    else:
        outcome.passed += 1
    if kept and [str(kept)] == sent:
        outcome.passed += 1
    else:
        outcome.fail(f"{sent[0]} e-mails are recorded as sent, the catcher got {kept}")
    if nights.rstrip().endswith("softer: 0"):
        outcome.passed += 1
    else:
        outcome.fail(f"forty nights of the demo: {nights[-2000:]}")
    if neutral.rstrip().endswith("left: []"):
        outcome.passed += 1
    else:
        outcome.fail(f"a neutralized copy of the demo: {neutral[-2000:]}")
    return outcome


def _neutralized(server: Server, name: str) -> str:
    """Have a copy that is ready to send neutralized, and what could leave from it tried; return what was printed."""
    original, copy = f"{name}_ready", f"{name}_neutral"
    try:
        server.copy(name, original)
        printed = shell_output(server, original, "neutral_before.py")
        server.copy(original, copy)
        if server.call("neutralize", "-d", copy, "--log-level=warn"):
            return f"{printed}\nodoo neutralize failed"
        return printed + shell_output(server, copy, "neutral_after.py")
    finally:
        for scratch in (copy, original):
            server.drop(scratch)


def crash(server: Server) -> Outcome:
    """workers killed at random moments, two at once, over real SMTP"""
    script = REPO / "tests" / "crash" / "crash.py"
    code, text = logged("crash", [setup.PYTHON, script, "--kills", "8"], server.environment | {"PYTHONPATH": ""})
    summary = re.search(r"^(\d+) passed, (\d+) failed$", text, re.MULTILINE)
    if not summary or (code and summary[2] == "0"):
        return Outcome(failed=1, problems=[f"it ended with exit code {code}:\n{text[-2000:]}"])
    problems = [text] if int(summary[2]) else []  # the first line has the seed
    return Outcome(int(summary[1]), int(summary[2]), problems)


PARTS = {
    "core": core, "house": house, "lint": lint, "odoo": odoo, "crash": crash, "cycle": cycle, "demo": demonstration,
}  # fmt: skip

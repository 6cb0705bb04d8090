"""Read what Odoo logged: test results, failures, warnings."""

import re
from dataclasses import dataclass, field

STAMP = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ "
RECORD = re.compile(rf"^{STAMP}(?P<level>[A-Z]+) \S+ (?P<logger>[\w.]+): (?P<message>.*)", re.S)
RESULT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests when loading database")
# Odoo's own sums of failures that are counted one by one already.
SUMS = re.compile(r"At least one test failed|Module \w+: \d+ failures, \d+ errors of|" + RESULT.pattern)


@dataclass
class Outcome:
    """What a part of the tests gave."""

    passed: int = 0
    failed: int = 0
    problems: list[str] = field(default_factory=list)

    def __iadd__(self, other: "Outcome") -> "Outcome":
        self.passed += other.passed
        self.failed += other.failed
        self.problems += other.problems
        return self

    def fail(self, problem: str) -> None:
        """Count one failed test."""
        self.failed += 1
        self.problems.append(problem)


def records(text: str) -> list[re.Match]:
    """Return the records of a log; a record may have several lines."""
    starts = re.split(rf"(?m)^(?={STAMP}[A-Z]+ )", text)
    return [match for part in starts if (match := RECORD.match(part.rstrip()))]


def complaints(text: str) -> list[str]:
    """Return the records that warn of something, failed tests left out, one of each kind."""
    found = {}
    for record in records(text):
        message = record["message"]
        if record["level"] in ("WARNING", "ERROR", "CRITICAL") and not _is_test_result(message):
            alike = re.sub(r"\d+", "0", message)[:200]
            found.setdefault((record["logger"], alike), f"{record['level']} {record['logger']}: {shortened(message)}")
    return list(found.values())


def shortened(text: str) -> str:
    """Return the beginning and the end of a long message: what failed, and the last calls before it."""
    lines = [line[:300] for line in text.splitlines() if set(line.strip()) != {"^"}]
    return "\n".join(lines if len(lines) < 16 else [*lines[:2], "  [...]", *lines[-10:]])


def _is_test_result(message: str) -> bool:
    return message.startswith(("FAIL: ", "ERROR: ")) or bool(SUMS.search(message))


def test_outcome(text: str, exit_code: int) -> Outcome:
    """Return the sum of a test run from its log; skipped tests, warnings and a missing sum count as failed."""
    outcome = Outcome()
    sums = RESULT.findall(text)
    if not sums:
        outcome.fail(f"Odoo ended (exit code {exit_code}) before it had run its tests:\n{text[-3000:]}")
        return outcome
    failures, errors, total = map(int, sums[-1])
    failed_tests = {}
    for record in records(text):
        message = record["message"]
        if message.startswith(("FAIL: ", "ERROR: ")):
            name = re.sub(r"^(FAIL|ERROR): (Subtest )?(\S+).*", r"\3", message.splitlines()[0])
            failed_tests.setdefault(name, shortened(message))
        elif message.startswith("skipped "):
            failed_tests.setdefault(message, f"{message}   (counted as failed: something it needs is missing)")
    outcome.problems += failed_tests.values()
    outcome.failed = max(len(failed_tests), 1 if failures or errors else 0)
    outcome.passed = max(0, total - outcome.failed)
    for complaint in complaints(text):
        outcome.fail(f"in the log: {complaint}")
    return outcome

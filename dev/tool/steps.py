"""What the parts of the tests share: Odoo with its output in a file, scripts in its shell, names of databases."""

import os
import re
import subprocess
from pathlib import Path

from .base import CACHE, REPO, Ticker, digest, say, started
from .server import Server

LOGS = CACHE / "log"
HERE = Path(__file__).resolve().parent


def scratch_name(part: str) -> str:
    """Return the name of a database to drop."""
    return f"relance_test_{part}_{digest(str(REPO))[:4]}_{os.getpid()}"


def shell_output(server: Server, database: str, script: str, **variables: str) -> str:
    """Run a script of this folder in Odoo's shell, with more variables of the environment; return what it printed."""
    with open(HERE / script) as source:
        done = subprocess.run(
            server.command("shell", "-d", database, "--log-level=error"),
            env={**server.environment, **variables}, stdin=source, capture_output=True, text=True,
        )  # fmt: skip
    return done.stderr + done.stdout


def logged_odoo(server: Server, name: str, *arguments: str) -> tuple[int, str]:
    """Run Odoo like ``logged``."""
    return logged(name, server.command(*arguments), server.environment)


def logged(name: str, command: list, environment: dict[str, str]) -> tuple[int, str]:
    """Run a command with its output in a file, show a line from time to time; return exit code and output."""
    path = LOGS / f"{name}-{os.getpid()}.log"
    say(f"    log: {path}")
    lines, ticker = [], Ticker(15)
    with open(path, "w") as file, started(command, env=environment) as process:
        for line in process.stdout:
            file.write(line)
            lines.append(line)
            ticker.say(re.sub(r"^.*: (?=Starting |Loading module )", "", line))
    return process.returncode, "".join(lines)

"""The command line: sub-commands, their options and what they call."""

import argparse
import subprocess
import sys

from . import setup, tests
from .base import REPO
from .clean import clean
from .demo import demo
from .server import Server

DESCRIPTION = """Get Odoo 19, run the demo of this add-on, run its tests.

Everything that is needed is downloaded into a cache outside the repository the first time, and nothing
of it is installed on the system. Works as root and as an ordinary user."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="dev/odoo", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    show = commands.add_parser("demo", help="build the demo company, run the nightly job over it, serve it")
    show.add_argument("--no-serve", action="store_true", help="stop after the nightly job")
    show.add_argument("--fresh", action="store_true", help="start over with a new database")
    show.add_argument("--host", default="127.0.0.1", help="the address to listen on (0.0.0.0: the whole network)")
    show.add_argument("--port", type=int, help="Odoo's port (default: 8069, or a free one)")
    show.set_defaults(function=lambda args: demo(not args.no_serve, args.fresh, args.host, args.port))

    test = commands.add_parser("test", help="run all tests, ends with 'N passed, N failed'")
    test.add_argument("--only", choices=tests.PARTS, help="one part only")
    test.add_argument("--db", help="a database to keep and use again (for the part odoo; it is updated first)")
    test.add_argument("--tags", help="Odoo's test tags (default: all tests of the add-on)")
    test.set_defaults(function=lambda args: tests.run_parts(args.only, args.db, args.tags))

    for name, (text, _function) in RAW.items():
        commands.add_parser(name, help=text)

    sweep = commands.add_parser("clean", help="remove the databases this tool made, and their files")
    sweep.add_argument("--all", action="store_true", help="everything: Odoo, PostgreSQL, Python packages as well")
    sweep.set_defaults(function=lambda args: clean(args.all))
    return top


def _run(arguments: list[str]) -> int:
    return Server().call(*arguments)


def _shell(arguments: list[str]) -> int:
    quiet = [] if any("--log" in argument for argument in arguments) else ["--log-level=warn"]
    return Server().call("shell", *quiet, *arguments)


def _bench(arguments: list[str]) -> int:
    script = REPO / "tests" / "bench" / "bench.py"
    return subprocess.run([setup.PYTHON, script, *arguments], env=Server().environment).returncode


# Sub-commands whose arguments belong to another program.
RAW = {
    "run": ("plain Odoo, configured: dev/odoo run -- -d DB -i relance_progressive", _run),
    "shell": ("Python in Odoo, -d DB; reads a script on standard input", _shell),
    "bench": ("measure on 10,000 to 1,000,000 invoices; --help says more", _bench),
}


def dispatch() -> int:
    """Run the sub-command of the command line and return the exit code."""
    name, *arguments = sys.argv[1:] or ["--help"]
    if name in RAW:
        return RAW[name][1](arguments[1:] if arguments[:1] == ["--"] else arguments)
    args = parser().parse_args(sys.argv[1:] or ["--help"])
    return args.function(args)

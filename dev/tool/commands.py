"""The command line: sub-commands, their options and what they call."""

import argparse
import subprocess
import sys

from . import setup, tests
from .base import REPO
from .clean import clean
from .demo import DATABASE, demo
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
    show.add_argument("--db", default=DATABASE, help=f"name of the database (default: {DATABASE})")
    show.set_defaults(function=lambda args: demo(not args.no_serve, args.fresh, args.host, args.port, args.db))

    test = commands.add_parser("test", help="run all tests, ends with 'N passed, N failed'")
    test.add_argument("--only", choices=tests.PARTS, help="one part only")
    test.add_argument("--db", help="a database to keep and use again (for the part odoo; it is updated first)")
    test.add_argument("--tags", help="Odoo's test tags (default: all tests of the add-on)")
    test.set_defaults(function=lambda args: tests.run_parts(args.only, args.db, args.tags))

    shell = commands.add_parser("shell", help="Python in Odoo: reads a script on standard input")
    shell.add_argument("-d", "--db", required=True)
    shell.add_argument("arguments", nargs=argparse.REMAINDER, help="further arguments of `odoo shell`")
    shell.set_defaults(function=_shell)

    plain = commands.add_parser("run", help="plain Odoo, configured: dev/odoo run -- -d DB -i relance_progressive")
    plain.add_argument("arguments", nargs=argparse.REMAINDER)
    plain.set_defaults(function=lambda args: Server().call(*_own(args.arguments)))

    bench = commands.add_parser("bench", help="measure on 10,000 to 1,000,000 invoices: dev/odoo bench -- --help")
    bench.add_argument("arguments", nargs=argparse.REMAINDER)
    bench.set_defaults(function=_bench)

    sweep = commands.add_parser("clean", help="remove the databases this tool made, and their files")
    sweep.add_argument("--all", action="store_true", help="everything: Odoo, PostgreSQL, Python packages as well")
    sweep.set_defaults(function=lambda args: clean(args.all))
    return top


def _bench(args: argparse.Namespace) -> int:
    server = Server()
    script = REPO / "tests" / "bench" / "bench.py"
    return subprocess.run([setup.PYTHON, script, *_own(args.arguments)], env=server.environment).returncode


def _own(arguments: list[str]) -> list[str]:
    return arguments[1:] if arguments[:1] == ["--"] else arguments


def _shell(args: argparse.Namespace) -> int:
    level = [] if any("log" in argument for argument in args.arguments) else ["--log-level=warn"]
    return Server().call("shell", "-d", args.db, *level, *_own(args.arguments), stdin=sys.stdin)


def dispatch() -> int:
    """Run the sub-command of the command line and return the exit code."""
    args = parser().parse_args()
    return args.function(args)

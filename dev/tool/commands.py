"""The command line: sub-commands, their options and what they call."""

import argparse
import sys

from . import tests
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
    return top


def _own(arguments: list[str]) -> list[str]:
    return arguments[1:] if arguments[:1] == ["--"] else arguments


def _shell(args: argparse.Namespace) -> int:
    level = [] if any("log" in argument for argument in args.arguments) else ["--log-level=warn"]
    return Server().call("shell", "-d", args.db, *level, *_own(args.arguments), stdin=sys.stdin)


def dispatch() -> int:
    """Run the sub-command of the command line and return the exit code."""
    args = parser().parse_args()
    return args.function(args)

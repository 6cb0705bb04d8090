"""Remove what this tool made."""

import shutil

from . import postgres
from .base import CACHE, locked, say

# Names are given one by one: RELANCE_CACHE may point to a folder that holds other things as well.
RESULTS = ("data", "hypothesis", "log", "mails")
DOWNLOADS = (
    *("apt", "bin", "debs", "debs-libraries", "done", "fonts-cache", "fonts.conf", "libraries", "odoo", "postgres"),
    *("released", "tmp", "venv", "wkhtmltopdf"),
)
MADE_HERE = "^relance_(demo|demo_draft|crash_.*|test_.*|bench_.*|template_.*)$"


def clean(everything: bool) -> int:
    """Remove the databases, with ``everything`` what was downloaded as well, and say so."""
    if not (CACHE / "done").is_dir():
        say(f"Nothing to remove: {CACHE} was not made by this tool, or is empty.")
        return 0
    with locked("setup"):
        removed = _drop_databases()
        _remove(*RESULTS)
        if not everything:
            say(f"{removed} databases removed. Odoo and its packages stay in {CACHE} (`dev/odoo clean --all`).")
            return 0
        postgres.stop()
        _remove(
            *DOWNLOADS, *(path.name for path in CACHE.glob("addons-*")), *(path.name for path in CACHE.glob("*.lock"))
        )
    rest = [path.name for path in CACHE.iterdir()]
    if not rest:
        CACHE.rmdir()
    say(f"{CACHE} is {f'left with {rest}' if rest else 'gone'}; the next command downloads everything again.")
    return 0


def _drop_databases() -> int:
    names = postgres.sql("SELECT datname FROM pg_database WHERE datname ~ :'pattern'", pattern=MADE_HERE)
    for name in names:
        postgres.sql('DROP DATABASE IF EXISTS :"name" WITH (FORCE)', name=name)
        say(f"removed database {name}")
    others = postgres.sql(
        "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY 1"
    )
    if others:
        say(f"left alone, as this tool did not name them: {', '.join(others)}")
    return len(names)


def _remove(*names: str) -> None:
    for name in names:
        path = CACHE / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)

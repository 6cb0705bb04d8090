"""The demo: a French company, its night run, its e-mails, and Odoo to look at it."""

import email
import email.policy
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from . import postgres, setup
from .base import ADDON, CACHE, REPO, Failure, locked, say
from .server import Server

DATABASE = "relance_demo"
TOOL = REPO / "dev" / "tool"


def demo(serve: bool, fresh: bool, interface: str, port: int | None, database: str = DATABASE) -> int:
    """Build the demo, run the nightly job, print what happened, then serve it."""
    server = Server()
    mails = mail_folder(database)
    with locked(f"demo-{database}"):
        if fresh:
            say("==> starting over")
            server.drop(database)
        if not server.has_addon(database):
            shutil.rmtree(mails, ignore_errors=True)
            _create(server, database)
    web_port = port or _port(8069)
    address = f"http://{_shown(interface)}:{web_port}"
    with _catcher(mails, interface) as (smtp_port, mail_page):
        smtp = ["--smtp", "127.0.0.1", "--smtp-port", str(smtp_port)]
        with locked(f"demo-{database}"):
            _night(server, database, address, smtp)
        _show_mails(mails)
        if serve:
            _serve(server, database, interface, web_port, address, mail_page, smtp)
        else:
            say("\nSee it: dev/odoo demo")
    return 0


def mail_folder(database: str) -> Path:
    """Return where the e-mails of a demo are kept."""
    return CACHE / "mails" / database


def draft_of(database: str) -> str:
    """Return the name of a demo that is not finished yet."""
    return f"{database}_draft"


def _create(server: Server, database: str) -> None:
    """Install everything under a draft name: a database called like the demo is always a whole one."""
    draft = draft_of(database)
    server.drop(draft)
    server.copy(server.template(demo=True), draft)
    say("==> The demo company: plans, customers, hundreds of invoices (one to two minutes)")
    server.install(draft, ADDON, "--with-demo")
    if server.demo_failed(draft):
        raise Failure(f"The demo data of the add-on could not be loaded: see {server.install_log(draft)}")
    server.rename(draft, database)


def _port(wanted: int) -> int:
    """Return ``wanted`` if nobody listens there, else another port."""
    return wanted if postgres.is_free(wanted) else postgres.free_port()


def _shown(interface: str) -> str:
    return "127.0.0.1" if interface in ("0.0.0.0", "::", "") else interface  # noqa: S104  compared, not listened on


@contextmanager
def _catcher(folder: Path, interface: str):
    """Run the mail server of the demo; yield its SMTP port and the address of its page."""
    smtp_port, web_port = postgres.free_port(), _port(8025)
    command = [setup.PYTHON, TOOL / "catcher.py", folder, smtp_port, web_port, interface]
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True)
    if process.stdout.readline() != "ready\n":
        raise Failure("The mail server of the demo did not start: see the message above, then run the command again.")
    try:
        yield smtp_port, f"http://{_shown(interface)}:{web_port}"
    finally:
        process.terminate()
        process.wait()


def _night(server: Server, database: str, address: str, smtp: list[str]) -> None:
    say("==> The nightly job: decide, prepare, hand over")
    environment = server.environment | {"RELANCE_DEMO_ADDRESS": address}
    with open(TOOL / "demo_night.py") as script:
        code = server.call("shell", "-d", database, "--log-level=warn", *smtp, stdin=script, env=environment)
    if code:
        raise Failure("The nightly job stopped, see above. The same command takes it up again; --fresh starts over.")


def _show_mails(folder: Path) -> None:
    """Print how many e-mails left, and some of them."""
    files = sorted(folder.glob("*.eml"))
    say(f"\n{len(files)} e-mails were handed over by SMTP; the catcher keeps them as files in {folder}")
    for path in files[:: max(1, len(files) // 5)][:5]:
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        say(f"  {path.stem[:6]}  {message['To']}: {message['Subject']}")


def _serve(server, database, interface, port, address, mail_page, smtp) -> None:
    log = CACHE / "log" / f"{database}.log"
    log.parent.mkdir(exist_ok=True)
    say("\n==> starting Odoo")
    command = server.command(
        *("-d", database, "--db-filter", f"^{re.escape(database)}$", "--no-database-list", "--max-cron-threads", "1"),
        *("--http-interface", interface, "--http-port", str(port), "--gevent-port", str(postgres.free_port())),
        *smtp,
    )
    with open(log, "w") as output:
        process = subprocess.Popen(
            command, env=server.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        _wait_for(f"{address}/web/login", process, log)
        say(f"\n  Odoo      {address}/odoo   Invoicing > Customers > Payment reminders")
        say("            claire / claire   accountant       karim / karim   manager       admin / admin   everything")
        say(f"  e-mails   {mail_page}")
        say(f"  log       {log}")
        say("\nCtrl-C stops it.")
        process.wait()
        raise Failure(f"Odoo stopped by itself (exit code {process.returncode}): see {log}")
    except KeyboardInterrupt:
        say("\nstopping Odoo")
    finally:
        process.terminate()
        process.wait()


def _wait_for(address: str, process: subprocess.Popen, log: Path) -> None:
    """Wait until the first page is there; it builds the style sheets, which takes some seconds."""
    start = time.monotonic()
    while time.monotonic() - start < 180 and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=120).close()  # noqa: S310  our own address
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise Failure(f"Odoo did not answer at {address}: see {log}")

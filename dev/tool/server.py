"""Run Odoo: its configuration, its databases, its command line."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from . import clock, postgres, setup
from .base import ADDON, CACHE, Failure, Terminated, Ticker, digest, locked, say, started, versions
from .odoo_log import complaints

BASE_MODULES = "account,account_payment,l10n_fr_account,payment_demo"
DATA_DIR = CACHE / "data"


class Server:
    """A ready Odoo: everything is installed and PostgreSQL runs."""

    def __init__(self, addons: Path | None = None, *beside: Path):
        """Get everything ready.

        ``addons`` holds the add-on of another version than this repository's, ``beside`` are folders of more add-ons.
        """
        with locked("setup"):
            setup.get_python()
            self.odoo = setup.get_odoo()
            setup.get_wkhtmltopdf()
            self.addons = addons or setup.link_addon()
            self.beside = beside
            self.clock = clock.environment(str(self.odoo))
            self.database_server = postgres.server()
            self.config = self._write_config()
            (setup.BIN / "odoo").write_text("import odoo.cli\n\nodoo.cli.main()\n")

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of every process of Odoo's."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ODOO_")}
        path = f"{setup.BIN}:{setup.VENV}/bin:{kept.get('PATH', '/usr/bin:/bin')}"
        return {
            **kept,
            **self.database_server,
            "PATH": path,
            "PYTHONPATH": str(self.odoo),
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "",
            "LC_ALL": "C.UTF-8",
            "RELANCE_AXE": str(setup.AXE),  # for the browser tours
            **self.clock,
        }

    def _write_config(self) -> Path:
        connection = self.database_server
        options = {
            "addons_path": ",".join(map(str, [*setup.addons_folders(self.odoo), self.addons, *self.beside])),
            "data_dir": DATA_DIR,
            "http_interface": "127.0.0.1",
            "max_cron_threads": 0,  # else a server would run the scheduled actions of all databases
            "limit_time_real": 1200,
            "limit_time_cpu": 1200,
            "db_host": connection.get("PGHOST", False),
            "db_port": connection.get("PGPORT", False),
            "db_user": connection.get("PGUSER", False),
            "db_password": connection.get("PGPASSWORD", False),
        }
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        path = self.addons / f"odoo-{digest(options)}.conf"
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(0o600)
        draft.write_text("[options]\n" + "".join(f"{name} = {value}\n" for name, value in options.items()))
        draft.replace(path)
        return path

    def command(self, *arguments: str) -> list[str]:
        """Return Odoo's command line; the first argument may be one of its sub-commands."""
        sub_command, rest = [], list(arguments)
        if rest and re.fullmatch(r"[a-z][a-z0-9_]*", rest[0]):
            sub_command, rest = rest[:1], rest[1:]
        own = ["-c", str(self.config)]
        if not sub_command or sub_command[0] in ("server", "shell"):
            if not any(re.match(r"(-p|--http-port)", argument) for argument in rest):
                own += ["--http-port", str(postgres.free_port()), "--gevent-port", str(postgres.free_port())]
        elif sub_command[0] in ("i18n", "module", "db"):  # their own sub-command comes first
            sub_command, rest = [*sub_command, *rest[:1]], rest[1:]
        return [str(setup.PYTHON), str(setup.BIN / "odoo"), *sub_command, *own, *rest]

    def call(self, *arguments: str, **options) -> int:
        """Run Odoo in the foreground and return its exit code."""
        options.setdefault("env", self.environment)
        process = subprocess.Popen(self.command(*arguments), **options)
        while True:
            try:
                return process.wait()
            except Terminated:
                process.terminate()
            except KeyboardInterrupt:  # Odoo got it as well and shuts down by itself
                continue

    # --- databases ---

    def databases(self) -> list[str]:
        """Return the names of all databases of the server."""
        return postgres.sql("SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1")

    def drop(self, name: str) -> None:
        """Drop a database and its files, with whoever is connected to it."""
        postgres.sql('DROP DATABASE IF EXISTS :"name" WITH (FORCE)', name=name)
        shutil.rmtree(DATA_DIR / "filestore" / name, ignore_errors=True)

    def copy(self, source: str, name: str) -> None:
        """Make database ``name`` from ``source``, with its files."""
        postgres.sql('CREATE DATABASE :"name" TEMPLATE :"source"', name=name, source=source)
        files = DATA_DIR / "filestore"
        if (files / source).is_dir():
            shutil.rmtree(files / name, ignore_errors=True)
            shutil.copytree(files / source, files / name, copy_function=os.link)  # Odoo never changes a stored file

    def create_empty(self, name: str) -> None:
        """Make an empty database; sorted and compared as Odoo does."""
        postgres.sql("CREATE DATABASE :\"name\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C'", name=name)

    def rename(self, name: str, new_name: str) -> None:
        """Rename a database and its files."""
        files = DATA_DIR / "filestore"
        shutil.rmtree(files / new_name, ignore_errors=True)
        if (files / name).is_dir():
            (files / name).rename(files / new_name)
        postgres.sql('ALTER DATABASE :"name" RENAME TO :"new_name"', name=name, new_name=new_name)

    def create(self, name: str) -> None:
        """Make database ``name`` with Odoo's invoicing installed and the add-on not yet."""
        self.copy(self.template(), name)

    def template(self, demo: bool = False) -> str:
        """Return a database with the modules under the add-on; made once for each version of them."""
        packages = dict(versions()["debian"]) if not os.environ.get("ODOO_HOME") else str(self.odoo)
        name = f"relance_template_{'demo_' if demo else ''}{digest(packages, BASE_MODULES)}"
        with locked("template"):
            if name not in self.databases():
                draft = f"{name}_draft"
                self.drop(draft)
                say("==> A database with Odoo's invoicing, to copy (about one minute)")
                self.create_empty(draft)
                self.install(draft, BASE_MODULES, "--with-demo" if demo else "--without-demo")
                self.rename(draft, name)
        return name

    def install_log(self, database: str) -> Path:
        """Return the file that holds the log of the last installation in a database."""
        return CACHE / "log" / f"install-{database}.log"

    def install(self, database: str, modules: str, *options: str) -> None:
        """Install modules, showing how far it is.

        Raises:
            Failure: Odoo ended with an error; the log says which.
        """
        log = self.install_log(database)
        log.parent.mkdir(exist_ok=True)
        ticker = Ticker()
        command = self.command("-d", database, "-i", modules, "--stop-after-init", *options)
        with open(log, "w") as output, started(command, env=self.environment) as process:
            for line in process.stdout:
                output.write(line)
                if match := re.search(r"Loading module (\w+) \((\d+/\d+)\)", line):
                    ticker.say(f"module {match[2]}: {match[1]}")
        if process.returncode:
            problems = [complaint.splitlines()[-1] for complaint in complaints(log.read_text())[:3]]
            raise Failure(
                f"Odoo could not install {modules} (exit code {process.returncode}):\n"
                + "".join(f"  {problem}\n" for problem in problems)
                + f"All of it: {log}"
            )

    def has_addon(self, database: str) -> bool:
        """Tell whether the add-on is installed in a database."""
        return database in self.databases() and bool(
            postgres.sql(
                "SELECT 1 FROM ir_module_module WHERE name = :'addon' AND state = 'installed'", database, addon=ADDON
            )
        )

    def demo_failed(self, database: str) -> bool:
        """Tell whether Odoo went on without the demo data of the add-on, as it does after an error in them."""
        return not postgres.sql("SELECT 1 FROM ir_module_module WHERE name = :'addon' AND demo", database, addon=ADDON)

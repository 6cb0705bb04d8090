"""Debian packages without touching the system: own lists, own cache, unpacked into a folder."""

import os
import re
import shutil
from pathlib import Path

from .base import CACHE, IS_ROOT, Failure, fresh_folder, run, say

OWN_ODOO = "Or set ODOO_HOME to an Odoo 19 that you have (a checkout, or the folder that holds the `odoo` package)."
SOURCES = Path("/etc/apt")


def mirrors() -> list[dict[str, str]]:
    """Return the machine's own package sources, as fields of a deb822 paragraph, security archives left out.

    Raises:
        Failure: this machine has no apt.
    """
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        raise Failure(f"Odoo is taken from Debian's packages, and this machine has no apt-get.\n{OWN_ODOO}")
    found = []
    files = [SOURCES / "sources.list", *sorted((SOURCES / "sources.list.d").glob("*"))]
    for path in files:
        if path.suffix == ".sources":
            found += _paragraphs(path.read_text(errors="replace"))
        elif path.suffix == ".list" and path.is_file():
            found += _one_liners(path.read_text(errors="replace"))
    return list({fields["uris"]: fields for fields in found if _is_usable(fields)}.values())


def _is_usable(fields: dict[str, str]) -> bool:
    return (
        fields.get("enabled", "yes").lower() != "no"
        and "deb" in fields.get("types", "").split()
        and "main" in fields.get("components", "").split()
        and "security" not in fields["uris"] + fields["suites"]
    )


def _paragraphs(text: str) -> list[dict[str, str]]:
    """Read deb822 sources (``man sources.list``)."""
    found = []
    for paragraph in re.split(r"\n\s*\n", re.sub(r"(?m)^#.*\n?", "", text)):
        fields = dict(re.findall(r"(?m)^([\w-]+):[ \t]*(.*(?:\n[ \t]+.*)*)", paragraph))
        fields = {name.lower(): value for name, value in fields.items()}
        if {"uris", "suites"} <= fields.keys():
            found.append(fields)
    return found


def _one_liners(text: str) -> list[dict[str, str]]:
    """Read one-line sources: ``deb [option=value] uri suite component...``."""
    found = []
    for kind, options, uri, suite, components in re.findall(
        r"(?m)^(deb)\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.*)$", text
    ):
        fields = {"types": kind, "uris": uri, "suites": suite, "components": components}
        if key := re.search(r"signed-by=(\S+)", options or ""):
            fields["signed-by"] = key[1]
        found.append(fields)
    return found


class PrivateApt:
    """An apt that reads given suites of the machine's own mirror and writes into the cache only."""

    def __init__(self, name: str, suites: str | None):
        """Prepare apt for ``suites``; None means the suites that the machine itself uses."""
        self.home = CACHE / "apt" / name
        self.suites = suites
        self.options = [
            "-o",
            "Dir::Etc::SourceList=/dev/null",
            "-o",
            f"Dir::Etc::SourceParts={self.home}/sources",
            "-o",
            f"Dir::State::Lists={self.home}/lists",
            "-o",
            f"Dir::Cache={self.home}/cache",
            "-o",
            "Acquire::Languages=none",
            "-o",
            "Acquire::Retries=3",
            *(["-o", "APT::Sandbox::User=root"] if IS_ROOT else []),
        ]

    def update(self) -> None:
        """Get the lists of packages, from the first of the machine's mirrors that has the suites.

        Raises:
            Failure: no mirror of this machine has them.
        """
        problem = "the machine's package sources (in /etc/apt) name no mirror with the component `main`"
        for fields in mirrors():
            for folder in ("sources", "lists/partial", "cache/archives/partial"):
                fresh_folder(self.home / folder)
            suites = self.suites or fields["suites"]
            wanted = {"Types": "deb", "URIs": fields["uris"], "Suites": suites, "Components": "main"}
            if "signed-by" in fields:
                wanted["Signed-By"] = fields["signed-by"]
            text = "".join(f"{name}: {value}\n" for name, value in wanted.items())
            (self.home / "sources" / "debian.sources").write_text(text)
            try:
                run(["apt-get", *self.options, "update", "-o", "APT::Update::Error-Mode=any"], "")
                return
            except Failure as failure:
                problem = str(failure)
        raise Failure(
            f"No Debian mirror of this machine has {self.suites or 'its own suites'}: {problem}\n"
            f"Check the network and /etc/apt/sources.list*. A Debian machine is needed for this step. {OWN_ODOO}"
        )

    def download(self, packages: dict[str, str], into: Path) -> list[Path]:
        """Download ``packages`` (name to 'suite version') and return the files."""
        fresh_folder(into)
        wanted = []
        for name, where in packages.items():
            suite, version = where.split()
            if self._has(name, version):
                wanted.append(f"{name}={version}")
            else:
                say(f"    note: {name} {version} was tested; the mirror has another version, which is taken instead")
                wanted.append(f"{name}/{suite}")
        run(
            ["apt-get", *self.options, "download", *wanted],
            f"Check the network and the free space in {CACHE}, then run the same command again. {OWN_ODOO}",
            cwd=into,
        )
        return sorted(into.glob("*.deb"))

    def _has(self, name: str, version: str) -> bool:
        return f"Version: {version}\n" in run(["apt-cache", *self.options, "show", name], "Run `apt-get update`.")

    def missing_for(self, *packages: str) -> list[str]:
        """Return the packages that the machine lacks to run ``packages``, themselves included."""
        text = run(
            ["apt-get", *self.options, "--simulate", "--no-install-recommends", "install", *packages],
            f"Install {' '.join(packages)} with your package manager.",
        )
        return re.findall(r"(?m)^Inst (\S+)", text)


def unpack(files: list[Path], root: Path) -> None:
    """Unpack Debian packages into ``root``, and nothing of them is installed."""
    for index, file in enumerate(files, 1):
        if file.stat().st_size > 20_000_000:
            say(f"    unpacking {file.name.split('_')[0]} ({index} of {len(files)})")
        run(["dpkg", "-x", file, root], f"Check the free space in {CACHE}.", env={**os.environ, "LC_ALL": "C.UTF-8"})

"""The released versions of the add-on, each from its commit."""

import subprocess
from pathlib import Path

from .base import ADDON, CACHE, REPO, fresh_folder, say, versions


def released() -> dict[str, str]:
    """Return the commit of each released version, the oldest first."""
    return dict(versions()["released"])


def addons_folder(version: str) -> Path | None:
    """Return a folder that holds the add-on as it was released; None, and a word about it, without its history."""
    commit = released()[version]
    folder = CACHE / "released" / f"{version}-{commit[:10]}"
    addon = folder / ADDON
    if (folder / "complete").exists():
        return folder
    git = ["git", "-C", str(REPO)]
    try:
        archive = subprocess.run([*git, "archive", commit], capture_output=True)
    except OSError as error:
        return _without(version, str(error))
    if archive.returncode:
        return _without(version, archive.stderr.decode(errors="replace").strip())
    fresh_folder(addon)
    subprocess.run(["tar", "-x", "-C", str(addon)], input=archive.stdout, check=True)
    (folder / "complete").touch()
    return folder


def _without(version: str, why: str) -> None:
    say(
        f"    note: the update from {version} is not tried, its commit is not here ({why}). "
        "In a shallow clone `git fetch --unshallow` brings it."
    )

"""One call of the PDF engine, with a limit of time, and with what it made looked at."""

import subprocess
import tempfile
from pathlib import Path

from odoo.exceptions import UserError

from odoo.addons.base.models import ir_actions_report

SECONDS = 30  # for what it needs to begin, and for a few pages
CHARACTERS_A_SECOND = 50_000  # of HTML: what the slowest machine does
BEGINNING = b"%PDF-"


class EngineFailed(UserError):
    """The engine made no PDF; the text says why, as far as it told."""


def run(arguments, bodies, header="", footer=""):
    """Return the PDF of HTML documents, one after the other.

    Unlike Odoo's call it has an end, and an engine that ends without a PDF has failed, whatever its exit code:
    it gives 1 for an image that it could not fetch, and 0 for a disk that was full.

    :param arguments: of the command line, but for the files
    :raise EngineFailed: if there is no PDF: the engine, its files, the disk
    """
    try:
        return _run(arguments, bodies, header, footer)
    except OSError as error:
        raise EngineFailed(f"wkhtmltopdf: {error.strerror or error}") from error


def _run(arguments, bodies, header, footer):
    limit = SECONDS + sum(map(len, bodies)) / CHARACTERS_A_SECOND
    with tempfile.TemporaryDirectory(prefix="letters.") as name:
        folder, files = Path(name), []
        for option, html in (("--header-html", header), ("--footer-html", footer)):
            if html:
                path = folder / f"{option.strip('-')}.html"
                path.write_text(html, encoding="utf-8")
                files += [option, str(path)]
        for number, html in enumerate(bodies):
            path = folder / f"body-{number}.html"
            path.write_text(html, encoding="utf-8")
            files.append(str(path))
        result = folder / "letters.pdf"
        command = [ir_actions_report._wkhtml().bin, *arguments, *files, str(result)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=limit, check=False)
        except subprocess.TimeoutExpired:
            raise EngineFailed(f"wkhtmltopdf: more than {limit:.0f} s") from None
        pdf = result.read_bytes() if result.exists() else b""
    if done.returncode not in (0, 1) or not pdf.startswith(BEGINNING):
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise EngineFailed(f"wkhtmltopdf ({done.returncode}): {said[-1] if said else 'no PDF'}")
    return pdf

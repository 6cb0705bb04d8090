"""A mail server that delivers nothing: it keeps every e-mail as a file and shows them in the browser.

Runs in the virtual environment: ``python catcher.py FOLDER SMTP_PORT WEB_PORT WEB_INTERFACE``.
"""

import email
import email.policy
import os
import sys
import threading
import time
from email.message import EmailMessage
from functools import lru_cache
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from aiosmtpd.controller import Controller

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 0; color: #1f2933; background: #f5f7fa }
header { background: #17324d; color: #fff; padding: 14px 24px } header a { color: #fff; text-decoration: none }
main { padding: 20px 24px } table { border-collapse: collapse; width: 100%; background: #fff }
td, th { text-align: left; padding: 7px 12px; border-bottom: 1px solid #e4e7eb; vertical-align: top }
th { color: #52606d; font-weight: 600 } tr:hover td { background: #f0f6ff } a { color: #0b5cad }
iframe { width: 100%; height: 72vh; border: 1px solid #cbd2d9; background: #fff } .dim { color: #7b8794 }
pre { background: #fff; padding: 12px; overflow: auto; border: 1px solid #e4e7eb }
input { padding: 6px 10px; width: 22em }
"""
# Whatever an e-mail holds, it runs no script, sends no form and fetches nothing.
EMAIL_POLICY = "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'"
PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'"


class Keeper:
    """Write each accepted e-mail into the folder, under a name that sorts by arrival."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.lock = threading.Lock()
        self.count = len(list(folder.glob("*.eml")))

    async def handle_DATA(self, server, session, envelope):
        with self.lock:
            self.count += 1
            number = self.count
        recipients = ", ".join(envelope.rcpt_tos)
        path = self.folder / f"{number:06d}-{time.time_ns()}.eml"
        head = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {recipients}\r\n".encode()
        draft = path.with_suffix(".part")
        draft.write_bytes(head + envelope.content)
        draft.replace(path)
        return "250 Kept, and delivered to nobody"


@lru_cache(maxsize=500)
def parsed(path: Path) -> EmailMessage:
    """Return a kept e-mail; a file never changes."""
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def parts(message: EmailMessage) -> list[EmailMessage]:
    """Return the parts of an e-mail that hold content."""
    return [part for part in message.walk() if not part.is_multipart()]


def body_html(message: EmailMessage, name: str) -> str:
    """Return the body as HTML, with the pictures it carries served from here."""
    body = message.get_body(("html", "plain"))
    if body is None:
        return "<p>(no text)</p>"
    text = body.get_content()
    if body.get_content_type() == "text/plain":
        return f"<pre style='white-space: pre-wrap'>{escape(text)}</pre>"
    for index, part in enumerate(parts(message)):
        if cid := (part["Content-ID"] or "").strip("<> "):
            text = text.replace(f"cid:{cid}", f"/mail/{quote(name)}/part/{index}")
    return text


class Pages(BaseHTTPRequestHandler):
    """The list of e-mails, one e-mail, its body, its source, its attachments."""

    folder: Path

    def do_GET(self):  # noqa: N802  the name that the standard library asks for
        address = urlsplit(self.path)
        steps = [unquote(step) for step in address.path.strip("/").split("/")]
        if steps == [""]:
            return self._page("E-mails", self._list(unquote(address.query.replace("+", " ")).partition("q=")[2]))
        path = self.folder / f"{Path(steps[1]).name}.eml" if len(steps) > 1 and steps[0] == "mail" else None
        if not path or not path.exists():
            return self._answer(404, b"There is no such e-mail.", "text/plain")
        message = parsed(path)
        match steps[2:]:
            case []:
                return self._page(message["Subject"] or "", self._mail(path.stem, message))
            case ["html"]:
                return self._answer(200, body_html(message, path.stem).encode(), "text/html", EMAIL_POLICY)
            case ["source"]:
                return self._answer(200, path.read_bytes(), "text/plain")
            case ["part", index] if index.isdigit() and int(index) < len(parts(message)):
                return self._part(parts(message)[int(index)])
        return self._answer(404, b"There is no such part.", "text/plain")

    def _list(self, search: str) -> str:
        rows = []
        files = sorted(self.folder.glob("*.eml"), reverse=True)
        for path in files:
            message = parsed(path)
            cells = [message["To"] or "", message["Subject"] or "", message["Reply-To"] or message["From"] or ""]
            if search.lower() not in " ".join(cells).lower():
                continue
            files_count = len(list(message.iter_attachments())) if message.is_multipart() else 0
            to, subject, sender = (escape(str(cell)) for cell in cells)
            rows.append(
                f"<tr><td>{path.stem[:6]}</td><td>{to}</td><td><a href='/mail/{path.stem}'>{subject}</a></td>"
                f"<td class=dim>{sender}</td><td>{files_count or ''}</td></tr>"
            )
            if len(rows) == 500:
                break
        return (
            f"<form><input name=q value='{escape(search)}' placeholder='customer, subject'> "
            f"<span class=dim>{len(files)} e-mails, the last first</span></form><br>"
            "<table><tr><th>No.<th>To<th>Subject<th>Answers go to<th>Files</tr>" + "".join(rows) + "</table>"
        )

    def _mail(self, name: str, message: EmailMessage) -> str:
        heads = "".join(
            f"<tr><th>{head}</th><td>{escape(str(message[head]))}</td></tr>"
            for head in ("From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-Id")
            if message[head]
        )
        links = "".join(
            f" · <a href='/mail/{name}/part/{index}'>{escape(part.get_filename())}</a>"
            for index, part in enumerate(parts(message))
            if part.get_filename()
        )
        return (
            f"<table>{heads}</table><p><a href='/mail/{name}/source'>source</a>{links}</p>"
            f"<iframe sandbox src='/mail/{name}/html'></iframe>"
        )

    def _page(self, title: str, content: str) -> None:
        text = (
            f"<!DOCTYPE html><meta charset=utf-8><title>{escape(title)}</title><style>{STYLE}</style>"
            "<header><a href='/'><b>Relance progressive</b> · e-mails of the demo, delivered to nobody</a></header>"
            f"<main>{content}</main>"
        )
        self._answer(200, text.encode(), "text/html", PAGE_POLICY)

    def _part(self, part: EmailMessage) -> None:
        kind = part.get_content_type()
        shown = kind if kind in ("application/pdf", "image/png", "image/jpeg", "image/gif") else "text/plain"
        self._answer(200, part.get_payload(decode=True) or b"", shown)

    def _answer(self, status: int, content: bytes, kind: str, policy: str = "default-src 'none'") -> None:
        self.send_response(status)
        self.send_header(
            "Content-Type", kind if kind.startswith(("image", "application")) else f"{kind}; charset=utf-8"
        )
        self.send_header("Content-Length", str(len(content)))
        self.send_header("X-Content-Type-Options", "nosniff")
        if kind != "application/pdf":  # the browser's own viewer needs more
            self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments):
        """Keep the console for what the person has to read."""


def main() -> None:
    """Serve until the process that started this one ends."""
    folder, smtp_port, web_port, interface = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    folder.mkdir(parents=True, exist_ok=True)
    parent = os.getppid()
    Pages.folder = folder
    controller = Controller(Keeper(folder), hostname="127.0.0.1", port=smtp_port, data_size_limit=0)
    controller.start()
    web = ThreadingHTTPServer((interface, web_port), Pages)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    print("ready", flush=True)
    while os.getppid() == parent:
        time.sleep(0.5)


if __name__ == "__main__":
    main()

"""A small SMTP server for tests: it keeps what it accepts, and misbehaves on demand.

What happens is told by the first word of the recipient's address: ``refused@``, ``later@``,
``bad-text@``, ``hang-up@`` (before the text), ``lost@`` (after the text, without an answer).
"""

import email
import email.policy
import socketserver
import threading

ANSWERS = {"refused": "550 5.1.1 User unknown", "later": "451 4.7.1 Greylisted, try again later"}


class Handler(socketserver.StreamRequestHandler):
    """One SMTP session."""

    def handle(self):
        self.server.sessions += 1
        self.say("220 test server")
        recipients = []
        while line := self.rfile.readline():
            verb, _space, rest = line.decode().strip().partition(" ")
            verb = verb.upper()
            if verb == "QUIT":
                return self.say("221 bye")
            if verb == "RCPT":
                address = rest[rest.index("<") + 1 : rest.index(">")]
                word = address.split("@")[0].split(".")[0]
                if word == "hang-up" and self.server.hang_ups:
                    self.server.hang_ups -= 1
                    return None
                if word in ANSWERS:
                    self.say(ANSWERS[word])
                    continue
                recipients.append((word, address))
            if verb == "DATA":
                if not self.receive(recipients):
                    return None
                recipients = []
                continue
            if verb in ("RSET", "MAIL"):
                recipients = []
            self.say("250 ok")
        return None

    def receive(self, recipients):
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        words = {word for word, _address in recipients}
        if "bad-text" in words:
            self.say("554 5.6.0 Text refused")
            return True
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        self.server.messages.append(([address for _word, address in recipients], message))
        if "lost" in words:
            return False
        self.say("250 accepted")
        return True

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")


class FakeSmtp(socketserver.ThreadingTCPServer):
    """The server; use it as a context manager and read ``messages``: ``(recipients, message)``."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.messages = []
        self.sessions = 0
        self.hang_ups = 10**9
        self.port = self.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *exc_info):
        self.shutdown()
        self.server_close()

    def to(self, address):
        """Return the messages received by an address."""
        return [message for recipients, message in self.messages if address in recipients]

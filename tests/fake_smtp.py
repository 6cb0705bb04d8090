"""A small SMTP server for tests: it keeps what it accepts, and misbehaves on demand.

What happens is told by the first word of the recipient's address: ``refused@``, ``later@``,
``bad-text@``, ``hang-up@`` (before the text), ``lost@`` (after the text, without an answer), ``queued@`` and
``unreadable@`` (odd answers to the text). ``says`` answers a step for everybody: "hello", "mail", "rcpt", "data",
"text"; an empty answer hangs up. ``quota`` is how many messages it takes before it refuses them (``over_quota``).
"""

import email
import email.policy
import socketserver
import threading
import time

ANSWERS = {
    "refused": "550 5.1.1 User unknown",
    "later": "451 4.7.1 Greylisted, try again later",
    "busy": "450 Try again later",
}
TEXTS = {"bad-text": "554 5.6.0 Text refused", "queued": "251 2.0.0 queued", "unreadable": "Message accepted"}


class Handler(socketserver.StreamRequestHandler):
    """One SMTP session."""

    hung_up = False
    count = 0

    def handle(self):
        self.server.sessions += 1
        if "hello" in self.server.says:
            return self.say(self.server.says["hello"])
        self.say("220 test server")
        recipients = []
        while line := self.rfile.readline():
            verb, _space, rest = line.decode().strip().partition(" ")
            if verb.upper() == "QUIT":
                return self.say("221 bye")
            if not self.answer(verb.upper(), rest, recipients):
                return None
        return None

    def answer(self, verb, rest, recipients):
        """Answer one command; return whether the session goes on."""
        said = self.server.says.get(verb.lower())
        if verb == "MAIL":
            self.count += 1
            if self.count > self.server.per_session:
                said = "421 4.7.0 Too many messages in this session"
        if said is not None:
            if said:
                self.say(said)
            return bool(said)
        if verb == "RCPT" and not self.takes(rest, recipients):
            return not self.hung_up
        if verb == "DATA":
            goes_on = self.receive(recipients)
            recipients.clear()
            return goes_on
        if verb in ("RSET", "MAIL"):
            recipients.clear()
        if verb == "EHLO" and self.server.extension:
            self.say("250-test server")
            self.say(f"250 {self.server.extension}")
            return True
        self.say("250 ok")
        return True

    def takes(self, rest, recipients):
        """Answer about a recipient, unless it is taken."""
        address = rest[rest.index("<") + 1 : rest.index(">")]
        word = address.split("@")[0].split(".")[0]
        if word == "hang-up" and self.server.hang_ups:
            self.server.hang_ups -= 1
            self.hung_up = True
        elif word in ANSWERS:
            self.say(ANSWERS[word])
        else:
            recipients.append((word, address))
            return True
        return False

    def receive(self, recipients):
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        time.sleep(self.server.seconds)
        words = {word for word, _address in recipients}
        if self.server.quota <= 0:
            self.say(self.server.over_quota)
            return True
        answer = next((TEXTS[word] for word in words if word in TEXTS), self.server.says.get("text", "250 accepted"))
        if answer[:1] in ("4", "5"):
            self.say(answer)
            return True
        self.server.quota -= 1
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        self.server.messages.append(([address for _word, address in recipients], message))
        if "lost" in words or not answer:
            return False
        self.say(answer)
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
        self.extension = ""  # what the server offers: "SMTPUTF8"
        self.hang_ups = 10**9
        self.says = {}
        self.per_session = 10**9  # messages it takes before it closes a session
        self.quota, self.over_quota = 10**9, "451 4.7.1 Hourly sending limit exceeded"
        self.seconds = 0  # that it takes over each text
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

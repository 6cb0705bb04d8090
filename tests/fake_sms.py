"""A gateway for text messages in this process; small enough for a demo, too."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.addons.sms.tools.sms_api import SmsApiBase


class FakeSms:
    """What the gateway received, and what it is to answer."""

    def __init__(self):
        self.requests = []  # of each: the company and its messages
        self.messages = []  # (number, text, uuid), in order
        self.answers = {}  # number -> what differs from success
        self.error = None  # raised instead of an answer
        self.left_before_the_error = True
        self.fiction = False  # whether numbers of films are taken for real ones

    def texts(self):
        """Return ``{number: text}``."""
        return {number: text for number, text, _uuid in self.messages}

    def answer(self, company, messages):
        if self.error and not self.left_before_the_error:
            raise self.error
        self.requests.append((company, messages))
        results = []
        for message in messages:
            for one in message["numbers"]:
                self.messages.append((one["number"], message["content"], one["uuid"]))
                answer = self.answers.get(one["number"], {})
                if answer is not None:
                    results.append({"uuid": one["uuid"], "state": "success", **answer})
        if self.error:
            raise self.error
        return results


def gateway_class(fake):
    """Return a gateway as Odoo wants it, that answers out of ``fake``."""

    class SmsApiLocal(SmsApiBase):
        fiction = fake.fiction

        def _send_sms_batch(self, messages, delivery_reports_url=False):
            return fake.answer(self.company, messages)

    return SmsApiLocal


@contextmanager
def local_gateway(registry):
    """Have all companies send through a local gateway; gives it."""
    fake = FakeSms()
    with patch.object(registry["res.company"], "_get_sms_api_class", lambda company: gateway_class(fake)):
        yield fake

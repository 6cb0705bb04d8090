"""Whatever is sent to whatever address of a customer's page: an answer that is ours, sealed, and no failure."""

import json
from urllib.parse import quote

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.relance_progressive.relance_progressive.portal.door import (
    dunning_portal_visit,
    rights,
)
from odoo.addons.relance_progressive.relance_progressive.portal.door import (
    token as portal_token,
)
from odoo.addons.relance_progressive.relance_progressive.portal.pay import controller as pay_controller

from ..common.portal_security import DoorsCommon

HOSTILE = ("", "\x00", "x\x00", "²", "٣", "-1", "9" * 12, "9" * 1200, "' OR 1=1 --", "{{7*7}}", "\udcff", "é" * 200)
# What our code and Odoo's call their own parameters, besides what the forms hold.
NAMES = sorted(rights.TYPED.union(pay_controller.CHOSEN) | {
    "self", "args", "values", "account", "account_id", "base", "record_id", "token", "method", "key", "answered",
    "page", "begun", "access_token", "cls", "endpoint",
})  # fmt: skip
FILES = (*NAMES, "find", "lang", "begun[]")
PARAMS = (
    {}, [], [1], None, "x", 7, {"self": 1}, {"access_token": None}, {"access_token": {"a": 1}, "amount": float("nan")},
    {"access_token": "x\x00.", "amount": "²"}, dict.fromkeys(NAMES, "\x00"), dict.fromkeys(NAMES, [[]]),
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestPortalFuzz(DoorsCommon):
    def setUp(self):
        super().setUp()
        for name in ("MOST_PAGES", "MOST_WRONG", "MOST_OF_ACCOUNT"):
            self.patch(dunning_portal_visit, name, 10**6)
        self.portal_user("anna", self.customer)

    def heads(self, values=HOSTILE):
        """Yield what the addresses begin with, behind a link and logged in, and what is tried there.

        The second door leads to the same rooms: a few of the values show it.
        """
        self.authenticate(None, None)
        yield self.link(), values
        self.authenticate("anna", "annaanna")
        yield f"/my/reminders/{self.own.id}", values[1:4]

    def ask(self, method, path, **values):
        """Send a request and check its answer: nor does anybody fill the log with errors of the server."""
        self.url_open("/web/health")  # the cookies of the session
        with self.assertNoLogs("odoo.http", "ERROR"), mute_logger("odoo.addons.base.models.ir_qweb", "werkzeug"):
            answer = self.opener.request(method, self.base_url() + path, allow_redirects=False, timeout=60, **values)
        said = f"{method} {path[:90]} {str(values)[:300]}: {answer.status_code}"
        self.assertLess(answer.status_code, 500, said)
        if answer.status_code != 200 or "/logo" not in path:
            self.assertEqual(self.sealed(answer), rights.HEADERS, said)
        for words in ("Traceback", "psycopg2", "odoo.exceptions"):
            self.assertNotIn(words, answer.text, said)
        return answer

    def paths(self):
        """Return the addresses of the list behind an account, each with a document that opens."""
        records = {"invoice": self.late.id, "delivery": self.late.id, "payment": self.payment.id}
        return [
            (route, route.suffix.replace("<int:record_id>", str(records.get(route.suffix.split("/")[1:2][0]
             if route.suffix else "", self.reminder.id))))
            for route in rights.ROUTES
        ]  # fmt: skip

    def test_parameters(self):
        for head, values in self.heads():
            for route, suffix in self.paths():
                for value in values:
                    typed = dict.fromkeys(NAMES, value.encode("utf-8", "surrogateescape"))
                    if route.kind == "http":
                        self.ask("GET" if route.method == "GET" else "POST", head + suffix, **{
                            "params" if route.method == "GET" else "data": typed
                        })  # fmt: skip

    def test_files_where_a_text_is_meant(self):
        """Any request may hold files, whatever they are called; one that only reads as well."""
        for head, _values in self.heads():
            for route, suffix in self.paths():
                if route.kind == "http":
                    self.ask(route.method, head + suffix, files=[(name, ("x.pdf", b"%PDF-1.4")) for name in FILES])

    def test_forms_with_their_token(self):
        """What comes behind the CSRF token."""
        for head, values in self.heads():
            own = {name: self.page_value(head, name) for name in ("csrf_token", "key")}
            for route, suffix in self.paths():
                if route.method == "POST" and route.kind == "http":
                    for value in values:
                        typed = dict.fromkeys(NAMES, value.encode("utf-8", "surrogateescape"))
                        self.ask("POST", head + suffix, data=typed | own)
                    self.ask("POST", head + suffix, data=own | {"key": "²."}, files=[("file", ("x\x00", b"x", "²"))])

    def page_value(self, head, name):
        return self.page(head).partition(f'name="{name}" value="')[2].partition('"')[0]

    def test_scripts(self):
        for head, values in self.heads(PARAMS):
            for route, suffix in self.paths():
                if route.kind == "jsonrpc":
                    for params in values:
                        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
                        answer = self.ask(
                            "POST", f"{head}{suffix}?self=1&lang=%00", data=body,
                            headers={"Content-Type": "application/json"},
                        )  # fmt: skip
                        if isinstance(params, dict):
                            self.assertEqual(answer.json()["result"]["state"], "error", params)
                        else:
                            self.assertEqual(answer.status_code, 400, params)
                    for body in ("{", "[]", "null", "[" * 5000, "\x00", '"x"', "\ufeff{}"):
                        answer = self.ask(
                            "POST", head + suffix, data=body.encode(), headers={"Content-Type": "application/json"}
                        )
                        self.assertEqual(answer.status_code, 400, body[:9])

    def test_numbers_in_the_address(self):
        numbers = ("0", "-1", "²", "٣", "1²", "9" * 30, "9" * 5000, "\x00", "1\x00", "1e3", "%2e%2e", ";")
        for head, values in self.heads(numbers):
            for route in rights.ROUTES:
                if "<int:" in route.suffix:
                    for number in map(quote, values):
                        self.ask(route.method, head + route.suffix.replace("<int:record_id>", number))
        for number in map(quote, numbers):
            self.ask("GET", f"/my/reminders/{number}")
            self.ask("GET", f"/reminders/{number}/statement.pdf")

    def test_methods_and_kinds_of_bodies(self):
        for head, methods in self.heads(("HEAD", "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")):
            for route, suffix in self.paths():
                for method in methods:
                    if method != route.method:
                        self.ask(method, head + suffix)
                for kind in ("application/json", "text/plain", "multipart/form-data; boundary=x"):
                    self.ask(route.method, head + suffix, data=b"\x00{", headers={"Content-Type": kind})

    def test_other_spellings_of_the_address(self):
        """What Odoo redirects names the link as well."""
        self.env["res.lang"]._activate_lang("fr_FR")
        for head, _values in self.heads():
            for path in ("/{}", "{}/", "/fr{}", "/fr_FR{}", "/en{}", "/en_US{}/", "/fr/{}"):
                self.ask("GET", path.format(head))
        for path in ("/my/reminders?self=1&page=²", "/my/reminders/", "/my/reminders//", "/fr/my/reminders/"):
            self.ask("GET", path)

    def test_a_page_of_reminders_by_its_number(self):
        """An employee's page, under the same rule."""
        self.authenticate("admin", "admin")
        for value in ("²", "\x00", "9" * 5000):
            with mute_logger("odoo.http"):
                answer = self.url_open(
                    f"/dunning/{self.company.id}/reminders-queue?self=1&reminder={quote(value)}", allow_redirects=False
                )
            self.assertLess(answer.status_code, 500, value[:9])

    def test_tokens_that_nobody_made(self):
        for text in ("\x00", "²" * 30, "A" * 30, "A" * 29 + "=", "é", "9" * 5000):
            self.assertEqual(portal_token.read(text).account_id, 0, text[:9])
            self.ask("GET", f"/reminders/{quote(text)}")

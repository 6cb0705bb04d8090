"""Each of these tries to break in; what is tried is in its name."""

import base64
from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.relance_progressive.relance_progressive.portal.door import rights
from odoo.addons.relance_progressive.relance_progressive.portal.door import token as portal_token

from ..common.portal_security import DoorsCommon


@tagged("post_install", "-at_install")
class TestPortalDoors(DoorsCommon):
    def test_the_list_is_complete(self):
        """What is served behind the link and behind the account number is what the list says, and nothing else."""
        listed = {(route.suffix, route.method, route.kind) for route in rights.ROUTES}
        served = {"/my/reminders/<int:account_id>": set(), "/reminders/<string:token>": set()}
        for rule in self.env["ir.http"].routing_map().iter_rules():
            for head, found in served.items():
                if rule.rule == head or rule.rule.startswith((head + "/", head + ".")):
                    for method in rule.methods - {"HEAD", "OPTIONS"}:
                        found.add((rule.rule.removeprefix(head), method, rule.endpoint.routing["type"]))
                        self.assertTrue(method == "GET" or rule.endpoint.routing.get("csrf", True), rule)
        self.assertEqual(served, dict.fromkeys(served, listed))

    def test_the_customer_comes_in(self):
        """With the link and logged in alike; every answer is sealed."""
        self.portal_user("anna", self.customer)
        for head, login in ((self.link(), None), (f"/my/reminders/{self.own.id}", "anna")):
            self.authenticate(login, f"{login}{login}" if login else None)
            self.forget_visits()
            for suffix, opens in self.doors():
                answer = self.get(head + suffix)
                self.assertEqual(answer.status_code, 200 if opens else 404, head + suffix)
                self.assertEqual(self.sealed(answer), rights.HEADERS, head + suffix)

    def test_token_of_another_account(self):
        """It opens its own account, and none of the documents of ours."""
        self.assertNotIn(self.late.name, self.page(self.link(self.other)))
        for suffix, _opens in self.doors():
            if any(str(number) in suffix for number in (self.late.id, self.reminder.id, self.payment.id)):
                self.assert_closed(self.link(self.other, suffix))

    def test_another_customer_s_id(self):
        """A logged-in user who counts through the accounts and documents finds his own."""
        self.portal_user("eve", self.stranger)
        self.authenticate("eve", "eveeveev")
        self.assertEqual(self.get(f"/my/reminders/{self.other.id}").status_code, 200)
        for suffix, _opens in self.doors():
            self.assert_closed(f"/my/reminders/{self.own.id}{suffix}")
            self.assert_closed(f"/my/reminders/999999999{suffix}")
            if any(str(number) in suffix for number in (self.late.id, self.reminder.id, self.payment.id)):
                self.assert_closed(f"/my/reminders/{self.other.id}{suffix}")

    def test_nobody_without_link_or_login(self):
        for suffix, _opens in self.doors():
            answer = self.get(f"/my/reminders/{self.own.id}{suffix}")
            self.assertEqual(answer.status_code, 303)
            self.assertIn("/web/login", answer.headers["Location"])
            self.assertEqual(self.sealed(answer), rights.HEADERS)

    def test_a_contact_of_another_company(self):
        """A contact of another customer, even one that names ours as its parent while being a company of its own."""
        daughter = self.make_customer("Petit Sud", parent_id=self.customer.id)
        self.portal_user("daughter", daughter)
        self.portal_user("foreign", self.stranger)
        for login in ("daughter", "foreign"):
            self.authenticate(login, login)
            self.assert_closed(f"/my/reminders/{self.own.id}")
            self.assertNotIn(self.late.name, self.get("/my/reminders").text)

    def test_a_portal_user_of_a_sister_company(self):
        """The same customer, known to two companies: a user of the second sees nothing of the first."""
        sister = self.setup_other_company(name="Sister")["company"]
        theirs = self.env["dunning.account"]._of(self.customer, sister)
        self.portal_user("sister", self.customer, sister)
        self.authenticate("sister", "sistersi")
        self.assert_closed(f"/my/reminders/{self.own.id}")
        self.assertEqual(self.get(f"/my/reminders/{theirs.id}").status_code, 200)
        for suffix, _opens in self.doors():
            if any(str(number) in suffix for number in (self.late.id, self.reminder.id, self.payment.id)):
                self.assert_closed(f"/my/reminders/{theirs.id}{suffix}")
                self.assert_closed(self.link(theirs, suffix))

    def test_an_employee_is_no_customer(self):
        """Whoever works here sees accounts in the application, not by the number of an account in the portal."""
        self.authenticate("admin", "admin")
        self.assert_closed(f"/my/reminders/{self.own.id}")

    def test_nothing_is_posted(self):
        """A page that is read takes no form."""
        posted = {route.suffix for route in rights.ROUTES if route.method == "POST"}
        for suffix in {route.suffix for route in rights.ROUTES} - posted:
            path = self.link(suffix=suffix.replace("<int:record_id>", "1"))
            with mute_logger("odoo.http"):
                self.assertIn(self.get(path, data={"a": "b"}).status_code, (400, 405), suffix)


@tagged("post_install", "-at_install")
class TestPortalTokens(DoorsCommon):
    def token(self, **values):
        account = values.get("account", self.own)
        day = values.get("last_day", self.today + timedelta(days=9))
        return portal_token.make(self.env, account.id, day, values.get("key", account.sudo().portal_key or ""))

    def test_after_revocation(self):
        """Every link ever sent is closed at once, the next one opens, those of others stay."""
        old, other = self.link(), self.link(self.other)
        self.own.action_revoke_links()
        for suffix, _opens in self.doors():
            self.assert_closed(old + suffix)
        self.assertEqual(self.get(self.link()).status_code, 200)
        self.assertEqual(self.get(other).status_code, 200)
        self.own.action_revoke_links()
        self.assertNotEqual(old, self.link())

    def test_after_its_time(self):
        alive, over = (self.token(last_day=self.today + timedelta(days=days)) for days in (1, -2))
        self.assertEqual(self.get(f"/reminders/{alive}").status_code, 200)
        self.assert_closed(f"/reminders/{over}")

    def test_a_longer_life_is_not_typed(self):
        """The last day and the account are signed: altering one letter of a token closes it."""
        token = self.token()
        raw = bytearray(base64.urlsafe_b64decode(token + "=="))
        for place in range(len(raw)):
            raw[place] ^= 1
            self.assert_closed("/reminders/" + base64.urlsafe_b64encode(raw).decode().rstrip("="))
            raw[place] ^= 1

    def test_guessing(self):
        """What is no token at all: too short, too long, of another alphabet, of a number that no account has."""
        token = self.token()
        huge = base64.urlsafe_b64encode(b"\xff" * portal_token.LENGTH).decode().rstrip("=")
        others = ("0", "a" * 30, "%C3%A9" * 10, "A" * 5000, "'--")
        for text in (*others, token[:-1], token + "A", token + "%00", huge):
            self.assert_closed(f"/reminders/{text}")
        for suffix in ("/invoice/%d.pdf", "/delivery/%d.pdf", "/reminder/%d", "/reminder/%d.pdf"):
            self.assert_closed(self.link(suffix=suffix % 10**30))

    def test_a_token_of_another_account_number(self):
        """The signature of one account is no signature of the next."""
        signature = portal_token.read(self.token()).signature
        head = base64.urlsafe_b64decode(self.token(account=self.other) + "==")[:6]
        self.assert_closed("/reminders/" + base64.urlsafe_b64encode(head + signature).decode().rstrip("="))

    def test_the_key_is_read_by_nobody(self):
        """Neither by staff nor by managers of the system: only the program knows it."""
        self.own.action_revoke_links()
        admin = self.env.ref("base.user_admin")
        account = self.own.with_user(admin)
        self.assertNotIn("portal_key", account.fields_get())
        with mute_logger("odoo.models"), self.assertRaises(AccessError):
            account.read(["portal_key"])

    def test_enumeration_by_different_errors(self):
        """Wrong, over, revoked, of an account that is gone, of nobody: the same answer to the letter."""
        gone = self.env["dunning.account"]._of(self.make_customer("Gone"), self.company)
        tokens = [
            "nothing",
            self.token(key="wrong"),
            self.token(last_day=date(2021, 1, 1)),
            self.token(account=gone),
            portal_token.make(self.env, 2**31 - 1, self.today + timedelta(days=9), ""),
        ]
        gone.sudo().unlink()
        self.own.action_revoke_links()
        tokens.append(self.token(key=""))
        answers = [self.get(f"/reminders/{token}") for token in tokens]
        self.assertEqual({self.body(answer) for answer in answers}, {self.body(answers[0])})
        kept = [{name for name in answer.headers if name != "Set-Cookie"} for answer in answers]
        self.assertTrue(all(names == kept[0] for names in kept))

    def test_enumeration_by_timing(self):
        """Every one of them costs the same queries and one signature, whether or not there is such an account."""
        tokens = {
            "nothing": "nothing",
            "wrong": self.token(key="wrong"),
            "over": self.token(last_day=date(2021, 1, 1)),
            "nobody's": portal_token.make(self.env, 2**31 - 1, self.today + timedelta(days=9), ""),
        }
        accounts = self.env["dunning.account"]
        for name, token in tokens.items():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with self.subTest(name), patch.object(portal_token, "_sign", side_effect=portal_token._sign) as sign:
                self.assertFalse(accounts._portal_account(token))
                self.assertEqual(sign.call_count, 1)
                self.assertEqual(self.env.cr.sql_log_count - before, 1)

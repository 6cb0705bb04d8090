"""Pages that everybody can read: their language, their title, the focus, and what stands where nothing opens."""

import lxml.html

from odoo.tests import tagged

from ..common.answer import AnswerCommon
from ..common.axe import AxeCommon
from ..common.pay import PayCommon


def title_of(text):
    (title,) = lxml.html.fromstring(text).xpath("//title")
    return title.text_content().strip()


def lang_of(text):
    return lxml.html.fromstring(text).get("lang")


@tagged("post_install", "-at_install")
class TestPortalReading(AnswerCommon):
    def test_languages(self):
        """One that the pages do not speak is neither offered, nor chosen, nor said to be theirs."""
        for lang in ("fr_FR", "de_DE"):
            self.env["res.lang"]._activate_lang(lang)
        page = lxml.html.fromstring(self.page(self.link()))
        offered = set(page.xpath("//*[contains(@class, 'o_dunning_languages')]/a/@lang"))
        self.assertLessEqual({"fr-FR", "en-US"}, offered)
        self.assertNotIn("de-DE", offered)
        self.assertEqual(lang_of(self.page(self.link() + "?lang=de_DE")), "en-US")
        self.customer.lang = "de_DE"
        self.assertEqual(lang_of(self.page(self.link())), "en-US")
        self.assertEqual(lang_of(self.page(self.link() + "?lang=fr_FR")), "fr-FR")

    def test_where_nothing_opens(self):
        """Tagged, with a title of its own, and whom to turn to."""
        self.env["res.company"].search([]).dunning_started = False
        self.company.dunning_started = True
        self.env["res.lang"]._activate_lang("fr_FR")
        self.patch(self.registry["dunning.portal.visit"], "_may_come_in", lambda _visit, _address, account, _cost: (
            bool(account) or not self.flooded
        ))  # fmt: skip
        for self.flooded, status, title in ((False, 404, "cannot be opened"), (True, 429, "Too many requests")):
            answer = self.get("/reminders/nothing?lang=en_US")
            self.assertEqual(answer.status_code, status)
            self.assertEqual(lang_of(answer.text), "en-US")
            self.assertIn(title, title_of(answer.text))
            words = lxml.html.fromstring(answer.text).xpath("//main")[0].text_content()
            for text in ("Atelier Blanc", "01 23 45 67 89", "factures@atelier.example"):
                self.assertIn(text, words)
            self.assertEqual(lang_of(self.get("/reminders/nothing?lang=fr_FR").text), "fr-FR")

    def test_of_several_companies_none_is_named(self):
        """Whose link it was is not told."""
        self.company.dunning_started = True
        self.env["res.company"].create({"name": "Atelier Noir", "dunning_started": True})
        self.assertNotIn("Atelier", self.get("/reminders/nothing").text.partition("<main")[2])

    def test_titles(self):
        """One for each page, and the company's name in each; a page with something wrong says so."""
        head = self.link()
        texts = [self.page(head), self.page(f"{head}/reminder/{self.reminder.id}")]
        texts.append(self.post("promise", date="never").text)
        texts.append(self.get("/reminders/nothing").text)
        titles = [title_of(text) for text in texts]
        self.assertEqual(len(set(titles)), len(titles), titles)
        self.assertTrue(all("Atelier Blanc" in title for title in titles[:3]), titles)
        self.assertIn("To correct", titles[2])

    def test_the_focus_after_an_error(self):
        """On the first field that is wrong, else on what is said of the form as a whole."""
        for kind, typed, name in (
            ("promise", {"date": "never"}, "date"), ("plan", {"date": "2000-01-01", "agreed": None}, "date"),
            ("contact", {}, None), ("dispute", {"words": "", "item": 1}, "item"),
        ):  # fmt: skip
            page = lxml.html.fromstring(self.post(kind, **typed).text)
            (focus,) = page.xpath("//*[@autofocus]")
            if name == "item":
                self.assertEqual(focus.tag, "fieldset")
            elif name:
                self.assertEqual((focus.get("name"), focus.get("aria-invalid")), (name, "true"))
            else:
                self.assertIn("Please fill in what is to be corrected", focus.text_content())
            self.assertFalse(page.xpath("//form[contains(@action, '#')][@method='post']"), "it would take the focus")


class LookTours:
    """Every page that no other tour goes to."""

    allow_inherited_tests_method = True

    def look(self, path, login=None):
        self.start_tour(path, "dunning_portal_look_tour", login=login)

    def test_closed(self):
        self.look("/reminders/nothing")

    def test_too_many(self):
        self.patch(self.registry["dunning.portal.visit"], "_may_come_in", lambda *_visit: False)
        self.look(self.link())

    def test_logged_in(self):
        """The list of accounts, and one of them."""
        self.portal_user("anna", self.customer)
        self.look(f"/my/reminders/{self.own.id}", "anna")
        ids = (self.own | self.other).ids
        self.patch(self.registry["dunning.account"], "_portal_accounts", lambda one, _user: one.sudo().browse(ids))
        self.look("/my/reminders", "anna")


@tagged("post_install", "-at_install")
class TestPortalLook(LookTours, AxeCommon, PayCommon):
    browser_size = "1366x768"


@tagged("post_install", "-at_install")
class TestPortalLookPhone(LookTours, AxeCommon, PayCommon):
    browser_size = "390x844"
    touch_enabled = True

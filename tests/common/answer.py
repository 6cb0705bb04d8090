"""Customers who fill in the forms of their page, as a browser without JavaScript does."""

from datetime import timedelta

import lxml.html

from odoo.tests import new_test_user

from .portal import PortalCommon

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


class AnswerCommon(PortalCommon):
    """The customer of the portal tests, on a plan, with somebody in charge."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk, cls.chief = (
            new_test_user(
                cls.env, login, groups=group, company_id=cls.company.id, company_ids=cls.company.ids,
                email=f"{login}@atelier.example",
            )
            for login, group in (
                ("answer_clerk", "account.group_account_invoice"), ("answer_chief", "account.group_account_manager"),
            )
        )  # fmt: skip
        cls.company.dunning_user_id = cls.clerk
        cls.own.sudo().plan_id = cls.plan
        cls.env["mail.mail"].search([]).unlink()

    def later(self, days):
        return self.today + timedelta(days=days)

    def the_item(self, invoice=None):
        return self.item(invoice or self.late)

    def fields_of(self, kind, head=None):
        """Return ``(address, fields)`` of a form as the page has it, and every choice at its first."""
        page = lxml.html.fromstring(self.page(head or self.link()))
        (form,) = page.xpath(f"//details[@id='answer-{kind}']//form")
        return form.get("action").partition("#")[0], {name: value for name, value in form.form_values()}

    def post(self, kind, /, head=None, files=(), fields=None, **typed):
        """Send a form; gives the answer of the server, before the page that it leads to."""
        address, own = fields or self.fields_of(kind, head)
        data = {name: value for name, value in (own | typed).items() if value is not None}
        files = [("file", file) for file in files] or None
        return self.url_open(address, data=data, files=files, allow_redirects=False)

    def answer(self, kind, /, **typed):
        """Send a form that is right, and return the answer that was made of it."""
        before = self.answers()
        answer = self.post(kind, **typed)
        self.assertEqual(answer.status_code, 303, self.wrong(answer))
        return self.answers() - before

    def wrong(self, answer):
        """Return what a page says is wrong."""
        if answer.status_code == 303:
            return []
        page = lxml.html.fromstring(answer.text)
        found = page.xpath("//*[contains(@class, 'o_dunning_wrong')]")
        return [" ".join(node.text_content().split()) for node in found]

    def answers(self):
        self.env.invalidate_all()
        return self.env["dunning.portal.answer"].sudo().search([])

    def mails(self):
        """Return what customers were written; our people are told of activities as well."""
        return self.env["mail.mail"].sudo().search([
            ("model", "=", "dunning.portal.answer"), ("subject", "like", "your answer"),
        ])  # fmt: skip

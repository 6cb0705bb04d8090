import base64
from contextlib import suppress
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.iap.tools import iap_tools

from ..common.letter import LetterCommon


@tagged("post_install", "-at_install")
class TestSnailmail(LetterCommon):
    """Odoo's postal service, whose server is played here."""

    place = {"street": False, "street2": "ZA des Prés", "country_id": False}

    def setUp(self):
        super().setUp()
        self.quick()
        self.company.dunning_letter_provider = "snailmail"
        self.use_channels("letter", "email")
        self.customer = self.customer_by_post(**self.place)
        self.delivery = self.letters(self.customer)
        self.letter = self.env["snailmail.letter"].sudo().browse(int(self.delivery.reference.split("-")[1]))

    def answer(self, error=""):
        """Let Odoo's queue run; the service answers."""
        self.asked = []

        def service(url, params=None, **kwargs):
            self.asked += params["documents"]
            result = {"error": error} if error else {"sent": True, "send_id": 7}
            documents = [{**document, **result} for document in params["documents"]]
            return {"request_code": 200, "total_cost": 1, "request": {"documents": documents}}

        with (
            patch.object(iap_tools, "iap_jsonrpc", service),
            patch.object(self.env.cr, "commit"),
            patch.object(self.registry["iap.account"], "_send_success_notification", lambda *args, **kwargs: None),
            patch.object(self.registry["iap.account"], "_send_no_credit_notification", lambda *args, **kwargs: None),
        ):
            self.letter._snailmail_print()

    def test_posted(self):
        self.assertEqual((self.delivery.state, self.letter.state), ("ready", "pending"))
        self.answer()
        self.assertEqual((self.delivery.state, self.delivery.reminder_id.state), ("sent", "sent"))
        self.assertEqual(self.delivery.attachment_ids, self.letter.attachment_id)
        self.assertTrue(self.asked[0]["pdf_bin"])
        self.assertEqual(self.delivery.attachment_ids.res_model, "dunning.delivery")

    def test_address_without_country(self):
        """It is in the company's, and one line of street is enough: the service gets both."""
        self.assertTrue(self.letter._is_valid_address(self.letter))
        self.answer()
        address = self.asked[0]["address"]
        self.assertEqual((address["street"], address["country_code"]), ("ZA des Prés", self.company.country_code))

    def test_part_payment_before_it_left(self):
        """The old figures do not leave: the letter is made again with those of the day."""
        reminder = self.delivery.reminder_id
        self.pay(reminder.line_ids.move_id, 400)
        self.answer()
        self.assertFalse(self.asked)
        self.assertEqual((self.delivery.state, self.letter.state), ("cancelled", "canceled"))
        self.send()
        again = reminder.delivery_ids - self.delivery
        self.assertEqual((again.state, again.channel, reminder.amount_total), ("ready", "letter", 600))
        self.letter = self.env["snailmail.letter"].sudo().browse(int(again.reference.split("-")[1]))
        self.answer()
        self.assertEqual((again.state, len(self.asked)), ("sent", 1))

    def test_text_as_queued(self):
        self.level_1._letter_text().body_html = "<p>Another text</p>"
        self.answer()
        self.assertNotIn("Another", self.delivery.message_id.body)

    def test_killed_after_it_left(self):
        """What may have left does not leave again: a person has to say."""
        with (
            patch.object(self.env.cr, "commit"),
            patch.object(iap_tools, "iap_jsonrpc", side_effect=MemoryError),
            suppress(MemoryError),  # assertRaises would roll back what is committed outside of a test
        ):
            self.letter._snailmail_print()
        self.assertTrue(self.letter.dunning_begun)
        self.answer()
        self.assertFalse(self.asked)
        self.assertEqual((self.delivery.state, self.delivery.reminder_id.state), ("uncertain", "uncertain"))
        self.assertEqual(self.letter.state, "canceled")
        self.assertTrue(self.delivery.message_id)

    @mute_logger("odoo.addons.relance_progressive.relance_progressive.channels.post.snailmail")
    def test_news_that_cannot_be_recorded(self):
        """They do not undo what Odoo knows of the letter, and are told again."""
        with patch.object(self.registry["dunning.delivery"], "_carried_out", side_effect=ValueError):
            self.answer()
        self.assertEqual((self.letter.state, self.delivery.state), ("sent", "ready"))
        with patch.object(self.env.cr, "commit"):
            self.env["snailmail.letter"].sudo()._snailmail_cron()
        self.assertEqual(self.delivery.state, "sent")

    def test_errors_become_failures_with_words(self):
        for code, words in (("NO_PRICE_AVAILABLE", "country"), ("FORMAT_ERROR", "print")):
            with self.subTest(code=code), self.env.cr.savepoint() as savepoint:
                self.answer(code)
                self.assertEqual(self.delivery.state, "failed")
                self.assertIn(words, self.delivery.reason)
                self.assertEqual(self.letter.state, "canceled", "else Odoo would send it some night")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_no_credit_is_the_account_s(self):
        """The letter stays in Odoo's queue, which tries again every night; after a day the next channel takes over."""
        self.company.dunning_user_id = self.env.user
        self.answer("CREDIT_ERROR")
        self.assertEqual((self.delivery.state, self.letter.state), ("ready", "error"))
        self.send()
        outage = self.env["dunning.outage"].sudo().search([])
        self.assertIn("credit", outage.activity_ids.note)
        self.answer()
        self.assertEqual((self.delivery.state, self.letter.state), ("sent", "sent"))
        self.send()
        self.assertFalse(outage.exists())

    def test_no_credit_for_days(self):
        for _night in range(2):
            self.answer("CREDIT_ERROR")
            self.assertEqual(self.delivery.state, "ready")
        self.env.cr.execute("UPDATE snailmail_letter SET create_date = create_date - interval '2 days'")
        self.letter.invalidate_recordset()
        self.answer("CREDIT_ERROR")
        self.assertEqual((self.delivery.state, self.letter.state), ("failed", "canceled"))

    def test_failure_calls_the_next_channel(self):
        self.answer("NO_PRICE_AVAILABLE")
        with self.smtp() as smtp:
            self.send()
        self.assertEqual((len(smtp.messages), self.delivery.reminder_id.state), (1, "sent"))

    def test_paid_before_it_left(self):
        self.pay(self.delivery.reminder_id.line_ids.move_id)
        self.answer()
        self.assertFalse(self.asked)
        self.assertEqual((self.delivery.state, self.letter.state), ("cancelled", "canceled"))


@tagged("post_install", "-at_install")
class TestPostedLetter(LetterCommon):
    """A letter that Odoo's service is to post."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = {
            name: new_test_user(
                cls.env, f"letter_{name}", groups=group, company_id=cls.company.id, company_ids=cls.company.ids
            )
            for name, group in (
                ("employee", "base.group_user"), ("clerk", "account.group_account_invoice"),
                ("auditor", "account.group_account_readonly"), ("admin", "base.group_system"),
            )
        }  # fmt: skip

    def setUp(self):
        super().setUp()
        self.quick()
        self.company.dunning_letter_provider = "snailmail"
        self.delivery = self.letters(self.customer_by_post())
        self.letter = self.env["snailmail.letter"].browse(int(self.delivery.reference.split("-")[1]))

    def of(self, name, record=None):
        user = self.people[name]
        own = self.letter if record is None else record
        return own.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_who_reads_it(self):
        for name in ("employee", "admin"):
            self.assertFalse(self.of(name).search([("id", "=", self.letter.id)]), name)
            with self.assertRaises(AccessError):
                self.of(name).read(["attachment_datas", "dunning_content"])
            with self.assertRaises(AccessError):
                self.of(name, self.letter.attachment_id).read(["raw"])
        self.assertTrue(self.of("clerk").read(["dunning_content"]))

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_an_auditor_does_not_get_the_link_from_the_queue(self):
        """The file of a letter carries the key to the customer's page, wherever it is read."""
        for names in (["attachment_datas"], ["dunning_content"]):
            with self.subTest(names), self.assertRaises(AccessError):
                self.of("auditor").read(names)
        self.assertFalse(self.of("auditor").search([("id", "=", self.letter.id)]))
        self.assertTrue(self.of("clerk").read(["attachment_datas"])[0]["attachment_datas"])

    def test_no_employee_learns_from_a_notification_who_is_reminded(self):
        """Odoo lets any employee read all of them, of any company, with the names of what they are about."""
        letters = [("letter_id", "=", self.letter.id)]
        self.assertFalse(self.of("employee", self.env["mail.notification"]).search_count(letters))

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_nobody_makes_a_reminder_of_another_letter(self):
        partner = self.make_customer("Somebody else")
        values = {"model": "res.partner", "res_id": partner.id, "partner_id": partner.id, "company_id": self.company.id}
        other = self.of("clerk", self.env["snailmail.letter"].sudo().create(values).sudo(False))
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            other.write({"model": "dunning.reminder", "res_id": self.delivery.reminder_id.id})
        self.assertEqual(other.model, "res.partner")

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_nobody_writes_it(self):
        for name in self.people:
            for act in (
                lambda own: own.write({"state": "sent"}), lambda own: own.write({"street": "Elsewhere"}),
                lambda own: own.cancel(), lambda own: own.snailmail_print(), lambda own: own.unlink(),
                lambda own: own.copy(),
            ):  # fmt: skip
                with self.assertRaises(UserError, msg=name), self.env.cr.savepoint():
                    act(self.of(name))
        self.assertEqual((self.letter.state, self.delivery.state), ("pending", "ready"))

    def test_other_letters_are_odoo_s(self):
        partner = self.make_customer("Somebody")
        other = self.of("employee", self.env["snailmail.letter"].sudo().create({
            "model": "res.partner", "res_id": partner.id, "partner_id": partner.id, "company_id": self.company.id,
        }).sudo(False))  # fmt: skip
        other.street = "Elsewhere"
        other.cancel()
        self.assertEqual(self.of("employee").search([("id", "=", other.id)]), other)

    def test_its_file(self):
        file = self.delivery.attachment_ids
        for values in (
            {"raw": b"forged"}, {"datas": base64.b64encode(b"forged")}, {"name": "x.pdf"}, {"res_id": 1},
            {"res_model": "res.partner"}, {"type": "url", "url": "https://x.example"}, {"mimetype": "text/plain"},
        ):  # fmt: skip
            with self.subTest(values), self.assertRaisesRegex(UserError, "proof"), self.env.cr.savepoint():
                file.sudo().write(values)
        with self.assertRaisesRegex(UserError, "proof"), self.env.cr.savepoint():
            file.sudo().unlink()
        file.sudo().generate_access_token()

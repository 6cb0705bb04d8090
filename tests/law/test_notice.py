"""What the person in charge is told the moment it happens, once, however much happens at once."""

from datetime import datetime

from odoo.tests import freeze_time, tagged

from ..common.base import MONDAY
from ..common.digest import DigestCommon


class NoticeCommon(DigestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.claire | cls.karim).notification_type = "inbox"

    def reminded(self, count, user=None, name="Customer"):
        """Return the invoices of as many customers, each reminded of one on Monday."""
        invoices = [self.late(f"{name} {number}", 100 + number, user) for number in range(count)]
        self.run_on(MONDAY)
        with self.smtp():
            self.send()
        return invoices

    def commit(self):
        """Do what happens when the transaction of a payment ends."""
        with freeze_time(f"{self.day(1)} 10:00:00"):
            self.env.cr.precommit.run()

    def told(self, user):
        """Let the scheduled action tell; return what it told one person."""
        before = self.env["mail.message"].sudo().search([])
        self.env["dunning.notice"].sudo()._cron_tell()
        self.env.flush_all()
        news = self.env["mail.message"].sudo().search([]) - before
        return news.filtered(lambda message: user.partner_id in message.notified_partner_ids)


@tagged("post_install", "-at_install")
class TestNotices(NoticeCommon):
    def test_who_has_paid(self):
        """Half of it paid, not a word; all of it, one notice to the person in charge, with a link, once."""
        (invoice,) = self.reminded(1)
        self.pay(invoice, 40, day=self.day(1))
        self.commit()
        self.assertFalse(self.told(self.claire))
        self.pay(invoice, day=self.day(1))
        self.commit()
        notice = self.told(self.claire)
        self.assertIn("Customer 0", notice.subject)
        self.assertIn("has paid all that was reminded (100.00", notice.body)
        self.assertIn(f"res_id={self.account(invoice.partner_id).id}", notice.body)
        self.assertFalse(self.told(self.claire) or self.told(self.karim))

    def test_hundreds_of_payments_are_one_notice(self):
        """Each in its own transaction, as a bank import makes them: each person reads one notice, not hundreds."""
        hers, his = self.reminded(35), self.reminded(3, self.karim, "Hotel")
        for invoice in hers + his:
            self.pay(invoice, day=self.day(1))
            self.commit()
        before = self.env["mail.message"].sudo().search_count([])
        notice = self.told(self.claire)
        self.assertEqual(self.env["mail.message"].sudo().search_count([]) - before, 2, "one for each person")
        self.assertIn("35 customers", notice.subject)
        self.assertEqual(notice.body.count("<li>"), 31)
        self.assertIn("and 5 more", notice.body)

    def test_it_is_told_within_a_minute(self):
        cron = self.env.ref("relance_progressive.ir_cron_dunning_notices")
        (invoice,) = self.reminded(1)
        self.pay(invoice, day=self.day(1))
        self.commit()
        trigger = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertEqual(trigger.call_at, datetime(2026, 3, 3, 10, 1))

    def test_what_came_back(self):
        (invoice,) = self.reminded(1)
        reminder = self.reminders(invoice.partner_id).sudo()
        reminder.delivery_ids._bounced("550 User <unknown>")
        reminder.delivery_ids._bounced("550 User <unknown>")
        notice = self.told(self.claire)
        self.assertIn(reminder.name, notice.body)
        self.assertIn("550 User &lt;unknown&gt;", notice.body)
        self.assertEqual(notice.body.count("<li>"), 1)

    def test_in_the_language_of_who_is_in_charge_by_then(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.karim.lang = "fr_FR"
        (invoice,) = self.reminded(1)
        self.pay(invoice, day=self.day(1))
        self.commit()
        self.account(invoice.partner_id).user_id = self.karim
        self.claire.lang = "en_US"
        notice = self.told(self.karim)
        self.assertTrue(notice)
        self.assertIn("100,00", notice.body)

    def test_nobody_in_charge_nobody_told(self):
        (invoice,) = self.reminded(1)
        self.claire.active = False
        self.pay(invoice, day=self.day(1))
        self.commit()
        self.assertFalse(self.told(self.claire))
        self.assertFalse(self.env["dunning.notice"].sudo().search([]))

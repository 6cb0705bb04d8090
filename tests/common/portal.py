"""Customers who open their page with real requests."""

from datetime import timedelta
from unittest.mock import patch

import lxml.html

from odoo import Command
from odoo.tests import HttpCase, new_test_user

from .base import DunningCommon
from .letter import quick_pdf

TEXT = "<p>Please pay <b>soon</b>.</p>"


class PortalCommon(DunningCommon, HttpCase):
    """Two customers of one company, one of them reminded; days count from today, as the pages do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._dunning_today()
        cls.company.write({"name": "Atelier Blanc", "phone": "01 23 45 67 89", "email": "factures@atelier.example"})
        cls.stranger = cls.make_customer("Garage Central")
        cls.late = cls.invoice(cls.today - timedelta(days=12), 1000.0, ref="BC-77")
        cls.coming = cls.invoice(cls.today + timedelta(days=10), 300.0)
        cls.foreign = cls.invoice(cls.today - timedelta(days=40), 777.0, cls.stranger)
        accounts = cls.env["dunning.account"]
        cls.own = accounts._of(cls.customer, cls.company)
        cls.other = accounts._of(cls.stranger, cls.company)
        cls.reminder = cls.make_reminder(cls.own, cls.late)
        cls.foreign_reminder = cls.make_reminder(cls.other, cls.foreign)

    def setUp(self):
        super().setUp()
        # The PDF engine has its own tests, and none of these is about it.
        self.patch(self.registry["dunning.letter"], "_print_documents", quick_pdf)
        invoice_pdf = patch.object(
            self.registry["ir.actions.report"], "_render_qweb_pdf", lambda *_args, **_values: (b"%PDF-invoice", "pdf")
        )
        invoice_pdf.start()
        self.addCleanup(invoice_pdf.stop)

    # === BUILDERS === #

    @classmethod
    def make_reminder(cls, account, invoice, state="sent", channel="email", body=TEXT, **delivery):
        """Return a reminder of an invoice, sent over a channel unless said otherwise."""
        item = invoice.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        reminder = cls.env["dunning.reminder"].sudo().create({
            "account_id": account.id, "level_id": cls.level_1.id, "date": cls.today - timedelta(days=2),
            "amount_total": item.amount_residual, "state": "ready",
            "line_ids": [Command.create({
                "move_line_id": item.id, "move_name": invoice.name, "amount_residual": item.amount_residual,
                "date_maturity": item.date_maturity, "level_id": cls.level_1.id,
                "currency_id": item.currency_id.id, "amount_currency": item.amount_residual_currency,
            })],
        })  # fmt: skip
        message = cls.env["mail.message"].sudo().create({
            "model": "dunning.reminder", "res_id": reminder.id, "subject": f"About {invoice.name}", "body": body,
        })
        cls.env["dunning.delivery"].sudo().create({
            "reminder_id": reminder.id, "channel": channel, "state": "sent", "message_id": message.id,
            "date_done": reminder.date, "address": "compta@petit.example", **delivery,
        })  # fmt: skip
        if state == "ready":
            return reminder
        reminder._freeze_penalties(reminder.date)
        reminder._set_state("sent")
        if state != "sent":
            reminder._set_state(state)
        return reminder

    @classmethod
    def portal_user(cls, login, partner, company=None):
        """Return a portal user who is a contact of ``partner``."""
        contact = cls.env["res.partner"].create({"name": login, "parent_id": partner.id, "email": f"{login}@x.example"})
        company = company or cls.company
        return new_test_user(
            cls.env, login, groups="base.group_portal", partner_id=contact.id, company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )  # fmt: skip

    # === REQUESTS === #

    def link(self, account=None, suffix=""):
        """Return the path behind the link of a message."""
        return "/reminders/" + (account or self.own)._portal_link().rpartition("/")[2] + suffix

    def get(self, path, **values):
        return self.url_open(path, allow_redirects=False, **values)

    def page(self, path):
        """Return the text of a page that opens."""
        answer = self.get(path)
        self.assertEqual(answer.status_code, 200, path)
        return answer.text

    def words(self, path):
        """Return what a person reads on a page, blanks made one."""
        (main,) = lxml.html.fromstring(self.page(path)).xpath("//main")
        return " ".join(main.text_content().replace("\u202f", " ").split())

    def forget_visits(self):
        self.env["dunning.portal.visit"].sudo().search([]).unlink()

import io
import re
import zipfile
from datetime import date, timedelta

from odoo import Command

from .portal import PortalCommon

LATE = 12  # days

SUM = 36500.0  # at 12.15 %, of which 10 points are the law's: 12.15 a day, whatever half-year begins meanwhile


class PortalPenaltyCommon(PortalCommon):
    """A professional and a consumer, each with an invoice that is late by twelve days; nothing told of it yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.dunning_status = "professional"
        cls.stranger.write({"dunning_status": "consumer", "is_company": False})
        cls.own.sudo().plan_id = cls.other.sudo().plan_id = cls.plan
        cls.env["dunning.interest.rate"].sudo().create([
            {"reference": reference, "value": value, "date_from": date(year, month, 1)}
            for reference, value in (("ecb_mro", 2.15), ("fr_legal_professional", 2.5))
            for year in (cls.today.year - 1, cls.today.year)
            for month in (1, 7)
        ])
        cls.pay(cls.late | cls.foreign, day=cls.today)
        cls.big = cls.invoice(cls.today - timedelta(days=LATE), SUM)
        cls.private = cls.invoice(cls.today - timedelta(days=LATE), SUM, cls.stranger)
        cls.company.partner_id.bank_ids = [Command.create({"acc_number": "FR7630006000011234567890189"})]

    @classmethod
    def told(cls, penalties, invoice=None, channel="email", **delivery):
        """Return a reminder that the customer received two days ago, of a level that does this with penalties."""
        cls.level_1.penalties = penalties
        invoice = invoice or cls.big
        account = cls.own if invoice.partner_id == cls.customer else cls.other
        return cls.make_reminder(account, invoice, channel=channel, **delivery)

    @classmethod
    def notice_to_the_consumer(cls, days_ago):
        """Have a formal notice reach the consumer so many days ago."""
        cls.level_1.stage = "formal_notice"
        notice = cls.told("claim", cls.private, "registered")
        day = cls.today - timedelta(days=days_ago)
        notice.delivery_ids._record_event("handed_in", day)
        notice.delivery_ids._record_event("delivered", day)
        return notice

    def page_of(self, account=None):
        return self.env["dunning.portal"].sudo()._page((account or self.own).sudo())

    def outputs(self, reminder):
        """Return all that a customer can read of it: page, reminder, both on paper, spreadsheet."""
        papers, letter, account = [], self.registry["dunning.letter"], reminder.account_id.sudo()
        self.patch(letter, "_print_document", lambda _own, _company, html: papers.append(html) or b"%PDF")
        service = account.env["dunning.portal"]
        service._statement_pdf(account)
        service._reminder_pdf(account, reminder.id)
        _name, sheet = service._statement_xlsx(account)
        with zipfile.ZipFile(io.BytesIO(sheet)) as book:
            sheets = [book.read(name).decode() for name in book.namelist() if name.endswith(".xml")]
        papers = [re.sub(r"<style.*?</style>", "", paper, flags=re.DOTALL) for paper in papers]
        found = {
            "page": self.words(self.link(account)),
            "reminder": self.words(self.link(account, f"/reminder/{reminder.id}")),
            "statement on paper": papers[0],
            "reminder on paper": papers[1],
            "spreadsheet": " ".join(sheets),
        }  # fmt: skip
        return {name: " ".join(text.replace("\xa0", " ").split()) for name, text in found.items()}

"""Letters without a PDF engine, and what stands where on a page with one."""

import io
from datetime import timedelta

from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from odoo import Command

from .base import MONDAY
from .deliver import DeliverCommon

MM = 25.4 / 72


def quick_pdf(_model, _company, documents):
    """Stand for the PDF engine: one page per document."""
    pdfs = {}
    for key in documents:
        page = io.BytesIO()
        canvas = Canvas(page)
        canvas.drawString(72, 700, f"letter {key}")
        canvas.save()
        pdfs[key] = page.getvalue()
    return pdfs


def pages(pdf):
    """Return the pages of a PDF."""
    return PdfReader(io.BytesIO(pdf)).pages


def places(page):
    """Return ``[(text, left, top)]`` of a page in millimetres from its top left corner; top is the base line."""
    found, height = [], float(page.mediabox.height)

    def visit(text, cm, tm, _font, _size):
        if text.strip():
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            found.append((text.strip(), x * MM, (height - y) * MM))

    page.extract_text(visitor_text=visit)
    return found


class LetterCommon(DeliverCommon):
    """A company whose first level is a letter, and customers with addresses."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.company.write({"street": "1 rue Haute", "zip": "69001", "city": "Lyon"})
        cls.company.partner_id.lang = "fr_FR"
        cls.use_channels("letter")

    @classmethod
    def use_channels(cls, *codes, level=None):
        """Give a level channels, all but the first as fallbacks."""
        (level or cls.level_1).channel_ids = [Command.clear()] + [
            Command.create({"channel": code, "fallback": rank > 0, "sequence": rank}) for rank, code in enumerate(codes)
        ]

    def quick(self):
        """Print without a PDF engine."""
        self.patch(self.registry["dunning.letter"], "_print_documents", quick_pdf)

    def customer_by_post(self, name="Boulangerie Petit", amount=1000.0, **values):
        """Return a customer with an address that owes one invoice, three days late."""
        place = {"street": "12 bis, rue de l'Église", "zip": "69230", "city": "Saint-Genis-Laval", "lang": "fr_FR"}
        return self.reminder_for(
            f"{len(name)}@{name.split()[-1].lower()}.example", amount, **{**place, "name": name, **values}
        )

    def reminder_for(self, email, amount=1000.0, name="Customer", **values):
        customer = self.make_customer(name, email=email, **values)
        self.invoice(MONDAY - timedelta(days=3), amount, customer)
        return customer

    def letters(self, *customers):
        """Prepare and deliver; return the deliveries of these customers."""
        self.prepare()
        self.counts = self.send()
        return self.env["dunning.delivery"].union(*(self.reminders(customer).delivery_ids for customer in customers))

    def recipients(self, reminders):
        channel = self.env["dunning.channel.letter"]
        return channel._recipients(channel._targets(reminders))

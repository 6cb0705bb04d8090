import io

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from odoo import models
from odoo.tools import format_amount, format_date


class DunningDemo(models.AbstractModel):
    _inherit = "dunning.demo"

    def _print_invoices(self, moves):
        """Give each invoice a page of its own, as if it had been sent: the reminders attach it.

        Odoo's own report takes a second per invoice, and a web server.
        """
        self.env["ir.attachment"].create([
            {
                "name": f"{move.name.replace('/', '_')}.pdf",
                "raw": self._page(move),
                "mimetype": "application/pdf",
                "res_model": "account.move",
                "res_field": "invoice_pdf_report_file",
                "res_id": move.id,
            }
            for move in moves
        ])  # fmt: skip
        moves.is_move_sent = True

    def _page(self, move):
        company, customer = move.company_id, move.partner_id
        lines = [
            (50, 780, 16, company.name),
            (50, 762, 10, f"{company.street}, {company.zip} {company.city}"),
            (330, 700, 11, customer.name),
            (330, 685, 11, customer.street or ""),
            (330, 670, 11, f"{customer.zip or ''} {customer.city or ''}"),
            (50, 610, 14, f"Facture {move.name}"),
            (50, 590, 10, f"Date : {format_date(self.env, move.invoice_date)}"),
            (50, 575, 10, f"Échéance : {format_date(self.env, move.invoice_date_due)}"),
            *((50, 530 - 16 * rank, 11, line.name) for rank, line in enumerate(move.invoice_line_ids)),
            (50, 450, 11, f"Total TTC : {format_amount(self.env, move.amount_total, move.currency_id)}"),
            (50, 60, 9, "Spécimen : facture d'une société inventée"),
        ]
        page = io.BytesIO()
        canvas = Canvas(page, pagesize=A4, invariant=1)
        for left, bottom, size, text in lines:
            canvas.setFont("Helvetica", size)
            canvas.drawString(left, bottom, text.replace("\u202f", " "))
        canvas.save()
        return page.getvalue()

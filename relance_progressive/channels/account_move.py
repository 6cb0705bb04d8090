from odoo import models

from ..settings.apart import apart

BATCH = 20  # invoices printed together: one in ten of the time that each takes alone


class AccountMove(models.Model):
    """The documents that messages attach."""

    _inherit = "account.move"

    def _dunning_make_pdfs(self):
        """Have Odoo make the PDFs that these invoices lack, as its own sending would; nothing is sent.

        Entries, such as an opening balance, have no document. What fails together is tried alone.

        :return: ``{invoice id: why its PDF cannot be made}``
        :raise OutOfOrder: if the PDF engine makes none at all
        """
        lacking = self.sudo().filtered(
            lambda move: move.is_sale_document(include_receipts=True) and move.state == "posted"
            and not move.invoice_pdf_report_id
        )  # fmt: skip
        problems = {}
        for own in lacking.grouped("company_id").values():
            for start in range(0, len(own), BATCH):
                problems.update(own[start : start + BATCH]._dunning_print())
        return problems

    def _dunning_print(self):
        """Print invoices of one company together, alone what fails together; return ``{invoice id: why not}``."""
        failed = {}
        with apart(self.env, lambda error: failed.update({move: str(error) for move in self})):
            failed.update(self._dunning_generate())  # a report is a text that people edit, its engine another program
        if failed:
            self.env["dunning.letter"]._check_engine()
        if len(self) == 1 or not failed:
            return {move.id: error for move, error in failed.items()}
        self.invalidate_recordset(["invoice_pdf_report_id", "invoice_pdf_report_file"])
        alone = [move._dunning_print() for move in self if not move.invoice_pdf_report_id]
        return {move: error for found in alone for move, error in found.items()}

    def _dunning_generate(self):
        """Make the documents of these invoices with the settings of their own sending, without any way out.

        The journal items are not touched: a message whose items another connection finds changing does not leave.
        Odoo takes an invoice for sent once it has its document: what leaves with a reminder is noted, else the
        company's habit of sending would be guessed from its reminders.

        :return: ``{invoice: error}``
        """
        self = self.with_context(skip_invoice_sync=True, skip_is_manually_modified=True)  # noqa: PLW0642
        sending = self.env["account.move.send"].with_company(self.company_id)
        data = {
            move: sending._get_default_sending_settings(move, sending_methods=set(), extra_edis=set())
            for move in self
        }  # fmt: skip
        unsent = self.filtered(lambda move: not move.is_move_sent)
        sending._generate_invoice_documents(data, allow_fallback_pdf=True)
        unsent.filtered("is_move_sent").dunning_has_it = True
        return {
            move: sending._format_error_text(found["error"])
            for move, found in data.items()
            if found.get("error") and not move.invoice_pdf_report_id
        }

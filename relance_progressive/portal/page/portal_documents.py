from odoo import api, models

from ..door import rights

# Items on a printed statement: the PDF engine takes some five milliseconds for each row, and nobody reads more than
# ten pages; the spreadsheet has all of them.
ROWS_ON_PAPER = 200


class DunningPortal(models.AbstractModel):
    """The statement on paper, invoices, delivery slips."""

    _inherit = "dunning.portal"

    # === STATEMENT === #

    @api.model
    def _statement_pdf(self, account):
        """Return ``(name, PDF)`` of the statement, the oldest items first."""
        day = account.company_id._dunning_today()
        owed = self._owed(account, day)
        late = self._penalties(account, owed[0], day)
        values = {
            **self._letterhead(account),
            "day": self._day(day),
            "statement": self._statement(account, owed, late, day, rows=ROWS_ON_PAPER),
            "money": self._money(account, owed),
            "transfers": self._transfers(account, self._asks(owed, day)[0], late),
        }
        pdf = self._print("relance_progressive.portal_statement_pdf", account, values)
        return f"{self._statement_name(day)}.pdf", pdf

    def _statement_name(self, day):
        return self.env._("statement-%(day)s", day=day.isoformat())

    def _print(self, template, account, values):
        letter = self.env["dunning.letter"]
        html = letter._document(template, account.company_id, self.env.lang, {"o": account, "m": values})
        return letter._print_document(account.company_id, html)

    # === INVOICES === #

    @api.model
    def _invoice(self, account, move_id):
        """Return a document of the account, or nothing: posted, for this customer, open or named in a reminder."""
        own = [
            ("id", "=", move_id),
            ("company_id", "child_of", account.company_id.id),
            ("commercial_partner_id", "=", account.partner_id.id),
            ("state", "=", "posted"),
            ("move_type", "in", rights.DOCUMENTS),
        ]
        move = self.env["account.move"].search(own)
        is_open = move and move.filtered(lambda move: not move.currency_id.is_zero(move.amount_residual))
        return move if is_open or move and self._is_named(account, move) else move.browse()

    def _is_named(self, account, move):
        lines = [("move_line_id.move_id", "=", move.id), ("reminder_id", "in", self._received(account).reminder_id.ids)]
        return bool(self.env["dunning.reminder.line"].search_count(lines, limit=1))

    @api.model
    def _invoice_pdf(self, account, move_id):
        """Return ``(name, PDF)`` of an invoice: as it was sent when it was, else as it stands; or nothing."""
        move = self._invoice(account, move_id).with_company(account.company_id)
        if not move:
            return None
        if move.invoice_pdf_report_id:
            file = move._get_invoice_legal_documents("pdf")
            return file["filename"], file["content"]
        report = move.partner_id.invoice_template_pdf_report_id.report_name or "account.account_invoices"
        content, _kind = self.env["ir.actions.report"].with_company(move.company_id)._render_qweb_pdf(report, move.ids)
        return move._get_invoice_report_filename(), content

    # === PROOF OF DELIVERY === #

    @api.model
    def _deliveries(self, move):
        """Return the goods issued of an invoice, where sales and their deliveries are kept in Odoo, else nothing."""
        lines = move.invoice_line_ids
        if "stock.picking" not in self.env or "sale_line_ids" not in lines._fields:
            return None
        orders = lines["sale_line_ids"]["order_id"]
        return "picking_ids" in orders._fields and orders["picking_ids"].filtered(
            lambda picking: picking.state == "done" and picking.picking_type_code == "outgoing"
        )

    @api.model
    def _with_slips(self, move_ids):
        """Return the ids of those invoices whose goods were issued, as far as Odoo knows."""
        moves = self.env["account.move"].browse(move_ids) if "stock.picking" in self.env else ()
        return {move.id for move in moves if self._deliveries(move)}

    @api.model
    def _delivery_pdf(self, account, move_id):
        """Return ``(name, PDF)`` of the delivery slips of an invoice, or nothing."""
        pickings = self._deliveries(self._invoice(account, move_id))
        if not pickings:
            return None
        report = self.env["ir.actions.report"].with_company(account.company_id)
        content, _kind = report._render_qweb_pdf("stock.action_report_delivery", pickings.ids)
        return f"{pickings[0].name.replace('/', '-')}.pdf", content

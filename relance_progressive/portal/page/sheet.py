import io
from datetime import date

import xlsxwriter

from odoo import api, models
from odoo.tools.translate import code_translations

from ..door import rights

# Items on a printed statement: the PDF engine takes some five milliseconds for each row, and nobody reads more than
# ten pages; the spreadsheet has all of them.
ROWS_ON_PAPER = 200

ADDON = "relance_progressive"
SOURCE = "en"  # what the terms of the add-on are written in


class DunningPortal(models.AbstractModel):
    """The statement as a spreadsheet: all of it, amounts as numbers, days as days."""

    _inherit = "dunning.portal"

    @api.model
    def _statement_xlsx(self, account):
        """Return ``(name, spreadsheet)`` of the whole statement, and how penalties were computed if there are any."""
        day = account.company_id._dunning_today()
        items, _credits = owed = self._owed(account, day)
        late = self._penalties(account, items, day)
        env, file = self.env, io.BytesIO()
        with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
            sheet = book.add_worksheet(env._("Statement"))
            styles = {
                "head": book.add_format({"bold": True, "bottom": 1}),
                "day": book.add_format({"num_format": "yyyy-mm-dd"}),
                "amount": book.add_format({"num_format": "#,##0.00"}),
            }
            labels = [
                env._("Document"), env._("Instalment"), env._("Your Reference"), env._("Date"), env._("Due on"),
                env._("Days Late"), env._("Currency"), env._("Amount"), env._("Left to pay"), env._("Being Settled"),
                env._("Contested"), env._("Promised"), env._("Promised For"), *self._penalty_labels(late),
            ]  # fmt: skip
            self._write_head(sheet, labels, styles)
            for number, item in enumerate(items, start=1):
                self._write_item(sheet, number, item, late, styles)
            self._write_money(sheet, len(items) + 2, account, owed)
            if late:
                self._write_computation(book.add_worksheet(env._("Late Interest")), items, late, day, styles)
        return f"{self._statement_name(day)}.xlsx", file.getvalue()

    def _penalty_labels(self, late):
        if not late:
            return []
        labels = [self.env._("Late Interest")]
        if any(own.indemnity for own in late.values()):  # a consumer never reads of one
            labels.append(self.env["dunning.frame"]._fixed_sum_label(self.env, self._fixed_sum(late)[0]))
        return [*labels, self.env._("Asked For")]

    def _write_head(self, sheet, labels, styles):
        for place, label in enumerate(labels):
            sheet.write_string(0, place, label, styles["head"])
        sheet.set_column(0, 2, 20)
        sheet.set_column(3, len(labels), 13)
        sheet.freeze_panes(1, 0)

    def _write_item(self, sheet, number, item, late, styles):
        row = item.row
        part = f"{row['number']}/{row['count']}" if row["count"] > 1 else ""
        for place, text in enumerate((row["name"] or "", part, row["reference"] or "")):
            sheet.write_string(number, place, text)
        if row["date"]:
            sheet.write_datetime(number, 3, row["date"], styles["day"])
        sheet.write_datetime(number, 4, row["due"], styles["day"])
        sheet.write_number(number, 5, max(0, item.late))
        sheet.write_string(number, 6, self.env["res.currency"].browse(row["currency_id"]).name)
        amounts = (row["amount"], row["balance"], item.covered, item.contested, item.promised)
        for place, amount in enumerate(amounts, start=7):
            sheet.write_number(number, place, amount, styles["amount"])
        if item.dates:
            sheet.write_datetime(number, 12, item.dates[0][0], styles["day"])
        if own := late.get(row["id"]):
            place, labels = 13, self._penalty_labels(late)
            amounts = (own.interest, own.indemnity) if len(labels) == 3 else (own.interest,)
            for amount in (*amounts, own.asked):
                sheet.write_number(number, place, float(amount), styles["amount"])
                place += 1

    def _write_money(self, sheet, first, account, owed):
        """Write below the items what is on its way."""
        for number, money in enumerate(self._money(account, owed), start=first):
            for place, name in ((0, "label"), (3, "day"), (8, "amount")):
                sheet.write_string(number, place, money[name])

    def _write_computation(self, sheet, items, late, day, styles):
        """Write the periods of late interest: balance x days / days of the year x rate."""
        env, penalties = self.env, self.env["dunning.penalty"]
        self._write_head(sheet, [
            env._("Document"), env._("Currency"), env._("Balance"), env._("From"), env._("Until"), env._("Days"),
            env._("Days of the Year"), env._("Rate (%)"), env._("Interest"), env._("Basis"),
        ], styles)  # fmt: skip
        for number, (name, currency, segment) in enumerate(self._periods(items, late, day), start=1):
            sheet.write_string(number, 0, name or "")
            sheet.write_string(number, 1, currency.name)
            sheet.write_number(number, 2, float(segment["balance"]), styles["amount"])
            for place, end in ((3, "first"), (4, "last")):
                sheet.write_datetime(number, place, date.fromisoformat(segment[end]), styles["day"])
            sheet.write_number(number, 5, segment["days"])
            sheet.write_number(number, 6, segment["base"])
            sheet.write_number(number, 7, float(segment["rate"]))
            sheet.write_number(number, 8, float(segment["amount"]), styles["amount"])
            sheet.write_string(number, 9, penalties._source_in_words(env, segment))

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

    # === THE LANGUAGES OF THE PAGES, AND WHAT THOSE READ WHO ARE NOT LET IN === #

    @api.model
    def _languages(self):
        """Return ``{code: name}`` of the installed languages that the pages speak.

        Odoo may speak more of them: in those, dates and menus would be in one language and the page in another.
        """
        installed = dict(self.env["res.lang"].get_installed())
        return {
            code: name for code, name in installed.items()
            if code.startswith(SOURCE) or code_translations.get_python_translations(ADDON, code)
        }  # fmt: skip

    @api.model
    def _language_tag(self):
        """Return what the text of a page is in: for a browser that reads it out or translates it."""
        lang = self.env.lang or SOURCE
        return lang.replace("_", "-") if lang in self._languages() else SOURCE

    @api.model
    def _whom_to_ask(self):
        """Return whom to turn to when nothing opens: the one company that reminds here, nothing where there are more.

        Whose link it was is not told: one answer, whatever the reason.
        """
        company = self.env["res.company"].sudo().search(
            [("dunning_started", "=", True), ("parent_id", "=", False)], limit=2
        )
        if len(company) != 1:
            return {}
        return {"name": company.name, "phone": company.phone or "", "email": company.email or ""}

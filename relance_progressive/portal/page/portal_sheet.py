import io
from datetime import date

import xlsxwriter

from odoo import api, models


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

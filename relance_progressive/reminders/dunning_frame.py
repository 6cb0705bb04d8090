from odoo import api, models


class DunningFrame(models.AbstractModel):
    """What a written message shows besides its text: the items, the totals, how to pay.

    All of it in words, in the language of the reminder's context.
    """

    _name = "dunning.frame"
    _description = "What Surrounds the Text of a Reminder"

    _max_items = None  # listed one by one, the rest summed up in one line; all of them if empty

    @api.model
    def _fetch_items(self, reminders):
        """Read what the frames show of invoices, and no more: these models have more than a hundred columns."""
        lines = reminders.line_ids
        lines.move_line_id.fetch(["amount_currency"])
        lines.move_id.fetch(["date", "invoice_date", "name", "partner_bank_id", "payment_reference"])

    def _items(self, reminder, lines):
        """Return the rows of a table of items, oldest first, what is not listed, and the totals."""
        if not lines:
            return {}
        shown, rest = lines[: self._max_items], lines[self._max_items or len(lines) :]
        return {
            "rows": [self._row(reminder, line) for line in shown],
            "more": len(rest),
            "more_amount": reminder._amounts_in_words(rest),
            "total": reminder._amounts_in_words(lines),
        }

    def _row(self, reminder, line):
        due = line.date_maturity
        currency = line.currency_id or reminder.currency_id
        balance = line.amount_currency if line.currency_id else line.amount_residual
        item, move = line.move_line_id, line.move_id
        amount = item.amount_currency or balance
        return {
            "number": line.move_name or "",
            "date": reminder._day_in_words(move.invoice_date or move.date) if move else "",
            "due": reminder._day_in_words(due) if due else "",
            "days": max(0, (reminder.date - due).days) if due else 0,
            "amount": reminder._amount_in_words(amount, currency),
            "balance": reminder._amount_in_words(balance, currency),
            "partly": currency.compare_amounts(amount, balance) != 0,
        }

    def _numbers(self, company):
        """Return the numbers that identify the company, each with its name."""
        env, registry = company.env, "".join((company.company_registry or "").split())
        label = company.partner_id.company_registry_label
        if company.country_code == "FR":
            label = "SIRET" if len(registry) == 14 else "SIREN"
        numbers = [f"{label} {company.company_registry}"] if registry else []
        return [*numbers, env._("VAT %(number)s", number=company.vat)] if company.vat else numbers

    def _bank(self, reminder):
        """Return where to pay, in words."""
        bank = self._bank_account(reminder)
        if not bank:
            return {}
        return {
            "iban": bank.acc_number,
            "bic": bank.bank_bic or "",
            "holder": bank.acc_holder_name or reminder.company_id.name,
        }

    def _bank_account(self, reminder):
        """Return the account to pay to: the one named on the oldest invoice, else the company's first."""
        named = reminder._lines_of_the_claim()[:1].move_id.partner_bank_id
        return named or reminder.company_id.partner_id.bank_ids[:1]

    def _reference(self, reminder):
        """Return what to write on the transfer: the invoice when there is one, else the reminder."""
        moves = reminder._lines_of_the_claim().move_id
        return (moves.payment_reference or moves.name) if len(moves) == 1 else reminder.name

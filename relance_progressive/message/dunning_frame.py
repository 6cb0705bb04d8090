from odoo import api, models
from odoo.tools import format_amount, format_date

MAX_NAMES = 12  # documents named in a sentence


class DunningFrame(models.AbstractModel):
    """What a written message shows besides its text: the items, the totals, how to pay.

    All of it in words, in the language of the reminder's context.
    """

    _name = "dunning.frame"
    _description = "What Surrounds the Text of a Reminder"

    # Listed one by one, oldest first, on paper and by e-mail alike; the rest is summed up by month. With as many
    # periods of late interest, an e-mail stays below the 102 kB at which Gmail cuts it off, and a letter is read to
    # its end.
    _max_items = 40

    @api.model
    def _fetch_items(self, reminders):
        """Read what the frames show of invoices, and no more: these models have more than a hundred columns."""
        lines = reminders.line_ids
        lines.move_line_id.fetch(["amount_currency", "currency_id", "dunning_origin_id", "move_id", "partner_id"])
        lines.move_id.fetch([
            "company_id", "date", "invoice_date", "move_type", "name", "partner_bank_id", "payment_reference",
            "preferred_payment_method_line_id",
        ])  # fmt: skip

    def _overdue_and_upcoming(self, reminder):
        """Return the lines of a reminder that are late, and those not due yet, read with those of its batch."""
        lines = reminder.line_ids
        late = lines.filtered(lambda line: not line.upcoming)
        return tuple(own.with_prefetch(lines._prefetch_ids) for own in (late, lines - late))

    def _items(self, reminder, lines):
        """Return the rows of a table of items, oldest first, what is not listed, by month, and the totals."""
        if not lines:
            return {}
        shown, rest = lines[: self._max_items], lines[self._max_items :]
        return {
            "rows": [self._row(reminder, line) for line in shown],
            "more": len(rest),
            "more_words": self._more_in_words(reminder.env, len(rest), reminder._amounts_in_words(rest)),
            "months": self._months(reminder, rest),
            "total": reminder._amounts_in_words(lines),
        }

    def _months(self, reminder, lines):
        """Return what lines come to by the month in which they are due, the earliest first."""
        by_month = lines.grouped(lambda line: (line.date_maturity or reminder.date).replace(day=1))
        return [
            {
                "month": format_date(reminder.env, month, date_format="MMMM y"),
                "count": len(own),
                "amount": reminder._amounts_in_words(own),
            }
            for month, own in sorted(by_month.items())
        ]

    @api.model
    def _more_in_words(self, env, count, amount):
        """Return what a table does not list, empty if it lists all."""
        if count == 1:
            return env._("and 1 other invoice, %(amount)s in total:", amount=amount)
        return count and env._(
            "and %(count)s other invoices, %(amount)s in total, by the month in which they are due:",
            count=count, amount=amount,
        )  # fmt: skip

    def _row(self, reminder, line):
        due = line.date_maturity
        currency = line.currency_id or reminder.currency_id
        balance = line._claimed()
        item, move = line.move_line_id, line.move_id
        amount = item.amount_currency or balance
        return {
            "number": line.move_name or "",
            "date": reminder._day_in_words(day) if (day := self._date_of(move, due)) else "",
            "due": reminder._day_in_words(due) if due else "",
            "days": max(0, (reminder.date - due).days) if due else 0,
            "amount": reminder._amount_in_words(amount, currency),
            "balance": reminder._amount_in_words(balance, currency),
            "partly": currency.compare_amounts(amount, balance) != 0,
        }

    def _date_of(self, move, due):
        """Return the date of a document; an entry made after its due date has taken it over and has another one."""
        if move.move_type == "entry" and due and move.date > due:
            return None
        return move.invoice_date or move.date

    @api.model
    def _direction(self, lang):
        """Return in which direction a language is written: "ltr" or "rtl", as HTML says it."""
        return self.env["res.lang"]._get_data(code=lang).direction or "ltr"

    @api.model
    def _numbers(self, company):
        """Return what identifies the company, each with its name: its form and its numbers.

        C. com. R123-237 and R123-238 ask for them on every letter and e-mail of a French company.
        """
        company, env = company.sudo(), company.env
        registry = "".join((company.company_registry or "").split())
        label = company.partner_id.company_registry_label
        if company.country_code == "FR":
            label = "SIRET" if len(registry) == 14 else "SIREN"
        parts = [
            self._form_and_capital(company),
            self._in_trade_register(company, registry),
            registry and f"{label} {self._registry_in_groups(company, registry)}",
            company.vat and env._("VAT %(number)s", number=company.vat),
        ]
        return [part for part in parts if part]

    def _registry_in_groups(self, company, registry):
        """Return the number of a company as people read it: a French one by threes, then the establishment."""
        if company.country_code != "FR" or not registry.isdigit() or len(registry) not in (9, 14):
            return company.company_registry
        parts = (registry[:3], registry[3:6], registry[6:9], registry[9:])
        return "\N{NO-BREAK SPACE}".join(part for part in parts if part)

    @api.model
    def _who_writes(self, company):
        """Return who writes, with address and what identifies it, in one line."""
        place = " ".join(filter(None, (company.zip, company.city)))
        parts = (company.name, company.street, company.street2, place, *self._numbers(company))
        return " · ".join(part for part in parts if part)

    def _form_and_capital(self, company):
        form, capital = company._dunning_form(), company.dunning_share_capital
        if not capital:
            return form
        whole = capital == int(capital)
        amount = format_amount(company.env, capital, company.currency_id, trailing_zeroes=not whole)
        if form:
            return company.env._("%(form)s with a capital of %(amount)s", form=form, amount=amount)
        return company.env._("Capital %(amount)s", amount=amount)

    def _in_trade_register(self, company, registry):
        """Return the number of the trade register with its town: the SIREN is that number."""
        city, siren = (company.dunning_rcs_city or "").strip(), registry[:9]
        if not city or not siren.isdigit() or len(siren) < 9:
            return ""
        return f"{siren[:3]}\N{NO-BREAK SPACE}{siren[3:6]}\N{NO-BREAK SPACE}{siren[6:]} RCS {city}"

    # === HOW TO PAY === #

    def _payees(self, reminder, lines):
        """Return to whom these lines are to be paid, in words: that of the oldest line first.

        What is to be paid to one is told with its sum and its invoices as soon as there are several.
        """
        shares = self._shares(lines)
        payees = [
            self._payee(reminder, bank, own) | (self._share_in_words(reminder, own) if len(shares) > 1 else {})
            for bank, own in shares
        ]
        return payees if any(payee["iban"] for payee in payees) else []

    def _shares(self, lines):
        """Return ``[(bank account, its lines)]``; an empty account where none is in use."""
        accounts = self.env["dunning.payee"]._accounts(lines.move_line_id)
        nowhere = self.env["res.partner.bank"].sudo()
        return list(lines.grouped(lambda line: accounts.get(line.move_line_id.id, nowhere)).items())

    def _payee(self, reminder, bank, lines):
        return {
            "account": bank,
            "lines": lines,
            "iban": bank.acc_number or "",
            "bic": bank.bank_bic or "",
            "holder": bank.acc_holder_name or reminder.company_id.name,
            "reference": self._reference(reminder, lines),
            "amount": "",
            "penalties": "",
            "documents": "",
        }

    def _share_in_words(self, reminder, lines):
        """Return what is to be paid to one of several payees, how much of it is for the delay, and for what."""
        asked = reminder._asked_in_time(lines)
        more = {currency: amount - reminder._totals(lines)[currency] for currency, amount in asked.items()}
        more = {currency: amount for currency, amount in more.items() if not currency.is_zero(amount)}
        return {
            "amount": reminder._sums_in_words(asked),
            "penalties": reminder._sums_in_words(more),
            "documents": self._names_in_words(reminder.env, lines.mapped("move_name")),
        }

    @api.model
    def _names_in_words(self, env, names):
        """Return the names of documents, each once; of many the first ones and how many more."""
        names = list(dict.fromkeys(filter(None, names)))
        words = ", ".join(names[:MAX_NAMES])
        if len(names) <= MAX_NAMES:
            return words
        count = len(names) - MAX_NAMES
        if count == 1:
            return env._("%(names)s and 1 more", names=words)
        return env._("%(names)s and %(count)s more", names=words, count=count)

    def _reference(self, reminder, lines):
        """Return what to write on the transfer: the invoice when there is one, else the reminder."""
        moves, names = lines.move_id, set(lines.mapped("move_name"))
        if len(moves) != 1 or len(names) != 1:
            return reminder.name
        return moves.is_invoice(True) and moves.payment_reference or names.pop() or reminder.name

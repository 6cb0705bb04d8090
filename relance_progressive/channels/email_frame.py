from odoo import api, models
from odoo.tools import html2plaintext

MARK = "dunning-message-goes-here"


class DunningChannelEmail(models.AbstractModel):
    """What surrounds the text of a level: the items, the totals, how to pay, who to call."""

    _inherit = "dunning.channel.email"

    _max_items = 200  # listed in an e-mail; the rest is summed up in one line

    @api.model
    def _fetch_items(self, reminders):
        """Read what the frames show of invoices, and no more: these models have more than a hundred columns."""
        lines = reminders.line_ids
        lines.move_line_id.fetch(["amount_currency"])
        lines.move_id.fetch(["access_token", "date", "invoice_date", "name", "partner_bank_id", "payment_reference"])

    @api.model
    def _frame(self, reminder, subject, text):
        """Return all that the message shows, in words, in the language of the reminder's context."""
        overdue = [line for line in reminder.line_ids if not line.upcoming]
        upcoming = [line for line in reminder.line_ids if line.upcoming]
        return {
            "subject": subject,
            "text": text,
            "name": reminder.name,
            "company": self._letterhead(reminder.company_id),
            "amount": reminder.amount_text,
            "overdue": self._items(reminder, overdue),
            "upcoming": self._items(reminder, upcoming),
            "covered": reminder.amount_covered
            and reminder._amount_in_words(reminder.amount_covered, reminder.currency_id),
            "bank": self._bank(reminder),
            "reference": self._reference(reminder),
            "link": reminder._customer_link(),
            "person": reminder.user_name,
            "phone": reminder.user_phone,
            "email": reminder.user_email,
        }

    def _items(self, reminder, lines):
        """Return the rows of a table of items, oldest first, what is not listed, and the totals."""
        if not lines:
            return {}
        shown, rest = lines[: self._max_items], lines[self._max_items :]
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

    def _letterhead(self, company):
        partner = company.partner_id
        city = " ".join(part for part in (partner.zip, partner.city) if part)
        return {
            "name": company.name,
            "address": [part for part in (partner.street, partner.street2, city) if part],
            "phone": company.phone or "",
            "email": company.email or "",
            "website": company.website or "",
            "numbers": self._numbers(company),
            "color": company.primary_color or "#2c3e50",
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
        """Return where to pay: the account named on the oldest invoice, else the company's first."""
        bank = reminder._lines_of_the_claim()[:1].move_id.partner_bank_id or reminder.company_id.partner_id.bank_ids[:1]
        if not bank:
            return {}
        return {
            "iban": bank.acc_number,
            "bic": bank.bank_bic or "",
            "holder": bank.acc_holder_name or reminder.company_id.name,
        }

    def _reference(self, reminder):
        """Return what to write on the transfer: the invoice when there is one, else the reminder."""
        moves = reminder._lines_of_the_claim().move_id
        return (moves.payment_reference or moves.name) if len(moves) == 1 else reminder.name

    # === HTML === #

    @api.model
    def _as_html(self, reminder, frame):
        """Return the message, without the document around it: as it is kept in the history."""
        qweb = self.env["ir.qweb"].with_context(lang=reminder.env.context["lang"])
        return str(qweb._render("relance_progressive.reminder_email", {"m": frame}, minimal_qcontext=True))

    @api.model
    def _document(self, content):
        """Return the HTML document to send: style sheets cannot be kept in the history, they would leak."""
        documents = self.env.cr.cache.setdefault("dunning.documents", {})
        if content["lang"] not in documents:
            qweb = self.env["ir.qweb"].with_context(lang=content["lang"])
            values = {"lang": content["lang"].replace("_", "-"), "mark": MARK}
            documents[content["lang"]] = str(
                qweb._render("relance_progressive.reminder_email_document", values, minimal_qcontext=True)
            )
        return "<!DOCTYPE html>\n" + documents[content["lang"]].replace(MARK, content["body"], 1)

    # === PLAIN TEXT === #

    @api.model
    def _as_plain_text(self, reminder, frame):
        """Return the same message for those who read without HTML."""
        env = reminder.env
        parts = [html2plaintext(frame["text"] or "", include_references=False).strip()]
        claimed = frame["overdue"] or frame["upcoming"]
        if claimed:
            parts += ["\n".join(self._plain_rows(env, claimed)), env._("Total: %(amount)s", amount=claimed["total"])]
        if frame["overdue"] and frame["upcoming"]:
            title = env._("Not due yet, for your information")
            parts.append("\n".join([title, *self._plain_rows(env, frame["upcoming"])]))
        if frame["covered"]:
            parts.append(env._("Already deducted, on its way to us: %(amount)s", amount=frame["covered"]))
        parts.append(self._plain_payment(env, frame))
        contact = (frame["person"], frame["phone"], frame["email"])
        parts.append(env._("A question? %(contact)s", contact=" · ".join(part for part in contact if part)))
        company = frame["company"]
        parts.append("-- \n" + "\n".join([company["name"], *company["address"]]))
        return "\n\n".join(part for part in parts if part)

    def _plain_rows(self, env, table):
        rows = [
            env._("- %(number)s, due %(due)s: %(amount)s", number=row["number"], due=row["due"], amount=row["balance"])
            for row in table["rows"]
        ]
        if table["more"]:
            count, amount = table["more"], table["more_amount"]
            rows.append(env._("- and %(count)s more, %(amount)s in total", count=count, amount=amount))
        return rows

    def _plain_payment(self, env, frame):
        rows = []
        if bank := frame["bank"]:
            rows.append(env._("Transfer to %(holder)s, IBAN %(iban)s", holder=bank["holder"], iban=bank["iban"]))
        if frame["reference"]:
            rows.append(env._("Reference: %(reference)s", reference=frame["reference"]))
        if frame["link"]:
            rows.append(env._("Online: %(link)s", link=frame["link"]))
        return "\n".join(rows)

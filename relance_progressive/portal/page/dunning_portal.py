import re

from markupsafe import Markup

from odoo import api, models
from odoo.tools import format_amount, format_date, html_sanitize

from ..door import rights

COLOR = re.compile(r"#[0-9a-fA-F]{6}$")
DARK = "#1d2024"
OWN_COLOR = "#2c3e50"  # of a company that has chosen none, as in its e-mails

# The link that a message carried, as it was kept or, in older ones, as it was sent: it may open for longer than the
# one by which somebody is reading now.
LINK = re.compile(r"""(href=["'])?https?://[^\s"'<>]+/(?:reminders/[\w-]{20,}|my/reminders/\d+)[^\s"'<>]*""")


class DunningPortal(models.AbstractModel):
    """What the page of a customer shows, as plain values in the language of the reader: templates get no record.

    Everything runs as superuser, for one account that the caller has checked.
    """

    _name = "dunning.portal"
    _description = "Page of the Customer"

    @api.model
    def _page(self, account, number=1, find=""):
        """Return all that the page of an account shows.

        :param number: of the page of items
        :param find: part of the number of the items that are listed
        """
        day = account.company_id._dunning_today()
        owed = self._owed(account, day)
        late = self._penalties(account, owed[0], day)
        statement = self._statement(account, owed, late, day, number, find=find)
        asks, whole = self._asks(owed, day)
        return {
            **self._letterhead(account),
            "day": self._day(day),
            "find": find.strip(),
            "statement": statement,
            "money": self._money(account, owed),
            "promises": self._promises(account),
            "disputes": self._disputes(account),
            "asked": [ask.kind for ask in asks],
            "transfers": self._transfers(account, asks, late),
            "transfers_of_all": self._transfers(account, [whole], late) if whole else [],
            "reminders": self._reminders(account),
        } | self._more(account, owed, day, statement)

    @api.model
    def _letterhead(self, account):
        """Return who is asked by whom, and whom to turn to."""
        company, person = account.company_id, account._person_in_charge().partner_id
        color = company.primary_color if COLOR.match(company.primary_color or "") else OWN_COLOR
        return {
            "company": {
                "id": company.id,
                "name": company.name,
                "has_logo": not company.uses_default_logo,
                "color": color,
                "on_color": "#ffffff" if self._is_dark(color) else DARK,
                "strong": color if self._is_dark(color) else DARK,  # what must be seen on white: the focus
                "mentions": self.env["dunning.frame"]._who_writes(company),
            },
            "dir": self.env["dunning.frame"]._direction(self.env.lang or "en_US"),
            "customer": account.partner_id.name,
            "mediator": company._dunning_mediator_sentence(account.partner_id),
            "contact": {
                "name": person.name or company.name,
                "phone": person.phone or company.phone or "",
                "email": person.email or company.email or "",
            },
        }

    @staticmethod
    def _is_dark(color):
        """Tell whether white is easier to read than black on a colour (WCAG 2.1, relative luminance)."""
        parts = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.179

    # === READING === #

    @api.model
    def _read(self, records):
        """Return records as plain values: the fields that customers may see of their model, and no other."""
        names = rights.READS[records._name]
        records.fetch(names)
        return [{"id": record.id} | {name: self._plain(record, name) for name in names} for record in records]

    def _plain(self, record, name):
        value, field = record[name], record._fields[name]
        if field.relational:
            return value.id if field.type == "many2one" else value.ids
        if field.type == "selection":
            return value
        return value or "" if field.type in ("char", "text", "html") else value

    def _words_of(self, model, name):
        """Return ``{value: label}`` of a selection field."""
        return dict(self.env[model]._fields[name]._description_selection(self.env))

    # === WORDS === #

    def _day(self, day):
        return format_date(self.env, day) if day else ""

    def _amount(self, amount, currency_id):
        return format_amount(self.env, amount, self.env["res.currency"].browse(currency_id))

    def _amounts(self, totals):
        """Return ``{currency id: amount}`` in words."""
        return " + ".join(self._amount(amount, currency) for currency, amount in totals.items())

    @api.model
    def _more(self, account, owed, day, statement):
        """Return what else the page offers: to pay online, and to answer."""
        answered = {"kind": "", "wrong": {}, "typed": {}, "said": []}
        return {
            "online": self._online(account, owed, day, statement["rows"]),
            "answers": self._offered(account, owed, day, statement["rows"]) | answered,
        }

    # === THE REMINDERS A CUSTOMER RECEIVED, AS THEY WERE SENT === #

    # Received means handed over, over a channel that reaches the customer, and not come back: no draft, no note
    # inside the company, nothing of what was said or written down after a call.

    @api.model
    def _received(self, account, reminder_id=None):
        """Return the deliveries that the customer received, last one first."""
        domain = [
            ("reminder_id.account_id", "=", account.id),
            ("reminder_id.state", "=", "sent"),
            ("state", "in", self.env["dunning.delivery"]._handed_over_states()),
            ("channel", "in", self.env["dunning.channel"]._codes("_reaches_customer")),
        ]
        if reminder_id is not None:
            domain.append(("reminder_id", "=", reminder_id))
        return self.env["dunning.delivery"].search(domain, order="date_done DESC, id DESC")

    def _written(self, deliveries):
        """Return the deliveries whose text the customer has: of a call there are notes, which are the company's."""
        return deliveries.filtered(lambda delivery: delivery.message_id and delivery.channel != "call")

    @api.model
    def _reminders(self, account):
        """Return the reminders received: date, channels, subject, amount."""
        deliveries = self._received(account)
        reminders = {row["id"]: row for row in self._read(deliveries.reminder_id)}
        subjects = {row["id"]: row["subject"] for row in self._read(self._written(deliveries).message_id)}
        labels, by_reminder, claimed = self._channel_words(), {}, self._claimed_by(deliveries.reminder_id)
        for row in self._read(deliveries):
            by_reminder.setdefault(row["reminder_id"], []).append(row)
        return [
            {
                "id": key,
                "name": reminders[key]["name"],
                "day": self._day(min(row["date_done"] or reminders[key]["date"] for row in rows)),
                "channels": ", ".join(dict.fromkeys(labels[row["channel"]] for row in rows)),
                "numbers": [row["registered_number"] for row in rows if row["registered_number"]],
                "subject": next(filter(None, (subjects.get(row["message_id"]) for row in rows)), ""),
                "amount": self._amounts(claimed.get(key, {})),
                "has_text": any(row["message_id"] in subjects for row in rows),
            }
            for key, rows in by_reminder.items()
        ]

    def _claimed_by(self, reminders):
        """Return ``{reminder id: {currency id: amount}}`` of what was late; before the due date nothing is claimed."""
        totals = {}
        for row in self._read(reminders.line_ids):
            if not row["upcoming"]:
                own = totals.setdefault(row["reminder_id"], {})
                currency = row["currency_id"] or reminders.browse(row["reminder_id"]).currency_id.id
                amount = row["amount_currency"] if row["currency_id"] else row["amount_residual"]
                own[currency] = own.get(currency, 0.0) + amount
        return totals

    @api.model
    def _reminder(self, account, reminder_id):
        """Return a reminder of an account as it was sent, or nothing."""
        deliveries = self._received(account, reminder_id)
        if not deliveries:
            return {}
        (reminder,) = self._read(deliveries.reminder_id)
        messages = {row["id"]: row for row in self._read(self._written(deliveries).message_id)}
        labels = self._channel_words()
        return {
            **self._letterhead(account),
            "id": reminder["id"],
            "name": reminder["name"],
            "title": self.env._("Reminder %(number)s", number=reminder["name"]),
            "deliveries": [
                {
                    "channel": labels[row["channel"]],
                    "day": self._day(row["date_done"] or reminder["date"]),
                    "address": row["address"],
                    "number": row["registered_number"],
                    "subject": messages.get(row["message_id"], {}).get("subject", ""),
                    "text": self._as_sent(messages.get(row["message_id"], {}).get("body", "")),
                }
                for row in self._read(deliveries.sorted("id"))
            ],
            "penalties": self._penalties_sent(deliveries.reminder_id),
        }

    def _penalties_sent(self, reminder):
        """Return what a reminder told of penalties, as frozen when it left; nothing if there are none."""
        found = self.env["dunning.channel.email"]._penalties(reminder)
        return found if "rows" in found else {}  # else at most a sentence, which stands in its text

    def _channel_words(self):
        return self._words_of("dunning.delivery", "channel")

    def _as_sent(self, body):
        """Return a text as it was sent, without anything that runs or that could leave its frame.

        Our own templates escape what people typed, and the text of a level is written by a manager: this is
        for the day when one of them is wrong. Its link is taken out: who comes in with an older one would have
        his time prolonged by every message.
        """
        body = LINK.sub(lambda found: f"{found[1]}#" if found[1] else "…", str(body))
        return Markup(html_sanitize(body, sanitize_style=True))  # noqa: S704 -- sanitized

    @api.model
    def _reminder_pdf(self, account, reminder_id):
        """Return ``(name, PDF)`` of a reminder: the letter itself, else its text on the company's paper; or nothing."""
        deliveries = self._written(self._received(account, reminder_id))
        if not deliveries:
            return None
        name = f"{deliveries.reminder_id.name}.pdf"
        if letters := self._letters(deliveries):
            return name, letters[-1].raw
        values = self._reminder(account, reminder_id)
        return name, self._print("relance_progressive.portal_reminder_pdf", account, values)

    def _letters(self, deliveries):
        """Return the letters as they were posted; invoices that came along are documents of their own."""
        own = ("dunning.reminder", "dunning.delivery")
        files = deliveries.message_id.attachment_ids.filtered(
            lambda file: file.mimetype == "application/pdf" and file.res_model in own
        )
        return files.sorted("id")

"""Read the fields of a form of the customer's page; what is typed there may be anything."""

import re
from datetime import timedelta
from typing import NamedTuple

from odoo.tools import email_normalize
from odoo.tools.mimetypes import guess_mimetype

from ...core.plain import typed as reading
from ..door import rights

LONGEST_WORDS = 2000
LONGEST_LINE = 120
MOST_FILES = 5
MOST_BYTES = 5 * 1024 * 1024  # of one file
KINDS_OF_FILES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
OLDEST_PAYMENT = 366  # days ago
SEPARATORS = re.compile(r"[,;\n\r\t]+")  # between numbers, which may hold blanks
MANY_UNKNOWN = 5  # numbers that are said to be of no invoice
MEANS = ("transfer", "cheque", "card", "debit", "cash", "other")


class Typed(NamedTuple):
    """What a customer typed, read and checked; amounts and items are those of the database, never the client's."""

    values: dict  # {name: plain value}
    wrong: dict  # {name: what is wrong with it, in words}; "" for the form as a whole
    text: dict  # {name: what was typed}, to show the form again


class Form:
    """One form, while it is read."""

    def __init__(self, service, account, owed, day, form, files):
        self.service, self.account, self.day = service, account, day
        self.env, self.files = service.env, files
        self.text = {
            name: [one[: 2 * LONGEST_WORDS] for one in texts] for name, texts in form.items() if name in rights.TYPED
        }
        self.open = {item.row["id"]: item for item in owed[0] if item.left > 0}
        self.values, self.wrong = {}, {}

    def first(self, name):
        return (self.text.get(name) or [""])[0]

    def take(self, name, required=True):
        """Read one field; what cannot be read is said in ``wrong``."""
        value, why = getattr(self, f"_read_{name}")()
        if why:
            self.wrong[name] = why
        elif required and not value:
            self.wrong[name] = self.env._("Please fill this in.")
        self.values[name] = value

    # === FIELDS: each returns (value, what is wrong with it) === #

    def _read_item(self):
        """Return the items that are meant: those ticked or named by their number, else all that is overdue."""
        ticked = self.text.get("item", [])
        ids = {int(one) for one in ticked if one.isascii() and one.isdecimal() and len(one) < 12}
        if len(ids) != len(set(ticked)) or ids - self.open.keys():
            return [], self.env._("One of these invoices is settled meanwhile, or is not in this account.")
        named, unknown = self._named()
        if unknown:
            return [], self.env._("We find no open invoice with this number: %(numbers)s", numbers=", ".join(unknown))
        if ids or named:
            return [key for key in self.open if key in ids | named], ""
        return self._all_overdue()

    def _named(self):
        """Return ``({item id}, [numbers that are of none])`` of the numbers that were typed."""
        by_number = {}
        for key, item in self.open.items():
            for number in (item.row["name"], item.row["reference"]):
                by_number.setdefault((number or "").strip().casefold(), set()).add(key)
        typed = list(dict.fromkeys(filter(None, (one.strip() for one in SEPARATORS.split(self.first("numbers"))))))
        unknown = [one[:LONGEST_LINE] for one in typed if one.casefold() not in by_number]
        return set().union(*(by_number.get(one.casefold(), ()) for one in typed)), unknown[:MANY_UNKNOWN]

    def _all_overdue(self):
        """Return what is meant when nothing is named: of very many only if that is said."""
        due = [key for key, item in self.open.items() if item.is_overdue]
        if not due and len(self.open) == 1:
            due = list(self.open)
        if len(due) > rights.MANY and self.first("whole") != "1":
            return [], self.env._("Please say which invoices you mean: tick them, type their numbers, or tick “all”.")
        return due, "" if due else self.env._("Tick the invoices that you mean.")

    def _read_date(self):
        return self._day("date")

    def _day(self, name, oldest=0, farthest=730):
        if not self.first(name).strip():
            return None, ""
        day = reading.read_day(self.first(name))
        if not day:
            return None, self.env._("Please type a date as day/month/year.")
        if day < self.day - timedelta(days=oldest):
            return None, self.env._("This date is past.")
        if day > self.day + timedelta(days=farthest):
            return None, self.env._("This date is too far away.")
        return day, ""

    def _read_paid_on(self):
        day, why = self._day("paid_on", oldest=OLDEST_PAYMENT)
        if day and day > self.day:
            return None, self.env._("This date is still to come: please promise a date instead.")
        return day, why

    def _read_means(self):
        return self._choice("means", MEANS)

    def _read_every(self):
        return self._choice("every", ("month", "week"))

    def _choice(self, name, choices):
        value = self.first(name)
        return (value, "") if value in choices else (None, self.env._("Please choose one of these."))

    def _read_reason(self):
        """Return the id of a reason on the list."""
        ids = {str(row["id"]): row["id"] for row in self.service._reasons(self.account)}
        value, why = self._choice("reason", ids)
        return ids.get(value), why

    def _read_count(self):
        value = self.first("count").strip()
        if not (value.isascii() and value.isdecimal() and len(value) < 3 and 2 <= int(value) <= 60):
            return None, self.env._("Please type a number from 2 to 60.")
        return int(value), ""

    def _read_agreed(self):
        return self.first("agreed") == "1", ""

    def _read_amount(self):
        if not self.first("amount").strip():
            return None, ""
        amount = reading.read_amount(self.first("amount"))
        return amount, "" if amount else self.env._("Please type an amount above zero, such as 250.00.")

    def _read_words(self):
        words = reading.lines(self.first("words"))
        if len(words) > LONGEST_WORDS:
            return "", self.env._("Please keep to %(count)s characters.", count=LONGEST_WORDS)
        return words, ""

    def _line(self, name):
        line = reading.one_line(self.first(name))
        if len(line) > LONGEST_LINE:
            return "", self.env._("Please keep to %(count)s characters.", count=LONGEST_LINE)
        return line, ""

    def _read_reference(self):
        return self._line("reference")

    def _read_person(self):
        return self._line("person")

    def _read_when(self):
        return self._line("when")

    def _read_phone(self):
        if not self.first("phone").strip():
            return "", ""
        phone = reading.read_phone(self.first("phone"))
        return phone or "", "" if phone else self.env._("Please type a phone number.")

    def _read_email(self):
        line, why = self._line("email")
        if why or not line:
            return "", why
        address = email_normalize(line) or ""
        if address != line.lower():  # Odoo takes the first address out of whatever is typed
            return "", self.env._("Please type an e-mail address.")
        return address, ""

    def _read_file(self):
        """Return ``[(name, content, type)]``; what a file is, its content says, not its name."""
        found = []
        files = [file for file in self.files if file.filename]
        if len(files) > MOST_FILES:
            return [], self.env._("Please send %(count)s files at most.", count=MOST_FILES)
        for file in files:
            file.seek(0)  # Odoo may begin the request again, and rewinds the first one only
            content = file.read(MOST_BYTES + 1)
            if len(content) > MOST_BYTES:
                size = MOST_BYTES // 1024 // 1024
                return [], self.env._("Please send files of %(size)s MB at most.", size=size)
            kind = guess_mimetype(content) if content else ""
            if kind not in KINDS_OF_FILES:
                return [], self.env._("Please send PDF, JPEG or PNG files only.")
            found.append((reading.file_name(file.filename, KINDS_OF_FILES[kind]), content, kind))
        return found, ""

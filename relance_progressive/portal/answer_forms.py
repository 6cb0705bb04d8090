import hashlib
import secrets
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import email_normalize, format_date
from odoo.tools.mimetypes import guess_mimetype
from odoo.tools.misc import consteq, hmac

from ..core import typed as reading
from ..core.promise import instalments
from . import rights

SCOPE = "relance_progressive.portal.form"
FORM_DAYS = 2  # a page that was left open longer shows figures of another day
LONGEST_WORDS = 2000
LONGEST_LINE = 120
MOST_FILES = 5
MOST_BYTES = 5 * 1024 * 1024  # of one file
KINDS_OF_FILES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
OLDEST_PAYMENT = 366  # days ago
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
        self.open = {item.row["id"]: item for item in owed[0] if item.to_pay > 0}
        self.values, self.wrong = {}, {}

    def first(self, name):
        return (self.text.get(name) or [""])[0]

    def read(self, name, required=True):
        """Read one field; what cannot be read is said in ``wrong``."""
        value, why = getattr(self, f"_read_{name}")()
        if why:
            self.wrong[name] = why
        elif required and not value:
            self.wrong[name] = self.env._("Please fill this in.")
        self.values[name] = value

    # === FIELDS: each returns (value, what is wrong with it) === #

    def _read_item(self):
        """Return the items that are meant: those ticked, else all that is overdue."""
        ticked = self.text.get("item", [])
        if not ticked:
            due = [key for key, item in self.open.items() if item.late > 0]
            return due, "" if due else self.env._("Tick the invoices that you mean.")
        ids = {int(one) for one in ticked if one.isascii() and one.isdecimal() and len(one) < 12}
        if len(ids) != len(set(ticked)) or ids - self.open.keys():
            return [], self.env._("One of these invoices is settled meanwhile, or is not in this account.")
        return [key for key in self.open if key in ids], ""

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
        address = email_normalize(line)
        return address or "", "" if address else self.env._("Please type an e-mail address.")

    def _read_file(self):
        """Return ``[(name, content, type)]``; what a file is, its content says, not its name."""
        found = []
        files = [file for file in self.files if file.filename]
        if len(files) > MOST_FILES:
            return [], self.env._("Please send %(count)s files at most.", count=MOST_FILES)
        for file in files:
            content = file.read(MOST_BYTES + 1)
            if len(content) > MOST_BYTES:
                size = MOST_BYTES // 1024 // 1024
                return [], self.env._("Please send files of %(size)s MB at most.", size=size)
            kind = guess_mimetype(content) if content else ""
            if kind not in KINDS_OF_FILES:
                return [], self.env._("Please send PDF, JPEG or PNG files only.")
            found.append((reading.file_name(file.filename, KINDS_OF_FILES[kind]), content, kind))
        return found, ""


class DunningPortal(models.AbstractModel):
    """The forms of the page: what they offer, and what is typed into them."""

    _inherit = "dunning.portal"

    # === THE KEY OF A FORM === #

    def _form_key(self, account, day):
        """Return what makes a form count once: it is of this account, of this day, and nobody else makes one."""
        head = f"{day.toordinal()}.{secrets.token_hex(8)}"
        return f"{head}.{self._sign_form(account, head)}"

    def _sign_form(self, account, head):
        return hmac(account.env(su=True), SCOPE, (account.id, head), hash_function=hashlib.sha256)[:32]

    def _is_own_form(self, account, key, day):
        """Tell whether a key is one that we made for this account, lately."""
        head, _point, signature = key.rpartition(".")
        if not key.isascii() or not consteq(self._sign_form(account, head), signature):
            return False
        return 0 <= day.toordinal() - int(head.partition(".")[0]) <= FORM_DAYS

    # === WHAT IS OFFERED === #

    @api.model
    def _reasons(self, account):
        """Return the reasons for which an invoice may be contested; those of other forms are left to them."""
        own = [
            self.env.ref(f"relance_progressive.dispute_reason_{name}", raise_if_not_found=False)
            for name in ("paid", "order")
        ]
        others = [reason.id for reason in own if reason]
        return self._read(self.env["dunning.dispute.reason"].search([
            ("company_id", "in", [False, account.company_id.id]), ("id", "not in", others),
        ]))  # fmt: skip

    @api.model
    def _means(self):
        """Return ``{code: how something was paid, in words}``."""
        return {
            "transfer": self.env._("Transfer"),
            "cheque": self.env._("Cheque"),
            "card": self.env._("Card"),
            "debit": self.env._("Direct debit"),
            "cash": self.env._("Cash"),
            "other": self.env._("Another way"),
        }

    @api.model
    def _offered(self, account, owed, day, rows):
        """Return what the forms offer.

        :param rows: the rows of the statement that are on the page
        """
        open_ids = {item.row["id"] for item in owed[0] if item.to_pay > 0}
        calendar = account.company_id._dunning_calendar(day)
        due = [item for item in owed[0] if item.late > 0 and item.to_pay > 0]
        return {
            "key": self._form_key(account, day),
            "items": [row for row in rows if row["id"] in open_ids],
            "items_hint": self.env._(
                "None ticked: all that is overdue, %(amount)s", amount=self._total(due, "to_pay", account)
            ) if due else "",
            "reasons": self._reasons(account),
            "means": self._means(),
            "today": day.isoformat(),
            "proposed": calendar.next_open(day + timedelta(days=7)).isoformat(),
            **self._limits(account.plan_id, day),
            "longest_words": LONGEST_WORDS,
            "longest_line": LONGEST_LINE,
            "files": self.env._(
                "%(count)s files at most, PDF, JPEG or PNG, %(size)s MB each",
                count=MOST_FILES, size=MOST_BYTES // 1024 // 1024,
            ),
        }  # fmt: skip

    def _limits(self, plan, day):
        """Return in words what is agreed at once, and what a person looks at."""
        if not plan:
            return dict.fromkeys(("promise_hint", "plan_hint"), self.env._("Somebody looks at it and answers you."))
        last, last_of_plan = (
            format_date(self.env, day + timedelta(days=days)) for days in (plan.promise_max_days, plan.promise_plan_days)
        )
        return {
            "promise_hint": self.env._(
                "Until %(day)s it is agreed at once; a later date is looked at by somebody.", day=last
            ),
            "plan_hint": self.env._(
                "Up to %(count)s payments, the last one by %(day)s, are agreed at once; other plans are looked at by "
                "somebody.", count=plan.promise_plan_payments, day=last_of_plan,
            ),
        }  # fmt: skip

    # === WHAT IS TYPED === #

    @api.model
    def _typed(self, account, kind, form, files):
        """Read and check a form.

        :param form: ``{name: [text]}``
        :param files: uploaded files: ``filename`` and ``read``
        :return: :class:`Typed`
        """
        day = self._today(account)
        read = Form(self, account, self._owed(account, day), day, form, files)
        answer = next(answer for answer in rights.ANSWERS if answer.kind == kind)
        for name in answer.required:
            read.read(name)
        for name in answer.optional:
            read.read(name, required=False)
        if not read.wrong:
            getattr(self, f"_check_{kind}", lambda _read: None)(read)
        return Typed(read.values, read.wrong, {name: texts[0] for name, texts in read.text.items() if texts} | {
            "item": read.text.get("item", [])
        })  # fmt: skip

    def _check_promise(self, read):
        """Share out over one date what is free of the items, or the part of it that was typed."""
        self._check_sum(read, lambda total: [(read.values["date"], total)])

    def _check_plan(self, read):
        unit = Decimal(str(read.account.currency_id.rounding))
        values = read.values
        self._check_sum(
            read, lambda total: instalments(total, values["date"], values["count"], values["every"], unit)
        )

    def _check_sum(self, read, dates_of):
        """Write what is promised: the amount is ours, the customer may only promise less."""
        currency = read.account.currency_id
        total = self._promisable([read.open[key] for key in read.values["item"]], currency)
        wanted = read.values.get("amount")
        if not total:
            read.wrong["item"] = self.env._("Nothing is left to promise of these invoices.")
        elif wanted and (wanted > total or wanted != Decimal(str(currency.round(float(wanted))))):
            read.wrong["amount"] = self.env._(
                "%(amount)s at most.", amount=self._amount(float(total), currency.id)
            )
        else:
            read.values["dates"] = [(day, amount) for day, amount in dates_of(wanted or total) if amount > 0]

    def _promisable(self, items, currency):
        """Return what of items is not promised yet, in the currency of the company; when all of it is, all of it."""
        free = sum(self._in_company(item, item.to_pay - item.promised - item.contested, currency) for item in items)
        return free or sum(self._in_company(item, item.to_pay - item.contested, currency) for item in items)

    def _in_company(self, item, amount, currency):
        rate = item.row["balance_company"] / item.row["balance"]
        return Decimal(str(currency.round(max(0.0, amount) * rate)))

    def _check_dispute(self, read):
        """An amount is one of one invoice, and no more than is owed of it and not contested yet."""
        values = read.values
        if values["amount"] and len(values["item"]) != 1:
            read.wrong["amount"] = self.env._("Tick one invoice for an amount; without an amount, all of it is meant.")
        self._check_contested(read, values["amount"])

    def _check_paid(self, read):
        self._check_contested(read)

    def _check_order(self, read):
        self._check_contested(read)

    def _check_contested(self, read, amount=None):
        """Keep the items of which something is not contested yet."""
        free = {key: read.open[key].to_pay - read.open[key].contested for key in read.values["item"]}
        free = {key: left for key, left in free.items() if left > 0}
        if not free:
            read.wrong["item"] = self.env._("We are examining these invoices already.")
        elif amount and amount > Decimal(str(round(min(free.values()), 6))):
            currency = read.open[next(iter(free))].row["currency_id"]
            read.wrong["amount"] = self.env._("%(amount)s at most.", amount=self._amount(min(free.values()), currency))
        read.values["item"] = list(free)

    def _check_contact(self, read):
        if not any(read.values[name] for name in ("person", "email", "phone", "words")):
            read.wrong[""] = self.env._("Please fill in what is to be corrected.")

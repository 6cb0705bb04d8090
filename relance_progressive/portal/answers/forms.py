import hashlib
import secrets
from datetime import timedelta
from decimal import Decimal

from odoo import api, models
from odoo.tools import format_date
from odoo.tools.misc import consteq, hmac

from ...core.said.chance import chance_of
from ...core.said.instalments import instalments
from ..door import rights
from . import form_fields as answer_fields

SCOPE = "relance_progressive.portal.form"
FORM_DAYS = 2  # a page that was left open longer shows figures of another day


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
        open_ids = {item.row["id"] for item in owed[0] if item.left > 0}
        calendar = account.company_id._dunning_calendar(day)
        due = [item for item in owed[0] if item.is_overdue]
        return {
            "key": self._form_key(account, day),
            "items": [row for row in rows if row["id"] in open_ids],
            **self._which(due, len(open_ids), account),
            "reasons": self._reasons(account),
            "means": self._means(),
            "today": day.isoformat(),
            "proposed": calendar.next_open(day + timedelta(days=7)).isoformat(),
            **self._limits(account.plan_id, day),
            "privacy": self._privacy(account.company_id),
            "plan_warns": chance_of(account.partner_id.dunning_status) > 0,
            "longest_words": answer_fields.LONGEST_WORDS,
            "longest_line": answer_fields.LONGEST_LINE,
            "files": self.env._(
                "%(count)s files at most, PDF, JPEG or PNG, %(size)s MB each",
                count=answer_fields.MOST_FILES, size=answer_fields.MOST_BYTES // 1024 // 1024,
            ),
        }  # fmt: skip

    def _which(self, due, count, account):
        """Return what is said of the invoices that a form is about, before anything is ticked.

        :param due: what is overdue
        :param count: of the open items
        """
        words = self.env._(
            "all that is overdue: %(amount)s (%(count)s)", amount=self._total(due, "unpromised", account),
            count=self._counted(self._count(due)),
        ) if due else ""  # fmt: skip
        many = len(due) > rights.MANY
        return {
            "items_hint": self.env._("None ticked: %(amount)s", amount=words) if due and not many else "",
            "whole": f"{words[:1].upper()}{words[1:]}" if many else "",
            "by_number": count > rights.MANY,
        }

    def _counted(self, count):
        return self.env._("1 invoice") if count == 1 else self.env._("%(count)s invoices", count=count)

    @api.model
    def _privacy(self, company):
        """Return what becomes of what is typed (GDPR art. 13), in the language of the page."""
        company = company.sudo()
        place = " ".join(filter(None, (company.street, company.zip, company.city)))
        contact = (company.dunning_privacy_contact or "").strip() or company.email or place or company.name
        return self.env._(
            "What you send here (name, phone, e-mail, message, files) serves %(company)s, which is responsible for it, "
            "to follow your customer account and to recover what it is owed (GDPR art. 6 (1) (b) and (f)). Its "
            "accounting staff reads it, and those who help it to recover its claims. It is kept as long as these "
            "claims can be proven or contested, ten years where it is an accounting record. You may ask for access, "
            "correction, erasure or restriction, and object: %(contact)s. You may also complain to the data protection "
            "authority, in France the CNIL.",
            company=company.name, contact=contact,
        )  # fmt: skip

    def _limits(self, plan, day):
        """Return in words what is agreed at once, and what a person looks at."""
        if not plan:
            return dict.fromkeys(("promise_hint", "plan_hint"), self.env._("Somebody looks at it and answers you."))
        ahead = (plan.promise_max_days, plan.promise_plan_days)
        last, last_of_plan = (format_date(self.env, day + timedelta(days=days)) for days in ahead)
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
        :return: :class:`answer_fields.Typed`
        """
        day = account.company_id._dunning_today()
        read = answer_fields.Form(self, account, self._owed(account, day), day, form, files)
        answer = next(answer for answer in rights.ANSWERS if answer.kind == kind)
        for name in answer.required:
            read.take(name)
        for name in answer.optional:
            read.take(name, required=False)
        if not read.wrong:
            getattr(self, f"_check_{kind}", lambda _read: None)(read)
        text = {name: texts[0] for name, texts in read.text.items() if texts} | {"item": read.text.get("item", [])}
        return answer_fields.Typed(read.values, read.wrong, text)

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
        free = sum(self._in_company(item, item.left - item.promised - item.contested, currency) for item in items)
        return free or sum(self._in_company(item, item.left - item.contested, currency) for item in items)

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
        free = {key: read.open[key].left - read.open[key].contested for key in read.values["item"]}
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

    # === ON THE PAGE === #

    @api.model
    def _said(self, account, key):
        """Return what the customer was told of the answers that were made with a form: nothing when there is none."""
        if not (key and key.isascii() and len(key) < 80):
            return []
        answers = self.env["dunning.portal.answer"].search([("account_id", "=", account.id), ("form_key", "=", key)])
        return [row["confirmation"] for row in self._read(answers)]

import logging
import re
from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import format_date, is_html_empty

from ..settings.apart import apart, raise_if_lost
from . import amount_words, pictures, postal, qr_code

_logger = logging.getLogger(__name__)

SPACE = "(?:\\s|&nbsp;|&#160;)"
# An article of law, such as "L. 441-10 II": it is not parted at the end of a line.
ARTICLE = re.compile(rf"\b[LRD]\.{SPACE}\d+(?:-\d+)+(?:{SPACE}[IVX]+\b)?")
# Codes of transfers that do not depend on who pays: of Europe, and by EMVCo.
FOR_ANYONE = {"sct_qr", "emv_qr"}


class Letter(NamedTuple):
    """A letter ready to be printed."""

    subject: str
    lang: str
    text: str  # the prose, as HTML
    html: str  # the whole document


class DunningLetter(models.AbstractModel):
    """Reminders on paper: the text of the level, the items, how to pay, on the letterhead of the company.

    Everything is made for a batch of reminders, each in the language of its recipient.
    """

    _name = "dunning.letter"
    _inherit = ["dunning.frame"]
    _description = "Reminder Letters"

    @api.model
    def _compose(self, reminders, recipients, kind="letter"):
        """Return ``({reminder id: Letter}, {reminder id: why it cannot be made})``.

        :param recipients: ``{reminder id: channels' Recipient}``: contact, language
        :param kind: "letter", "registered" or "lre"
        """
        letters, broken = {}, {}
        batches = defaultdict(list)
        for reminder in reminders:
            lang = reminder._language(recipients[reminder.id].lang)
            batches[lang, reminder._letter_text(), reminder.company_id].append(reminder.id)
        for (lang, template, company), ids in batches.items():
            batch = reminders.browse(ids).with_prefetch(reminders._prefetch_ids)
            batch = batch.with_context(lang=lang).with_company(company)
            if not template:
                broken.update(dict.fromkeys(ids, self.env._("The level has no text.")))
                continue
            self._compose_batch(batch, template, recipients, kind, letters, broken)
        return letters, broken

    def _compose_batch(self, batch, template, recipients, kind, letters, broken):
        """Compose letters of one language, one text and one company; alone what fails together."""

        def told(error):
            if len(batch) > 1:
                for reminder in batch:
                    self._compose_batch(reminder, template, recipients, kind, letters, broken)
                return
            words = batch._error_in_words(error)
            broken[batch.id] = self.env._(
                "The text “%(template)s” cannot be made: %(error)s", template=template.name, error=words
            )

        with apart(self.env, told):  # any error of a text that people edit; each reminder says its own
            letters.update(self._letters(batch, template, recipients, kind))

    # === ONE LETTER === #

    def _letters(self, reminders, template, recipients, kind):
        lang = reminders.env.context["lang"]
        subjects, texts = reminders._worded(template)
        self._fetch_items(reminders)
        contacts = self.env["res.partner"].sudo().browse(recipients[reminder.id].contact_id for reminder in reminders)
        letters = {}
        for reminder, contact in zip(reminders, contacts, strict=True):
            subject = " ".join(str(subjects[reminder.id]).split()) or reminder.name
            frame = self._frame(reminder, contact, subject, texts[reminder.id], kind)
            values = {"o": reminder.sudo(), "m": frame}
            html = self._document("relance_progressive.letter", reminder.company_id, lang, values)
            letters[reminder.id] = Letter(subject, lang, str(texts[reminder.id]), html)
        return letters

    @api.model
    def _document(self, template, company, lang, values):
        """Return a document on the letterhead of a company as HTML.

        :param values: ``o``, the record it is about, and what else the template needs
        """
        report = self.env["ir.actions.report"].with_context(lang=lang).with_company(company)
        own = {"company": company.sudo(), "lang": lang, "report_type": "pdf", "is_html_empty": is_html_empty}
        html = report._render_template(template, own | values).decode()
        html = ARTICLE.sub(r'<span style="white-space: nowrap">\g<0></span>', html)
        return pictures.self_contained(html, self._pictures(values["o"], company))

    @api.model
    def _pictures(self, record, company):
        """Return the function that gives the picture at an address: one put on a record, its text or its company."""
        return pictures.reader(self.env, [record, company, *self._texts_of(record)])

    @api.model
    def _texts_of(self, record):
        """Return the records whose texts a document of this one says."""
        if record._name != "dunning.reminder":
            return []
        level = record.sudo().level_id
        return [level, level.template_id, record.sudo()._letter_text()]

    @api.model
    def _frame(self, reminder, contact, subject, text, kind):
        """Return all that the letter shows, in words."""
        company, day = reminder.company_id.sudo(), self._day(reminder)
        overdue, upcoming = self._overdue_and_upcoming(reminder)
        claimed = overdue or upcoming
        place, link = company.city or company.name, reminder._customer_link()
        return {
            "registered": kind == "registered",
            "electronic": kind == "lre",
            "dir": self._direction(reminder.env.context["lang"]),
            "address": self._address(contact, company),
            "window": postal.window_of(company.country_code),
            "top": self._paper(company).margin_top,
            "place_and_day": reminder.env._(
                "%(place)s, %(day)s", place=place, day=format_date(reminder.env, day, date_format="long")
            ),
            "subject": subject,
            "text": text,
            "references": self._references(reminder),
            "overdue": self._items(reminder, overdue),
            "upcoming": self._items(reminder, upcoming),
            "covered": reminder._covered_in_words(),
            "notice": reminder._notice_in_words(),
            "totals": self._spelled_totals(reminder, claimed),
            "payees": self._payment(reminder, claimed),
            "announced": not overdue,
            "contact": ", ".join(filter(None, (reminder.user_name, reminder.user_phone, reminder.user_email))),
            "signature": reminder._signs().sudo().name or "",
            "mentions": self._mentions(company),
            "penalties": self._penalties(reminder),
            "link": link,
            "link_qr": link and qr_code.draw(link),
        }

    def _day(self, reminder):
        """Return the date of the letter: the day it is printed, else the one it is to leave."""
        return self.env.context.get("dunning_letter_day") or reminder.date

    def _row(self, reminder, line):
        """Count the days late to the date of the letter."""
        due = line.date_maturity
        return super()._row(reminder, line) | {"days": max(0, (self._day(reminder) - due).days) if due else 0}

    def _references(self, reminder):
        customer = reminder.partner_id
        rows = [(reminder.env._("Our reference"), reminder.name)]
        if customer.ref:
            rows.append((reminder.env._("Customer number"), customer.ref))
        if customer.vat and customer.vat != "/":
            rows.append((reminder.env._("Your VAT number"), customer.vat))
        return rows

    def _mentions(self, company):
        """Return what identifies who writes; name and address too where no letterhead can be printed."""
        place = f"{company.zip or ''} {company.city or ''}".strip()
        address = [] if self._has_headers() else [company.street, company.street2, place]
        parts = [company.name, *address, *self._numbers(company)]
        return " · ".join(part for part in parts if part)

    # === ADDRESS === #

    def _address(self, contact, company):
        """Return the lines of an address; the country last, in the language of the sender's country."""
        names = [contact.commercial_partner_id.name if contact.parent_id else "", contact.name]
        names = list(dict.fromkeys(name for name in names if name))
        country = contact.country_id or company.country_id
        abroad = country != company.country_id
        if country.code in postal.FRENCH:
            places = [contact.street2, contact.street, f"{contact.zip or ''} {contact.city or ''}"]
            places = [postal.french_line(place) for place in places if place]
        else:
            places = self._foreign_places(contact)
        in_own_language = country.with_context(lang=self._lang_of_country(company))
        return postal.fold(names, places, in_own_language.name if abroad else "")

    def _foreign_places(self, contact):
        """Return the lines in the order of the country's own format, without name and country."""
        shape, args = contact._prepare_display_address(without_company=True)
        args = defaultdict(str, {**args, "country_name": "", "country_code": "", "company_name": ""})
        lines = [" ".join(line.split()) for line in (shape % args).splitlines()]
        lines = [line for line in lines if line]
        return lines[:-1] + [line.upper() for line in lines[-1:]]

    @api.model
    def _lang_of_country(self, company):
        """Return a language of the company's country that is installed, else the company's."""
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        own = company.partner_id.lang
        suffix = f"_{company.country_code}"
        return next((code for code in (own, *installed) if code in installed and code.endswith(suffix)), own or "en_US")

    # === MONEY === #

    def _spelled_totals(self, reminder, lines):
        """Return the total of each currency, in figures and in words."""
        return [
            {"figures": reminder._amount_in_words(amount, currency), "words": self._spelled(reminder, amount, currency)}
            for currency, amount in reminder._asked(lines).items()
        ]

    @api.model
    def _spelled(self, reminder, amount, currency):
        """Return an amount in words, in the language of the context, else in English."""
        lang = amount_words.language(reminder.env.context["lang"])
        localized = currency.with_context(lang=reminder.env.context["lang"] if lang != "en" else "en_US")
        labels = (localized.currency_unit_label or currency.name, localized.currency_subunit_label or "")
        return amount_words.in_words(
            Decimal(f"{amount:.{currency.decimal_places}f}"), lang, currency.name,
            tuple(label.lower() for label in labels), localized.env._("%(units)s and %(cents)s"),
        )  # fmt: skip

    def _payment(self, reminder, lines):
        """Return by when and to whom to pay, with a code for each payee."""
        return [
            payee | {
                "qr": self._qr_code(reminder, payee["lines"], payee["account"]),
                "how": self._how_to_pay(reminder, payee, announced=lines[:1].upcoming),
            }
            for payee in self._payees(reminder, lines)
        ]  # fmt: skip

    def _how_to_pay(self, reminder, payee, announced):
        """Return by when and to whom a transfer is to be made, and of which sum when there are several."""
        words = {"day": reminder.deadline_text, "holder": payee["holder"], "amount": payee["amount"]}
        if not payee["iban"]:
            return reminder.env._("%(amount)s: please ask us for the bank details", **words)
        if announced and payee["amount"]:
            return reminder.env._("%(amount)s by transfer to %(holder)s", **words)
        if announced:
            return reminder.env._("By transfer to %(holder)s", **words)
        if payee["amount"]:
            return reminder.env._("%(amount)s to be paid by %(day)s, by transfer to %(holder)s", **words)
        return reminder.env._("To be paid by %(day)s, by transfer to %(holder)s", **words)

    def _qr_code(self, reminder, lines, bank):
        """Return the picture of the transfer as a data URL where Odoo knows how to make one, else nothing.

        It is for all that the letter asks to be paid in time on this account: a code for less would have the customer
        think that this settles it. A transfer has one currency: with several there is none.
        """
        totals = reminder._asked_in_time(lines)
        if not bank or len(totals) != 1:
            return ""
        ((currency, amount),) = totals.items()
        bank = bank.with_context(lang=reminder.env.context["lang"])
        return self._draw_safely(bank, amount, self._reference(reminder, lines), currency, reminder.partner_id)

    def _draw_safely(self, bank, amount, reference, currency, customer):
        """Return the QR code of a transfer as a data URL, or nothing: without it a letter leaves all the same."""
        try:
            return self._draw_transfer(bank, amount, reference, currency, customer)
        except Exception as error:  # the library that draws it may be missing
            raise_if_lost(error)
            _logger.info("No QR code for %s", reference, exc_info=True)
            return ""

    def _draw_transfer(self, bank, amount, reference, currency, customer):
        """Return the QR code of a transfer as a data URL, or nothing.

        Odoo says what stands in it; a plain code is drawn as :mod:`.qr_code` does.
        """
        method = self._transfer_method(bank, amount, reference, currency, customer)
        params = method and bank._get_qr_code_generation_params(method, amount, currency, customer, reference, "")
        if not params:
            return ""
        if not qr_code.CAN_DRAW or params.get("barcode_type") != "QR" or params.get("mask"):
            return bank._get_qr_code_base64(method, amount, currency, customer, reference, "") or ""
        return qr_code.draw(params["value"])

    def _transfer_method(self, bank, amount, reference, currency, customer):
        """Return which code Odoo offers; asked once per account and currency where any customer may use it."""
        known, key = self.env.cr.cache.setdefault("dunning.transfers", {}), (bank.id, currency.id)
        for_anyone = {code for code, _name in bank.get_available_qr_methods_in_sequence()} <= FOR_ANYONE
        if key not in known or not for_anyone:
            values = bank._build_qr_code_vals(amount, reference, "", currency, customer)
            known[key] = values and values["qr_method"]
        return known[key]

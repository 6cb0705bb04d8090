import re

from odoo import api, models
from odoo.tools import format_amount, format_date

from ..door import rights

COLOR = re.compile(r"#[0-9a-fA-F]{6}$")
DARK = "#1d2024"
OWN_COLOR = "#2c3e50"  # of a company that has chosen none, as in its e-mails


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

import csv
import re

from odoo import Command, models
from odoo.tools import file_open, remove_accents

CUSTOMERS = "relance_progressive/relance_progressive/demo/customers.csv"


class DunningDemo(models.AbstractModel):
    _inherit = "dunning.demo"

    def _read_customers(self):
        """Read the customers: invented names at real towns, with the story of each (see :mod:`.stories`).

        E-mail domains end in ``.example`` and phone numbers come from the ranges that the French
        regulator keeps for fiction, so that nothing of the demo can reach anybody.
        """
        with file_open(CUSTOMERS) as file:
            return list(csv.DictReader(file, delimiter=";"))

    def _create_customers(self, rows):
        """Create the customers with their contacts."""
        tag = self.env.ref("relance_progressive.partner_category_key_account", raise_if_not_found=False)
        values = [self._customer(row, rank) for rank, row in enumerate(rows, 1)]
        for row, vals in zip(rows, values, strict=True):
            if row["kind"] == "key" and tag:
                vals["category_id"] = [Command.link(tag.id)]
        return self.env["res.partner"].create(values)

    def _customer(self, row, rank):
        country = self.env.ref(f"base.{'uk' if row['country'] == 'gb' else row['country']}")
        firm = row["kind"] != "consumer"
        french_firm = firm and row["country"] == "fr"
        # Business numbers that begin with zero are given to nobody.
        siren = self._with_luhn(f"000{rank:05d}") if french_firm else ""
        contacts = [contact.split(":") for contact in row["contacts"].split("|") if contact]
        return {
            "name": row["name"],
            "is_company": firm,
            "customer_rank": 1,
            "dunning_status": row["status"] or False,  # some are not known yet
            "ref": f"C{rank:04d}",
            "street": row["street"],
            "zip": row["zip"],
            "city": row["city"],
            "country_id": country.id,
            "lang": row["lang"],
            "company_id": self.env.company.id,
            "email": self._mailbox(row),
            "phone": self._phone(rank, "4 65 71" if firm else "6 39 98") if row["country"] == "fr" else "",
            "vat": f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}" if siren else "",
            "company_registry": self._with_luhn(f"{siren}0001") if siren else "",
            "child_ids": [Command.create(self._contact(row, *contact)) for contact in contacts],
        }

    def _contact(self, row, kind, name):
        mailbox = "factures" if kind == "invoice" else self._slug(name)
        return {"type": kind, "name": name, "lang": row["lang"], "email": f"{mailbox}@{row['mailbox']}.example"}

    def _mailbox(self, row):
        """Return the e-mail address of a customer: some have none, one is mistyped."""
        if not row["mailbox"]:
            return ""
        if row["mailbox"].startswith("@"):
            return "compta(at)leroux-design.example"
        name = "contact" if row["kind"] != "consumer" else self._slug(row["name"])
        return f"{name}@{row['mailbox']}.example"

    def _phone(self, rank, prefix):
        return f"+33 {prefix} {rank:02d} {(rank * 37) % 100:02d}"

    def _slug(self, name):
        return re.sub(r"[^a-z]+", ".", remove_accents(name).lower())

    def _with_luhn(self, digits):
        """Return ``digits`` with the Luhn key that business numbers end with."""
        doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[::-1][::2])
        return f"{digits}{-(doubled + sum(int(digit) for digit in digits[::-1][1::2])) % 10}"

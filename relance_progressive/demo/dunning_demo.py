import csv
import re

from odoo import Command, api, models
from odoo.tools import file_open, remove_accents

QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notify_force_send": False,
    "no_reset_password": True,
}
LANGUAGES = ("fr_FR", "en_GB", "de_DE")
# As the French chart names them, for a demo without it: penalties can be invoiced.
PENALTY_ACCOUNTS = (
    ("interest", "763100", "Revenus des créances commerciales"),
    ("indemnity", "758100", "Dédits et pénalités perçus sur ventes"),
)

CUSTOMERS = "relance_progressive/relance_progressive/demo/customers.csv"


class DunningDemo(models.AbstractModel):
    """A French company with its people and customers; their invoices are in the other files."""

    _name = "dunning.demo"
    _description = "Demo Company"

    @api.model
    def _install(self, date=None):
        """Create the demo company, its users, its customers and their invoices as of ``date``."""
        # PostgreSQL knows nothing of rows that one transaction makes: it would join hundreds of invoices with
        # hundreds of payments row by row, for minutes.
        self.env.cr.execute("SET LOCAL enable_nestloop = off")
        self._build(date or self.env.company._dunning_today())
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL enable_nestloop = on")

    def _build(self, today):
        demo = self.with_context(**QUIET)
        demo._load_languages()
        company = demo._create_company()
        users = demo._create_users(company)
        company.write({
            "dunning_automatic": True, "dunning_user_id": users[0].id,
            "dunning_legal_form": "SARL", "dunning_share_capital": 50000, "dunning_rcs_city": "Lyon",
            "dunning_sms_folder": True, "dunning_lre_provider": "local",
        })  # fmt: skip
        demo = demo.with_company(company).with_context(allowed_company_ids=company.ids)
        demo._let_customers_pay(company)
        rows = demo._read_customers()
        customers = demo._create_customers(rows)
        demo._create_ledger(rows, customers, today)
        demo.with_context(lang="fr_FR")._create_history(company, customers, today)
        demo.with_context(lang="fr_FR")._create_holds(rows, customers, today)
        demo.env["dunning.engine"].sudo()._refresh(customers.dunning_account_ids, today)
        for row, customer in zip(rows, customers, strict=True):
            if row["kind"] == "key":
                demo.env["dunning.account"]._of(customer, company).user_id = users[1]
            elif row["story"] == "archived":
                customer.active = False

    def _load_languages(self):
        languages = self.env["res.lang"]
        languages._activate_and_install_lang(LANGUAGES[0])
        for code in LANGUAGES[1:]:
            languages._activate_lang(code)

    # === COMPANY AND USERS === #

    def _create_company(self):
        # The chart below is enough: a new company would have every module of its country installed now.
        quiet = self.with_context(chart_template_load=True)
        # With `partner_autocomplete` a new company is looked up on the internet, unless it was already.
        enriched = {"iap_enrich_auto_done": True} if "iap_enrich_auto_done" in self.env["res.company"] else {}
        company = quiet.env["res.company"].create({
            **enriched,
            "name": "Ateliers Morel",
            "street": "18 rue de la Part-Dieu",
            "zip": "69003",
            "city": "Lyon",
            "country_id": self.env.ref("base.fr").id,
            "currency_id": self.env.ref("base.EUR").id,
            "phone": "+33 4 65 71 20 10",
            "email": "contact@ateliers-morel.example",
            "website": "https://www.ateliers-morel.example",
            "logo": False,
            "report_footer": "<p>Ateliers Morel, SARL · SIRET 123 456 782 00010 · TVA FR11123456782</p>",
            "vat": "FR11123456782",
            "company_registry": "12345678200010",
        })  # fmt: skip
        company = company.with_env(self.env)
        company.partner_id.write({"lang": "fr_FR", "tz": "Europe/Paris"})
        # Not `try_loading`: it warns when modules are still loading, and this chart needs no later one.
        chart = "fr" if self.env["ir.module.module"]._get("l10n_fr_account").state == "installed" else "generic_coa"
        self.env["account.chart.template"]._load(chart, company, install_demo=False)
        company.currency_id = self.env.ref("base.EUR")  # whatever the chart brings
        for kind, code, name in PENALTY_ACCOUNTS if chart == "generic_coa" else ():
            company[f"dunning_{kind}_account_id"] = self.env["account.account"].with_company(company).create({
                "code": code, "name": name, "account_type": "income_other", "company_ids": company.ids,
            })  # fmt: skip
        bank = self.env["res.partner.bank"].create({
            "acc_number": "FR76 3000 6000 0112 3456 7890 189",
            "partner_id": company.partner_id.id,
            "company_id": company.id,
        })  # fmt: skip
        journal = self.env["account.journal"].search([("company_id", "=", company.id), ("type", "=", "bank")], limit=1)
        journal.bank_account_id = bank
        rates = {"base.USD": 1.16, "base.GBP": 0.87, "base.CHF": 0.94}
        for xmlid, rate in rates.items():
            currency = self.env.ref(xmlid)
            currency.active = True
            self.env["res.currency.rate"].create(
                {"currency_id": currency.id, "company_id": company.id, "rate": rate, "name": "2020-01-01"}
            )
        return company

    def _let_customers_pay(self, company):
        """Offer Odoo's provider for trying, which takes no money, if it is there."""
        if self.env["ir.module.module"]._get("payment_demo").state == "installed":
            provider = self.env.ref("payment.payment_provider_demo").copy({"company_id": company.id})
            provider.write({"name": "Démonstration", "state": "test", "is_published": True})
            provider.payment_method_ids.active = True

    def _create_users(self, company):
        """Create the two people who remind customers; the administrator sees the company too."""
        users = self.env["res.users"]
        for login, name, phone, group in (
            ("claire", "Claire Martin", "+33 4 65 71 20 11", "account.group_account_invoice"),
            ("karim", "Karim Benali", "+33 4 65 71 20 12", "account.group_account_manager"),
        ):
            users |= users.create({
                "login": login,
                "password": login,
                "name": name,
                "phone": phone,
                "email": f"{login}@ateliers-morel.example",
                "lang": "fr_FR",
                "tz": "Europe/Paris",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [Command.link(self.env.ref(xmlid).id) for xmlid in (group, "base.group_partner_manager")],
            })  # fmt: skip
        admin = self.env.ref("base.user_admin")
        admin.write({"company_ids": [Command.link(company.id)], "company_id": company.id, "tz": "Europe/Paris"})
        return users

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

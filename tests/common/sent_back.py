from datetime import timedelta

from .base import MONDAY
from .money import MoneyCommon


class SentBackCommon(MoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.receivable = cls.company_data["default_account_receivable"]
        cls.person = cls.env["res.users"].create({
            "name": "Claire", "login": "claire", "company_id": cls.company.id, "company_ids": cls.company.ids,
        })  # fmt: skip
        cls.company.dunning_user_id = cls.person

    def paid(self, due=MONDAY - timedelta(days=40), amount=1000.0, day=MONDAY - timedelta(days=30), customer=None):
        """Return an invoice that was paid."""
        invoice = self.invoice(due, amount, customer)
        self.pay(invoice, day=day)
        return invoice

    def comes_back(self, amount=1000.0, day=MONDAY, label="REJET PRLV", customer=None):
        """Return the open debit of a bank line that an accountant has booked on the customer."""
        line = self.bank_line(
            -amount, day, label, customer or self.customer, counterpart_account_id=self.receivable.id
        )  # fmt: skip
        return line.move_id.line_ids.filtered(lambda item: item.account_id == self.receivable)

    def items(self, day=MONDAY, customer=None):
        customer = customer or self.customer
        facts = self.env["dunning.account"]._read_facts(self.company, customer.ids, day)
        return facts[customer.id][1].items

    def tasks(self, kind):
        kind = self.env.ref(f"relance_progressive.mail_activity_{kind}")
        return self.env["mail.activity"].search([("activity_type_id", "=", kind.id)])

    def follow(self):
        self.env["dunning.sent.back"]._follow(self.company, MONDAY)

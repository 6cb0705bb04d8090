from datetime import timedelta

from .base import MONDAY, DunningCommon


class MoneyCommon(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.company_data["default_journal_bank"]

    @classmethod
    def bank_line(cls, amount=1000.0, day=MONDAY, label="VIREMENT", customer=None, **values):
        """Return a line of a bank statement that nobody has reconciled."""
        return cls.env["account.bank.statement.line"].create({
            "journal_id": cls.bank.id, "date": day, "payment_ref": label, "amount": amount,
            "partner_id": customer.id if customer else False, **values,
        })  # fmt: skip

    def credits(self, customer=None, day=MONDAY, company=None):
        """Return ``[(kind, amount)]`` of the money on its way."""
        customer = customer or self.customer
        facts = self.env["dunning.account"]._read_facts(company or self.company, customer.ids, day)
        return sorted((credit.kind, float(credit.amount)) for credit in facts[customer.id][1].credits)

    def changed(self, day=MONDAY):
        """Return the customers that the next night decides again."""
        return {partner for _account, partner, _print in self.env["dunning.account"]._changed(self.company, day)}

    def late_invoice(self, amount=1000.0, customer=None, **values):
        return self.invoice(MONDAY - timedelta(days=4), amount, customer, **values)

from odoo.tests import freeze_time, new_test_user

from .base import MONDAY
from .deliver import DeliverCommon


class DigestCommon(DeliverCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        values = {"company_id": cls.company.id, "company_ids": cls.company.ids}
        cls.claire, cls.karim = (
            new_test_user(cls.env, name, "account.group_account_invoice", email=f"{name}@atelier.example", **values)
            for name in ("claire", "karim")
        )
        cls.company.write({"dunning_user_id": cls.claire.id, "dunning_automatic": True, "dunning_started": True})
        cls.env["res.company"].search([("id", "!=", cls.company.id)]).dunning_automatic = False

    def late(self, name, amount, user=None):
        customer = self.make_customer(name)
        self.account(customer).user_id = user or self.claire
        return self.invoice(self.day(-4), amount, customer)

    def night(self, day=MONDAY):
        """Run the scheduled action of a night; return the e-mails it queued, by address."""
        before = self.env["mail.mail"].search([])
        with freeze_time(f"{day} 02:15:00"):
            self.engine._cron_run()
        self.env.flush_all()
        return {mail.email_to.split("<")[1][:-1]: mail for mail in self.env["mail.mail"].search([]) - before}

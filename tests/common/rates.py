from datetime import date

from odoo.tests import new_test_user

from .base import DunningCommon

JULY = date(2026, 7, 1)

JANUARY = date(2027, 1, 1)

TODAY = date(2026, 11, 22)


class RatesCommon(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.interest_rates = cls.env["dunning.interest.rate"]
        cls.manager = cls.person("rates.manager", "dunning_group_manager")
        cls.manager.group_ids += cls.env.ref("base.group_system")  # may change what all companies share
        cls.user = cls.person("rates.user", "dunning_group_user")

    @classmethod
    def person(cls, login, group, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env, login, groups=f"relance_progressive.{group}", company_id=company.id, company_ids=company.ids
        )

    def flush_tracking(self):
        self.env.flush_all()
        self.env.cr.precommit.run()

    def as_manager(self, records):
        return records.with_user(self.manager).with_context(allowed_company_ids=self.company.ids)

    def shipped(self, reference="ecb_mro", day=JULY):
        return self.interest_rates.search(
            [("reference", "=", reference), ("date_from", "=", day), ("shipped", "=", True)]
        )

    def enter(self, value, reference="ecb_mro", day=JULY, **values):
        return self.as_manager(self.interest_rates).create(
            {"reference": reference, "date_from": day, "value": value, "source": "Read by me", **values}
        )

    def rate(self, reference="ecb_mro", day=JULY, company=None):
        return self.interest_rates._rates(company or self.company).rate(reference, day)

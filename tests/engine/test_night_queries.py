from unittest.mock import patch

from odoo import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.relance_progressive.relance_progressive.engine import transactions

from ..common.base import MONDAY, DunningCommon

OPENED = MONDAY.replace(day=1)


@freeze_time(MONDAY)
@tagged("post_install", "-at_install")
class TestQueriesOfANight(DunningCommon):
    """What a machine's noise cannot blur: how often a night asks the database, per batch of accounts."""

    def customers(self, name, count, **values):
        """Return customers that owe an invoice, late by four days."""
        partners = [self.make_customer(f"{name} {number}", **values) for number in range(count)]
        for partner in partners:
            self.invoice(self.day(-4), customer=partner)
        return self.env["dunning.account"].concat(*(self.account(partner) for partner in partners))

    def held_customers(self, count):
        """Return so many customers for each kind of hold."""
        reason, until = self.env.ref("relance_progressive.dispute_reason_price"), self.day(20)
        for account in self.customers(f"Promised {count}", count):
            self.env["dunning.promise"]._record(account, [(until, 500)], account.move_line_ids)
        for account in self.customers(f"Contested {count}", count):
            line = Command.create({"move_line_id": account.move_line_ids.id, "amount": 300})
            self.env["dunning.dispute"].create(
                {"account_id": account.id, "reason_id": reason.id, "line_ids": [line]}
            )
        for account in self.customers(f"Paused {count}", count):
            self.env["dunning.pause"].create({"account_id": account.id, "reason": "Asked", "until": until})
        self.customers(f"Insolvent {count}", count, dunning_status="professional", dunning_insolvency_date=OPENED)
        self.customers(f"Kept {count}", count, dunning_status="professional").protected = True
        self.reach_the_notice(self.customers(f"Noticed {count}", count, dunning_status="consumer"))

    def reach_the_notice(self, accounts):
        """Let a formal notice have left for these accounts a while ago: it waits for a decision."""
        for account in accounts:
            reminder = self.env["dunning.reminder"].sudo().create({
                "account_id": account.id, "level_id": self.notice.id, "date": self.day(-20),
                "line_ids": [Command.create({
                    "move_line_id": account.move_line_ids.id, "level_id": self.notice.id, "amount_residual": 1000,
                })],
            })  # fmt: skip
            reminder._set_state("ready")
            reminder._set_state("sent", date=self.day(-20))

    def queries_of_a_night(self, day, batches=1):
        """Return the queries of a night that decides all the accounts again, in so many batches."""
        accounts = self.env["dunning.account"].search([("company_id", "=", self.company.id)])
        accounts._decide_again()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        with patch.object(transactions, "BATCH", -(-len(accounts) // batches)):
            self.run_on(day)
        return self.env.cr.sql_log_count - before

    def of_a_batch(self, day):
        """Return how many queries one batch more takes."""
        self.queries_of_a_night(day)
        return (self.queries_of_a_night(day, 4) - self.queries_of_a_night(day)) / 3

    def test_of_a_batch_with_nothing_held(self):
        self.customers("Client", 8)
        self.run_on(MONDAY)
        self.assertLessEqual(self.of_a_batch(self.day(1)), 20)

    def test_of_a_batch_with_everything_held(self):
        self.held_customers(2)
        self.run_on(MONDAY)
        self.assertLessEqual(self.of_a_batch(self.day(1)), 34)

    def test_as_many_for_many_as_for_few(self):
        """However many customers each kind of hold has."""
        self.held_customers(2)
        self.run_on(MONDAY)
        self.queries_of_a_night(self.day(1))
        few = self.queries_of_a_night(self.day(1))
        self.held_customers(6)
        self.run_on(self.day(1))
        self.queries_of_a_night(self.day(2))
        self.assertEqual(self.queries_of_a_night(self.day(2)), few)

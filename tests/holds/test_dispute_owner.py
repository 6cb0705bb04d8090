# pylint: disable=translation-required
# What people write is not translated.
from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common.dispute import DisputeCommon
from ..common.security import SecurityCommon


@tagged("post_install", "-at_install")
class TestDisputeOwner(DisputeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        people = {"seller": "base.group_user", "packer": "base.group_user", "claire": "account.group_account_invoice"}
        for name, group in people.items():
            setattr(cls, name, new_test_user(
                cls.env, f"dunning_{name}", groups=group, company_id=cls.company.id, company_ids=cls.company.ids,
            ))  # fmt: skip
        cls.company.dunning_user_id = cls.claire
        cls.quantity.with_company(cls.company).user_id = cls.packer

    def test_the_reason_says_who_answers_and_before_which_day(self):
        invoice = self.invoice(self.day(-4), 1000, invoice_user_id=self.seller.id)
        for reason, owner, days in ((self.price, self.seller, 5), (self.quantity, self.packer, 5),
                                    (self.other, self.claire, 5)):  # fmt: skip
            dispute = self.dispute({invoice: 10}, reason)
            self.assertEqual((dispute.user_id, dispute.target_date), (owner, self.day(days)))
            activity = dispute.activity_ids
            self.assertEqual((activity.user_id, activity.date_deadline), (owner, self.day(days)))

    def test_nobody_to_sell_is_the_person_in_charge(self):
        invoice = self.invoice(self.day(-4), 1000, invoice_user_id=False)
        self.assertEqual(self.dispute({invoice: 10}, self.price).user_id, self.claire)

    def test_the_person_in_charge_is_told(self):
        dispute = self.dispute({self.invoice(self.day(-4), 1000, invoice_user_id=self.seller.id): 10})
        told = self.env["mail.message"].search([("model", "=", "dunning.dispute"), ("res_id", "=", dispute.id)])
        self.assertIn(self.claire.partner_id, told.notified_partner_ids | told.partner_ids)

    def test_another_owner_gets_the_activity_and_it_ends_with_the_dispute(self):
        dispute = self.dispute({self.invoice(self.day(-4), 1000): 10})
        dispute.write({"user_id": self.packer.id, "target_date": self.day(2)})
        self.assertEqual((dispute.activity_ids.user_id, dispute.activity_ids.date_deadline), (self.packer, self.day(2)))
        dispute.action_withdraw()
        self.assertFalse(dispute.activity_ids)
        dispute.action_reopen()
        self.assertEqual(dispute.activity_ids.user_id, self.packer)

    def test_late_answers_are_found(self):
        dispute = self.dispute({self.invoice(self.day(-4), 1000): 10}, target_date=self.day(-1))
        self.assertTrue(dispute.late)
        found = self.env["dunning.dispute"].search([("state", "=", "open"), ("target_date", "<", "today")])
        self.assertIn(dispute, found)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_a_salesperson_reads_and_answers_his_own_disputes_only(self):
        invoice = self.invoice(self.day(-4), 1000, invoice_user_id=self.seller.id)
        mine, another = self.dispute({invoice: 10}), self.dispute({invoice: 20}, self.quantity)
        as_seller = mine.with_user(self.seller)
        view = self.env.ref("relance_progressive.dunning_dispute_view_form")
        fields = self.env["dunning.dispute"].with_user(self.seller).get_view(view.id)["models"]["dunning.dispute"]
        self.assertIn("price", as_seller.read(fields)[0]["sentence"], "every field of the form opens")
        self.assertEqual(as_seller.line_ids.mapped("move_name"), [invoice.name])
        as_seller.message_post(body="The price list had changed.")
        with self.assertRaises(AccessError):
            another.with_user(self.seller).read(["statement"])
        for attempt in (
            lambda: as_seller.action_withdraw(), lambda: as_seller.write({"statement": "No"}),
            lambda: self.resolve(mine, "rejected").with_user(self.seller).action_save(),
        ):  # fmt: skip
            with self.assertRaises(AccessError):
                attempt()


@tagged("post_install", "-at_install")
class TestDisputeRights(SecurityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env.ref("relance_progressive.dispute_reason_other")
        item = cls.theirs_item = cls.invoice_of(cls.other)
        cls.their_dispute = cls.env["dunning.dispute"].create({
            "account_id": cls.theirs["dunning.account"].id, "reason_id": cls.reason.id,
            "line_ids": [Command.create({"move_line_id": item.id, "amount": 10})],
        })  # fmt: skip
        cls.my_item = cls.invoice_of(cls.company)

    @classmethod
    def invoice_of(cls, company):
        journal = cls.env["account.journal"].search([("company_id", "=", company.id), ("type", "=", "sale")], limit=1)
        invoice = cls.invoice(
            company._dunning_today() - timedelta(days=5), 100, company_id=company.id, journal_id=journal.id
        )
        return invoice.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")

    def new(self, person, account, item):
        return self.as_(person, self.env["dunning.dispute"]).create({
            "account_id": account.id, "reason_id": self.reason.id,
            "line_ids": [Command.create({"move_line_id": item.id, "whole": True})],
        })  # fmt: skip

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_another_company_stays_closed(self):
        mine = self.new(self.user, self.mine["dunning.account"], self.my_item)
        for person in (self.user, self.manager, self.auditor):
            self.assertIn(mine, self.as_(person, self.env["dunning.dispute"]).search([]))
            for record in (self.their_dispute, self.their_dispute.line_ids):
                self.assertNotIn(record, self.as_(person, record.browse()).search([]))
                with self.assertRaises(AccessError):
                    self.as_(person, record).read(["display_name"])
        for attempt in (
            lambda: self.as_(self.manager, self.their_dispute).action_withdraw(),
            lambda: self.as_(self.manager, self.their_dispute).write({"statement": "Mine"}),
            lambda: self.as_(self.manager, self.their_dispute.line_ids).write({"amount": 1}),
            lambda: self.new(self.manager, self.theirs["dunning.account"], self.theirs_item),
            lambda: self.as_(self.manager, self.env["dunning.dispute.resolve"]).create(
                {"dispute_id": self.their_dispute.id, "decision": "rejected"}
            ).action_save(),
        ):  # fmt: skip
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                attempt()

    def test_an_item_of_another_company_is_refused(self):
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.new(self.user, self.mine["dunning.account"], self.theirs_item)

    def test_reasons_are_set_by_managers(self):
        self.assertEqual(self.allowed(self.user, "dunning.dispute.reason"), {"read"})
        self.assertEqual(len(self.allowed(self.manager, "dunning.dispute.reason")), 4)

    def test_outsiders_see_nothing(self):
        for model in ("dunning.dispute", "dunning.dispute.line"):
            self.assertEqual(self.allowed(self.portal, model), set())
            self.assertEqual(self.allowed(self.auditor, model), {"read"})
            self.assertEqual(self.as_(self.employee, self.env[model]).search([]).ids, [])

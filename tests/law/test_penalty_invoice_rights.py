from datetime import date
from decimal import Decimal

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common.base import MONDAY
from ..common.penalty_invoice import PenaltyInvoiceCommon
from ..common.penalty_waiver import DUE, INDEMNITY, INTEREST


@tagged("post_install", "-at_install")
class TestPenaltyInvoiceRights(PenaltyInvoiceCommon):
    """Who may invoice and waive penalties, and who tries to."""

    def test_whoever_makes_invoices_may(self):
        self.late()
        move = self.invoice_penalties(user=self.clerk)
        self.assertEqual((move.create_uid, move.amount_total), (self.clerk, 51.98))
        reminder_only = new_test_user(
            self.env, "penalty_caller", groups="relance_progressive.dunning_group_user", company_id=self.company.id,
            company_ids=self.company.ids,
        )  # fmt: skip
        with self.assertRaises(AccessError):
            self.dialog(user=reminder_only)

    def test_breaking_in(self):
        """Nobody gives interest away by a flag, types what was invoiced, or reaches another company."""
        other = self.setup_other_company(name="Other")["company"]
        spy = new_test_user(
            self.env, "penalty_spy", groups="account.group_account_manager", company_id=other.id, company_ids=other.ids
        )
        invoice = self.late()
        move = self.invoice_penalties(post=False)
        for attack in (
            lambda: invoice.with_user(self.chief).write({"dunning_is_penalty": True}),
            lambda: move.with_user(self.chief).write({"dunning_is_penalty": False}),
            lambda: self.env["account.move"].with_user(self.chief).create({
                "move_type": "out_invoice", "partner_id": self.customer.id, "dunning_is_penalty": True,
            }),
            lambda: invoice.with_user(self.chief).with_context(default_dunning_is_penalty=True).create({
                "move_type": "out_invoice", "partner_id": self.customer.id,
            }),
            lambda: move.dunning_penalty_line_ids.with_user(self.chief).write({"released_on": MONDAY}),
            lambda: move.dunning_penalty_line_ids.with_user(self.chief).unlink(),
            lambda: move.with_user(self.chief).write({"dunning_penalty_line_ids": [Command.clear()]}),
            lambda: self.env["dunning.penalty.line"].with_user(self.chief).create({
                "move_id": move.id, "account_id": self.account().id, "invoice_id": invoice.id,
                "currency_id": move.currency_id.id, "move_line_id": self.item(invoice).id,
            }),
            lambda: self.dialog(user=spy),
            lambda: self.env["dunning.penalty.invoice"].with_user(spy).create({
                "account_ids": self.account().ids, "until": MONDAY, "invoice_date": MONDAY,
            }),
            lambda: self.env["dunning.penalty.sheet"].with_user(spy).new({
                "account_id": self.account().id, "until": MONDAY,
            })._fill(),
            lambda: move.dunning_penalty_line_ids.with_user(spy).read(["interest_amount"]),
        ):  # fmt: skip
            with self.assertRaises(UserError):  # or an AccessError, which is one
                attack()
        self.assertFalse(self.env["dunning.penalty.line"].with_user(spy).search([]))
        # Their own account of the same customer does not let them in, whatever rows they send.
        mine = self.env["dunning.account"]._of(self.customer, other).with_user(spy)
        wizard = self.env["dunning.penalty.invoice"].with_user(spy).create({
            "account_ids": mine.ids, "until": MONDAY, "invoice_date": MONDAY,
        })  # fmt: skip
        rows = [Command.create({
            "account_id": mine.id, "move_line_id": self.item(invoice).id, "interest_amount": 1e6,
        })]  # fmt: skip
        with self.assertRaises(AccessError):
            wizard.item_ids = rows
        wizard.sudo().item_ids = rows  # if they came in all the same
        with self.assertRaises(UserError):  # or an AccessError, which is one
            wizard.action_draft()

    def test_the_amounts_of_the_dialog_are_not_typed(self):
        self.late()
        wizard = self.dialog()
        wizard.item_ids.interest_amount = 1e6
        move = self.env["account.move"].search(wizard.action_draft()["domain"])
        self.assertEqual(move.amount_total, 51.98)
        self.assertEqual((INTEREST, INDEMNITY, DUE), (Decimal("11.98"), 40, date(2026, 1, 31)))

    def test_the_items_of_a_dialog_show_nothing_of_others(self):
        """Rows that name any journal item, of another company or customer, show nothing of it."""
        other = self.setup_other_company(name="Other")["company"]
        spy = new_test_user(
            self.env, "penalty_reader", groups="account.group_account_manager", company_id=other.id,
            company_ids=other.ids,
        )  # fmt: skip
        item, foreign = self.item(self.late()), self.account()
        mine = self.env["dunning.account"]._of(self.customer, other)
        stranger = self.env["dunning.account"]._of(self.make_customer("Stranger"), self.company)
        names = ("move_name", "date_maturity", "currency_id", "amount_residual")
        for user, account, shown in (
            (spy, mine, False), (spy, foreign, False), (self.chief, stranger, False), (self.chief, foreign, True),
        ):  # fmt: skip
            env = self.env(user=user, context={"allowed_company_ids": user.company_ids.ids})
            for model in ("waive", "invoice"):
                row = env[f"dunning.penalty.{model}.item"].new({"account_id": account.id, "move_line_id": item.id})
                for name in names:
                    with self.subTest(user=user.login, account=account.partner_id.name, model=model, name=name):
                        self.assertEqual(bool(row[name]), shown)
        created = self.env["dunning.penalty.waive"].with_user(spy).sudo().create({
            "account_id": mine.id, "until": MONDAY, "reason": "Curious",
            "item_ids": [Command.create({"move_line_id": item.id})],
        }).sudo(False)  # fmt: skip
        for name in names:
            self.assertFalse(created.item_ids[name], name)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_dialogs_of_an_account_of_others(self):
        """The customer, the company and the reasons of an account are those of who may read it."""
        other = self.setup_other_company(name="Other")["company"]
        spy = new_test_user(
            self.env, "penalty_peeper", groups="account.group_account_manager", company_id=other.id,
            company_ids=other.ids,
        )  # fmt: skip
        self.late()
        for model, values, names in (
            ("waive", {"reason": "Curious", "until": MONDAY}, ("partner_id", "is_public")),
            ("sheet", {"until": MONDAY}, ("partner_id", "company_id", "why_text")),
        ):
            for name in names:
                dialogs, values = self.env[f"dunning.penalty.{model}"].with_user(spy), {
                    "account_id": self.account().id, **values
                }  # fmt: skip
                with self.assertRaises(AccessError):
                    dialogs.create(values)
                wizard = dialogs.sudo().create(values).sudo(False)  # if it was opened all the same
                self.env.flush_all()
                self.env.invalidate_all()
                with self.subTest(model=model, name=name), self.assertRaises(AccessError):
                    wizard[name]  # noqa: B018 -- reading is the attack

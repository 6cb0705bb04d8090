from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common.call import CallCommon


@tagged("post_install", "-at_install")
class TestCallRights(CallCommon):
    """Who sees and records calls, that they are proofs, and what many of them cost."""

    def test_the_other_company(self):
        """Nobody of another company sees a call, records one, or settles a dispute."""
        call = self.call_for()
        record = call._record_call("contests", dispute_reason="Broken")
        other = self.setup_other_company(name="Other")["company"]
        spy = new_test_user(
            self.env, "spy_of_calls", groups="account.group_account_manager", company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )  # fmt: skip
        self.assertFalse(self.env["dunning.call"].with_user(spy).search([]))
        self.assertFalse(self.env["dunning.delivery"].with_user(spy).search([("channel", "=", "call")]))
        for attempt in (
            lambda: record.with_user(spy).summary,
            lambda: record.with_user(spy).action_close_dispute(),
            lambda: call.with_user(spy).action_call_no_answer(),
            lambda: call.with_user(spy).action_open_account(),
            lambda: self.env["dunning.call.record"].with_user(spy).create(
                {"delivery_id": call.id, "outcome": "refused"}
            ).action_save(),
        ):  # fmt: skip
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                attempt()
        self.assertFalse(record.dispute_closed_at)

    def test_an_auditor_records_nothing(self):
        call = self.call_for()
        auditor = new_test_user(
            self.env, "auditor_of_calls", groups="account.group_account_readonly", company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )  # fmt: skip
        self.assertEqual(call.with_user(auditor).call_national, "01 42 68 53 00")
        with self.assertRaises(AccessError):
            call.with_user(auditor).action_call_refused()

    def test_a_recorded_call_is_a_proof(self):
        record = self.call_for()._record_call("refused")
        for person in (record, record.sudo()):
            with self.assertRaises(UserError):
                person.outcome = "no_answer"
            with self.assertRaises(UserError):
                person.unlink()
        with self.assertRaises(AccessError):
            self.env["dunning.call"].with_user(self.karim).create({"delivery_id": record.delivery_id.id})

    # === COST === #

    def test_queries(self):
        """Each more call costs no more queries, within a batch."""
        counts = []
        for number in (5, 25):
            for rank in range(number):
                self.reminder_for(f"customer{rank}of{number}@petit.example", phone=f"01 42 68 53 {rank:02}")
            self.prepare()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.send()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1] - counts[0], 2, counts)

    def test_queries_of_the_list(self):
        calls = self.env["dunning.delivery"]
        for rank in range(6):
            calls |= self.call_for(email=f"{rank}@petit.example")
        names = ("partner_id", "contact_id", "address", "call_amount", "call_days_late", "call_remark",
                 "call_promise_broken", "call_user_id", "call_level_id", "to_do_on")  # fmt: skip
        counts = []
        for some in (calls[:2], calls[2:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.with_user(self.karim).read(names)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0], counts)

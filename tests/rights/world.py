"""Two companies with one record of each model, and one person of each kind: who may do what is tried on them."""

from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.relance_progressive.relance_progressive.settings.inside import Mark, marked

from ..common.base import MONDAY
from ..common.security import SecurityCommon

PEOPLE = {  # who is in the first company, beside the five of SecurityCommon
    "bookkeeper": "account.group_account_user",
    "reminding": "relance_progressive.dunning_group_user",
    "chief": "relance_progressive.dunning_group_manager",
    "admin": "base.group_system",
}


class RightsCommon(SecurityCommon):
    """``mine`` and ``theirs`` hold one record of each model, by its name, of the first and of the other company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        own = {"company_id": cls.company.id, "company_ids": cls.company.ids}
        for name, groups in PEOPLE.items():
            setattr(cls, name, new_test_user(cls.env, f"dunning_{name}", groups=groups, **own))
        cls.stranger = new_test_user(
            cls.env, "dunning_stranger", groups="account.group_account_manager", company_id=cls.other.id,
            company_ids=cls.other.ids,
        )  # fmt: skip
        cls.visitor = cls.env.ref("base.public_user")
        cls.portal.partner_id.parent_id = cls.customer  # the customer himself
        cls.portal_other = new_test_user(cls.env, "dunning_portal_other", groups="base.group_portal", **own)
        for company, found in ((cls.company, cls.mine), (cls.other, cls.theirs)):
            cls.fill(found, company)
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def fill(cls, found, company):
        """Add one record of each model that people meet, with the rights of the system."""
        env = cls.env(su=True, context=marked(cls.env.user, Mark.DECIDED_LATER).env.context)
        account, delivery = found["dunning.account"].with_env(env), found["dunning.delivery"].with_env(env)
        reminder, level = found["dunning.reminder"].with_env(env), found["dunning.level"].with_env(env)
        invoice, paid = (cls.invoice_of(company) for _number in range(2))
        item = cls.item_of(invoice)

        def make(model, **values):
            found[model] = env[model].create(values).with_env(cls.env)
            return found[model].with_env(env)

        found["account.move"], found["account.move.line"] = invoice, item
        make("res.partner", name="Of one company only", company_id=company.id)
        make("ir.attachment", name="Secret", res_model="dunning.account", res_id=account.id)
        reason = make("dunning.dispute.reason", name="Broken", company_id=company.id)
        dispute = make(
            "dunning.dispute", account_id=account.id, reason_id=reason.id,
            line_ids=[Command.create({"move_line_id": item.id, "whole": True})],
        )  # fmt: skip
        found["dunning.dispute.line"] = dispute.line_ids.with_env(cls.env)
        promise = make("dunning.promise", account_id=account.id, date=MONDAY, grace_days=5)
        make("dunning.promise.line", promise_id=promise.id, date=MONDAY, amount=10)
        make("dunning.promise.warning", promise_id=promise.id, missed_on=MONDAY, made_on=MONDAY)
        make(
            "dunning.call", delivery_id=delivery.id, user_id=env.uid, called_at="2026-03-02 10:00:00", day=MONDAY,
            outcome="no_answer",
        )  # fmt: skip
        mailing = make("dunning.mailing", name="Post", company_id=company.id)
        make("dunning.mailing.letter", mailing_id=mailing.id, delivery_id=delivery.id)
        make("dunning.delivery.event", delivery_id=delivery.id, kind="delivered", date=MONDAY)
        make("dunning.pause", account_id=account.id, reason="Being looked at", until="2030-01-01")
        found["dunning.decision"] = env["dunning.decision"]._ask([
            {"account_id": account.id, "reminder_id": reminder.id, "asked_on": MONDAY, "pay_until": MONDAY}
        ]).with_env(cls.env)  # fmt: skip
        make(
            "dunning.interruption", account_id=account.id, item_ids=[Command.set(item.ids)], kind="acknowledgement",
            words="By letter", day=MONDAY,
        )  # fmt: skip
        waiver = make("dunning.penalty.waiver", account_id=account.id, date=MONDAY, until=MONDAY, reason="Good will")
        make("dunning.penalty.waiver.line", waiver_id=waiver.id, currency_id=company.currency_id.id)
        make(
            "dunning.penalty.line", move_id=paid.id, account_id=account.id, invoice_id=invoice.id,
            move_line_id=item.id, currency_id=company.currency_id.id,
        )  # fmt: skip
        make("dunning.notice.text", level_id=level.id, kind="neutral", template_id=level.template_id.id)
        make(
            "dunning.interest.rate", reference=cls.first("dunning.interest.rate", "reference"),
            date_from="2031-01-01", value=3.0, company_id=company.id,
        )  # fmt: skip
        takeover = make("dunning.takeover", company_id=company.id, date=MONDAY)
        make("dunning.takeover.line", takeover_id=takeover.id)
        make("dunning.takeover.day", takeover_id=takeover.id)
        make("dunning.takeover.item", takeover_id=takeover.id, move_line_id=item.id, level_id=level.id, date=MONDAY)
        make("dunning.outage", company_id=company.id, service="smtp", name="Mail server")
        make("dunning.portal.answer", account_id=account.id, kind="paid", form_key="once")
        make("dunning.portal.visit", visitor="::1", account_id=account.id, at="2026-03-02 10:00:00")
        make("dunning.notice", account_id=account.id, kind=cls.first("dunning.notice", "kind"))
        make("dunning.journal", reminder_id=reminder.id, channel="email", date=MONDAY)

    @classmethod
    def first(cls, model, field):
        """Return any value of a selection."""
        return cls.env[model]._fields[field].get_values(cls.env)[0]

    @classmethod
    def invoice_of(cls, company):
        """Return a posted invoice of the customer, of one company."""
        journal = cls.env["account.journal"].search([("company_id", "=", company.id), ("type", "=", "sale")], limit=1)
        customer = cls.customer.with_company(company)
        return cls.invoice(MONDAY, customer=customer, company_id=company.id, journal_id=journal.id)

    @classmethod
    def item_of(cls, invoice):
        return invoice.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")

    @property
    def people(self):
        """Return everybody, by the name that the tables give them."""
        names = (
            "visitor", "portal", "portal_other", "employee", "auditor", "user", "bookkeeper", "reminding", "manager",
            "chief", "admin", "stranger",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}

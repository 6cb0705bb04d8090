"""Customers, invoices and payments in one line each; every story begins on a Monday."""

from datetime import date, timedelta

from odoo import Command, fields

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

MONDAY = date(2026, 3, 2)


class DunningCommon(AccountTestInvoicingCommon):
    """A French company with one plan: 5 days before, then 3, 10, 20 and 30 days after the due date."""

    @classmethod
    @AccountTestInvoicingCommon.setup_chart_template("fr")
    def setUpClass(cls):
        # Of what Odoo's class prepares, these stories need the company and its bank: the rest takes a second a class.
        super(AccountTestInvoicingCommon, cls).setUpClass()
        cls.company_data = cls.collect_company_accounting_data(cls.env.company)
        cls._use_outstanding_accounts(cls.company_data["default_journal_bank"])
        cls.company = cls.env.company
        cls.company.country_id = cls.env.ref("base.fr")
        cls.engine = cls.env["dunning.engine"]
        cls.env["dunning.plan"].search([]).active = False  # the default plans have their own tests
        cls.plan = cls.make_plan((-5, "pre_due"), (3, "friendly"), (10, "firm"), (20, "firm"), (30, "formal_notice"))
        cls.pre_due, cls.level_1, cls.level_2, cls.level_3, cls.notice = cls.plan.level_ids
        cls.customer = cls.make_customer("Boulangerie Petit")

    @classmethod
    def setup_independent_company(cls, **kwargs):
        """Use the French company that ``dev/odoo test`` prepares, if it is there: its chart takes long to load."""
        companies = cls.env["res.company"].sudo()
        prepared = companies.search([("name", "=", "company_1_data"), ("chart_template", "=", "fr")], limit=1)
        if not prepared:
            return super().setup_independent_company(**kwargs)
        cls.env.user.sudo().company_ids += prepared
        return prepared.with_env(cls.env)

    @classmethod
    def _use_outstanding_accounts(cls, journal):
        """Let payments wait in an outstanding account until the bank has told of them."""
        charts = cls.env["account.chart.template"]
        for lines, way in (
            (journal.inbound_payment_method_line_ids, "debit"), (journal.outbound_payment_method_line_ids, "credit"),
        ):  # fmt: skip
            lines[:1].payment_account_id = charts.ref(f"account_journal_payment_{way}_account_id", False)

    # === BUILDERS === #

    @classmethod
    def make_plan(cls, *steps, **values):
        """Return a plan with levels ``(delay, stage)`` or ``(delay, stage, {more values})``, by e-mail."""
        template = cls.env["mail.template"].create({
            "name": "Reminder", "model_id": cls.env["ir.model"]._get_id("dunning.reminder"),
            "subject": "Reminder", "body_html": "<p>Please pay.</p>", "auto_delete": False,
        })  # fmt: skip
        levels = [
            {
                "name": f"{stage} {delay:+d}", "sequence": number, "delay_days": delay, "stage": stage,
                "template_id": template.id, "channel_ids": [Command.create({"channel": "email"})],
                **(more[0] if more else {}),
            }
            for number, (delay, stage, *more) in enumerate(steps, start=1)
        ]  # fmt: skip
        return cls.env["dunning.plan"].create({
            "name": "Plan", "company_id": cls.env.company.id, "spacing_days": 1, "working_days_only": False,
            "level_ids": [Command.create(level) for level in levels], **values,
        })  # fmt: skip

    @classmethod
    def make_customer(cls, name="Customer", **values):
        """Return a French company with an e-mail address of its own."""
        address = f"{name.lower().replace(' ', '.')}@example.com"
        return cls.env["res.partner"].create({
            "name": name, "is_company": True, "email": address, "country_id": cls.env.ref("base.fr").id,
            "customer_rank": 1, **values,
        })  # fmt: skip

    @classmethod
    def invoice(cls, due, amount=1000.0, customer=None, post=True, move_type="out_invoice", **values):
        """Return a customer invoice of one line, without tax, due on one day.

        The customer has had it since its date, though it is posted in the middle of the story; an invoice whose date
        the story gives is known from the day on which it is posted.
        """
        due = fields.Date.to_date(due)
        known = "invoice_date" not in values and move_type == "out_invoice" and due - timedelta(days=30)
        known = values.pop("dunning_known_on", known)
        move = cls.env["account.move"].create({
            "move_type": move_type,
            "partner_id": (customer or cls.customer).id,
            "invoice_date": due - timedelta(days=30),
            "invoice_date_due": due,
            "invoice_payment_term_id": False,
            "invoice_line_ids": [Command.create({"name": "Work", "quantity": 1, "price_unit": amount, "tax_ids": []})],
            **values,
        })  # fmt: skip
        move.sudo().dunning_known_on = known
        if post:
            move.action_post()
        return move

    @classmethod
    def taken_over(cls, *items, customer=None, **values):
        """Return a posted entry that is no invoice, with items ``(label, amount, due)`` of a customer."""
        customer = customer or cls.customer
        equity = cls.env["account.account"].search(
            [("account_type", "=", "equity"), ("company_ids", "in", cls.env.company.ids)], limit=1
        )
        entry = cls.env["account.move"].create({
            "move_type": "entry", "date": MONDAY - timedelta(days=60), **values,
            "line_ids": [
                *(Command.create({
                    "account_id": customer.property_account_receivable_id.id, "partner_id": customer.id,
                    "debit": amount, "date_maturity": due, "name": label,
                }) for label, amount, due in items),
                Command.create({"account_id": equity.id, "credit": sum(amount for _label, amount, _due in items)}),
            ],
        })  # fmt: skip
        entry.action_post()
        entry.line_ids.no_followup = False
        return entry

    @classmethod
    def credit_note(cls, amount, customer=None, day=MONDAY, **values):
        """Return a posted credit note that is not allocated to any invoice."""
        return cls.invoice(day, amount, customer, move_type="out_refund", **values)

    @classmethod
    def pay(cls, invoice, amount=None, day=MONDAY):
        """Register a payment of an invoice, the whole residual by default."""
        wizard = cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"payment_date": day, **({"amount": amount} if amount else {})})
        return wizard._create_payments()

    @classmethod
    def unallocated_payment(cls, amount, customer=None, day=MONDAY, **values):
        """Return a payment of a customer that nobody has allocated yet."""
        payment = cls.env["account.payment"].create({
            "payment_type": "inbound", "partner_type": "customer", "partner_id": (customer or cls.customer).id,
            "amount": amount, "date": day, **values,
        })  # fmt: skip
        payment.action_post()
        return payment

    # === STORY === #

    def account(self, customer=None, company=None):
        """Return the account of a customer."""
        return self.env["dunning.account"]._of(customer or self.customer, company or self.company)

    def item(self, invoice):
        """Return the receivable items of an invoice."""
        return invoice.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")

    def run_on(self, day):
        """Run the night of one day; the first run needs no one's word."""
        self.company.dunning_started = True
        return self.engine.run(date=day, company=self.company)

    def reminders(self, customer=None):
        """Return the reminders of a customer, oldest first."""
        return self.env["dunning.reminder"].search(
            [("partner_id", "=", (customer or self.customer).id)], order="date, id"
        )

    def day(self, delay, start=MONDAY):
        """Return the day ``delay`` days after the beginning of the story."""
        return start + timedelta(days=delay)

    # === PREVIEW === #

    def as_told(self, row):
        """Return what a row of the preview says of one customer."""
        items = {(line["item"], float(line["amount"]), line["level"], line["upcoming"]) for line in row["lines"]}
        return row["level_id"], row["approval"], self.company.currency_id.round(float(row["amount"])), items

    def as_made(self, reminder):
        """Return the same of the reminder that the night prepared."""
        items = {
            (line.move_line_id.id, line.amount_residual, line.level_id.id or None, line.upcoming)
            for line in reminder.line_ids
        }  # fmt: skip
        return reminder.level_id.id, reminder.state == "draft", self.company.currency_id.round(
            reminder.amount_total
        ), items

from datetime import timedelta
from random import Random

from odoo import Command, models

from . import stories

SEED = 19
BATCH = 50  # payments made and matched together
JOBS = (
    "Porte acier sur mesure",
    "Escalier métallique quart tournant",
    "Garde-corps inox et pose",
    "Verrière d'atelier",
    "Portail coulissant motorisé",
    "Agencement de comptoir",
    "Entretien annuel des fermetures",
    "Réparation de serrurerie",
)
TERM_DAYS = {"company": 30, "key": 45, "consumer": 15}


class DunningDemo(models.AbstractModel):
    _inherit = "dunning.demo"

    def _create_ledger(self, rows, customers, today):
        """Create the documents of every customer, post them in batches and settle what is settled."""
        rng = Random(SEED)
        products, terms = self._create_products(), self._create_terms()
        planned = []  # (customer, document, values of the invoice)
        for row, customer in zip(rows, customers, strict=True):
            usual, before = rng.randrange(*stories.AMOUNTS[row["kind"]]), 0
            for document in stories.documents(row["kind"], row["story"], rng):
                if document.kind == "invoice":
                    before = round(usual * document.scale * rng.uniform(0.7, 1.3), -1)
                amount = round(before * document.scale, -1) if document.kind == "credit_note" else before
                dated = today + timedelta(days=document.due)
                values = self._invoice(document, amount, dated, TERM_DAYS[row["kind"]], rng.choice(products), terms)
                planned.append((customer, document, {**values, "partner_id": customer.id}))
        billed = [plan for plan in planned if plan[1].kind != "payment"]
        billed.sort(key=lambda plan: plan[2]["invoice_date"])  # numbers follow the dates
        moves = self.env["account.move"].create([values for _customer, _document, values in billed])
        told = [(move, document) for move, (_customer, document, _values) in zip(moves, billed, strict=True)]
        final = [move.id for move, document in told if document.state != "draft"]
        moves.browse(final)._post(soft=False)
        for move in moves.browse(final):
            move.dunning_known_on = move.invoice_date  # posted on its day, not on that of the demo
        moves.line_ids._dunning_follow_known()
        self._settle(told, today)
        self._receive(planned, told, today)
        for move, document in told:
            self._set_aside(move, document.state)
        open_invoices = moves.filtered(lambda move: move.state == "posted" and move.amount_residual)
        self.with_context(lang="fr_FR")._print_invoices(open_invoices.with_context(lang="fr_FR"))

    def _create_products(self):
        return self.env["product.product"].create([
            {"name": name, "type": "service", "company_id": self.env.company.id} for name in JOBS
        ])  # fmt: skip

    def _create_terms(self):
        """Return the payment terms of the demo by number of instalments."""
        shares = {2: ("2 échéances : 30 et 60 jours", (50, 50)), 3: ("3 échéances : 30, 60 et 90 jours", (40, 30, 30))}
        return {
            count: self.env["account.payment.term"].create({
                "name": name,
                "company_id": self.env.company.id,
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": share, "nb_days": 30 * rank})
                    for rank, share in enumerate(parts, 1)
                ],
            })
            for count, (name, parts) in shares.items()
        }  # fmt: skip

    def _invoice(self, document, amount, dated, term_days, product, terms):
        values = {
            "move_type": "out_refund" if document.kind == "credit_note" else "out_invoice",
            "invoice_line_ids": [Command.create({"product_id": product.id, "price_unit": amount})],
            "currency_id": self.env["res.currency"].search([("name", "=", document.currency)]).id,
        }
        if document.instalments > 1:
            return values | {
                "invoice_date": dated - timedelta(days=30),
                "invoice_payment_term_id": terms[document.instalments].id,
            }
        invoiced = dated if document.kind == "credit_note" else dated - timedelta(days=term_days)
        return values | {"invoice_date": invoiced, "invoice_date_due": dated, "invoice_payment_term_id": False}

    # === MONEY === #

    def _settle(self, told, today):
        """Register what was paid, each payment against its invoice, and set credit notes against theirs."""
        rng = Random(SEED)
        paid = [(move, document) for move, document in told if document.paid or document.left]
        for start in range(0, len(paid), BATCH):
            batch = paid[start : start + BATCH]
            values = []
            for move, document in batch:
                amount = move.amount_total - document.left if document.left else move.amount_total * document.paid
                dated = min(today, move.invoice_date_due + timedelta(days=rng.randrange(-4, 24)))
                dated = max(dated, move.invoice_date)
                values.append(self._payment(move.partner_id, move.currency_id.round(amount), dated, move.name))
            payments = self.env["account.payment"].create(values)
            payments.action_post()
            self._match(zip((move for move, _document in batch), payments.move_id, strict=True))
        refunds = [move for move, document in told if document.allocated]
        self._match((refund, self._first_owed(told, refund.partner_id)) for refund in refunds)

    def _match(self, pairs):
        """Reconcile entries two by two."""
        lines = self.env["account.move.line"]
        lines._reconcile_plan([self._receivable(one) + self._receivable(other) for one, other in pairs])

    def _first_owed(self, told, customer):
        """Return the first invoice of a customer that nothing was paid of."""
        return next(
            move
            for move, document in told
            if move.partner_id == customer and document.kind == "invoice" and not document.paid
        )

    def _receive(self, planned, told, today):
        """Register payments that nobody has allocated yet: they cover the first open invoice."""
        values = []
        for customer, document, _values in planned:
            if document.kind == "payment":
                first = self._first_owed(told, customer)
                amount = first.currency_id.round(first.amount_residual * document.scale)
                values.append(self._payment(customer, amount, today + timedelta(days=document.due), "VIR SEPA"))
        self.env["account.payment"].create(values).action_post()

    def _payment(self, customer, amount, dated, memo):
        return {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": customer.id,
            "amount": amount,
            "date": dated,
            "journal_id": self._bank_journal().id,
            "memo": memo,
        }

    def _bank_journal(self):
        return self.env["account.journal"].search(
            [("company_id", "=", self.env.company.id), ("type", "=", "bank")], limit=1
        )

    def _receivable(self, move):
        return move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")

    def _set_aside(self, move, state):
        """Put an invoice in the state that keeps it from being reminded."""
        if state == "cancelled":
            move.button_draft()
            move.button_cancel()
        elif state == "no_followup":
            move.no_followup = True
        elif state == "blocked":
            move.action_toggle_block_payment()

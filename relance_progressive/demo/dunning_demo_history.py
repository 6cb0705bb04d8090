import io
from collections import Counter
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from odoo import Command, models
from odoo.tools import format_amount, format_date

from ..core.said.instalments import instalments
from ..engine import night
from ..settings.proofs import unguarded

FIRST_DAY, LAST_DAY, STEP = 84, 7, 3  # days before the installation
HOUR = time(8, 10)


class Sent(NamedTuple):
    """A message that the mail server accepted."""

    channel: str
    content: dict
    state: str = "sent"
    reason: str = ""
    failure: str = ""


class DunningDemo(models.AbstractModel):
    _inherit = "dunning.demo"

    def _create_history(self, company, customers, today):
        """Replay the past weeks, as if every message had left: real decisions, real texts, no mail server.

        The last week is left out, so that the first run after the installation has something to do.
        """
        company.write({"dunning_started": True})
        engine, plans = self.env["dunning.engine"].sudo(), self.env["dunning.plan"]
        channel = self.env["dunning.channel"]._of("email")
        self._load_own_translations()
        reachable = customers.filtered("email_normalized").dunning_account_ids
        rows = [(account.id, account.partner_id.id, None) for account in reachable]
        for ago in range(FIRST_DAY, LAST_DAY, -STEP):
            day = today - timedelta(days=ago)
            night.decide(engine, company, plans._policies(company, day), day, rows)
            open_states = [("company_id", "=", company.id), ("state", "in", ("draft", "ready"))]
            reminders = self.env["dunning.reminder"].search(open_states)
            reminders.filtered(lambda reminder: reminder.state == "draft")._set_state("ready", draft_reason=False)
            self._pretend_sent(engine, channel, reminders, day)
        company.dunning_last_run = today - timedelta(days=LAST_DAY)

    def _load_own_translations(self):
        """Load the French texts now: an installation does it after the demo data only."""
        module = self.env["ir.module.module"]._get("relance_progressive")
        module._update_translations(["fr_FR"])

    def _pretend_sent(self, engine, channel, reminders, day):
        """Record these reminders as sent on ``day``."""
        contents, _broken = channel._render(reminders._freeze_penalties(day))
        attempts = {reminder: [Sent("email", contents[reminder.id])] for reminder in reminders}
        engine._record(attempts, dict.fromkeys(attempts, day), {"email": Counter()})
        self._pretend_posted(reminders, day)
        sent_at = datetime.combine(day, HOUR)
        reminders.delivery_ids.write({"sent_at": sent_at})
        written_now = [("date", ">=", reminders.company_id._dunning_midnight())]
        notes = [("model", "=", "res.partner"), ("res_id", "in", reminders.partner_id.ids), *written_now]
        unguarded(reminders.message_id + self.env["mail.message"].search(notes)).write({"date": sent_at})

    def _pretend_posted(self, reminders, day):
        """Record the registered letters of which these e-mails are the copies: received two days later."""
        posted = reminders.filtered(lambda reminder: "registered" in reminder.level_id.channel_ids.mapped("channel"))
        letters = self.env["dunning.delivery"].sudo().create([
            {"reminder_id": reminder.id, "channel": "registered", "state": "sent", "date_done": day}
            for reminder in posted
        ])  # fmt: skip
        for letter in letters:
            letter._record_event("handed_in", day)
            letter._record_event("delivered", day + timedelta(days=2))

    def _print_invoices(self, moves):
        """Give each invoice a page of its own, as if it had been sent: the reminders attach it.

        Odoo's own report takes a second per invoice, and a web server.
        """
        self.env["ir.attachment"].create([
            {
                "name": f"{move.name.replace('/', '_')}.pdf",
                "raw": self._page(move),
                "mimetype": "application/pdf",
                "res_model": "account.move",
                "res_field": "invoice_pdf_report_file",
                "res_id": move.id,
            }
            for move in moves
        ])  # fmt: skip
        moves.is_move_sent = True

    def _page(self, move):
        company, customer = move.company_id, move.partner_id
        lines = [
            (50, 780, 16, company.name),
            (50, 762, 10, f"{company.street}, {company.zip} {company.city}"),
            (330, 700, 11, customer.name),
            (330, 685, 11, customer.street or ""),
            (330, 670, 11, f"{customer.zip or ''} {customer.city or ''}"),
            (50, 610, 14, f"Facture {move.name}"),
            (50, 590, 10, f"Date : {format_date(self.env, move.invoice_date)}"),
            (50, 575, 10, f"Échéance : {format_date(self.env, move.invoice_date_due)}"),
            *((50, 530 - 16 * rank, 11, line.name) for rank, line in enumerate(move.invoice_line_ids)),
            (50, 450, 11, f"Total TTC : {format_amount(self.env, move.amount_total, move.currency_id)}"),
            (50, 60, 9, "Spécimen : facture d'une société inventée"),
        ]
        page = io.BytesIO()
        canvas = Canvas(page, pagesize=A4, invariant=1)
        for left, bottom, size, text in lines:
            canvas.setFont("Helvetica", size)
            canvas.drawString(left, bottom, text.replace("\u202f", " "))
        canvas.save()
        return page.getvalue()

    # === PROMISES, DISPUTES, PAUSES AND MONEY ON ITS WAY, AS A COMPANY HAS THEM ON ANY DAY === #

    def _create_holds(self, rows, customers, today):
        """Record what each customer promised, contests, or why he is left in peace."""
        for row, customer in zip(rows, customers, strict=True):
            if row["now"]:
                kind, _blank, detail = row["now"].partition(" ")
                account = self.env["dunning.account"]._of(customer, self.env.company)
                getattr(self, f"_hold_{kind}")(account, detail, today)

    def _open_items(self, account):
        return account._promisable().filtered(lambda item: item.move_id.payment_state != "blocked")

    # === PROMISES === #

    def _promise(self, account, made, dates, items, **values):
        return self.env["dunning.promise"]._record(account, dates, items, day=made, show=False, **values)

    def _hold_promised(self, account, days, today):
        """Promise the oldest item for a coming day."""
        item = self._open_items(account)[:1]
        dates = [(today + timedelta(days=int(days)), item.amount_residual)]
        self._promise(
            account, today - timedelta(days=2), dates, item, source="call", words="Virement prévu dès l'encaissement."
        )

    def _hold_broke(self, account, days, today):
        """Promise the oldest item for a day that has passed without money."""
        item, day = self._open_items(account)[:1], today - timedelta(days=int(days))
        self._promise(account, day - timedelta(days=10), [(day, item.amount_residual)], item, source="email")

    def _hold_kept(self, account, days, today):
        """Promise half of the oldest item, and pay it in time."""
        item, day = self._open_items(account)[:1], today - timedelta(days=int(days))
        amount = account.currency_id.round(item.amount_residual / 2)
        self._promise(account, day - timedelta(days=8), [(day, amount)], item, source="call")
        paid_on = day - timedelta(days=1)
        payment = self.env["account.payment"].create(self._payment(account.partner_id, amount, paid_on, item.move_name))
        payment.action_post()
        self._match([(item.move_id, payment.move_id)])

    def _hold_plan(self, account, count, today):
        """Agree on instalments of all that is open, one a month."""
        items = self._open_items(account)
        total = Decimal(str(account.currency_id.round(sum(items.mapped("amount_residual")))))
        dates = instalments(total, today + timedelta(days=10), int(count), "month")
        self._promise(
            account, today - timedelta(days=4), dates, items, source="letter", accelerates=True,
            accepted_on=today - timedelta(days=4), override="Accord du directeur financier.",
        )  # fmt: skip

    # === DISPUTES AND PAUSES === #

    def _hold_contests(self, account, detail, today):
        """Contest the oldest item, or an amount of it: the reason, then the amount."""
        reason, _blank, amount = detail.partition(" ")
        item = self._open_items(account)[:1]
        said = {
            "quality": "Deux vantaux sont rayés, nous demandons un avoir.",
            "order": "Notre numéro de commande manque sur la facture.",
        }[reason]
        line = {"move_line_id": item.id} | ({"amount": float(amount)} if amount else {"whole": True})
        self.env["dunning.dispute"].create({
            "account_id": account.id, "opened_on": today - timedelta(days=6), "statement": said,
            "reason_id": self.env.ref(f"relance_progressive.dispute_reason_{reason}").id,
            "line_ids": [Command.create(line)],
        })  # fmt: skip

    def _hold_paused(self, account, days, today):
        """Leave the customer in peace for some days."""
        self.env["dunning.pause"].create({
            "scope": "account", "account_id": account.id, "company_id": account.company_id.id, "kind": "check",
            "reason": "Relevé de compte à rapprocher avec le client", "date_from": today - timedelta(days=3),
            "until": today + timedelta(days=int(days)),
        })  # fmt: skip

    def _hold_protected(self, account, _detail, _today):
        """Do not lose this customer."""
        account.write({"protected": True, "protected_stage": "friendly"})

    # === MONEY ON ITS WAY === #

    def _hold_transferred(self, account, days, today):
        """Receive on the bank account what nobody has matched yet."""
        item = self._open_items(account)[:1]
        self.env["account.bank.statement.line"].create({
            "journal_id": self._bank_journal().id, "date": today - timedelta(days=int(days)),
            "payment_ref": f"VIR {account.partner_id.name} {item.move_name}", "partner_id": account.partner_id.id,
            "amount": item.amount_residual,
        })  # fmt: skip

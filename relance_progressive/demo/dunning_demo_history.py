import io
from collections import Counter
from datetime import datetime, time, timedelta
from typing import NamedTuple

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from odoo import models
from odoo.tools import format_amount, format_date

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

from collections import Counter
from datetime import datetime, time, timedelta
from typing import NamedTuple

from odoo import models

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
            engine._run_batch(company, plans._policies(company, day), day, rows)
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

from odoo import Command, models
from odoo.exceptions import UserError

from ...settings.apart import raise_if_lost
from ...settings.database import check_real
from .wizards import window

OPEN = ("draft", "ready")


class DunningReminder(models.Model):
    """What a person may still do with reminders that have not left, one or many at a time."""

    _inherit = "dunning.reminder"

    # === SEND NOW === #

    def action_send_now(self):
        """Hand over these reminders now, whatever the hour; the others wait for theirs."""
        self._check_selection(OPEN, self.env._("Only what has not left can be sent."))
        check_real(self.env)
        engine = self.env["dunning.engine"]
        drafts = self.filtered(lambda reminder: reminder.state == "draft")
        drafts._set_state("ready", draft_reason=False)
        counts = []
        for company, own in self.grouped("company_id").items():
            today = company._dunning_today()
            own.sudo().write({"date": today, "postponed": False, "retry_at": False})
            counts.append(engine.deliver(date=today, company=company, reminders=own))
        return self._delivered_notice(counts)

    # === POSTPONE, PASS THE LEVEL === #

    def action_postpone(self):
        """Ask for the day on which these reminders are to leave."""
        self._check_selection(OPEN, self.env._("Only what has not left can be postponed."))
        return self._ask("postpone", self.env._("Postpone"))

    def action_pass_level(self):
        """Ask why this level is passed without sending anything."""
        self._check_selection((*OPEN, "failed"), self.env._("Only what has not left can be passed."))
        return self._ask("skip", self.env._("Pass the Level Without Sending"))

    def _ask(self, act, title):
        order = self.env["dunning.reminder.order"].create({"act": act, "reminder_ids": [Command.set(self.ids)]})
        return window(order, title)

    # === WORDS === #

    def action_edit_text(self):
        """Let a person write this reminder in other words than those of its level."""
        self.ensure_one()
        self._check_selection((*OPEN, "failed"), self.env._("Only what has not left can be written again."))
        words = self.env["dunning.reminder.words"].create({"reminder_id": self.id, **self._present_words()})
        return window(words, self.env._("Text for %(customer)s", customer=self.partner_id.display_name))

    def _wordings(self):
        """Return the kinds of text that the channels of the level say: "document", "short", "script"."""
        channels = self.env["dunning.channel"]
        return {channels._of(code)._wording for code in self.level_id.channel_ids.mapped("channel")} - {""}

    def _present_words(self, own=True):
        """Return what would be said now over each kind of channel, in the language of who reads or says it.

        :param own: False for the words of the level alone
        :return: ``subject`` and ``body`` of documents, ``short_text``, ``script``; empty what no channel says
        :raise UserError: when the level has no text, or one that cannot be made
        """
        wordings, words, level = self._wordings(), {}, self.sudo().level_id
        template = self.sudo()._email_text() or self.sudo()._letter_text()
        if "document" in wordings and not template:
            raise UserError(self.env._("The level “%(level)s” has no text.", level=level.name))
        try:
            if "document" in wordings:
                words["subject"], words["body"] = self._document_words(template, own)
            if "short" in wordings:
                sms = self.env["dunning.channel.sms"].sudo()
                words["short_text"] = sms._words(self._in_language_of(sms), level, own)[self.id]
        except Exception as error:  # any error of a text that people edit
            raise_if_lost(error)
            raise UserError(self.env._(
                "The text of the level “%(level)s” cannot be made: %(error)s",
                level=level.name, error=self._error_in_words(error),
            )) from error  # fmt: skip
        if "script" in wordings:
            words["script"] = self.sudo()._call_words(own)
        return words

    def _document_words(self, template, own):
        """Return the subject and the text of e-mails and letters."""
        subjects, texts = self._in_language_of(self.env["dunning.channel.email"].sudo())._worded(template, own=own)
        return " ".join(str(subjects[self.id]).split()), texts[self.id]

    def _in_language_of(self, channel):
        """Return this reminder in the language of whom it reaches over a channel."""
        reminder = self.sudo()
        wanted = channel._recipients(channel._targets(reminder))[reminder.id].lang
        return reminder.with_context(lang=reminder._language(wanted))

    # === ITEMS === #

    def action_restore_items(self):
        """Claim again what was left out."""
        self._leave_out(self.env["account.move.line"])

    def _leave_out(self, items):
        """Claim all but ``items`` (journal items) in this reminder; the next one claims them again.

        :raise UserError: when nothing would be left to claim
        """
        self.ensure_one()
        self._check_selection(OPEN, self.env._("Only what has not left can be changed."))
        self._check_not_leaving()
        reminder, engine = self.sudo(), self.env["dunning.engine"].sudo().with_company(self.company_id)
        reminder.account_id.lock_for_update(allow_referencing=True)
        reminder.dropped_item_ids = items
        day = max(reminder.date, reminder.company_id._dunning_today())
        decision = engine._recheck_on_a_working_day(reminder, day).get(reminder.id)
        verdict = engine._verdict(reminder, decision)
        if verdict not in ("send", "draft"):
            raise UserError(self.env._(
                "Nothing would be left to claim: cancel the reminder, or pass its level without sending."
            ))  # fmt: skip
        engine._adapt(reminder, decision)
        if verdict == "draft":
            why = engine._why_draft(reminder)
            if reminder.state == "ready":
                reminder._set_state("draft")
            reminder.draft_reason = why
        self.account_id._show_now()


class DunningReminderLine(models.Model):
    _inherit = "dunning.reminder.line"

    def action_leave_out(self):
        """Leave this item out of its reminder."""
        self.ensure_one()
        reminder = self.reminder_id
        reminder._leave_out(reminder.sudo().dropped_item_ids | self.move_line_id)

from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext, is_html_empty

# The fields of a reminder that keep what a person wrote here.
OWN = {"subject": "own_subject", "body": "own_text", "short_text": "own_short_text", "script": "own_script"}


class DunningReminderWords(models.TransientModel):
    """The text of one reminder, in a person's own words; nothing in it is worked out by a machine."""

    _name = "dunning.reminder.words"
    _inherit = ["dunning.pointing"]
    _description = "Text of a Reminder"

    reminder_id = fields.Many2one("dunning.reminder", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(related="reminder_id.partner_id")
    has_own_words = fields.Boolean(compute="_compute_what_is_said")
    has_document = fields.Boolean(compute="_compute_what_is_said")
    has_short_text = fields.Boolean(compute="_compute_what_is_said")
    has_script = fields.Boolean(compute="_compute_what_is_said")
    subject = fields.Char()
    body = fields.Html("Text")
    short_text = fields.Text("Text Message")
    short_length = fields.Char("Length", compute="_compute_short_length")
    script = fields.Text("Script of the Call")

    @api.depends("reminder_id")
    def _compute_what_is_said(self):
        for words in self:
            wordings = words.reminder_id._wordings()
            words.has_own_words = words.reminder_id._has_own_words()
            words.has_document = "document" in wordings
            words.has_short_text = "short" in wordings
            words.has_script = "script" in wordings

    @api.depends("short_text")
    def _compute_short_length(self):
        for words in self:
            words.short_length = self.env["dunning.channel.sms"]._length_in_words(words.short_text or "")

    def action_save(self):
        """Keep what differs from the words of the level: the rest goes on following it."""
        self.ensure_one()
        self._check_reminder()
        standard = self.reminder_id._present_words(own=False)
        if any(name != "subject" and is_html_empty(self[name]) for name in standard):
            raise UserError(self.env._("A reminder without text cannot leave."))
        return self._keep({OWN[name]: self._own(name, text) for name, text in standard.items()})

    def _own(self, name, standard):
        """Return the text of a field when it says something else than ``standard``."""
        text = self[name] or ""
        if name == "body":
            same = html2plaintext(standard or "").split() == html2plaintext(text).split()
        else:
            same = _lines(text) == _lines(standard or "")
        return False if same else text.strip()

    def action_standard(self):
        """Go back to the words of the level."""
        self.ensure_one()
        return self._keep(dict.fromkeys(OWN.values(), False))

    def _keep(self, vals):
        self._check_reminder()
        self.reminder_id.sudo().write(vals)
        # The pictures that were put into the text go with it: those of this dialog are deleted with it.
        own = [("res_model", "=", self._name), ("res_id", "=", self.id), ("create_uid", "=", self.env.uid)]
        self.env["ir.attachment"].sudo().search(own).write({
            "res_model": "dunning.reminder", "res_id": self.reminder_id.id,
        })  # fmt: skip
        return {"type": "ir.actions.act_window_close"}

    def _check_reminder(self):
        """Refuse to write a reminder that is not one's own to write, or that is leaving or has left.

        :raise UserError: naming it
        """
        refusal = self.env._("Only what has not left can be written again.")
        self.reminder_id._check_selection(("draft", "ready", "failed"), refusal)
        self.reminder_id._check_not_leaving()


def window(dialog, title):
    """Return the action that opens a dialog."""
    return {
        "type": "ir.actions.act_window", "name": title, "res_model": dialog._name, "res_id": dialog.id,
        "view_mode": "form", "target": "new",
    }  # fmt: skip


def _lines(text):
    """Return the words of a text, line by line."""
    return [line.split() for line in text.splitlines() if line.strip()]


class DunningReminderOrder(models.TransientModel):
    """A person's word about reminders that have not left: later, or not this level."""

    _name = "dunning.reminder.order"
    _inherit = ["dunning.pointing"]
    _description = "Postpone or Pass Reminders"

    act = fields.Selection(
        [("postpone", "Postpone"), ("skip", "Pass the level")], required=True, readonly=True, default="postpone"
    )
    reminder_ids = fields.Many2many("dunning.reminder", string="Reminders", required=True, readonly=True)
    count = fields.Integer("Number of Reminders", compute="_compute_count")
    date = fields.Date("Leaves On", default=lambda self: self._tomorrow())
    reason = fields.Char(help="Kept with the customer: who decided it, and why.")

    @api.model
    def _tomorrow(self):
        company = self.env.company.root_id
        today = company._dunning_today()
        return company.sudo()._dunning_calendar(today).next_open(today + timedelta(days=1))

    @api.depends("reminder_ids")
    def _compute_count(self):
        for order in self:
            order.count = len(order.reminder_ids)

    def action_apply(self):
        """Carry out what was decided."""
        self.ensure_one()
        if self.act == "postpone":
            self._apply_postpone()
        else:
            self._apply_skip()
        return {"type": "ir.actions.act_window_close"}

    def _apply_postpone(self):
        reminders = self.reminder_ids
        reminders._check_selection(("draft", "ready"), self.env._("Only what has not left can be postponed."))
        for company, own in reminders.sudo().grouped("company_id").items():
            today = company._dunning_today()
            if not self.date or self.date <= today:
                raise UserError(self.env._("Choose a later day than today."))
            own._postpone(company._dunning_calendar(today).next_open(self.date))
        reminders.account_id._show_now()

    def _apply_skip(self):
        reminders = self.reminder_ids
        reminders._check_selection(
            ("draft", "ready", "failed"), self.env._("Only what has not left can be passed.")
        )  # fmt: skip
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why: it stays with the customer."))
        words = self.env._(
            "Level passed without sending, says %(user)s: %(reason)s", user=self.env.user.name, reason=self.reason
        )
        for company, own in reminders.sudo().grouped("company_id").items():
            own.with_context(tracking_disable=True)._pass_level(company._dunning_today(), words)
        link = Markup("<a href='#' data-oe-model='dunning.reminder' data-oe-id='%s'>%s</a>")
        reminders.account_id.sudo()._message_log_batch(bodies={
            reminder.account_id.id: Markup("<p>%s, %s. %s</p>") % (
                link % (reminder.id, reminder.name), reminder.level_id.name, words
            )
            for reminder in reminders
        }, author_id=self.env.user.partner_id.id)  # fmt: skip
        reminders.account_id._show_now()

from odoo import Command, api, fields, models
from odoo.exceptions import LockError
from odoo.tools import html2plaintext

from .dunning_channel import REFUSED, WAITING, Outcome

PREFIX = "snailmail-"
FAILURES = {"MISSING_REQUIRED_FIELDS": "missing", "FORMAT_ERROR": "template", "ATTACHMENT_ERROR": "template"}


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_letter_provider = fields.Selection(
        selection_add=[("snailmail", "Printed and posted by Odoo (credits needed)")],
        ondelete={"snailmail": "set default"},
    )


class DunningLetterProviderSnailmail(models.AbstractModel):
    """Odoo's own service prints and posts. The delivery waits until it tells that the letter was posted."""

    _name = "dunning.letter.provider.snailmail"
    _inherit = ["dunning.letter.provider"]
    _description = "Letters Posted by Odoo"

    @api.model
    def _hand_over(self, reminders, contents, begin):
        files, failed = self._print_files(reminders, contents)
        waiting = reminders.filtered(lambda reminder: reminder.id in files)
        letters = self._queue(waiting, contents, files) if waiting else self.env["snailmail.letter"]
        for reminder, letter in zip(waiting, letters, strict=True):
            contents[reminder.id]["reference"] = f"{PREFIX}{letter.id}"
            yield reminder.id, Outcome(WAITING)
        for reminder_id, why in failed.items():
            yield reminder_id, Outcome(REFUSED, why)

    def _queue(self, reminders, contents, files):
        """Put letters into Odoo's queue, each with its file: its own rendering knows one language."""
        letters = self.env["snailmail.letter"].sudo().create([
            {
                "model": "dunning.reminder",
                "res_id": reminder.id,
                "partner_id": contents[reminder.id]["contact_id"],
                "company_id": reminder.company_id.id,
                "attachment_id": files[reminder.id].id,
            }
            for reminder in reminders
        ])  # fmt: skip
        self.env.ref("snailmail.snailmail_print")._trigger()
        return letters


class SnailmailLetter(models.Model):
    """News of the letters that are reminders."""

    _inherit = "snailmail.letter"

    def _dunning_deliveries(self):
        """Return the deliveries of these letters that still wait."""
        own = self.filtered(lambda letter: letter.model == "dunning.reminder")
        references = [f"{PREFIX}{letter.id}" for letter in own]
        waiting = [("reference", "in", references), ("state", "=", "ready")]
        return self.env["dunning.delivery"].sudo().search(waiting) if own else self.env["dunning.delivery"]

    def _snailmail_print(self, immediate=True):
        """Let nothing leave that payments or disputes have overtaken since it was put in the queue."""
        own = self.filtered(lambda letter: letter.model == "dunning.reminder")
        try:
            references = set(own._dunning_deliveries()._still_due().mapped("reference"))
        except LockError:
            return super(SnailmailLetter, self - own)._snailmail_print(immediate=immediate)  # the next night
        overtaken = own.filtered(lambda letter: f"{PREFIX}{letter.id}" not in references)
        overtaken.filtered(lambda letter: letter.state in ("pending", "error")).cancel()
        return super(SnailmailLetter, self - overtaken)._snailmail_print(immediate=immediate)

    def write(self, vals):
        res = super().write(vals)
        if vals.get("state") in ("sent", "error", "canceled") and not self.env.context.get("dunning_closing"):
            self._tell_dunning(vals["state"])
        return res

    def _tell_dunning(self, state):
        """Carry the news to the deliveries."""
        for delivery in self._dunning_deliveries().with_context(tracking_disable=True):
            letter = self.browse(int(delivery.reference.removeprefix(PREFIX))).sudo()
            if state == "sent":
                contents = {delivery: letter._dunning_content(delivery)}
                day = fields.Date.context_today(self)
                delivery._carried_out(day, contents, attachment_ids=[Command.set(letter.attachment_id.ids)])
                continue
            if state == "error":
                # Odoo would try it again every night; the next channel takes over now.
                letter.with_context(dunning_closing=True).write({"state": "canceled"})
                reason, failure = letter._dunning_reason(), FAILURES.get(letter.error_code, "refused")
            else:
                reason, failure = self.env._("The letter was cancelled in Odoo's queue."), "person"
            delivery._not_carried_out(reason, failure)

    def _dunning_reason(self):
        """Return why the service refused a letter, in words."""
        said = {
            "CREDIT_ERROR": self.env._("There is no credit left to send letters."),
            "TRIAL_ERROR": self.env._("There is no account to send letters with."),
            "NO_PRICE_AVAILABLE": self.env._("The service sends no letters to this country."),
            "MISSING_REQUIRED_FIELDS": self.env._("The postal address is not complete."),
            "FORMAT_ERROR": self.env._("The service cannot print this letter."),
            "ATTACHMENT_ERROR": self.env._("The service did not receive the letter."),
        }
        return said.get(self.error_code) or html2plaintext(self.info_msg or "") or self.env._("No reason was given.")

    def _dunning_content(self, delivery):
        """Return what is kept of a letter that was posted: its text, made again, and its file."""
        contents, _broken = self.env["dunning.channel"]._of(delivery.channel)._render(delivery.reminder_id)
        content = contents.get(delivery.reminder_id.id) or {"subject": delivery.reminder_id.name, "body": ""}
        return {**content, "attachment_ids": self.attachment_id.ids}


class DunningDelivery(models.Model):
    _inherit = "dunning.delivery"

    def write(self, vals):
        """Take a letter out of Odoo's queue when its reminder need not leave any more."""
        res = super().write(vals)
        if vals.get("state") == "cancelled":
            queued = self.filtered(lambda delivery: (delivery.reference or "").startswith(PREFIX))
            ids = [int(delivery.reference.removeprefix(PREFIX)) for delivery in queued]
            letters = self.env["snailmail.letter"].sudo().browse(ids).exists()
            letters.filtered(lambda letter: letter.state in ("pending", "error")).cancel()
        return res

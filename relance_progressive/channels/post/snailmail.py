import base64
import logging

from odoo import api, fields, models, modules
from odoo.exceptions import LockError
from odoo.tools import config, html2plaintext

from ...core.decision.patience import is_over
from ...settings.apart import apart, raise_if_lost
from ...settings.database import is_copied
from ...settings.inside import Mark, is_marked, marked
from ..dunning_channel import WAITING, Outcome
from .claim import claim_again, claim_of, still_claims
from .provider import file_values

_logger = logging.getLogger(__name__)

PREFIX = "snailmail-"
NEWS = ("sent", "error", "canceled")
ATTEMPTS = 2  # of a letter for which there is no account or no credit: two nights at least
KEPT = ("address", "contact_id", "subject", "body", "lang")
# What the service says of a letter that is about the account, not about the letter: Odoo tries it again every night.
NO_ACCOUNT = ("CREDIT_ERROR", "TRIAL_ERROR")
FAILURES = {"MISSING_REQUIRED_FIELDS": "missing", "FORMAT_ERROR": "template", "ATTACHMENT_ERROR": "template"}


class DunningLetterProviderSnailmail(models.AbstractModel):
    """Odoo's own service prints and posts. The delivery waits until it tells that the letter was posted."""

    _name = "dunning.letter.provider.snailmail"
    _inherit = ["dunning.letter.provider"]
    _description = "Letters Posted by Odoo"

    _prints = True

    @api.model
    def _hand_over(self, reminders, contents, begin):
        files = {key: base64.b64decode(content.pop("pdf")) for key, content in contents.items()}
        letters = self._queue(reminders, contents, files)
        for reminder, letter in zip(reminders, letters, strict=True):
            contents[reminder.id]["reference"] = f"{PREFIX}{letter.id}"
            yield reminder.id, Outcome(WAITING)

    def _queue(self, reminders, contents, files):
        """Put letters into Odoo's queue, each with its file: its own rendering knows one language."""
        attachments = self.env["ir.attachment"].sudo().create([
            file_values(reminder, contents[reminder.id]["address"], files[reminder.id]) for reminder in reminders
        ])
        letters = self.env["snailmail.letter"].sudo().create([
            {
                "model": "dunning.reminder",
                "res_id": reminder.id,
                "partner_id": contents[reminder.id]["contact_id"],
                "company_id": reminder.company_id.id,
                "attachment_id": attachment.id,
                "dunning_content": {name: contents[reminder.id][name] for name in KEPT},
                "dunning_claim": claim_of(reminder),
            }
            for reminder, attachment in zip(reminders, attachments, strict=True)
        ])  # fmt: skip
        # Any employee reads Odoo's notifications, of whatever company: who is reminded stands in the deliveries.
        letters.notification_ids.unlink()
        letters._complete_address()
        self.env.ref("snailmail.snailmail_print")._trigger()
        return letters


class SnailmailLetter(models.Model):
    """News of the letters that are reminders."""

    _name = "snailmail.letter"
    _inherit = ["dunning.guarded.fields", "snailmail.letter"]

    dunning_content = fields.Json("Reminder as Queued", readonly=True, copy=False)
    dunning_claim = fields.Json("Claim as Queued", readonly=True, copy=False)
    dunning_attempts = fields.Integer("Refused for Want of an Account", readonly=True, copy=False)
    dunning_begun = fields.Datetime(
        "Handed Over Since", readonly=True, copy=False, help="Committed before anything may leave."
    )

    def _own_letters(self):
        return self.filtered(lambda letter: letter.model == "dunning.reminder")

    def _dunning_deliveries(self):
        """Return the deliveries of these letters that still wait."""
        references = [f"{PREFIX}{letter.id}" for letter in self._own_letters()]
        waiting = [("reference", "in", references), ("state", "=", "ready")]
        deliveries = self.env["dunning.delivery"].sudo()
        return deliveries.search(waiting) if references else deliveries

    # === ADDRESS === #

    def _complete_address(self):
        """Give what the service asks for: without a country it is the company's, one line of street is a street."""
        for letter in self:
            letter.write({
                "street": letter.street or letter.street2,
                "street2": letter.street and letter.street2,
                "country_id": (letter.country_id or letter.company_id.country_id).id,
            })  # fmt: skip

    def _snailmail_create(self, route):
        """Send the completed address instead of the contact's."""
        params = super()._snailmail_create(route)
        for document in params["documents"]:
            letter = self.browse(document["letter_id"])
            if letter._own_letters():
                document["address"].update(
                    street=letter.street, street2=letter.street2, country_code=letter.country_id.code
                )
        return params

    # === QUEUE === #

    @api.model
    def _snailmail_cron(self, autocommit=True):
        """Tell once more what could not be told at the moment it happened."""
        waiting = self.env["dunning.delivery"].sudo().search([("provider", "=", "snailmail"), ("state", "=", "ready")])
        letters = self.browse(waiting.mapped(_letter_id)).exists().sudo()
        for state, own in letters.filtered(lambda letter: letter.state in NEWS).grouped("state").items():
            own._tell_dunning(state)
        return super()._snailmail_cron(autocommit=autocommit)

    def _snailmail_print(self, immediate=True):
        """Let nothing leave twice, nor what payments or disputes have overtaken since it was queued."""
        own = self._own_letters() if immediate else self.browse()
        if others := self - own:
            super(SnailmailLetter, others)._snailmail_print(immediate=immediate)
        if own and is_copied(self.env):
            return  # they wait in the queue for a person's word
        for letter in own.filtered(lambda letter: letter.state in ("pending", "error")):
            if letter.dunning_begun:
                letter._may_have_left()
            elif letter._begin():
                super(SnailmailLetter, letter)._snailmail_print(immediate=immediate)

    def _begin(self):
        """Note that a letter begins to leave, and tell whether it still says what is claimed.

        The note is committed before anything leaves. After the check the account stays locked.
        """
        self.dunning_begun = fields.Datetime.now()
        self._dunning_commit()
        try:
            with self.env.cr.savepoint():
                delivery = self._dunning_deliveries()._still_due()
                if delivery and not still_claims(delivery.reminder_id, self.dunning_claim):
                    reason = self.env._("The claim has changed since this letter was made: it is made again.")
                    delivery.with_context(tracking_disable=True)._set_state("cancelled", reason=reason)
                    delivery.reminder_id.with_context(tracking_disable=True)._go_on()
                    return False
        except Exception as error:  # nothing has left: it stays in the queue
            self.dunning_begun = False
            self._dunning_commit()
            raise_if_lost(error, undone=True)
            if not isinstance(error, LockError):
                raise
            return False
        if not delivery and self.state in ("pending", "error"):
            self.cancel()
        return bool(delivery)

    def _dunning_commit(self):
        """Commit, but inside a test's transaction."""
        if config["test_enable"] or modules.module.current_test:
            self.env.flush_all()
        else:
            self.env["ir.cron"]._commit_progress()

    def _may_have_left(self):
        """Leave to a person a letter whose hand-over was broken off."""
        reason = self.env._("The server stopped while it was being sent.")
        for delivery in self._dunning_deliveries().with_context(tracking_disable=True):
            day = delivery.company_id._dunning_today()
            message = self.env["dunning.channel"]._of(delivery.channel)._keep(
                {delivery.reminder_id.id: self._dunning_content()}
            )[delivery.reminder_id.id]
            gone = {"date_done": day, "sent_at": self.dunning_begun, "message_id": message}
            delivery._set_state("uncertain", reason=reason, **gone)
            if delivery.reminder_id.state == "ready":
                delivery.reminder_id.write({
                    "message_id": message, "date": day, "contact_id": delivery.contact_id.id,
                    "lang": self.dunning_content["lang"],
                })  # fmt: skip
                delivery.reminder_id._set_state("uncertain", reason=reason)
        marked(self, Mark.CLOSING).cancel()
        self._dunning_commit()

    # === NEWS === #

    def write(self, vals):
        res = super().write(vals)
        if "model" in vals:
            self.check_access("write")  # nobody makes a reminder of another letter
        if vals.get("state") in NEWS and not is_marked(self.env, Mark.CLOSING):
            self._tell_dunning(vals["state"])
        return res

    def _tell_dunning(self, state):
        """Carry the news to the deliveries; what goes wrong there does not undo what Odoo knows of the letter."""
        for delivery in self._dunning_deliveries().with_context(tracking_disable=True):
            letter = self.browse(_letter_id(delivery)).sudo()

            def told(_error, letter=letter):
                _logger.exception("The news of the letter %s could not be recorded", letter.id)

            with apart(self.env, told):  # what fails is told again the next night
                letter._tell_delivery(delivery, state)

    def _tell_delivery(self, delivery, state):
        outages = self.env["dunning.outage"]
        service = f"letter/{delivery.provider}"
        if state == "sent":
            outages._works(self.company_id, service)
            if delivery.reminder_id.state == "ready":
                claim_again(delivery.reminder_id, self.dunning_claim)
            delivery._carried_out(delivery.company_id._dunning_today(), {delivery: self._dunning_content()})
            return
        if state == "error" and self.error_code in NO_ACCOUNT and not is_over(
            fields.Datetime.now(), self.create_date, self.dunning_attempts, enough=ATTEMPTS
        ):
            outages._does_not_work(self.company_id, service, delivery.provider_name, self._dunning_reason())
            marked(self, Mark.CLOSING).write(
                {"dunning_begun": False, "dunning_attempts": self.dunning_attempts + 1}
            )
            return
        if state == "error":
            # Odoo would try it again every night; the next channel takes over now.
            marked(self, Mark.CLOSING).write({"state": "canceled"})
            reason, failure = self._dunning_reason(), FAILURES.get(self.error_code, "refused")
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

    def _dunning_content(self):
        """Return what is kept of a letter: its text as it was queued, and its file."""
        return {**self.dunning_content, "attachment_ids": self.attachment_id.ids}


def _letter_id(delivery):
    """Return the id of the letter in Odoo's queue, or 0."""
    reference = delivery.reference or ""
    return int(reference.removeprefix(PREFIX)) if reference.startswith(PREFIX) else 0

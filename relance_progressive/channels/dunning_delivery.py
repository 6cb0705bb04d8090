from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..core.law import notice
from ..settings.proofs import unguarded
from .post.claim import claim_again
from .post.mailing import _place_in_the_post
from .post.snailmail import _letter_id

BY_A_PERSON = (False, "print")  # the carriers of what nobody else prints
TAKEN = ("process", "pending")  # by the gateway
FAILED = ("bounce", "exception")
PERMANENT = ("sms_invalid_destination", "sms_not_allowed", "sms_rejected")


class DunningDelivery(models.Model):
    """What a person carries out: a letter to post, a call to make."""

    _inherit = "dunning.delivery"

    @api.model
    def _provider_names(self):
        """Return ``{code: name}`` of the carriers, as the settings of the company name them."""
        company, names = self.env["res.company"]._fields, {}
        for field in ("dunning_letter_provider", "dunning_lre_provider"):
            names |= dict(company[field]._description_selection(self.env))
        return names

    def _is_for_customer(self):
        codes = self.reminder_id.level_id._customer_channels()
        return not codes or self.channel in codes

    def _carried_out(self, day, contents=None, event_follows=False, **vals):
        """Record that a person carried these deliveries out on ``day``: their levels are done.

        :param contents: ``{delivery: content}`` of what was handed over, kept as the channel keeps it
        :param event_follows: whoever says so records himself that a registered letter was handed in
        """
        contents = contents or {}
        self._as_printed()
        for code, own in self.grouped("channel").items():
            by_reminder = {delivery.reminder_id.id: contents[delivery] for delivery in own if delivery in contents}
            kept = self.env["dunning.channel"]._of(code)._keep(by_reminder) if by_reminder else {}
            for delivery in own:
                message = kept.get(delivery.reminder_id.id)
                text = {"message_id": message} if message else {}
                delivery._set_state("sent", date_done=day, sent_at=fields.Datetime.now(), **text, **vals)
        self._first_to_arrive(contents, day)
        if not event_follows:
            registered = self.filtered(lambda found: found.channel == "registered" and not found.event_ids)
            self._create_events([(delivery, notice.HANDED_IN, day) for delivery in registered])

    def _as_printed(self):
        """Record what was printed, not what is claimed by now: the paper has left as it was."""
        for letter in self.mailing_letter_ids.filtered(lambda letter: letter.state == "printed"):
            if letter.reminder_id.state == "ready":  # else it is frozen: it left over another channel too
                claim_again(letter.reminder_id, letter.claim)

    def _first_to_arrive(self, contents, day):
        """Move the reminders that had reached nobody yet."""
        arrived = self.filtered(lambda delivery: delivery.reminder_id.state == "ready")
        for delivery in arrived:
            content = contents.get(delivery, {})
            delivery.reminder_id.write({
                "message_id": delivery.message_id.id,
                "contact_id": delivery.contact_id.id,
                "lang": content.get("lang") or delivery.contact_id.lang or delivery.partner_id.lang,
                "date": day,
            })  # fmt: skip
        arrived.reminder_id._set_state("sent", reason=False, retry_at=False)
        arrived.reminder_id.account_id._show_now()

    def _not_carried_out(self, reason, failure):
        """Record that these deliveries failed for good, which calls the next channel."""
        self._set_state("failed", reason=reason, failure=failure)
        self.reminder_id._go_on()

    # === LETTERS === #
    # The letter as it was posted is the proof of its delivery.

    @api.model_create_multi
    def create(self, vals_list):
        deliveries = super().create(vals_list)
        paper = self.env["dunning.channel"]._codes("_on_paper")
        for delivery in deliveries.filtered(lambda delivery: delivery.message_id and delivery.channel in paper):
            delivery._file_proofs(delivery.message_id.sudo().attachment_ids)
        for delivery in deliveries:
            if letter := delivery._queued_letters():
                delivery._file_proofs(letter.attachment_id)
        return deliveries

    def _file_proofs(self, files):
        """Make files the proofs of this delivery, and its own: people may write a reminder, nobody a delivery."""
        self.ensure_one()
        unguarded(files).write({"res_model": self._name, "res_id": self.id})
        self.attachment_ids = [Command.set(files.ids)]

    # === LETTERS THAT CAME BACK === #

    may_come_back = fields.Boolean(compute="_compute_may_come_back")

    @api.depends("channel", "state")
    def _compute_may_come_back(self):
        """A registered letter has a life of its own: its events tell."""
        paper = self.env["dunning.channel"]._codes("_on_paper")
        for delivery in self:
            posted = delivery.channel in paper and delivery.state == "sent"
            delivery.may_come_back = posted and not delivery.has_a_life

    def action_came_back(self):
        """Ask why these letters came back, and when."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Letters That Came Back"),
            "res_model": "dunning.letter.return.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_delivery_ids": self.ids},
        }

    # === LETTERS THAT WAIT === #

    level_id = fields.Many2one(string="Level of the Reminder", related="reminder_id.level_id")
    amount_total = fields.Monetary(related="reminder_id.amount_total")
    mailing_letter_ids = fields.One2many("dunning.mailing.letter", "delivery_id", readonly=True)
    to_print = fields.Boolean("To Print by a Person", compute="_compute_to_print", search="_search_to_print")
    in_mailing = fields.Boolean("In a Mailing", compute="_compute_in_mailing", search="_search_in_mailing")

    @api.depends("mailing_letter_ids.state")
    def _compute_in_mailing(self):
        for delivery in self:
            delivery.in_mailing = any(letter.state in ("waiting", "printed") for letter in delivery.mailing_letter_ids)

    def _search_in_mailing(self, operator, value):
        if operator != "in":
            return NotImplemented
        inside = [("mailing_letter_ids", "any", [("state", "in", ("waiting", "printed"))])]
        return inside if True in value else ["!", *inside]

    @api.depends("state", "channel", "provider")
    def _compute_to_print(self):
        paper = self.env["dunning.channel"]._codes("_on_paper")
        for delivery in self:
            waits = delivery.state == "ready" and delivery.channel in paper
            delivery.to_print = waits and delivery._is_printed_by_a_person()

    def _search_to_print(self, operator, value):
        if operator != "in":
            return NotImplemented
        paper = self.env["dunning.channel"]._codes("_on_paper")
        waits = Domain("state", "=", "ready") & Domain("channel", "in", paper) & Domain("provider", "in", BY_A_PERSON)
        return waits if True in value else ~waits

    def _is_printed_by_a_person(self):
        """Tell whether nobody else prints this letter."""
        return self.provider in BY_A_PERSON

    def action_print_letters(self):
        """Print the letters selected, with a progress bar."""
        if not self:
            raise UserError(self.env._("Select at least one letter."))
        return self.env["dunning.mailing"]._make(self).action_continue()

    def _queued_letters(self):
        """Return the letters of Odoo's postal service that these deliveries are."""
        ids = [_letter_id(delivery) for delivery in self if _letter_id(delivery)]
        return self.env["snailmail.letter"].sudo().browse(ids).exists()

    def _leave_queue(self):
        """Take letters out of Odoo's queue whose reminders need not leave any more."""
        self._queued_letters().filtered(lambda letter: letter.state in ("pending", "error")).cancel()

    def _sms_news(self, status, failure_type, failure_reason):
        """Record what a gateway reports of a text message.

        :param status: a status of ``mail.notification``: "sent" is Odoo's word for delivered
        """
        self.ensure_one()
        lang = self.company_id.partner_id.lang or self.env.lang
        delivery = self.with_context(tracking_disable=True, lang=lang)
        if status in FAILED and self.state in ("sent", "uncertain"):
            delivery._bounced(delivery._sms_failure_in_words(failure_type, failure_reason))
            delivery.failure = "refused" if failure_type in PERMANENT else "unreachable"
        elif status == "sent" and self.state in ("sent", "uncertain"):
            delivery._sms_arrived("delivered", news_at=fields.Datetime.now())
        elif status in TAKEN and self.state == "uncertain":
            delivery._sms_arrived("sent")

    def _sms_arrived(self, state, **vals):
        self._set_state(state, **vals)
        self.reminder_id.filtered(lambda reminder: reminder.state == "uncertain")._set_state("sent", reason=False)

    def _sms_failure_in_words(self, failure_type, failure_reason):
        words = {
            "sms_expired": self.env._("The phone could not be reached in time."),
            "sms_invalid_destination": self.env._("The number does not exist or is not in service."),
            "sms_not_allowed": self.env._("The number does not receive SMS."),
            "sms_rejected": self.env._("The operator of this number rejected the message."),
            "sms_not_delivered": self.env._("The operator could not deliver the message."),
        }
        why = words.get(failure_type) or failure_reason or self.env._("The gateway gives no reason.")
        return self.env._("The SMS to %(number)s was not delivered: %(why)s", number=self.address, why=why)

    # === SLIP OF THE POST OFFICE === #

    def action_print_slip(self):
        """Print the list of these registered letters for the post office."""
        letters = self.filtered(lambda letter: letter.channel == "registered")._in_printing_order()
        return self.env.ref("relance_progressive.registered_slip_report").report_action(letters)

    def _slips(self):
        """Return one slip for each company and each day of hand-in, the letters in their printing order.

        :raise AccessError: Odoo prints a report of any numbers that an employee types
        """
        self.check_access("read")
        letters = self._in_printing_order()
        return [
            {"company": company, "day": day, "letters": own}
            for (company, day), own in letters.grouped(lambda letter: (letter.company_id, letter.date_done)).items()
        ]

    # === REGISTERED LETTERS === #

    def _in_printing_order(self):
        """Return these letters in the order they were, or will be, printed."""
        numbers = {}
        for letter in self.sudo().mailing_letter_ids.sorted("id"):
            numbers[letter.delivery_id.id] = (letter.mailing_id.id, letter.number)
        return self.sorted(lambda letter: (*numbers.get(letter.id, (0, 0)), *_place_in_the_post(letter.sudo())))

    def _posted(self, day, event_follows=False):
        """Carry out letters that a person handed in, whether their mailings were marked as posted or not."""
        printed = {
            letter.delivery_id.id: letter for letter in self.mailing_letter_ids if letter.state == "printed"
        }  # fmt: skip
        contents = {letter: printed[letter.id]._content() for letter in self if letter.id in printed}
        if others := self.filtered(lambda letter: letter.id not in printed):
            rendered, _broken = self.env["dunning.channel.registered"]._render(others.reminder_id)
            contents |= {one: rendered[one.reminder_id.id] for one in others if one.reminder_id.id in rendered}
        self._carried_out(day, contents, event_follows)
        self._close_mailings(day)

    def _close_mailings(self, day):
        """Have the mailings of letters that were handed in know it; what they did not print yet is left out."""
        own = self.mailing_letter_ids
        own.filtered(lambda letter: letter.state == "printed").state = "posted"
        own.filtered(lambda letter: letter.state == "waiting").write(
            {"state": "dropped", "reason": self.env._("It was handed in already.")}
        )
        for mailing in own.mailing_id.filtered(lambda mailing: mailing.state in ("printing", "printed")):
            states = set(mailing.letter_ids.mapped("state"))
            if states <= {"posted", "failed", "dropped"}:
                mailing.write({"state": "posted", "posted_on": day} if "posted" in states else {"state": "cancelled"})

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .mailing import LETTER_STATES
from .provider import file_values

BY_A_PERSON = (False, "print")  # the carriers of what nobody else prints


class DunningMailingLetter(models.Model):
    """A letter of a day's post, with what was printed: what is paid or falls due later does not change it."""

    _name = "dunning.mailing.letter"
    _inherit = ["dunning.guarded"]
    _description = "Letter of a Day's Post"
    _order = "mailing_id DESC, number, id"
    _rec_name = "address"

    mailing_id = fields.Many2one("dunning.mailing", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="mailing_id.company_id")
    number = fields.Integer(readonly=True, aggregator=None)
    delivery_id = fields.Many2one("dunning.delivery", required=True, readonly=True, ondelete="cascade")
    reminder_id = fields.Many2one(related="delivery_id.reminder_id")
    partner_id = fields.Many2one(string="Customer", related="delivery_id.partner_id")
    level_id = fields.Many2one(related="delivery_id.reminder_id.level_id")
    channel = fields.Selection(related="delivery_id.channel")
    state = fields.Selection(LETTER_STATES, "Status", required=True, readonly=True, default="waiting")
    reason = fields.Char(readonly=True, erased="delivery_id.reminder_id.account_id")
    address = fields.Char(readonly=True, proof="delivery_id.reminder_id.account_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary("Claimed", readonly=True)
    pages = fields.Integer(readonly=True)
    attachment_id = fields.Many2one(
        "ir.attachment", "File", readonly=True, index="btree_not_null", ondelete="set null",
        proof="delivery_id.reminder_id.account_id",
    )  # fmt: skip
    content = fields.Json(
        readonly=True, help="Subject, text and language as printed.", proof="delivery_id.reminder_id.account_id"
    )
    claim = fields.Json(readonly=True, help="Level and items as printed.")

    _one_at_a_time = models.UniqueIndex(
        "(delivery_id) WHERE state IN ('waiting', 'printed')", "This letter is in another mailing already."
    )

    def _drop_overtaken(self, day):
        """Leave out what is not due any more.

        :raise odoo.exceptions.LockError: if someone else is just at work on one of the accounts
        """
        due = self.delivery_id._still_due(day)
        for letter in self - self.filtered(lambda letter: letter.delivery_id in due):
            reason = letter.delivery_id.reason or letter.reminder_id.reason
            letter.write({"state": "dropped", "reason": reason or self.env._("Nothing is owed any more.")})

    def _claims_something_else(self):
        """Return the letters whose paper does not say what is claimed by now."""
        return self.filtered(lambda letter: not letter.reminder_id._claims(letter.claim))

    def _print(self, day):
        """Print letters from the figures of this moment; what cannot be printed says why.

        :raise odoo.exceptions.LockError: if someone else is just at work on one of the accounts
        """
        self._drop_overtaken(day)
        for code, own in self.filtered(lambda letter: letter.state == "waiting").grouped("channel").items():
            own._print_channel(self.env["dunning.channel"]._of(code), day)

    def _print_channel(self, channel, day):
        reminders = self.reminder_id.with_context(dunning_penalties_frozen=True)
        reminders._freeze_penalties(day)
        reminders.filtered(lambda reminder: reminder.state == "ready").write({"date": day})
        missing = channel._missing(reminders)
        reachable = reminders.filtered(lambda reminder: reminder.id not in missing)
        channel = channel.with_context(dunning_letter_day=day, dunning_penalties_frozen=True)
        contents, broken = channel._render(reachable)
        documents = {key: content.pop("html") for key, content in contents.items()}
        pdfs, failed = self.env["dunning.letter"]._print_safely(reachable, documents)
        for letter in self:
            key = letter.reminder_id.id
            if key in missing or key in broken:
                reason = missing.get(key) or broken[key]
                letter.delivery_id._not_carried_out(reason, "missing" if key in missing else "template")
                letter.write({"state": "failed", "reason": reason})
            elif key in failed:
                letter.write({"state": "failed", "reason": failed[key]})
        self.filtered(lambda letter: letter.reminder_id.id in pdfs)._file(pdfs, contents)

    def _file(self, pdfs, contents):
        """File what was printed on the deliveries: people write reminders, nobody writes a delivery."""
        files = self.env["ir.attachment"].create([
            file_values(letter.reminder_id, contents[key]["address"], pdfs[key])
            | {"res_model": "dunning.delivery", "res_id": letter.delivery_id.id}
            for letter, key in ((letter, letter.reminder_id.id) for letter in self)
        ])  # fmt: skip
        letters = self.env["dunning.letter"]
        for letter, file in zip(self, files, strict=True):
            key = letter.reminder_id.id
            content = contents[key]
            letter.write({
                "state": "printed",
                "address": content["address"],
                "amount": letter.reminder_id.amount_total,
                "pages": letters._page_count(pdfs[key]),
                "attachment_id": file.id,
                "content": {name: content[name] for name in ("subject", "body", "lang", "contact_id")},
                "claim": letter.reminder_id._claim(),
            })  # fmt: skip
            letter.delivery_id.write({
                "address": content["address"], "contact_id": content["contact_id"],
                "attachment_ids": [Command.set(file.ids)],
            })  # fmt: skip

    def _content(self):
        """Return what is kept of the letter as it was printed."""
        return {**self.content, "address": self.address, "attachment_ids": self.attachment_id.ids}


class DunningDelivery(models.Model):
    """The buttons of letters that wait for a person."""

    _inherit = "dunning.delivery"

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
        paper = self.env["dunning.channel.letter"]._paper_codes()
        for delivery in self:
            waits = delivery.state == "ready" and delivery.channel in paper
            delivery.to_print = waits and delivery._is_printed_by_a_person()

    def _search_to_print(self, operator, value):
        if operator != "in":
            return NotImplemented
        paper = self.env["dunning.channel.letter"]._paper_codes()
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

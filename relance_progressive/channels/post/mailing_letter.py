from odoo import Command, fields, models

from .claim import claim_of, still_claims
from .mailing import LETTER_STATES
from .provider import file_values


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
        return self.filtered(lambda letter: not still_claims(letter.reminder_id, letter.claim))

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
                "claim": claim_of(letter.reminder_id),
            })  # fmt: skip
            letter.delivery_id.write({
                "address": content["address"], "contact_id": content["contact_id"],
                "attachment_ids": [Command.set(file.ids)],
            })  # fmt: skip

    def _content(self):
        """Return what is kept of the letter as it was printed."""
        return {**self.content, "address": self.address, "attachment_ids": self.attachment_id.ids}

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .delivery import WITH_A_LIFE

MOST_DAYS = 365
GIVEN_UP = ("failed", "bounced", "cancelled")


class DunningLevel(models.Model):
    _inherit = "dunning.level"

    notice_days = fields.Integer(
        "Days to Pay From Receipt", default=8,
        help="A registered letter gives this many days from the day it is received, whatever the day it is printed. "
        "0: it names a day, as the other messages do.",
    )  # fmt: skip

    @api.constrains("notice_days")
    def _check_notice_days(self):
        if any(not 0 <= level.notice_days <= MOST_DAYS for level in self):
            raise ValidationError(self.env._("A letter gives between 0 and %(days)s days to pay.", days=MOST_DAYS))

    def _registered_samples(self):
        """Return examples of what a registered letter says, or the e-mail that is its copy."""
        samples, reminders = {}, self.env["dunning.reminder"]
        registered = self.env.context.get("dunning_registered")
        is_copy = not registered and bool(self._registered_beside_email())
        if self.notice_days and (registered or is_copy):
            samples["deadline_text"] = reminders._receipt_in_words(self.notice_days, registered)
        samples["copy_text"] = reminders._copy_in_words() if is_copy else ""
        if not registered:
            samples["notice_interest_text"] = ""  # from what leaves by e-mail nothing is counted
        return samples

    def _registered_beside_email(self):
        """Return the codes of registered letters that leave in any case, in order, if an e-mail does too."""
        steps = self.channel_ids.sorted()
        if not steps.filtered(lambda step: step.channel == "email" and not step.fallback):
            return []
        codes, open_ = [], False
        for step in steps:
            open_ = step.channel in WITH_A_LIFE and (open_ or not step.fallback)
            codes += [step.channel] if open_ else []
        return codes


class DunningReminder(models.Model):
    """What a registered letter says differently, and what became of it."""

    _inherit = "dunning.reminder"

    notice_text = fields.Text("Registered Letters", compute="_compute_notice_text")
    copy_text = fields.Char(
        "Copy of a Registered Letter, in a Sentence", compute="_compute_copy_text",
        help="Said by the e-mail that goes with a registered letter; empty in the letter, and where there is none.",
    )  # fmt: skip

    def _counted_from_receipt(self):
        """Return those whose time to pay begins with the receipt of a registered letter: this one or a copied one."""
        with_days = self.filtered("level_id.notice_days")
        return with_days if self.env.context.get("dunning_registered") else with_days._copies_of_registered()

    @api.model
    def _receipt_in_words(self, days, this_letter):
        """Return a deadline that is counted from the receipt, after “by”."""
        if this_letter:
            if days == 1:
                return self.env._("the day after receipt of this letter")
            return self.env._("day %(days)s after receipt of this letter", days=days)
        if days == 1:
            return self.env._("the day after receipt of our registered letter")
        return self.env._("day %(days)s after receipt of our registered letter", days=days)

    @api.depends("level_id", "partner_id", "delivery_ids.state")
    @api.depends_context("lang", "dunning_registered")
    def _compute_copy_text(self):
        copies = self._copies_of_registered()
        for reminder in self:
            reminder.copy_text = self._copy_in_words() if reminder in copies else ""

    @api.model
    def _copy_in_words(self):
        """Return what the e-mail that goes with a registered letter says of it."""
        return self.env._("This notice is sent to you by registered letter, of which this message is the copy.")

    def _copies_of_registered(self):
        """Return those whose e-mail goes with a registered letter, which is on its way or leaves with it.

        An e-mail that takes the place of a letter that failed is a copy of nothing.
        """
        if self.env.context.get("dunning_registered"):
            return self.browse()
        found, to_ask = self.browse(), {}
        for reminder in self.filtered("id"):
            codes = reminder.level_id._registered_beside_email()
            sent = reminder.delivery_ids.filtered(lambda one, codes=codes: one.channel in codes and not one.tried_again)
            if sent.filtered(lambda one: one.state not in GIVEN_UP):
                found |= reminder
                continue
            for code in set(codes) - set(sent.mapped("channel")):
                to_ask.setdefault(code, []).append(reminder.id)
        for code, ids in to_ask.items():
            missing = self.env["dunning.channel"]._of(code)._missing(self.browse(ids))
            found |= self.browse(id_ for id_ in ids if id_ not in missing)
        return found

    @api.depends("delivery_ids.notice_text")
    def _compute_notice_text(self):
        for reminder in self:
            reminder.notice_text = "\n".join(reminder.delivery_ids.filtered("notice_text").mapped("notice_text"))

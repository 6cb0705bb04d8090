from odoo import fields, models
from odoo.exceptions import UserError


class DunningReminder(models.Model):
    """What a person decides about one reminder before it leaves: its own words, an item less, later, or not at all."""

    _inherit = "dunning.reminder"

    own_subject = fields.Char(
        copy=False, proof="account_id", help="Written for this reminder: used instead of that of the level."
    )
    own_text = fields.Html(
        copy=False, proof="account_id",
        help="Written for this reminder: e-mail and letter say it instead of the text of the level.",
    )  # fmt: skip
    own_short_text = fields.Text(
        copy=False, proof="account_id",
        help="Written for this reminder: what a text message says instead of the text of the level.",
    )  # fmt: skip
    own_script = fields.Text(
        copy=False, proof="account_id",
        help="Written for this reminder: what is said on the phone instead of the script of the level.",
    )  # fmt: skip
    dropped_item_ids = fields.Many2many(
        "account.move.line", "dunning_reminder_dropped_rel", string="Left Out", readonly=True, copy=False,
        help="Items that a person left out of this reminder; the next one claims them again.",
    )  # fmt: skip
    postponed = fields.Boolean(readonly=True, copy=False, help="A person chose the day: it does not leave before.")
    skipped = fields.Boolean(
        "Level Passed", readonly=True, copy=False, help="A person passed the level without sending anything."
    )
    draft_reason = fields.Selection(
        selection_add=[("own_text", "The amount has changed since a person wrote its text")]
    )  # fmt: skip

    # === WORDS === #

    def _has_own_words(self):
        return bool(self.own_subject or self.own_text or self.own_short_text or self.own_script)

    def _worded(self, template, own=True):
        """Return ``({id: subject}, {id: text})`` in the language of the context.

        What a person wrote for a reminder is taken as it is; the rest comes from the template.

        :param own: False for the words of the template alone
        :raise UserError: if the template holds what would be sent raw: it came by another way than a screen
        """
        lang = self.env.context["lang"]
        localized = template.sudo().with_context(lang=lang)
        if problem := localized._dunning_placeholder_problem():
            raise UserError(problem)
        subjects = localized._render_field("subject", self.ids, set_lang=lang)
        texts = localized._render_field("body_html", self.ids, set_lang=lang, options={"post_process": True})
        for reminder in self if own else ():
            subjects[reminder.id] = reminder.own_subject or subjects[reminder.id]
            texts[reminder.id] = reminder.own_text or texts[reminder.id]
        return subjects, texts

    # === DECISIONS === #

    def _postpone(self, day):
        """Have these reminders leave on ``day``, and what people have to do for them wait until then."""
        self._check_not_leaving()
        self.write({"date": day, "postponed": True, "retry_at": False})
        self._waiting_deliveries().to_do_on = day

    def _pass_level(self, day, reason):
        """Count the level as done on ``day`` although nothing leaves: the next one follows its course.

        No contact took place: the days between two messages are not counted from it.
        """
        self._check_not_leaving()
        self._set_state("cancelled", reason=reason, skipped=True, date=day)
        self._mark_done()

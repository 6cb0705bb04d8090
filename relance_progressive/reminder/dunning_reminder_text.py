from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ..core.plain.documents import document_of

# The days a reminder leaves to pay, counted from the day it leaves.
DEADLINE_DAYS = 8

# What people may put into a text.
PLACEHOLDERS = (
    "customer_name", "company_name", "amount_text", "count_text", "oldest_due_text", "days_late", "days_text",
    "deadline_text", "user_name", "user_phone", "user_email", "despite_text", "copy_text", "mediator_text",
    "notice_interest_text", "late_law_text", "interest_text", "indemnity_text", "penalty_text",
    "penalty_per_day_text", "grand_total_text", "contact_text", "customer_link",
)  # fmt: skip


class DunningReminder(models.Model):
    """What a text may say of a reminder, in the language of the context."""

    _inherit = "dunning.reminder"

    customer_name = fields.Char(compute="_compute_texts")
    company_name = fields.Char(compute="_compute_texts")
    amount_text = fields.Char("Amount in Words", compute="_compute_texts", help="The total of each currency.")
    count_text = fields.Char("Number of Invoices", compute="_compute_texts")
    oldest_due_text = fields.Char("Oldest Due Date in Words", compute="_compute_texts")
    days_late = fields.Integer(compute="_compute_texts", aggregator=None)
    days_text = fields.Char("Days Late in Words", compute="_compute_texts", help="“1 day”, “12 days”.")
    deadline_text = fields.Char("Deadline in Words", compute="_compute_texts")
    user_name = fields.Char("Name of the Person in Charge", compute="_compute_texts")
    user_phone = fields.Char("Phone of the Person in Charge", compute="_compute_texts")
    user_email = fields.Char("E-mail of the Person in Charge", compute="_compute_texts")

    @api.depends(
        "date", "user_id", "company_id", "partner_id", "stage", "line_ids.amount_currency", "line_ids.upcoming"
    )  # fmt: skip
    @api.depends_context("lang", "dunning_registered")
    def _compute_texts(self):
        from_receipt = self._counted_from_receipt()
        items = self.line_ids.move_line_id.sudo()
        items.fetch(["move_id"])
        items.move_id.fetch(["move_type", "name"])  # no more: an invoice has more than a hundred columns
        for reminder in self:
            company, claimed = reminder.company_id, reminder._lines_of_the_text()
            person = reminder._person_in_charge().partner_id or company.partner_id
            oldest = min((line.date_maturity for line in claimed if line.date_maturity), default=reminder.date)
            reminder.update({
                "customer_name": reminder.partner_id.name,
                "company_name": company.name,
                "amount_text": reminder._amounts_in_words(claimed),
                "count_text": reminder._count_in_words(claimed),
                "oldest_due_text": reminder._day_in_words(oldest),
                "days_late": max(0, (reminder.date - oldest).days),
                "days_text": reminder._days_in_words(max(0, (reminder.date - oldest).days)),
                "deadline_text": reminder._deadline_in_words(oldest, reminder in from_receipt),
                "user_name": person.name,
                "user_phone": person.phone or company.phone or "",
                "user_email": person.email or company.email or "",
            })

    def _person_in_charge(self):
        """Return who writes, is called back and is told of answers: whoever acts for the account; empty if nobody."""
        return self.account_id._person_in_charge()

    def _signs(self):
        """Return who signs: whoever signs the level, else the person in charge; empty if neither is at work here."""
        return self.company_id._dunning_person(self.level_id.sender_id, self.account_id.user_id)

    def _language(self, wanted):
        """Return the language to write in: the one wanted, else the company's, if it is installed."""
        installed = dict(self.env["res.lang"].get_installed())
        choice = (wanted, self.company_id.partner_id.lang, self.env.lang, "en_US")
        return next((lang for lang in choice if lang in installed), next(iter(installed)))

    def _error_in_words(self, error):
        """Return what is wrong with a text: the first line of the error that caused the others."""
        while error.__cause__:
            error = error.__cause__  # the first one says what is wrong, the others where
        words = str(error).strip().splitlines() or [type(error).__name__]
        return words[0]

    def _lines_of_the_text(self):
        """Return the items that the text speaks of: before the due date, what is coming, whatever else is late."""
        if self.stage == "pre_due" and (coming := self.line_ids.filtered("upcoming")):
            return coming
        return self._lines_of_the_claim()

    def _lines_of_the_claim(self):
        """Return the overdue items, or those announced when the reminder comes before the due date."""
        claimed = self.line_ids.filtered(lambda line: not line.upcoming)
        return claimed.with_prefetch(self.line_ids._prefetch_ids) or self.line_ids

    def _totals(self, lines):
        """Return ``{currency: total}`` of lines, in the currencies of their documents."""
        totals = {}
        for line in lines:
            currency = line.currency_id or self.currency_id
            totals[currency] = totals.get(currency, 0.0) + line._claimed()
        return totals

    def _asked(self, lines):
        """Return ``{currency: amount}`` that the message asks to be paid for these lines, with penalties it claims."""
        totals = self._totals(lines)
        if self._claims_penalties():
            for line in lines:
                if own := line.interest_shown + line.indemnity_shown:
                    totals[line.currency_id or self.currency_id] += own
        return totals

    def _asked_in_time(self, lines):
        """Return ``{currency: amount}`` that is to be transferred for these lines by the deadline.

        The invoices alone where paying these in time is enough, else all that the message claims.
        """
        return self._totals(lines) if self._waiver_sentence() else self._asked(lines)

    def _amounts_in_words(self, lines):
        return self._sums_in_words(self._totals(lines))

    def _covered_in_words(self):
        """Return the money on its way in words, in the currencies of what it covers; empty if there is none."""
        if not self.amount_covered:
            return ""
        return self._in_their_currencies(self.covered_in, self.amount_covered)

    def _in_their_currencies(self, stored, amount):
        """Return in words ``[[currency id, amount]]``, or an amount in the company's currency where none is foreign."""
        currencies = self.env["res.currency"]
        sums = {currencies.browse(currency): float(part) for currency, part in stored or ()}
        return self._sums_in_words(sums or {self.currency_id: amount})

    def _sums_in_words(self, totals):
        """Return ``{currency: amount}`` in words."""
        return " + ".join(self._amount_in_words(amount, currency) for currency, amount in totals.items())

    # The same days and amounts come back in every line of a batch, and formatting them is what takes time.

    def _amount_in_words(self, amount, currency):
        """Return an amount with its currency, in the language of the context."""
        words = self.env.cr.cache.setdefault("dunning.amounts", {})
        key = (self.env.lang, currency.id, amount)
        if key not in words:
            words[key] = format_amount(self.env, amount, currency)
        return words[key]

    def _day_in_words(self, day):
        """Return a day as the language of the context writes it."""
        words = self.env.cr.cache.setdefault("dunning.days", {})
        key = (self.env.lang, day)
        if key not in words:
            words[key] = format_date(self.env, day)
        return words[key]

    def _notice_in_words(self):
        """Return what is still owed under formal notices and is not claimed again, empty when nothing is."""
        if not self.amount_notice:
            return ""
        amount = self._in_their_currencies(self.notice_in, self.amount_notice)
        return self.env._("Our formal notice stands: %(amount)s remains due under it, besides.", amount=amount)

    def _count_in_words(self, lines):
        count = len({
            document_of(move.id, line.move_name or "", line.id, move.name if move.move_type == "entry" else "")
            for line in lines for move in (line.move_line_id.sudo().move_id,)
        })  # fmt: skip
        return self.env._("1 invoice") if count == 1 else self.env._("%(count)s invoices", count=count)

    @api.model
    def _days_in_words(self, days):
        """Return a number of days as people say it, for “unpaid for …”."""
        if not days:
            return self.env._("less than a day")
        return self.env._("1 day") if days == 1 else self.env._("%(days)s days", days=days)

    def _deadline_in_words(self, oldest, from_receipt):
        """Return the day to pay by; from the receipt of a letter on, which nobody knows when it is printed, in days."""
        if from_receipt:
            return self._receipt_in_words(self.level_id.notice_days, self.env.context.get("dunning_registered"))
        return self._day_in_words(self._deadline(oldest))

    def _deadline(self, oldest):
        """Return the day by which payment is asked: the due date itself when it is not past."""
        return max(oldest, self.date + timedelta(days=DEADLINE_DAYS)) if oldest <= self.date else oldest

    @api.model
    def mail_allowed_qweb_expressions(self):
        """Let managers who are no template editors use the placeholders of reminders."""
        own = tuple(f"object.{name}" for name in PLACEHOLDERS)
        others = ("object.lang", "object.partner_id.lang", "object.level_id.name", "object.company_id.name")
        return super().mail_allowed_qweb_expressions() + own + others

    # What a person decides about one reminder before it leaves: its own words, an item less, later, or not at all.

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

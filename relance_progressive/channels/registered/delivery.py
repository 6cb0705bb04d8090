from odoo import api, fields, models
from odoo.tools import format_date

from ...core.law import notice
from ...core.law.regime import cite

WITH_A_LIFE = ("registered", "lre")  # the channels whose items have events
ON_ITS_WAY = ("sent", "delivered", "refused", "unclaimed", "bounced", "uncertain")


class DunningDelivery(models.Model):
    """The life of a registered letter, on paper or electronic: what happened when, and what it means."""

    _inherit = "dunning.delivery"

    event_ids = fields.One2many("dunning.delivery.event", "delivery_id", "Events", readonly=True)
    notice_days = fields.Integer(
        "Days to Pay", readonly=True, aggregator=None, help="What the letter gives, from the day it takes effect."
    )
    presented_on = fields.Date("First Presentation", compute="_compute_notice", store=True)
    claim_until = fields.Date("Kept Until", compute="_compute_notice", store=True)
    notice_on = fields.Date("Takes Effect On", compute="_compute_notice", store=True)
    pay_until = fields.Date("To Be Paid By", compute="_compute_notice", store=True)
    proof_missing = fields.Char(
        compute="_compute_notice", store=True, help="Codes of what a judge would ask for."
    )
    notice_text = fields.Text("What It Means", compute="_compute_notice_text")
    has_a_life = fields.Boolean("Has a Life", compute="_compute_has_a_life")

    def _life(self):
        """Return the events that stand."""
        return self.event_ids._as_facts()

    def _read_notice(self):
        self.ensure_one()
        electronic = self.channel == "lre"
        return notice.read(
            self._life(),
            days_to_pay=self.notice_days,
            number=(self.reference if electronic else self.registered_number) or "",
            electronic=electronic,
        )

    @api.depends("channel")
    def _compute_has_a_life(self):
        for delivery in self:
            delivery.has_a_life = delivery.channel in WITH_A_LIFE

    @api.depends(
        "channel", "notice_days", "registered_number", "reference", "event_ids.kind", "event_ids.date",
        "event_ids.struck", "event_ids.attachment_ids",
    )  # fmt: skip
    def _compute_notice(self):
        for delivery in self:
            read = delivery._read_notice()
            presented = [event.day for event in delivery._life() if event.kind == notice.PRESENTED]
            delivery.presented_on = min(presented, default=False)
            delivery.claim_until = read.claim_until
            delivery.notice_on = read.effective
            delivery.pay_until = read.pay_until
            delivery.proof_missing = f",{','.join(read.missing)}," if read.missing else False

    @api.depends("presented_on", "claim_until", "notice_on", "pay_until", "proof_missing", "state")
    @api.depends_context("lang")
    def _compute_notice_text(self):
        for delivery in self:
            gone = delivery.event_ids or delivery.state in ON_ITS_WAY
            told = delivery.channel in WITH_A_LIFE and gone
            delivery.notice_text = delivery._notice_words(delivery._read_notice()) if told else False

    # === EVENTS === #

    def _event_problem(self, kind, day, more=()):
        """Return why an event cannot be recorded, or nothing.

        :param more: events that are about to be recorded before it
        """
        self.ensure_one()
        more = list(more)
        if self.channel not in WITH_A_LIFE:
            return self.env._("This is no registered letter.")
        if day > self.company_id._dunning_today():
            return self.env._("%(day)s is still to come.", day=format_date(self.env, day))
        if problem := self._why_not_gone(kind, day, more):
            return problem
        known = notice.check([*self._life(), *more])
        problems = [
            problem for problem in notice.check([*self._life(), *more, notice.Event(kind, day)])
            if problem not in known
        ]  # fmt: skip
        return " ".join(self._problem_words(problem) for problem in problems)

    def _letter_name(self):
        """Return what people know the letter by."""
        return self.registered_number or f"{self.reminder_id.name} ({self.partner_id.display_name})"

    # === STATE === #

    def _follow_events(self):
        """Move to the state that the events tell; what came back from an unknown address undoes its level."""
        now, moved = fields.Datetime.now(), {}
        for delivery in self:
            life = delivery._life()
            end = notice.outcome(life)
            if delivery.state == "uncertain" and life and end != notice.RETURNED:
                delivery._set_state(end or "sent", reason=False, news_at=now)
                uncertain = delivery.reminder_id.filtered(lambda reminder: reminder.state == "uncertain")
                uncertain._set_state("sent", reason=False)
                uncertain.account_id._show_now()
            elif end == notice.RETURNED:
                moved.setdefault(end, []).append(delivery.id)
            elif end and (delivery.state == "sent" or (delivery.state, end) == ("unclaimed", "delivered")):
                moved.setdefault(end, []).append(delivery.id)
        for end, ids in moved.items():
            own = self.browse(ids)
            if end == notice.RETURNED:
                own._bounced(self.env._("The letter came back: the customer is not known at this address."))
            else:
                own._set_state(end, news_at=now)

    def _follow_events_back(self):
        """Move back after an event was struck out.

        A letter that came back has undone its level, and its fallback may have left: that stands.
        """
        for delivery in self:
            end = notice.outcome(delivery._life())
            if delivery.state == "bounced":
                delivery.reason = self.env._("That it came back was struck out: look whether to send it again.")
            elif end == notice.RETURNED:
                delivery._follow_events()
            elif delivery.state in notice.ENDS and delivery.state != end:
                delivery._news_were_wrong(end or "sent")

    # === BUTTONS === #

    def action_record_event(self):
        """Ask what happened to these letters, and when."""
        return self._open_event_wizard({})

    def _open_event_wizard(self, context):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record an Event"),
            "res_model": "dunning.delivery.event.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_delivery_ids": self.ids, **context},
        }

    def _check_may_follow(self):
        """Return these deliveries with the rights to follow them, which people have on the reminders.

        :raise AccessError: if the user may not
        """
        self.check_access("read")
        self.reminder_id.check_access("write")
        return self.sudo()

    # === LEGAL DATES IN WORDS === #

    def _notice_words(self, read):
        """Return where the notice stands, one sentence for each date.

        :param read: a :class:`core.notice.Notice`
        """
        sentences = [self._words_of_effect(read), self._words_of_claim(read)]
        if read.pay_until:
            sentences.append(self.env._(
                "The letter gives %(days)s from then to pay: until %(day)s. This is a contractual term, which is "
                "not moved.",
                days=self.env["dunning.reminder"]._days_in_words(self.notice_days),
                day=format_date(self.env, read.pay_until),
            ))  # fmt: skip
        if read.missing:
            names = ", ".join(self._words_of_missing()[code] for code in read.missing)
            sentences.append(self.env._("Still missing to prove it: %(names)s.", names=names))
        return "\n".join(filter(None, sentences))

    def _words_of_effect(self, read):
        day = format_date(self.env, read.effective) if read.effective else ""
        basis = cite(notice.BASIS.get(read.why), self.env.lang)
        words = {
            "not_sent": self.env._("Not handed in yet."),
            "waiting": self.env._("No effect yet: neither delivered, refused nor left unclaimed so far."),
            "no_presentation": self.env._(
                "Not claimed, which leaves a formal notice valid; its day is not known as long as the first "
                "presentation is not recorded."
            ),
            "unknown": self.env._("No effect: it came back from an address where nobody knows the customer."),
            "delivered": self.env._(
                "Takes effect on %(day)s, the day it was received (%(basis)s).", day=day, basis=basis
            ),
            "refused": self.env._(
                "Takes effect on %(day)s, the day it was refused: this is the prudent reading, no text about a refused "
                "letter was found.", day=day,
            ),
            "unclaimed": self.env._(
                "Takes effect on %(day)s, the day of the first presentation: a letter of formal notice that is not "
                "claimed stays valid (%(basis)s). No text names the day; this is the prudent reading.",
                day=day, basis=basis,
            ),
        }  # fmt: skip
        return words[read.why]

    def _words_of_claim(self, read):
        if not read.claim_until:
            return ""
        day = format_date(self.env, read.claim_until)
        if self.channel == "lre":
            return self.env._(
                "Last day to accept it: %(day)s, 15 days from the day after the notice (%(basis)s).",
                day=day, basis=cite(notice.BASIS["claim_electronic"], self.env.lang),
            )  # fmt: skip
        return self.env._(
            "Last day at the post office: %(day)s, 15 calendar days after the first presentation (%(basis)s).",
            day=day, basis=cite(notice.BASIS["claim_paper"], self.env.lang),
        )  # fmt: skip

    def _words_of_missing(self):
        """Return what each code of ``Notice.missing`` means."""
        electronic = self.channel == "lre"
        return {
            "number": self.env._("the reference of the item") if electronic else self.env._("the number of the letter"),
            "handed_in": self.env._("the proof of deposit"),
            "presented": self.env._("the day of the first presentation"),
            "delivered": self.env._("the acknowledgement of receipt"),
            "refused": self.env._("the proof of the refusal"),
            "unclaimed": self.env._("the proof that nobody claimed it"),
        }

    def _problem_words(self, problem):
        """Return a contradiction between two events in words.

        :param problem: a :class:`core.notice.Problem`
        """
        kinds = dict(self.env["dunning.delivery.event"]._fields["kind"]._description_selection(self.env))
        values = {
            "kind": kinds[problem.kind], "day": format_date(self.env, problem.day),
            "other": kinds[problem.other], "other_day": format_date(self.env, problem.other_day),
        }  # fmt: skip
        if problem.code == "twice":
            return self.env._("“%(kind)s” cannot be on %(day)s: it was on %(other_day)s.", **values)
        if problem.code == "two_ends":
            return self.env._(
                "“%(kind)s” on %(day)s and “%(other)s” on %(other_day)s cannot both be true.", **values
            )  # fmt: skip
        if problem.code == "after_return":
            return self.env._("“%(kind)s” on %(day)s comes after it came back, on %(other_day)s.", **values)
        return self.env._("“%(kind)s” on %(day)s comes before “%(other)s” on %(other_day)s.", **values)

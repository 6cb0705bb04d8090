from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...core.said import calls
from . import number as call_number


class DunningDelivery(models.Model):
    """Record what came of a call, and do what follows."""

    _inherit = "dunning.delivery"

    failure = fields.Selection(selection_add=[("no_answer", "Nobody answers")])
    call_ids = fields.One2many("dunning.call", "delivery_id", "Attempts", readonly=True)

    def _record_call(self, outcome, day=None, **answers):
        """Record the outcome of a call made on ``day`` (today if empty) and do what follows.

        :param answers: what the customer said: the fields of ``dunning.call``
        :return: the ``dunning.call``, empty when a payment or a decision has made the call needless: it is
            cancelled, and the caller says so
        :raise UserError: if the call is over, or an answer cannot be
        :raise odoo.exceptions.LockError: if someone else is just at work on the account
        """
        self.ensure_one()
        self.reminder_id.check_access("write")
        delivery, day = self.sudo(), day or self.company_id._dunning_today()
        if delivery.channel != "call" or delivery.state != "ready":
            raise UserError(self.env._("This call is over: see its outcome in the calls of the customer."))
        if not delivery._still_due(day):
            return self.env["dunning.call"]
        delivery._check_answers(day, answers)
        call = self.env["dunning.call"].sudo().create({
            "delivery_id": delivery.id, "user_id": self.env.uid, "called_at": fields.Datetime.now(), "day": day,
            "contact_id": delivery.contact_id.id, "number": delivery.address, "outcome": outcome, **answers,
        })  # fmt: skip
        delivery._follow_call(call, day)
        return call.sudo(self.env.su)

    def _follow_call(self, call, day):
        """Do what follows from the outcome of a call."""
        unanswered = self.call_ids.filtered(lambda one: one.outcome == calls.NO_ANSWER and one.number == call.number)
        step = calls.next_step(
            call.outcome, day, self.company_id._dunning_calendar(day),
            wanted=call.call_back_date, new_number=bool(call.new_number),
            tried=len(unanswered), tries=self.reminder_id.level_id.call_tries,
        )  # fmt: skip
        if call.new_number:
            self.contact_id.phone = self.address = call.new_number
        if step.state == "again":
            self._call_again_on(step.day)
        elif step.state == "failed":
            reason = call.summary
            if step.failure == "no_answer":
                count = len(unanswered)
                reason = (
                    self.env._("Nobody answered: 1 call to %(number)s", number=call.number)
                    if count == 1
                    else self.env._("Nobody answered: %(count)s calls to %(number)s", count=count, number=call.number)
                )
            self._not_carried_out(reason, step.failure)
        else:
            arrived = self.reminder_id.state == "sent"
            self._carried_out(day)
            if arrived:  # else the account was decided just now, with the promise or the dispute that holds it
                self.reminder_id._show_accounts_now()
        if call.outcome == calls.REFUSED:
            self._tell_of_refusal()

    # === CHECKS === #

    def _check_answers(self, day, answers):
        """Refuse days and amounts that cannot be, and write a new number as one calls it.

        :raise UserError: saying what is wrong
        """
        if asked := answers.get("promise_date"):
            farthest = self._farthest_promise(answers)
            self._check_day(day, asked, self.env._(
                "%(day)s is too far: a promise is for the coming %(days)s at most. Beyond, agree on a payment plan.",
                day=format_date(self.env, asked), days=self.env["dunning.reminder"]._days_in_words(farthest),
            ), farthest)  # fmt: skip
        if asked := answers.get("call_back_date"):
            self._check_day(day, asked, self.env._(
                "%(day)s is too far: call back within %(days)s days.",
                day=format_date(self.env, asked), days=calls.FARTHEST_DAYS,
            ))  # fmt: skip
        claimed = self.reminder_id.amount_total
        for name in ("promise_amount", "dispute_amount"):
            if not 0 <= self.currency_id.round(answers.get(name) or 0.0) <= claimed:
                raise UserError(self.env._(
                    "The amount must be between 0 (all of it) and what is claimed: %(amount)s.",
                    amount=self.reminder_id._amount_in_words(claimed, self.currency_id),
                ))  # fmt: skip
        if number := answers.get("new_number"):
            answers["new_number"] = self._checked_number(number)

    def _farthest_promise(self, answers):
        """Return how many days ahead a promise may be on the phone; empty if a manager says why it is beyond that."""
        if answers.get("promise_override") and self.env.user.has_group("relance_progressive.dunning_group_manager"):
            return None
        plan = self.reminder_id.account_id.plan_id
        return plan.promise_max_days if plan else calls.FARTHEST_DAYS

    def _check_day(self, day, asked, too_far, farthest=calls.FARTHEST_DAYS):
        misfit = calls.misfit(day, asked, farthest)
        if misfit == "past":
            raise UserError(self.env._("%(day)s is past.", day=format_date(self.env, asked)))
        if misfit:
            raise UserError(too_far)

    def _checked_number(self, text):
        """Return a number as it is written on the contact.

        :raise UserError: if nobody can call it, or it is the wrong one again
        """
        number = call_number.parse(text, self._call_country().code)
        if not number:
            raise UserError(self.env._("“%(number)s” is not a phone number.", number=text))
        if call_number.is_dear(number):
            words = self.env._("%(number)s is a premium-rate number: nobody calls it.", number=number.international)
            raise UserError(words)
        if number.international == self.address:
            raise UserError(self.env._("%(number)s is the number that is wrong.", number=number.international))
        return number.international

    def _call_country(self):
        return self.contact_id.country_id or self.partner_id.country_id or self.company_id.country_id

    # === TELLING PEOPLE === #

    def _tell_of_refusal(self):
        """Tell the person in charge, on the account."""
        user = self.reminder_id._person_in_charge()
        localized = self.with_context(lang=user.lang or self.env.lang)
        self.reminder_id.account_id.message_post(
            body=localized.env._(
                "%(contact)s refused to pay on the phone (%(level)s, %(user)s).",
                contact=self.contact_id.display_name or self.partner_id.name,
                level=self.reminder_id.level_id.name, user=self.env.user.name,
            ),
            author_id=self.env.user.partner_id.id,
            partner_ids=(user - self.env.user).partner_id.ids,
        )  # fmt: skip


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

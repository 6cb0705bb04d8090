from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...core.said import calls
from ...settings.inside import Mark, marked
from ..phone_number import to_call

CALL = "mail.mail_activity_data_call"


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
                self.reminder_id.account_id._show_now()
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
        number = to_call(text, self._call_country().code)
        if not number:
            raise UserError(self.env._("“%(number)s” is not a phone number.", number=text))
        if number.is_dear:
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

    # The activity that stands for a call, from the moment it is to be made until it has an outcome.

    def _schedule_calls(self):
        """Give the persons in charge something to do, without one e-mail for each call."""
        model, kind = self.env["ir.model"]._get_id("dunning.reminder"), self.env.ref(CALL)
        values = []
        for user, own in self.grouped(lambda delivery: delivery.reminder_id._person_in_charge()).items():
            summary = self.with_context(lang=user.lang or self.env.lang).env._("Call the customer")
            values += [
                {
                    "activity_type_id": kind.id,
                    "automated": True,
                    "summary": summary,
                    "date_deadline": delivery.to_do_on,
                    "res_model_id": model,
                    "res_id": delivery.reminder_id.id,
                    "user_id": user.id,
                }
                for delivery in own
            ]
        activities = self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True)
        marked(activities, Mark.NO_FOLLOWER).create(values)

    def _call_activities(self):
        """Return the activities of these calls that are still to be done."""
        return self.env["mail.activity"].sudo().search([
            ("res_model", "=", "dunning.reminder"), ("res_id", "in", self.reminder_id.ids),
            ("activity_type_id", "=", self.env.ref(CALL).id), ("automated", "=", True),
        ])  # fmt: skip

    def _end_call_activities(self, state):
        """Close the activities of calls that are over, however they ended."""
        if not self:
            return
        activities = self._call_activities()
        if state != "sent":
            activities.unlink()
            return
        for delivery in self:
            own = activities.filtered(lambda one, call=delivery: one.res_id == call.reminder_id.id)
            own.action_feedback(feedback=delivery.call_ids[:1].summary)

    def _call_again_on(self, day):
        """Put the call off to a day."""
        self.to_do_on = day
        self._call_activities().with_context(mail_activity_quick_update=True).date_deadline = day

    # === BUTTONS OF THE CALL SCREEN === #

    def action_open_call(self):
        """Show the call, with all that is to be said; the list stays one click away."""
        self.ensure_one()
        action = self._calls_action()
        form = [view for view in action["views"] if view[1] == "form"]
        others = [view for view in action["views"] if view[1] != "form"]
        return action | {"res_id": self.id, "views": form + others, "view_mode": "form,list,kanban"}

    def action_open_reminder(self):
        """Show the reminder of the delivery."""
        return self.reminder_id.get_formview_action()

    def action_open_account(self):
        """Show the account of the customer."""
        return self.reminder_id.account_id.get_formview_action()

    def action_open_calls(self):
        """Show the calls that the user has to make."""
        return self._calls_action() | {"target": "main"}

    @api.model
    def _calls_action(self):
        return self.env["ir.actions.act_window"]._for_xml_id("relance_progressive.dunning_call_to_make_action")

    def action_call_no_answer(self):
        """Record in one click that nobody answers."""
        return self._record_and_go_on(calls.NO_ANSWER)

    def action_call_refused(self):
        """Record in one click that the customer refuses to pay."""
        return self._record_and_go_on(calls.REFUSED)

    def action_call_ask(self):
        """Ask for the one or two things that the outcome needs (``dunning_outcome`` in the context)."""
        self.ensure_one()
        self.reminder_id.check_access("write")
        outcome = self.env.context.get("dunning_outcome")
        names = dict(self.env["dunning.call"]._fields["outcome"]._description_selection(self.env))
        if outcome not in names:
            raise UserError(self.env._("Say what came of the call."))
        return {
            "type": "ir.actions.act_window",
            "name": names[outcome],
            "res_model": "dunning.call.record",
            "view_mode": "form",
            "target": "new",
            "context": {"default_delivery_id": self.id, "default_outcome": outcome, "dialog_size": "small"},
        }

    def _record_and_go_on(self, outcome, **answers):
        """Record an outcome and show the next call."""
        call = self._record_call(outcome, **answers)
        following = self._next_call()
        action = following.action_open_call() | {"target": "main"} if following else self.action_open_calls()
        return self._notify(call, action)

    def _record_and_stay(self, outcome, **answers):
        """Record an outcome and show what became of the call."""
        call = self._record_call(outcome, **answers)
        return self._notify(call, self.action_open_call() | {"target": "main"})

    def _notify(self, call, action):
        """Return a word to the user: what was recorded, or why nobody has to call any more."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if call else "warning",
                "sticky": not call,
                "title": self.partner_id.display_name,
                "message": call.summary or self._why_needless(),
                "next": action,
            },
        }

    def _why_needless(self):
        """Return why a call that was cancelled at the last moment is not needed."""
        items = self.sudo().reminder_id.line_ids.move_line_id
        if not any(items.mapped("amount_residual")):
            return self.env._("Payment received meanwhile: no call is needed.")
        return self.env._("No call is needed any more. %(reason)s", reason=self.reason or "")

    def _next_call(self):
        """Return the next call of the same person's list: the largest amount first."""
        person = self.reminder_id._person_in_charge()
        return self.search([
            ("channel", "=", "call"), ("state", "=", "ready"), ("to_do_on", "<=", self.company_id._dunning_today()),
            ("company_id", "in", self.env.companies.root_id.ids), ("id", "!=", self.id),
            ("reminder_id.account_id.person_id", "=", person.id),
        ], order="call_amount DESC, id", limit=1)  # fmt: skip

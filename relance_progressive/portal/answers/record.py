from datetime import timedelta
from decimal import Decimal

from odoo import SUPERUSER_ID, Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date, plaintext2html

from ...settings.apart import raise_if_lost
from ..door import token as portal_token

TO_DO, CALL = "mail.mail_activity_data_todo", "mail.mail_activity_data_call"
MOST_A_DAY = 20  # answers of one account: each is an e-mail and something to do for a person
REST_EVERY = 60  # days: reminders rest once while a person decides or calls back, not for ever
DAYS_TO_DECIDE = 2
MOST_DATES = 12  # of a payment plan that are said one by one


class DunningPortalAnswer(models.Model):
    """From what was typed to a promise, a dispute or something to do.

    What was typed was checked before (``dunning.portal._typed``). All of it is done by the system, in the
    language of the house, through the methods that people use as well. What these refuse is kept for a person:
    no answer is lost.
    """

    _inherit = "dunning.portal.answer"

    @api.model
    def _receive(self, account, kind, key, typed, token=None):
        """Record an answer and return it; the same form sent again returns the first one.

        :param typed: ``answer_fields.Typed`` without anything wrong
        :param token: the text of the link, or ``None`` when somebody is logged in
        """
        own = self._of_house(account)
        values = dict(typed.values)
        files = values.pop("file", None) or []
        items = own.env["account.move.line"].browse(values.get("item") or [])
        account._let_one_in()  # whoever sends the same form meanwhile begins again, and finds this answer
        if said := self._said_before(account, kind, key):
            return said
        answer = own.create({
            "account_id": account.id, "kind": kind, "form_key": key, "lang": account.env.lang,
            "answered_by_id": False if token is not None else account.env.uid,
            "link_until": portal_token.read(token).last_day if token is not None else False,
            "typed": _as_json(values), "words": values.get("words") or False,
            "move_line_ids": [Command.set(items.ids)],
        })  # fmt: skip
        answer.attachment_ids = answer._keep_files(files)
        answer._carry_out(account.company_id._dunning_today())
        answer._tell_person()
        answer._confirm_by_email()
        return answer

    @api.model
    def _said_before(self, account, kind, key):
        """Return the answer that was made with a form, or nothing."""
        return self.sudo().search([("account_id", "=", account.id), ("kind", "=", kind), ("form_key", "=", key)])

    @api.model
    def _too_many_today(self, account):
        """Tell whether an account has answered more than people do."""
        lately = fields.Datetime.now() - timedelta(days=1)
        return self.sudo().search_count(
            [("account_id", "=", account.id), ("answered_at", ">", lately)], limit=MOST_A_DAY
        ) >= MOST_A_DAY  # fmt: skip

    @api.model
    def _of_house(self, account):
        """Return the model as the system sees it, in the company of an account and in the language of its people."""
        person = account._person_in_charge()
        lang = person.lang or account.company_id.partner_id.lang or account.env.lang
        return self.with_env(account.env(user=SUPERUSER_ID, su=True)).with_context(lang=lang)

    def _keep_files(self, files):
        """Keep the files of the customer: a dispute takes them over, so that its owner reads them.

        As they are: nothing here opens a picture, which may be broken or unfold to any size.
        """
        return self.env["ir.attachment"].with_context(image_no_postprocess=True).create([
            {
                "name": name, "raw": content, "mimetype": kind,
                **({} if self.kind in ("paid", "order", "dispute") else {"res_model": self._name, "res_id": self.id}),
            }
            for name, content, kind in files
        ])  # fmt: skip

    # === WHAT IS MADE OF IT === #

    def _carry_out(self, day):
        """Make what the answer says; what cannot be made is left to a person, with the reason."""
        try:
            with self.env.cr.savepoint():
                self._sum_up()
                getattr(self, f"_make_{self.kind}")(day)
        except UserError as error:
            raise_if_lost(error, undone=True)
            self.env.invalidate_all()
            self.write({"state": "to_do", "problem": str(error)})
            self.attachment_ids.filtered(lambda file: not file.res_id).write({
                "res_model": self._name, "res_id": self.id,
            })  # fmt: skip

    def _sum_up(self):
        """Write in one line what the customer says."""
        typed, env = self.typed, self.env
        names = self._names_in_words()
        parts = {
            "paid": [names, self._day("paid_on"), self.env["dunning.portal"]._means().get(typed.get("means"))],
            "promise": [self._dates_in_words()],
            "plan": [self._dates_in_words()],
            "dispute": [names, self._contested_in_words()],
            "order": [names, env._("order number %(number)s", number=typed.get("reference") or "")],
            "contact": [typed.get("person"), typed.get("email"), typed.get("phone")],
            "call": [typed.get("phone"), typed.get("person"), typed.get("when")],
        }[self.kind]
        if self.kind == "paid":
            parts.append(typed.get("reference"))
        self.summary = " · ".join(filter(None, parts)) or False

    def _names_in_words(self):
        return self.env["dunning.frame"]._names_in_words(self.env, self.move_line_ids.mapped("dunning_name"))

    def _day(self, name):
        return format_date(self.env, self.typed[name]) if self.typed.get(name) else ""

    def _dates(self):
        """Return the ``[(date, amount)]`` that were typed."""
        return [(fields.Date.to_date(day), Decimal(amount)) for day, amount in self.typed.get("dates") or []]

    def _dates_in_words(self):
        """Return the dates and amounts; of many the first ones, and the last."""
        words = [
            self.env._(
                "%(amount)s for %(day)s", amount=format_amount(self.env, float(amount), self.currency_id),
                day=format_date(self.env, day),
            )
            for day, amount in self._dates()
        ]  # fmt: skip
        if len(words) <= MOST_DATES:
            return ", ".join(words)
        return self.env._(
            "%(dates)s, and so on: %(count)s payments, the last one %(last)s", count=len(words), last=words[-1],
            dates=", ".join(words[: MOST_DATES // 2]),
        )  # fmt: skip

    def _contested_in_words(self):
        amount = self.typed.get("amount")
        return format_amount(self.env, float(amount), self.move_line_ids[:1].currency_id) if amount else ""

    def _terms(self):
        """Return the terms of a payment plan: those that stand next to the button which the customer presses."""
        if self.kind != "plan":
            return {}
        return {"accelerates": True, "accepted_on": fields.Date.to_date(self.answered_at)}

    def _make_promise(self, day):
        """Record a promise inside the limits of the plan; beyond them a person decides."""
        dates, promises = self._dates(), self.env["dunning.promise"]
        limit = promises._beyond_limits(self.account_id, day, [date for date, _amount in dates], self.move_line_ids.ids)
        if limit or not self.account_id.plan_id:
            self._rest(day, DAYS_TO_DECIDE, items=self.move_line_ids)
            self.write({"state": "to_approve", "problem": limit or self.env._("No reminder plan says how far.")})
            return
        self.promise_id = promises._record(
            self.account_id, dates, self.move_line_ids, day=day, source="portal", words=self.words, **self._terms()
        )
        self.state = "recorded"

    def _make_plan(self, day):
        self._make_promise(day)

    def _make_dispute(self, day):
        """Record a dispute: what is contested is left in peace, no more than that."""
        self._contest(self.env["dunning.dispute.reason"].browse(self.typed["reason"]), day)

    def _make_paid(self, day):
        """What is said to be paid is contested until a person finds the money."""
        self._contest(self._reason_of("paid"), day)

    def _make_order(self, day):
        """Without its number, a customer cannot pay: the invoice rests until it is sent again."""
        self._contest(self._reason_of("order"), day)

    def _reason_of(self, name):
        other, reasons = "relance_progressive.dispute_reason_other", self.env["dunning.dispute.reason"]
        return (
            self.env.ref(f"relance_progressive.dispute_reason_{name}", raise_if_not_found=False)
            or self.env.ref(other, raise_if_not_found=False)
            or reasons.search([("company_id", "in", [False, self.company_id.id])], limit=1)
        )

    def _contest(self, reason, day):
        amount = self.typed.get("amount")
        vals = {"whole": False, "amount": float(amount)} if amount else {"whole": True}
        self.dispute_id = self.env["dunning.dispute"].create({
            "account_id": self.account_id.id, "reason_id": reason.id, "opened_on": day,
            "contact_id": self.answered_by_id.partner_id.id,
            "statement": "\n".join(filter(None, [self.summary, self.words])),
            "attachment_ids": [Command.set(self.attachment_ids.ids)],
            "line_ids": [Command.create({"move_line_id": item.id, **vals}) for item in self.move_line_ids],
        })  # fmt: skip
        self.state = "recorded"

    def _make_contact(self, _day):
        """Contact data are corrected by a person: who has a link could else have the next message sent elsewhere."""
        self.state = "to_do"

    def _make_call(self, day):
        """Let a person call first: no message leaves before, once."""
        self._rest(day, 1)
        self.state = "to_do"

    def _rest(self, day, days, items=None):
        """Pause what a person has to look at for some working days, unless it was done lately."""
        lately = fields.Datetime.now() - timedelta(days=REST_EVERY)
        if self.search_count(
            [("account_id", "=", self.account_id.id), ("pause_id", "!=", False), ("answered_at", ">", lately)], limit=1
        ):  # fmt: skip
            return
        calendar, until = self.company_id._dunning_calendar(day), day
        for _number in range(days):
            until = calendar.next_open(until + timedelta(days=1))
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        self.pause_id = self.env["dunning.pause"].create({
            "scope": "items" if items else "account", "account_id": self.account_id.id, "kind": "agreement",
            "line_ids": [Command.set(items.ids if items else [])], "until": until, "date_from": day,
            "reason": f"{kinds[self.kind]}: {self.summary or self.name}",
        })  # fmt: skip

    # === WHO HEARS OF IT === #

    def _tell_person(self):
        """Give the person in charge something to do, unless the dispute does."""
        person = self.account_id._person_in_charge()
        if not person or self.dispute_id and self.dispute_id.user_id == person:
            return
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        day = self.account_id.company_id._dunning_today()
        deadline = self.company_id._dunning_calendar(day).next_open(day + timedelta(days=1))
        self.activity_schedule(
            CALL if self.kind == "call" else TO_DO, deadline, user_id=person.id, automated=True,
            summary=self.env._("%(customer)s: %(answer)s", customer=self.partner_id.name, answer=kinds[self.kind]),
            note=plaintext2html("\n".join(filter(None, [self.summary, self.words, self.problem]))),
        )  # fmt: skip


def _as_json(values):
    """Return what was typed as plain values: days and amounts as text."""
    return {name: _plain(value) for name, value in values.items() if name != "words"}


def _plain(value):
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, bool | int | str) else str(value)

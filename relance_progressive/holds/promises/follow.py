from collections import defaultdict
from datetime import date
from decimal import Decimal

from markupsafe import Markup

from odoo import api, models
from odoo.tools import format_amount, format_date

from ...core.said import promise as core
from ...core.said.chance import chance_of
from . import queries


class DunningPromise(models.Model):
    """Follow the payments: what became of the promises, set-wise, and who has to know."""

    _inherit = "dunning.promise"

    @api.model
    def _read(self, company, which):
        """Return ``({promise id: (row, core.promise.Promise)}, {item id: Debt})`` in one query.

        ``row`` holds what is stored of the promise: its state, its account, its customer.
        """
        calendars = {}

        def calendar_of(day):
            if day.year not in calendars:
                calendars[day.year] = company._dunning_calendar(day)
            return calendars[day.year]

        parts, rows, debts = defaultdict(list), {}, {}
        for row in self.env.execute_query_dict(queries.promises(self.env, company, which)):
            rows[row["id"]] = row
            parts[row["id"]].append(core.Part(
                row["line_id"], row["item"], Decimal(row["amount"]), row["line_day"], Decimal(row["paid_before"] or 0),
                row["replaced"],
            ))  # fmt: skip
            if row["item"]:
                debts[row["item"]] = as_debt(row)
        return {
            id_: (row, as_promise(row, tuple(parts[id_]), calendar_of))
            for id_, row in rows.items()
        }, debts  # fmt: skip

    @api.model
    def _states_of(self, company, partners, day):
        """Return ``{promise id: core.promise.PromiseState}`` of the promises of customers as they stand on ``day``."""
        promises, debts = self._read(company, queries.of_customers(partners))
        return core.states_of([promise for _row, promise in promises.values()], debts, day)

    @api.model
    def _holds_of(self, company, partners, day):
        """Yield ``(customer id, hold)`` of what is promised and still to come on a day, the grace included."""
        promises, debts = self._read(company, queries.holding(partners, day))
        found = core.states_of([promise for _row, promise in promises.values()], debts, day)
        states = defaultdict(list)
        for id_, (row, _promise) in promises.items():
            states[row["partner_id"]].append(found[id_])
        for partner, own in states.items():
            for hold in core.holds_of(own, debts, day):
                yield partner, hold

    @api.model
    def _follow_dates(self, company, day):
        """Store what became of the promises of which a date has passed, and tell it."""
        self._follow(company, queries.time_has_come(day), day, tell=True)

    @api.model
    def _follow_customers(self, company, day, partners, tell=False):
        """Store what became of the promises of customers (ids): their payments may have changed."""
        self._follow(company, queries.of_customers(partners), day, tell=tell)

    @api.model
    def _follow(self, company, which, day, tell=False):
        """Store what became of promises on ``day``, and mark the accounts.

        :param which: a condition of :mod:`.queries`
        :param tell: also write it on the promises and tell the people in charge; the night run does, once
        """
        promises, debts = self._read(company, which)
        if not promises:
            return
        states = core.states_of([promise for _row, promise in promises.values()], debts, day)
        if tell and (late := _to_warn(promises, states)):
            self.env["dunning.promise.warning"].sudo()._make(late, day)
            promises, debts = self._read(company, which)
            states = core.states_of([promise for _row, promise in promises.values()], debts, day)
        changed = [id_ for (id_,) in self.env.execute_query(queries.store_states(self.env, *as_rows(states)))]
        if changed:
            self.invalidate_model()
            self.env["dunning.promise.line"].invalidate_model()
            self._mark_accounts({promises[id_][0]["account_id"] for id_ in changed})
        if tell:
            known = {id_: (row["told_state"], row["told_broken_on"]) for id_, (row, _promise) in promises.items()}
            news = [id_ for id_, state in states.items() if (state.state, state.broken_on) != known[id_]]
            self.browse(news)._tell_news(known, day)

    @api.model
    def _mark_accounts(self, account_ids):
        """Put the accounts with a broken promise on top of the list, and take back those followed up."""
        if self.env.execute_query(queries.mark_accounts(self.env, account_ids)):
            self.env["dunning.account"].invalidate_model(["broken_promise_date"])

    # === NEWS === #

    def _tell_news(self, known, day):
        """Write what changed on the promises, and tell the people in charge of what was missed.

        :param known: ``{promise id: (state, day broken)}`` as last told
        """
        if not self:
            return
        moved = self.filtered(lambda promise: promise.state != known[promise.id][0])
        moved._message_log_batch(bodies={promise.id: promise._words_of_state() for promise in moved})
        missed = self.filtered(lambda promise: promise.broken_on and promise.broken_on != known[promise.id][1])
        settled = self.filtered(lambda promise: not promise.amount_missing)
        (settled | missed).activity_id.filtered("active").unlink()
        (missed - settled)._give_to_do(day)
        self.env.execute_query(queries.store_told(self.env, self.ids))
        self.invalidate_model(["told_state", "told_broken_on"])

    def _words_of_state(self):
        """Say what became of the promise, in the language of the person in charge."""
        env = self.with_context(lang=self.account_id._person_in_charge().lang or self.company_id.partner_id.lang).env
        return {
            "open": env._("Expected again: the payments have changed."),
            "kept": env._("Kept: the money came in time."),
            "partly": env._("Partly kept: a part of the money came in time."),
            "broken": env._("Broken: the money did not come in time."),
            "cancelled": env._("Nothing is left to pay of what was promised."),
        }[self.state]

    def _give_to_do(self, day):
        """Give the person in charge of each account something to do."""
        rows, promises = [], self.browse()
        activity_type = self.env.ref("mail.mail_activity_data_call", raise_if_not_found=False)
        for promise in self:
            if user := promise.account_id._person_in_charge():
                told = promise.with_context(lang=user.lang)
                promises += promise
                rows.append({
                    "res_model_id": self.env["ir.model"]._get_id("dunning.account"),
                    "res_id": promise.account_id.id, "activity_type_id": activity_type.id if activity_type else False,
                    "user_id": user.id, "date_deadline": day, "summary": told._broken_summary(),
                    "note": told._broken_note(),
                })  # fmt: skip
        activities = self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(rows)
        for promise, activity in zip(promises, activities, strict=True):
            promise.activity_id = activity

    def _broken_summary(self):
        amount = format_amount(self.env, self.amount_missing, self.currency_id)
        if self.is_plan:
            return self.env._("Payment plan not kept: %(amount)s missing", amount=amount)
        return self.env._("Promise not kept: %(amount)s missing", amount=amount)

    def _broken_note(self):
        """Return what was promised, what is missing, and the money that may explain it."""
        words = [self.env._(
            "%(promise)s: %(summary)s, promised on %(day)s.",
            promise=self.name, summary=self.summary, day=format_date(self.env, self.date),
        )]  # fmt: skip
        if self.accelerates and self.is_plan and self.state == "broken":
            words.append(self.env._("The plan has an acceleration clause: all of it is owed at once."))
        elif self.accelerates and self.is_plan:
            words.append(self.env._("The plan goes on: it ends only after a warning in writing, and none has left."))
        if covered := self.account_id.amount_covered:
            amount = format_amount(self.env, covered, self.currency_id)
            words.append(self.env._("Look first at the money on its way: %(amount)s not allocated.", amount=amount))
        return Markup("<br/>").join(words)

    @api.model
    def _merge(self, account, others):
        """Take over the promises of merged customers."""
        self.env.flush_all()
        self.env.execute_query(queries.move_promises(self.env, account.id, others.ids))
        self.env.invalidate_all()
        self._mark_accounts(account.ids)


def as_promise(row, parts, calendar_of):
    """Return a row of :mod:`.queries` as a ``core.promise.Promise``.

    :param calendar_of: gives the working days around a day
    """
    promise = core.Promise(row["id"], row["day"], row["grace_days"], parts, bool(row["accelerates"]))
    if not promise.clause or not (chance := chance_of(row["status"])):
        return promise
    calendar, warned = calendar_of(max(part.day for part in parts)), {}
    for missed, sent, to_leave, state in row["warnings"] or ():
        missed_on, left_on = date.fromisoformat(missed), sent and date.fromisoformat(sent)
        if state == "to_send":
            left_on = calendar.next_open(date.fromisoformat(to_leave))
        warned[missed_on] = left_on
    return promise._replace(chance=chance, warned=warned, calendar=calendar)


def _to_warn(promises, states):
    """Return ``[(promise id, core.promise.Late)]`` of what the customer is not warned of yet.

    A plan that ended before there were warnings stays ended.
    """
    return [
        (id_, late)
        for id_, state in states.items() if promises[id_][0]["told_state"] != "broken"
        for late in state.late if not late.known
    ]  # fmt: skip


def as_debt(row):
    """Return a row of :mod:`.queries` as a ``core.promise.Debt``."""
    return core.Debt(Decimal(row["debt"]), Decimal(row["residual"]), tuple(
        core.Settlement(date.fromisoformat(day), Decimal(amount), money)
        for day, amount, money in row["settlements"] or ()
    ))  # fmt: skip


def as_rows(states):
    """Return ``{promise id: PromiseState}`` as the rows to store, of promises and of lines."""
    promises = [
        {
            "id": id_, "state": state.state, "due": state.total("due"), "kept": state.total("kept"),
            "missing": state.total("missing"), "broken_on": state.broken_on, "next_day": state.next_day,
            "check_date": state.check_date,
        }
        for id_, state in states.items()
    ]  # fmt: skip
    lines = [
        {"id": part.part.id, "state": part.state, "kept": part.kept}
        for state in states.values() for part in state.parts
    ]  # fmt: skip
    return promises, lines

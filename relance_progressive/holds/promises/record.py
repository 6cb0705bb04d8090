from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ...core.said import instalments
from ...core.said import promise as core
from ...core.said.share import as_decimal
from . import queries
from .follow import as_debt

MANAGER = "relance_progressive.dunning_group_manager"
LONGEST_MONTH = 31  # a payment every month is a payment plan


class DunningPromise(models.Model):
    """Record what a customer promised: check it, share it out over items, hold them."""

    _inherit = "dunning.promise"

    @api.model
    def _record(self, account, dates, items=None, day=None, override="", show=True, **values):
        """Record a promise and bring the account up to date.

        The amounts are shared out over the items, the oldest by the earliest dates. What is not promised yet is
        taken first; when it does not suffice, the promise replaces the earlier ones of these items.

        :param dates: ``[(date, amount)]`` in the currency of the company
        :param items: the journal items promised, all the open ones of the account by default
        :param day: the day on which it was made, today by default
        :param override: why a manager goes beyond the limits of the plan
        :param show: bring the account up to date now; else the caller does
        :param values: other fields of the promise: ``source``, ``words``, ``accelerates``...
        :raise UserError: if it cannot be, or goes beyond the limits
        """
        account.ensure_one()
        account.check_access("write")
        self = self.sudo().with_company(account.company_id)
        day = day or account.company_id._dunning_today()
        dates = [(date, as_decimal(amount)) for date, amount in dates]
        self._check_dates(day, dates)
        account = account.sudo()
        offered = account._promisable(items)
        rows, replaced = self._share_out(account, dates, offered, day)
        item_ids = list(dict.fromkeys(item for item, _amount, _date in rows))
        self._check_limits(account, day, [date for date, _amount in dates], item_ids, override)
        promise = self.create(
            self._vals(account, dates, rows, day) | {"override_reason": override or False} | values
        )
        replaced._replaced_by(promise)
        account.promise_ids.filtered(lambda one: one.broken_on and not one.followed_up_on)._followed_up(day)
        account._message_log(body=self.env._(
            "Promise %(promise)s: %(summary)s", promise=promise.name, summary=promise.summary
        ))  # fmt: skip
        promise._tell_person_in_charge()
        account._decide_again()
        if show:
            promise.account_id._show_now()
        return promise.sudo(False)

    def _tell_person_in_charge(self):
        """Tell the person in charge of the customer what someone else has recorded."""
        person = self.account_id._person_in_charge()
        if person and person != self.env.user:
            words = self.with_context(lang=person.lang or self.env.lang)
            self.message_notify(
                partner_ids=person.partner_id.ids, body=words.summary, author_id=self.env.user.partner_id.id,
                subject=words.env._("%(customer)s promises to pay", customer=self.partner_id.name),
            )  # fmt: skip

    def _sum_up(self):
        """Write the total of what is not replaced, and return these lines."""
        lines = self.line_ids.filtered(lambda line: not line.replaced_by_id)
        self.amount_total = sum(lines.mapped("amount"))
        return lines

    @api.model
    def _vals(self, account, dates, rows, day):
        """Return the values of a promise and its lines ``(item, amount, date)``."""
        items = self.env["account.move.line"].browse(item for item, _amount, _date in rows)
        paid = {row["item"]: as_debt(row).paid(day) for row in self._read_debts(items.ids)}
        names = {item.id: item.dunning_name for item in items}
        return {
            "account_id": account.id, "date": day, "recorded_by_id": self.env.uid,
            "grace_days": account.plan_id.promise_grace_days if account.plan_id else core.GRACE_DAYS,
            "is_plan": len({date for date, _amount in dates}) > 1,
            "last_date": max(date for date, _amount in dates), "next_date": min(date for date, _amount in dates),
            "amount_total": float(sum(amount for _date, amount in dates)),
            "amount_due": float(sum(amount for _date, amount in dates)),
            "check_date": min(date for date, _amount in dates),
            "line_ids": [fields.Command.create({
                "move_line_id": item, "move_name": names[item], "amount": float(amount), "date": date,
                "paid_before": float(paid[item]),
            }) for item, amount, date in rows],
        }  # fmt: skip

    @api.model
    def _read_debts(self, item_ids):
        return self.env.execute_query_dict(queries.debts(self.env, item_ids))

    # === SHARING OUT === #

    @api.model
    def _share_out(self, account, dates, items, day):
        """Return the ``(item, amount, date)`` of a promise, and the lines of other promises that it replaces.

        What nobody contests is promised first: what is contested rests by itself.

        :raise UserError: if more is promised than is owed
        """
        total = sum(amount for _date, amount in dates)
        owed = [(item.id, as_decimal(item.amount_residual)) for item in items]
        held, contested = account._promised_of_items(day), account._contested_of_items(items, day)
        free = [(item, amount - held.get(item, 0)) for item, amount in owed]
        agreed = [(item, amount - contested.get(item, 0)) for item, amount in free]
        nothing = self.env["dunning.promise.line"]
        for offered in (agreed, free):
            if total <= sum(max(0, amount) for _item, amount in offered):
                return instalments.spread(dates, offered), nothing
        if total > sum(amount for _item, amount in owed):
            open_amount = format_amount(self.env, float(sum(amount for _item, amount in owed)), account.currency_id)
            raise UserError(self.env._("More is promised than is owed: %(amount)s is open.", amount=open_amount))
        replaced = nothing._to_replace(items)
        if plans := replaced.promise_id.filtered("is_plan"):
            raise UserError(self.env._(
                "These invoices are in a payment plan (%(plans)s): cancel it before another promise is recorded.",
                plans=", ".join(plans.mapped("name")),
            ))  # fmt: skip
        return instalments.spread(dates, owed), replaced

    # === LIMITS === #

    @api.model
    def _check_dates(self, day, dates):
        """Refuse what is no promise.

        :raise UserError: saying what is wrong
        """
        if not dates or any(amount <= 0 for _date, amount in dates):
            raise UserError(self.env._("A promise needs a date, and an amount above zero."))
        if past := [date for date, _amount in dates if date < day]:
            raise UserError(self.env._("%(day)s is past.", day=format_date(self.env, min(past))))

    @api.model
    def _check_limits(self, account, day, days, item_ids, override):
        """Refuse what goes beyond the limits of the plan, unless a manager says why.

        :raise UserError: saying which limit, and who may go beyond it
        """
        if not (limit := self._beyond_limits(account, day, days, item_ids)):
            return
        if not self.env.user.has_group(MANAGER):
            raise UserError(self.env._("%(limit)s Ask a manager: beyond it, a manager decides.", limit=limit))
        if not (override or "").strip():
            raise UserError(self.env._("%(limit)s Say why you go beyond it.", limit=limit))

    @api.model
    def _beyond_limits(self, account, day, days, item_ids):
        """Return in words which limit of the plan a promise for ``days`` goes beyond, or nothing."""
        plan = account.plan_id
        if not plan:
            return ""
        if len(set(days)) > 1:
            if limit := self._beyond_plan_limits(plan, day, days):
                return limit
        elif max(days) > (last := day + timedelta(days=plan.promise_max_days)):
            return self.env._(
                "The plan “%(plan)s” lets promises go %(days)s ahead: until %(last)s.",
                plan=plan.name, days=self.env["dunning.reminder"]._days_in_words(plan.promise_max_days),
                last=format_date(self.env, last),
            )  # fmt: skip
        times = dict(self.env.execute_query(queries.times_promised(self.env, item_ids)))
        often = [item for item in item_ids if times.get(item, 0) >= plan.promise_max_count]
        if often:
            names = self.env["account.move.line"].browse(often).mapped("dunning_name")
            words = {"plan": plan.name, "names": ", ".join(dict.fromkeys(names))}
            if plan.promise_max_count == 1:
                return self.env._("Already promised once, which the plan “%(plan)s” allows once: %(names)s.", **words)
            return self.env._(
                "Already promised %(count)s times, as often as the plan “%(plan)s” allows: %(names)s.",
                count=plan.promise_max_count, **words,
            )  # fmt: skip
        return ""

    @api.model
    def _beyond_plan_limits(self, plan, day, days):
        """Return in words what of a payment plan goes beyond the limits, or nothing.

        A plan may go farther than a single promise, because money comes on the way: the time without any is limited
        like that of a promise, by a month at least.
        """
        if max(days) > (last := day + timedelta(days=plan.promise_plan_days)):
            return self.env._(
                "The plan “%(plan)s” lets payment plans go %(days)s ahead: until %(last)s.",
                plan=plan.name, days=self.env["dunning.reminder"]._days_in_words(plan.promise_plan_days),
                last=format_date(self.env, last),
            )  # fmt: skip
        if len(set(days)) > plan.promise_plan_payments:
            return self.env._(
                "The plan “%(plan)s” lets payment plans have %(count)s payments.",
                plan=plan.name, count=plan.promise_plan_payments,
            )  # fmt: skip
        most = max(plan.promise_max_days, LONGEST_MONTH)
        if instalments.longest_wait(day, days) > most:
            return self.env._(
                "The plan “%(plan)s” wants a payment every %(days)s days at least.", plan=plan.name, days=most
            )
        return ""

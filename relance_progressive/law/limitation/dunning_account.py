from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import format_date

from ...core.law.limitation import turning_days
from ...settings.inside import Mark, marked
from . import limitation_queries
from .period import FIELDS

WARNINGS = [("1", "Within 1 month"), ("3", "Within 3 months"), ("6", "Within 6 months")]
MONTHS = (1, 3, 6)
ACTIVITY = "relance_progressive.limitation_activity_type"


class DunningAccount(models.Model):
    """What of an account cannot be brought to court any more soon, or already.

    It is looked at with each decision, when something happened to a claim, and on the day on which a warning begins or
    a claim has lapsed: a night without any of these costs one query.
    """

    _name = "dunning.account"
    _inherit = ["dunning.account", "dunning.limitation.period"]

    interruption_ids = fields.One2many("dunning.interruption", "account_id", "Interruptions", readonly=True)
    limitation_date = fields.Date(
        "Next Limitation", readonly=True,
        help="The last day on which the next claim can be brought to court, if that is within six months.",
    )  # fmt: skip
    limitation_warning = fields.Selection(WARNINGS, "Claims That Lapse", readonly=True)
    limitation_expired = fields.Monetary(
        "Lapsed Claims", readonly=True, help="Open claims whose limitation is over, as far as it is known here."
    )
    limitation_unknown = fields.Boolean(
        "Limitation Not Known", readonly=True,
        help="Of some open claims no rule is known here: a lawyer says how long they can be brought to court.",
    )  # fmt: skip
    limitation_told = fields.Char(readonly=True, help="Of which day and warning the person in charge was told.")

    limitation_check = fields.Date(
        readonly=True, default=lambda self: self.env.company._dunning_today(),
        help="The night looks again on this day: a warning begins, or a claim has lapsed.",
    )  # fmt: skip

    @api.model
    def _follow_limitations(self, company, day, partners):
        """Store what of customers (commercial ids) lapses soon and what has lapsed.

        The persons in charge are told once for each warning.
        """
        self._store_figures(company, self._limitation_figures(company, day, partners))
        self._tell_limitations(company, partners)

    @api.model
    def _limitation_figures(self, company, day, partners):
        """Return ``{customer id: {column: value}}`` of what lapses soon and what has lapsed.

        A day to look again that was noted before stays if it is earlier: to look once in vain costs less than to
        compute what every payment changes.
        """
        if not partners:
            return {}
        periods, figures = [], {}
        for partner, (period, *_rest), noted in self.env["dunning.limitation"]._rules_of_customers(company, partners):
            limit = period.limit
            periods.append((partner, limit and limit.length, bool(limit and limit.next_year)))
            figures[partner] = {
                "limitation_date": None, "limitation_warning": None, "limitation_expired": 0,
                "limitation_unknown": False, "limitation_check": noted if noted and noted > day else None,
            }  # fmt: skip
        until = [(day + relativedelta(months=months), str(months)) for months in MONTHS]
        rows = self.env.execute_query(limitation_queries.lapsing_claims(
            self.env, *self._scope(company), periods, day, until[-1][0]
        ))  # fmt: skip
        for partner, soon, warning, expired, unknown, look in self._limitation_values(company, rows, day, until):
            own = figures[partner]
            looks = [one for one in (own["limitation_check"], look) if one]
            own.update(
                limitation_date=soon, limitation_warning=warning, limitation_expired=expired,
                limitation_unknown=unknown, limitation_check=min(looks, default=None),
            )  # fmt: skip
        return figures

    @api.model
    def _limitation_values(self, company, rows, day, until):
        """Yield ``(customer, next day, its warning, what has lapsed, whether some are unknown, day to look again)``.

        With the days of the items that something happened to.
        """
        claims = self.env["dunning.limitation"]._of_items(
            company, [item for _customer, _next, _lapsed, items, *_rest in rows for item in items or ()]
        )
        horizon = until[-1][0]
        for customer, next_day, lapsed, items, amounts, later, unknown in rows:
            expired, days = Decimal(lapsed), list(filter(None, (next_day, later)))
            for item, amount in zip(items or (), amounts or (), strict=True):
                last = claims[item].found.last_day
                if not last:
                    unknown = True
                elif last < day:
                    expired += Decimal(amount)
                else:
                    days.append(last)
            nearest = min(days, default=None)
            soon = nearest if nearest and nearest <= horizon else None
            warning = next(code for last, code in until if soon <= last) if soon else None
            look = next(turn for turn in turning_days(nearest, MONTHS) if turn > day) if nearest else None
            yield customer, soon, warning, expired, unknown, look

    @api.model
    def _due_limitations(self, company, day):
        """Return the customers for whom a warning begins or a claim has lapsed until ``day``, whatever else changes."""
        return [partner for (partner,) in self.env.execute_query(
            limitation_queries.due_accounts(self.env, company, day)
        )]  # fmt: skip

    def _follow_now(self):
        """Bring what these accounts say up to date."""
        for company, own in self.sudo().grouped("company_id").items():
            day = company._dunning_today()
            own._follow_limitations(company, day, own.partner_id.ids)

    @api.model
    def _look_again_at_limitations(self, companies):
        """Have the night look at all the claims of some companies."""
        for company in companies.root_id:
            self.env.execute_query(limitation_queries.look_again(self.env, company.ids, company._dunning_today()))
        self.invalidate_model(["limitation_check"], flush=False)

    # === ACTIVITIES === #

    @api.model
    def _tell_limitations(self, company, partners):
        """Give the person in charge of customers something to do, once for each warning; take it back when it is over.

        Of their accounts, those that say something else than what that person was told.
        """
        rows = partners and self.env.execute_query(limitation_queries.store_told(self.env, company, partners))
        if not rows:
            return
        self.invalidate_model(["limitation_told"], flush=False)
        self.browse(account for account, told in rows if not told)._tasks(ACTIVITY).unlink()
        told = self.browse(account for account, told in rows if told)
        activities, news = told._tasks(ACTIVITY).grouped("res_id"), []
        for account in told:
            user = account._person_in_charge()
            known = activities.get(account.id)
            if known:
                known.write({
                    "summary": account._limitation_summary(user), "date_deadline": account.limitation_date,
                })  # fmt: skip
            elif user:
                news.append({
                    "res_model_id": self.env["ir.model"]._get_id(self._name), "res_id": account.id,
                    "activity_type_id": self.env.ref(ACTIVITY).id, "user_id": user.id, "automated": True,
                    "date_deadline": account.limitation_date, "summary": account._limitation_summary(user),
                })  # fmt: skip
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(news)

    def _limitation_summary(self, user):
        told = self.with_context(lang=user.lang or self.env.lang)
        day = format_date(told.env, self.limitation_date)
        return told.env._("Claims lapse after %(day)s: acknowledgement or court", day=day)

    # === BUTTONS === #

    def _new_interruption_action(self, items):
        """Return the dialog that records what interrupts the limitation of some items."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Interruption of the Limitation"),
            "res_model": "dunning.interruption",
            "view_mode": "form",
            "views": [(self.env.ref("relance_progressive.dunning_interruption_view_form_new").id, "form")],
            "target": "new",
            "context": {"default_account_id": self.id, "default_item_ids": items.ids},
        }

    def action_record_interruption(self):
        """Ask what interrupts the limitation, and of which claims: too many would be believed to live longer."""
        owed = self.move_line_ids.filtered(lambda line: line.amount_residual > 0)
        return self._new_interruption_action(owed if len(owed) == 1 else owed.browse())

    dunning_limitation_kind = fields.Selection(people=True)
    dunning_limitation_months = fields.Integer(people=True)
    dunning_limitation_text = fields.Char(people=True)

    def _owed_by(self):
        return self.company_id, self.partner_id

    def _follow_entered_period(self):
        self._follow_now()

    def _keep_entered_period(self, others):
        """Keep the period that was entered for a customer that is merged, if the one who stays has none.

        One that the law does not allow the latter counts for nothing, and each item says so: nothing stops the merge.
        """
        entered = others.sudo().filtered("dunning_limitation_kind")[:1]
        if entered and not self.dunning_limitation_kind:
            kept = marked(self.sudo(), Mark.ABSORBING)
            kept.write({name: entered[name] for name in sorted(FIELDS)})

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import format_date

from . import limitation_queries

WARNINGS = [("1", "Within 1 month"), ("3", "Within 3 months"), ("6", "Within 6 months")]
MONTHS = (1, 3, 6)
ACTIVITY = "relance_progressive.limitation_activity_type"


class DunningAccount(models.Model):
    """What of an account cannot be brought to court any more soon, or already; brought up to date every night."""

    _inherit = "dunning.account"

    interruption_ids = fields.One2many("dunning.interruption", "account_id", "Interruptions", readonly=True)
    limitation_date = fields.Date(
        "Lapses After", readonly=True,
        help="The last day on which the next claim can be brought to court, if that is within six months.",
    )  # fmt: skip
    limitation_warning = fields.Selection(WARNINGS, "Claims That Lapse", readonly=True)
    limitation_expired = fields.Monetary(
        "Lapsed", readonly=True, help="Open claims whose limitation is over, as far as it is known here."
    )
    limitation_told = fields.Char(readonly=True, help="Of which day and warning the person in charge was told.")

    @api.model
    def _follow_limitations(self, company, day, partners=None):
        """Store what lapses soon and what has lapsed, and tell the persons in charge once for each warning.

        :param partners: only those customers (ids), all of them if empty
        """
        service = self.env["dunning.limitation"]
        until = [(day + relativedelta(months=months), str(months)) for months in MONTHS]
        horizon, rules = until[-1][0], service._rules(company)
        if not rules:
            return
        shortest = min(rule["years"] for rule in rules)
        rows = self.env.execute_query(limitation_queries.near_accounts(
            self.env, company, *self._scope(company), rules, day, horizon,
            horizon - relativedelta(years=shortest), self._with_contacts(partners),
        ))  # fmt: skip
        rows = self._with_events(company, rows, day, horizon)
        changed = self.env.execute_query(
            limitation_queries.store_accounts(self.env, company, rows, until, partners)
        )
        if changed:
            self.invalidate_model(["limitation_date", "limitation_warning", "limitation_expired"])
            self.sudo().browse(account for (account,) in changed)._tell_limitations()

    @api.model
    def _with_contacts(self, partners):
        """Return these customers with their contacts, who may stand on old items."""
        if partners is None:
            return None
        contacts = self.env["res.partner"].with_context(active_test=False).search([
            ("commercial_partner_id", "in", list(partners))
        ])  # fmt: skip
        return contacts.ids

    @api.model
    def _with_events(self, company, rows, day, horizon):
        """Return the rows to store, with the days of the items that something happened to."""
        touched = [item for _account, _next, _lapsed, items in rows for item in items or ()]
        claims = self.env["dunning.limitation"]._of_items(company, touched)
        open_amounts = {
            item.id: item.amount_residual
            for item in self.env["account.move.line"].sudo().browse(touched)
        }  # fmt: skip
        stored = []
        for account, next_day, lapsed, items in rows:
            amount = float(lapsed)
            for item in items or ():
                last = claims[item].found.last_day
                if last < day:
                    amount += open_amounts[item]
                elif last <= horizon:
                    next_day = min(filter(None, (next_day, last)))
            stored.append({"id": account, "day": next_day, "expired": round(amount, 2)})
        return stored

    # === ACTIVITIES === #

    def _tell_limitations(self):
        """Give the person in charge something to do, once for each warning; take it back when it is over."""
        rows = self.env.execute_query(limitation_queries.store_told(self.env, self.ids))
        self.invalidate_model(["limitation_told"])
        self.browse(account for account, told in rows if not told)._limitation_activities().unlink()
        told = self.browse(account for account, told in rows if told)
        activities, news = told._limitation_activities().grouped("res_id"), []
        for account in told:
            user = account.user_id or account.company_id.dunning_user_id
            known = activities.get(account.id)
            if known:
                known.write({
                    "summary": account._limitation_summary(user), "date_deadline": account.limitation_date,
                })  # fmt: skip
            elif user.active:
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

    def _limitation_activities(self):
        activity_type = self.env.ref(ACTIVITY, raise_if_not_found=False)
        return self.env["mail.activity"].search([
            ("res_model", "=", self._name), ("res_id", "in", self.ids),
            ("activity_type_id", "=", activity_type.id if activity_type else 0),
        ])  # fmt: skip

    def _absorb(self, others):
        """Take over what was recorded."""
        super()._absorb(others)
        others.sudo().interruption_ids.account_id = self.id

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
        """Ask what interrupts the limitation."""
        return self._new_interruption_action(self.move_line_ids.filtered(lambda line: line.amount_residual > 0))


class DunningEngine(models.AbstractModel):
    _inherit = "dunning.engine"

    def _run_company(self, company, day):
        """Look, once everything is decided, at the claims that lapse."""
        done = super()._run_company(company, day)
        if done["complete"]:
            self._retrying(lambda: self.env["dunning.account"]._follow_limitations(company, day))
            self._checkpoint()
        return done


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        """A status or a country changes how long claims live."""
        res = super().write(vals)
        if {"dunning_status", "country_id"} & vals.keys():
            accounts = self.env["dunning.account"].sudo().search([
                ("partner_id", "in", self.commercial_partner_id.ids)
            ])  # fmt: skip
            for company, own in accounts.grouped("company_id").items():
                day = self.env["dunning.engine"]._today(company)
                accounts._follow_limitations(company, day, own.partner_id.ids)
        return res

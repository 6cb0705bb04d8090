from odoo import api, fields, models
from odoo.exceptions import ValidationError

from . import books_queries


class ResCompany(models.Model):
    """How far the books go: whoever has paid since cannot be known."""

    _inherit = "res.company"

    dunning_stale_days = fields.Integer(
        "Bank Statements Late After",
        default=5,
        help="Working days without any bank statement line or payment entered, after which the books are late. "
        "0: never. A company that imports no bank statements is never late.",
    )
    dunning_stale_mode = fields.Selection(
        [("warn", "Warn, and remind all the same"), ("hold", "Wait until the books are up to date")],
        "When the Bank Statements Are Late", default="warn", required=True,
    )  # fmt: skip
    dunning_held_since = fields.Date(
        copy=False, readonly=True, help="The last run waited for the books, which stopped on this day."
    )

    @api.model
    def _dunning_setting_names(self):
        return (*super()._dunning_setting_names(), "dunning_stale_days", "dunning_stale_mode")

    @api.constrains("dunning_stale_days")
    def _check_dunning_stale_days(self):
        if any(company.dunning_stale_days < 0 for company in self):
            raise ValidationError(self.env._("The number of days after which the books are late cannot be negative."))

    def _dunning_books_stop(self, day):
        """Return the day on which the bank statements stop when the books are late on ``day``, else None.

        :param date day: the day of the decision
        """
        company = self.root_id.sudo()
        limit = company.dunning_stale_days
        if not limit:
            return None
        branches = self.env["res.company"].sudo().with_context(active_test=False)
        companies = branches.search([("id", "child_of", company.id)]).ids
        ((statement, payment),) = self.env.execute_query(books_queries.last_entries(self.env, companies, day))
        if not statement:
            return None
        last = max(statement, payment or statement)
        return statement if company._dunning_calendar(day).older_than(last, limit, day) else None

    def _dunning_follow_books(self, day):
        """Note how far the books go; have the accounts that waited for them decided again once they have moved.

        :return: the day on which the bank statements stop when the books are late, else None
        """
        stop = self._dunning_books_stop(day)
        held = stop if self.dunning_stale_mode == "hold" else None
        if (self.dunning_held_since or None) != held:
            self.env["dunning.account"].flush_model(["fingerprint", "reason_codes", "company_id"])
            self.env.execute_query(books_queries.forget_held(self))
            self.env["dunning.account"].invalidate_model(["fingerprint"])
            self.dunning_held_since = held
        return stop

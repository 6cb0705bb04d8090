from odoo import api, fields, models
from odoo.exceptions import ValidationError

from . import books_queries, sending_queries

HABIT = 10  # invoices that it takes to guess how a company sends them


class ResCompany(models.Model):
    """How far the books go, whoever has paid since cannot be known; and whether the customers have their invoices."""

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

    dunning_sending = fields.Selection(
        [("sent", "By Odoo (by e-mail, on an invoicing platform, by post)"), ("posted", "Outside Odoo")],
        "Customer Invoices Leave",
        help="By Odoo: an invoice that was never sent is not reminded; the person in charge is asked to send it. "
        "Outside Odoo: the customer is taken to have an invoice from the day on which it is posted. Empty: as outside "
        "Odoo, until a night finds that Odoo has sent most of the last invoices.",
    )  # fmt: skip

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

    # === HOW INVOICES LEAVE === #

    def _dunning_habits(self, day):
        """Return how many of the last invoices are looked at, and how many of them Odoo has sent."""
        branches = self.env["res.company"].sudo().with_context(active_test=False)
        companies = branches.search([("id", "child_of", self.root_id.id)]).ids
        ((looked_at, sent),) = self.env.execute_query(sending_queries.habits(self.env, companies, day))
        return looked_at, sent

    def _dunning_sending_for(self, day):
        """Return how invoices leave: by Odoo once most of the last ones did, as long as nobody has said it."""
        if not self.dunning_sending:
            looked_at, sent = self._dunning_habits(day)
            if looked_at >= HABIT and sent * 2 >= looked_at:
                return "sent"
        return self.dunning_sending

    def _dunning_follow_sending(self, day):
        """Choose how invoices leave, as far as their habits tell it."""
        if (sending := self._dunning_sending_for(day)) != self.dunning_sending:
            self.dunning_sending = sending

from datetime import time, timedelta

from odoo import api, fields, models

# Modules that remind customers by themselves: with one of them, a customer would get two messages for one debt.
KNOWN = (
    "account_followup",  # Odoo Enterprise
    "account_credit_control",
    "account_invoice_overdue_reminder",
    "account_payment_followup",
    "account_payment_reminder",
    "base_accounting_kit",
    "dunning_automation",
    "eh_account_collections",
    "fr_relances_mise_en_demeure_generator",
    "nx_invoice_reminder_sequence",
    "om_account_followup",
    "s_account_followup",
    "snm_invoice_due_reminder",
)


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_daily_cap = fields.Integer(
        "Messages a Day", default=0,
        help="No more reminders than this leave by themselves on one day, those of the oldest debts first; the rest "
        "leaves on the following days. 0: no limit.",
    )  # fmt: skip

    dunning_digest = fields.Boolean(
        "Morning Digest", default=True,
        help="After the night, every person in charge receives what leaves today, what waits for an approval, what "
        "failed and what is to do. Nothing is sent when there is nothing to say.",
    )  # fmt: skip
    dunning_digest_hours = fields.Integer(
        "Hours to Stop What It Announces", default=2,
        help="Nothing leaves by itself for so long after a digest, even when the night was late.",
    )  # fmt: skip
    dunning_digest_on = fields.Date("Last Digest", copy=False)
    dunning_digest_at = fields.Datetime("Last Digest Sent At", copy=False)

    _dunning_daily_cap_positive = models.Constraint(
        "CHECK (dunning_daily_cap >= 0)", "The limit of messages a day cannot be negative."
    )

    _dunning_digest_hours_in_a_day = models.Constraint(
        "CHECK (dunning_digest_hours BETWEEN 0 AND 23)", "A digest leaves from 0 to 23 hours to stop what it announces."
    )

    def _dunning_first_hour(self):
        """Return the time of the day, where the company is, before which nothing leaves by itself today."""
        soonest = fields.Datetime.now() + timedelta(hours=self.dunning_digest_hours)
        local = self._dunning_local(soonest)
        return max(hour_of_day(self.dunning_hour_from), local.time().replace(second=0, microsecond=0))

    # === A COPY === #

    def _dunning_leaving_in_words(self, leaving):
        """Also name the thanks and the warnings that would leave."""
        words, warnings = super()._dunning_leaving_in_words(leaving), self._dunning_warnings_to_send()
        if thanks := self._dunning_thanks_to_send():
            words.append(self.env._("Thanks for payments that would leave: %(count)s.", count=len(thanks)))
        if warnings:
            words.append(self.env._("Warnings about payment plans that would leave: %(count)s.", count=len(warnings)))
        return words

    def _dunning_drop_prepared(self, reminders):
        """Also forget the thanks; whoever is in charge is asked about the warnings: without one no plan ends."""
        super()._dunning_drop_prepared(reminders)
        self._dunning_thanks_to_send().to_thank = False
        reason = self.env._("The database was restored: it may have left since the backup was made.")
        for company, warnings in self._dunning_warnings_to_send().grouped("company_id").items():
            warnings._set_state("failed", reason=reason)
            warnings._tell_failed(company._dunning_today())

    def _dunning_thanks_to_send(self):
        return self.env["dunning.account"].sudo().search([("to_thank", "=", True)])

    def _dunning_warnings_to_send(self):
        return self.env["dunning.promise.warning"].sudo().search([("state", "=", "to_send")])

    @api.model
    def _dunning_other_modules(self):
        """Return the titles of the installed modules that remind customers as well."""
        modules = self.env["ir.module.module"].sudo().search(
            [("name", "in", KNOWN), ("state", "in", ("installed", "to upgrade"))]
        )
        return modules.mapped(lambda module: f"{module.shortdesc} ({module.name})")

    @api.model
    def _dunning_other_warning(self):
        """Return what people should know when something else also reminds, or nothing."""
        if titles := self._dunning_other_modules():
            return self.env._(
                "Something else also reminds customers: %(modules)s. Switch off one of the two, or a customer may get "
                "two messages for the same debt.", modules=", ".join(titles),
            )
        return ""


def hour_of_day(hours):
    """Return a number of hours (8.5) as a time (08:30)."""
    return time(*divmod(round(hours * 60), 60))

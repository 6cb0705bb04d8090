from odoo import fields, models
from odoo.exceptions import UserError

from ...core.plain import s10


class DunningDelivery(models.Model):
    """The number that the post office knows a registered letter by."""

    _inherit = "dunning.delivery"

    registered_number = fields.Char(readonly=True, copy=False, index="btree_not_null")
    number_company_id = fields.Many2one("res.company", "Company of the Number", readonly=True, copy=False)

    # The number of a letter that did not leave can be used for another one; a cancelled one with a day has left.
    _number_once = models.UniqueIndex(
        "(number_company_id, registered_number) WHERE registered_number IS NOT NULL "
        "AND (state NOT IN ('cancelled', 'failed') OR (state = 'cancelled' AND date_done IS NOT NULL))",
        "This number is already that of another letter.",
    )

    def _holders_of(self, numbers):
        """Return ``{(company id, number): delivery}`` of the letters that have one of these numbers."""
        holders = self.sudo().search([
            ("registered_number", "in", list(numbers)), ("state", "!=", "failed"),
            "|", ("state", "!=", "cancelled"), ("date_done", "!=", False),
        ])  # fmt: skip
        return {(holder.number_company_id.id, holder.registered_number): holder for holder in holders}

    def _look_at_number(self, text):
        """Return ``(number, why it is refused, what is odd about it)`` of what was typed or scanned."""
        try:
            look = s10.look(text or "")
        except s10.InvalidNumber as error:
            number = s10.compact(text or "")
            words = {
                "form": self.env._("There is no number."),
                "check_digit": self.env._(
                    "“%(number)s” was misread or mistyped: its check digit is wrong.", number=number
                ),
                "country": self.env._(
                    "“%(number)s” was misread or mistyped: it ends with no country.", number=number
                ),
            }  # fmt: skip
            return number, words[error.code], ""
        odd = {
            "service": self.env._("The number of a parcel or of a tracked letter, not of a registered one."),
            "unchecked": self.env._("Not the usual form of a registered number: look at it again."),
            "unknown": self.env._("Not the form of a registered number: look at it again."),
        }
        return look.number, "", odd.get(look.doubt, "")

    def _number_problem(self, number, holders):
        """Return why this letter cannot have this number, or nothing.

        :param holders: what :meth:`_holders_of` found
        """
        self.ensure_one()
        holder = holders.get((self.company_id.id, number))
        if holder and holder != self:
            return self.env._("%(number)s is the number of %(letter)s.", number=number, letter=holder.reminder_id.name)
        if self.state == "failed" or (self.state == "cancelled" and not self._paper_of()):
            return self.env._("This letter did not leave.")
        later = self.event_ids.filtered(lambda event: event.kind != "handed_in" and not event.struck)
        if self.registered_number and self.registered_number != number and later:
            return self.env._(
                "Its number is %(number)s, and what happened to it is recorded.", number=self.registered_number
            )
        return ""

    def _give_numbers(self, numbers):
        """Give each letter its number.

        :param numbers: ``{delivery: number}``, compact
        :raise UserError: if one cannot have its number; then none gets one
        """
        holders = self._holders_of(numbers.values())
        for delivery, number in numbers.items():
            if problem := delivery._number_problem(number, holders):
                raise UserError(problem)
        for delivery, number in numbers.items():
            delivery.write({"registered_number": number, "number_company_id": delivery.company_id.id})
        self.env.flush_all()

    def action_give_numbers(self):
        """Ask for the numbers of these letters, in their printing order."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Registered Numbers"),
            "res_model": "dunning.registered.scan",
            "view_mode": "form",
            "target": "new",
            "context": {"default_delivery_ids": self.ids},
        }

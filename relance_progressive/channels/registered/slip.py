from odoo import models


class DunningDelivery(models.Model):
    """The slip that is stamped by the post office when the letters are handed in."""

    _inherit = "dunning.delivery"

    def action_print_slip(self):
        """Print the list of these registered letters for the post office."""
        letters = self.filtered(lambda letter: letter.channel == "registered")._in_printing_order()
        return self.env.ref("relance_progressive.registered_slip_report").report_action(letters)

    def _slips(self):
        """Return one slip for each company and each day of hand-in, the letters in their printing order.

        :raise AccessError: Odoo prints a report of any numbers that an employee types
        """
        self.check_access("read")
        letters = self._in_printing_order()
        return [
            {"company": company, "day": day, "letters": own}
            for (company, day), own in letters.grouped(lambda letter: (letter.company_id, letter.date_done)).items()
        ]

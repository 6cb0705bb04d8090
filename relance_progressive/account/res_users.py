from odoo import models

TO_LOOK_AT = {"active", "company_ids", "company_id", "group_ids"}


class ResUsers(models.Model):
    """Who leaves hands over what is to be done: it belongs to the customer, not to the person."""

    _inherit = "res.users"

    def action_archive(self):
        """Hand over first: Odoo deletes what an archived user had to do."""
        self._dunning_hand_over(leaving=self)
        return super().action_archive()

    def write(self, vals):
        res = super().write(vals)
        if TO_LOOK_AT & vals.keys():
            self._dunning_hand_over()
        return res

    def _dunning_hand_over(self, leaving=()):
        """Give to whoever acts for their accounts what these users had to do, where they are not at work any more.

        :param leaving: users who are about to leave
        """
        activities = self.env["mail.activity"].sudo().search([
            ("user_id", "in", self.ids), ("res_model", "=like", "dunning.%"),
        ])  # fmt: skip
        activities = activities.filtered(lambda one: one.res_model in self.env)
        for (model, user), own in activities.grouped(lambda one: (one.res_model, one.user_id)).items():
            records = self.env[model].sudo().browse(own.mapped("res_id")).exists()
            accounts = {
                record.id: record.account_id if "account_id" in record._fields else record for record in records
            }
            for activity in own:
                account = accounts.get(activity.res_id)
                if not account or account._name != "dunning.account":
                    continue
                company = account.company_id
                if user not in leaving and company._dunning_works_here(user):
                    continue
                person = company._dunning_person(*(account.user_id - user), without=leaving)
                if person:
                    activity.user_id = person

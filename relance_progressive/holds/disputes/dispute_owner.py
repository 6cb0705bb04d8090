from odoo import models
from odoo.tools import plaintext2html

TO_DO = "mail.mail_activity_data_todo"


class DunningDispute(models.Model):
    """Who answers a dispute, and how this person and the one in charge of the customer hear of it."""

    _inherit = "dunning.dispute"

    def _owner(self):
        """Return who answers: the person of the reason, the salesperson, else the person in charge."""
        reason = self.reason_id.with_company(self.company_id)
        company = self.company_id
        if company._dunning_works_here(reason.user_id):
            return reason.user_id
        if reason.owner_kind == "sales":
            seller = self.line_ids.move_id.invoice_user_id[:1] or self.partner_id.user_id
            if company._dunning_works_here(seller):
                return seller
        return self._person_in_charge() or self.env.user

    def _person_in_charge(self):
        return self.account_id._person_in_charge() if self.account_id else self.env["res.users"]

    def _tell_people(self):
        """Give the owner something to do, and tell the person in charge of the customer."""
        for dispute in self:
            dispute._follow_owner()
            person = dispute._person_in_charge()
            if person and person not in (dispute.user_id, self.env.user):
                words = dispute.with_context(lang=person.lang or self.env.lang)
                dispute.message_notify(
                    partner_ids=person.partner_id.ids,
                    subject=words.env._("%(customer)s contests an invoice", customer=dispute.partner_id.name),
                    body=words._in_words(),
                    author_id=self.env.user.partner_id.id,
                )

    def _follow_owner(self):
        """Have the owner of each open dispute, and no one else, find it among the activities, with its day."""
        for dispute in self.filtered(lambda dispute: dispute.state == "open"):
            activities = dispute._own_activities()
            owner = dispute.company_id._dunning_person(dispute.user_id, dispute.account_id.user_id) or self.env.user
            if activities:
                activities.write({"user_id": owner.id, "date_deadline": dispute.target_date or dispute.opened_on})
                continue
            words = dispute.with_context(lang=owner.lang or self.env.lang)
            dispute.activity_schedule(
                TO_DO, dispute.target_date or dispute.opened_on, user_id=owner.id, automated=True,
                summary=words.env._("Answer the dispute of %(customer)s", customer=dispute.partner_id.name),
                note=plaintext2html(dispute.statement) if dispute.statement else False,
            )  # fmt: skip

    def _own_activities(self):
        return self.env["mail.activity"].search([
            ("res_model", "=", self._name), ("res_id", "in", self.ids), ("automated", "=", True),
        ])  # fmt: skip

    def _end_activities(self, words):
        """Close what the owners had to do."""
        activities = self._own_activities()
        if activities:
            activities.action_feedback(feedback=words)

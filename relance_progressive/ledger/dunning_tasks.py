from datetime import timedelta
from decimal import Decimal

from markupsafe import escape

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount

from . import sending_queries

UNSENT = "relance_progressive.mail_activity_unsent"
SOON = 7  # an invoice that falls due within these days is to be sent now


class DunningAccount(models.Model):
    """The tasks that many accounts share: one for each person in charge, kept up to date by the night."""

    _inherit = "dunning.account"

    unsent_text = fields.Char("Not Sent by Odoo", compute="_compute_unsent_text")

    @api.depends_context("lang")
    def _compute_unsent_text(self):
        """Say which accounts have invoices that Odoo has not sent, where nobody has said how invoices leave."""
        asked = self.filtered(lambda account: not account.company_id.dunning_sending)
        moves = self.env["account.move"]
        mine = Domain("commercial_partner_id", "in", asked.partner_id.ids)
        counts = moves.sudo()._read_group(
            mine & moves._dunning_never_sent_domain(), ["commercial_partner_id", "company_id"], ["__count"]
        )  # fmt: skip
        for account in self:
            count = sum(
                found for partner, company, found in counts
                if account in asked and (partner, company.root_id) == (account.partner_id, account.company_id)
            )  # fmt: skip
            words = self.env._("Open invoices that Odoo has not sent: %(count)s", count=count)
            account.unsent_text = words if count else False

    @api.model
    def _follow_unsent(self, company, day):
        """Ask people to send the invoices that fall due and were never sent, where they leave by Odoo."""
        rows = []
        if company.dunning_sending == "sent":
            rows = self.env.execute_query(sending_queries.unsent_by_account(
                self.env, company, *self._scope(company), day + timedelta(days=SOON)
            ))  # fmt: skip

        def words(account, found):
            count, amount = sum(row[1] for row in found), sum(Decimal(row[2]) for row in found)
            total = format_amount(account.env, float(amount), account.currency_id)
            summary = account.env._("Invoices never sent: %(count)s (%(amount)s)", count=count, amount=total)
            return summary, account.env._(
                "They are due or soon will be, and no reminder leaves for them before the customers have them. Open "
                "“Invoices Never Sent”: send them, or say that the customer has them."
            )

        self._share_tasks(company, UNSENT, day, rows, words)

    def action_open_unsent(self):
        """Show the invoices of these customers that were never sent."""
        action = self.env["ir.actions.act_window"]._for_xml_id("relance_progressive.dunning_unsent_action")
        mine = Domain("commercial_partner_id", "in", self.partner_id.ids)
        return {**action, "domain": list(self.env["account.move"]._dunning_never_sent_domain() & mine)}

    def _tasks(self, kind):
        """Return what is to be done about these accounts, of a type (external id); none once the type is deleted."""
        activity_type = self.env.ref(kind, raise_if_not_found=False)
        return self.env["mail.activity"].search([
            ("res_model", "=", self._name), ("res_id", "in", self.ids),
            ("activity_type_id", "=", activity_type.id if activity_type else 0),
        ])  # fmt: skip

    @api.model
    def _share_tasks(self, company, kind, day, rows, words):
        """Give each person in charge one task of a kind about all accounts of theirs, and end those that are over.

        :param kind: external id of the type of activity
        :param rows: tuples that begin with the id of an account, the most urgent first: the task stands on it
        :param words: a function ``(account in the language of the person, rows of the person) -> (summary, note)``
        """
        quick = {"mail_activity_quick_update": True, "dunning_no_follower": True}
        activities = self.env["mail.activity"].sudo().with_context(**quick)
        known = activities.search([
            ("activity_type_id", "=", self.env.ref(kind).id), ("res_model", "=", self._name),
            ("res_id", "in", self.sudo()._search([("company_id", "=", company.id)])),
        ])  # fmt: skip
        by_person = {}
        for row in rows:
            account = self.browse(row[0])
            if person := account._person_in_charge():
                by_person.setdefault(person, []).append(row)
        for person, found in by_person.items():
            account = self.browse(found[0][0]).with_context(lang=person.lang)
            summary, note = words(account, found)
            own = known.filtered(lambda task, person=person: task.user_id == person)[:1]
            values = {"summary": summary, "note": escape(note), "res_id": account.id}
            known -= own
            if not own:
                activities.create({
                    **values, "activity_type_id": self.env.ref(kind).id, "user_id": person.id, "date_deadline": day,
                    "res_model_id": self.env["ir.model"]._get_id(self._name), "automated": True,
                })  # fmt: skip
            elif (own.summary, own.res_id) != (summary, account.id):
                own.write(values)
        known.unlink()

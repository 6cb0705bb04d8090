import re
import secrets
from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from . import token as portal_token

DIGITS = -(-portal_token.LENGTH * 4 // 3)  # of a token, as text
LINK = re.compile(rf"/reminders/([A-Za-z0-9_-]{{{DIGITS}}})(?![A-Za-z0-9_-])")


class DunningAccount(models.Model):
    """The customer's page: its links, and who gets in."""

    _inherit = "dunning.account"

    portal_key = fields.Char(
        readonly=True, copy=False, groups=fields.NO_ACCESS,
        help="What the links of this account are signed with, besides the secret of the database. Empty until links "
        "are revoked for the first time: a message that is being made writes nothing on the account.",
    )  # fmt: skip

    def _portal_link(self):
        """Return the address of the customer's page, for a message: a key for some weeks."""
        self.ensure_one()
        account = self.sudo()
        last_day = account.company_id._dunning_today() + timedelta(days=account.company_id.dunning_portal_days)
        token = portal_token.make(account.env, account.id, last_day, account.portal_key or "")
        return f"{account.get_base_url()}/reminders/{token}"

    @api.model
    def _without_links(self, body):
        """Return a text that is kept with the address for whoever logs in, in the place of that which opens by itself.

        Who reads it later, an auditor say, does not come in as the customer.
        """
        return LINK.sub(self._of_who_logs_in, body)

    @api.model
    def _of_who_logs_in(self, found):
        account = portal_token.read(found[1]).account_id
        return f"/my/reminders/{account}" if account else found[0]

    @api.model
    def _portal_account(self, text):
        """Return the account that a token opens, as superuser, or nothing.

        What is wrong, over, revoked or of an account that is gone takes the same way.
        """
        token = portal_token.read(text)
        account = self.sudo().search_fetch([("id", "=", token.account_id)], ["portal_key", "partner_id", "company_id"])
        signed = portal_token.is_signed(account.env, token, (account.portal_key or "") if account else None)
        # What is over wherever the company is asks no company: it costs what a wrong one does.
        long_over = datetime.combine(token.last_day, time.max) + timedelta(days=1) < fields.Datetime.now()
        valid = signed and not long_over and account.company_id._dunning_today() <= token.last_day
        return account if valid else account.browse()

    @api.model
    def _portal_accounts(self, user):
        """Return the accounts of a logged-in user's commercial entity, as superuser, in the companies that he is of."""
        if user._is_public():
            return self.sudo().browse()  # an invoice to "Public user" is everybody's
        return self.sudo().search([
            ("partner_id", "=", user.sudo().partner_id.commercial_partner_id.id),
            ("company_id", "in", user.sudo().company_ids.root_id.ids),
        ])  # fmt: skip

    def _let_one_in(self):
        """Let the answers and payments of an account begin one after the other, so that each sees those before it.

        The row is written as it is: whoever waited for another one meets a conflict, and Odoo begins his request again
        with what stands by then. A lock alone would let him go on with what he has read before.
        """
        self.ensure_one()
        query = SQL("UPDATE dunning_account SET id = id WHERE id = %s", self.id)
        self.env.cr.execute(query, log_exceptions=False)  # a conflict is what is wanted

    # === BUTTONS === #

    def action_open_portal(self):
        """Show the page as the customer sees it.

        :raise AccessError: to who only looks: whoever has the link answers as the customer
        """
        self.check_access("write")
        return {"type": "ir.actions.act_url", "url": self._portal_link(), "target": "new"}

    def action_revoke_links(self):
        """Close every link that was ever sent for these accounts; the next message brings a new one."""
        self.check_access("write")
        for account in self.sudo():
            account.portal_key = secrets.token_urlsafe(16)
        words = self.env._("The links to the customer's page were revoked by %(user)s.", user=self.env.user.name)
        self.sudo()._message_log_batch(bodies=dict.fromkeys(self.ids, words))

    portal_answer_ids = fields.One2many("dunning.portal.answer", "account_id", "Answers", readonly=True)

    def action_open_portal_answers(self):
        """Show what the customer answered."""
        action = self.env["ir.actions.act_window"]._for_xml_id("relance_progressive.dunning_portal_answer_action")
        return action | {"domain": [("account_id", "in", self.ids)], "context": {}}

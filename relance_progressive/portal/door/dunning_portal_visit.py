import hashlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import hmac

SCOPE = "relance_progressive.portal.visit"
# Pages a minute that one address may ask for of one account, or of none (links that open nothing).
MOST_PAGES = 60
MOST_WRONG = 20
# Pages a minute of one account, from all addresses: the link may be forwarded inside a company.
MOST_OF_ACCOUNT = 240
MINUTE = timedelta(minutes=1)
FORGOTTEN_AT_ONCE = 100_000


class DunningPortalVisit(models.Model):
    """Who asked for a page and when, to slow down who asks too often.

    In the database, so that it holds for all the workers and hosts together. Rows are only added: two
    requests at the same time never wait for one another, at worst one page too many is given. Nobody's
    address is kept: a signature of it is enough to recognise it for a minute.
    """

    _name = "dunning.portal.visit"
    _description = "Visit of a Customer's Page"
    _log_access = False

    visitor = fields.Char(required=True)
    account_id = fields.Integer(required=True, help="0 for a link that opens nothing.")
    at = fields.Datetime(required=True)

    _lately = models.Index("(account_id, at, visitor)")

    @api.model
    def _may_come_in(self, address, account, cost=1):
        """Note a visit; return whether a page is given.

        :param account: empty for a link that opens nothing, which costs 1 whatever was asked for
        :param cost: for how many pages it counts
        """
        visits, now = self.sudo(), fields.Datetime.now()
        visitor = hmac(visits.env, SCOPE, address or "", hash_function=hashlib.sha256)[:16]
        lately = [("account_id", "=", account.id or 0), ("at", ">", now - MINUTE)]
        own = visits.search_count([*lately, ("visitor", "=", visitor)], limit=MOST_PAGES)
        if own >= (MOST_PAGES if account else MOST_WRONG):
            return False
        if account and visits.search_count(lately, limit=MOST_OF_ACCOUNT) >= MOST_OF_ACCOUNT:
            return False
        visits.create([{"visitor": visitor, "account_id": account.id or 0, "at": now}] * (cost if account else 1))
        return True

    @api.model
    def _is_alone(self, account):
        """Tell whether nobody else is given a statement of an account just now, until this request ends.

        Each keeps a processor busy for seconds: several at once would keep all of them from everybody.
        """
        query = SQL("SELECT pg_try_advisory_xact_lock(hashtext('dunning_statement'), %s)", account.id)
        return self.env.execute_query(query)[0][0]

    @api.autovacuum
    def _gc_visits(self):
        """Forget what no limit looks at any more; Odoo calls again as long as some are left."""
        old = self.sudo().search([("at", "<", fields.Datetime.now() - MINUTE)], limit=FORGOTTEN_AT_ONCE)
        count = len(old)
        old.unlink()
        return count, int(count == FORGOTTEN_AT_ONCE)

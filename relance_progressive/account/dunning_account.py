import logging

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_date

from ..core.decision import reasons
from ..settings.apart import apart
from . import account_merge, reason_words
from .account_columns import store_columns

_logger = logging.getLogger(__name__)
# Reasons that the open reminder itself tells better.
TOLD_BY_REMINDER = (reasons.LEVEL_DUE, reasons.PENDING, reasons.FAILED, reasons.UNCERTAIN)


class DunningAccount(models.Model):
    """What one customer owes one company, and what comes next.

    The engine is the only writer of the figures: they are the stored result of its last decision.
    """

    _name = "dunning.account"
    _inherit = ["dunning.guarded", "mail.thread", "mail.activity.mixin", "dunning.pointing"]
    _description = "Customer Account to Remind"
    _rec_name = "partner_id"
    # A notice that expired comes first, then a broken promise; a date that is empty comes last.
    _order = "decision_since, broken_promise_date, next_date, amount_overdue DESC, id"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", "Customer", required=True, readonly=True, ondelete="cascade")
    plan_id = fields.Many2one("dunning.plan", "Reminder Plan", readonly=True, ondelete="set null")
    user_id = fields.Many2one("res.users", "Person in Charge", tracking=True, ondelete="set null", people=True)

    amount_due = fields.Monetary("Due", readonly=True, help="Open items, less the money on its way.")
    amount_overdue = fields.Monetary("Overdue", readonly=True, help="Of it, what is past its due date.")
    amount_covered = fields.Monetary(
        "On Its Way", readonly=True, help="Payments, credit notes and online transactions not allocated yet."
    )
    amount_notice = fields.Monetary("Under Formal Notice", readonly=True, help="Still owed under formal notices.")
    oldest_due_date = fields.Date(readonly=True)
    days_late = fields.Integer(compute="_compute_days_late", aggregator=None)
    level_id = fields.Many2one(
        "dunning.level", "Level Reached", readonly=True, ondelete="set null",
        help="The highest level done among the open items.",
    )  # fmt: skip
    next_level_id = fields.Many2one("dunning.level", readonly=True, ondelete="set null")
    next_date = fields.Date("Next Reminder", readonly=True)
    reason_codes = fields.Char(readonly=True)
    reasons = fields.Json(readonly=True)
    reason_text = fields.Char("Why", compute="_compute_reason_text")
    last_contact_date = fields.Date("Last Contact", readonly=True)

    check_date = fields.Date(readonly=True, help="The day on which these figures change by themselves.")
    fingerprint = fields.Char(readonly=True, help="What the last decision read; empty to decide again.")
    move_line_ids = fields.Many2many("account.move.line", string="Open Items", compute="_compute_move_line_ids")

    _one_per_customer = models.Constraint(
        "UNIQUE(partner_id, company_id)", "A customer has one account in each company."
    )

    def _why_not_written(self, names):
        return self.env._("The figures of an account are those of the last decision: nobody types them.")

    @api.depends("oldest_due_date")
    def _compute_days_late(self):
        today = self.company_id._dunning_days()
        for account in self:
            oldest = account.oldest_due_date
            account.days_late = max(0, (today[account.company_id] - oldest).days) if oldest else 0

    @api.depends(
        "reasons", "broken_promise_date", "reminder_ids.state", "reminder_ids.date", "reminder_ids.reason",
        "decision_ids.state", "decision_ids.until", "pause_ids.ended_on", "pause_ids.until", "pause_ids.reason",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_reason_text(self):
        """Say first that a promise was broken, then what the open reminder waits for: no other one leaves meanwhile."""
        for account in self:
            told, words = account.reasons or [], []
            if account.broken_promise_date:
                day = format_date(self.env, account.broken_promise_date)
                words.append(self.env._("Promise not kept (%(day)s)", day=day))
            if account.open_reminder_id:
                words.append(account.open_reminder_id._words_while_open())
                told = [reason for reason in told if reason["code"] not in TOLD_BY_REMINDER]
            account.reason_text = " · ".join(filter(None, [*words, account._why(told)]))

    def _why(self, told):
        """Return reasons of this account in the language of the reader, in the words of what holds it where it can.

        What waits for a decision comes first: it is why the account is on top of the list.
        """
        if not told:
            return reason_words.in_words(self.env, told, self.currency_id)
        own = {
            **self.running_pause_ids._words_of_holds(), **self.dispute_ids._words_of_holds(),
            **self.standing_decision_ids._words_of_holds(),
        }  # fmt: skip
        told = sorted(told, key=lambda reason: reason["code"] != reasons.HOLD_PREFIX + "decision")
        return reason_words.in_words(self.env, told, self.currency_id, own)

    @api.model
    def _more_reason_words(self):
        """Hook: return ``{code: sentence}`` of reasons that another add-on brings, in the language of the reader.

        A sentence may name ``%(until)s``, ``%(since)s``, ``%(amount)s`` and ``%(count)s``. The code of a hold is
        ``hold_`` with its reason.
        """
        return {}

    @api.model
    def _reasons_in_words(self, told, currency):
        """Return the reasons of a decision, as stored, in the language of the reader."""
        return reason_words.in_words(self.env, told, currency)

    def _compute_move_line_ids(self):
        """List the open items of each customer, oldest first."""
        lines = self.env["account.move.line"].search(
            self._open_item_domain(), order="date_maturity, id"
        )
        by_customer = lines.grouped(lambda line: (line.company_id.root_id, line.partner_id.commercial_partner_id))
        for account in self:
            account.move_line_ids = by_customer.get((account.company_id, account.partner_id))

    def _owes(self, item):
        """Tell whether a journal item is, or was, a debt of this customer to this company."""
        return (
            item.company_id.root_id == self.company_id
            and item.partner_id.commercial_partner_id == self.partner_id
            and item.account_id.account_type == "asset_receivable"
        )

    def _check_owes(self, items):
        """Refuse journal items that are no debts of this customer.

        :raise ValidationError: naming the first of them
        """
        for item in items:
            if not self._owes(item):
                raise ValidationError(self.env._(
                    "%(invoice)s is not owed by %(customer)s.",
                    invoice=item.dunning_name or "?", customer=self.partner_id.display_name,
                ))  # fmt: skip

    def _close_and_say(self, message):
        """Return the action that closes a dialog and says what it has done."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.partner_id.display_name,
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _open_item_domain(self):
        return [
            ("partner_id.commercial_partner_id", "in", self.partner_id.ids),
            ("company_id", "child_of", self.company_id.ids),
            ("parent_state", "=", "posted"),
            ("account_type", "=", "asset_receivable"),
            ("account_id.non_trade", "=", False),
            ("amount_residual", "!=", 0),
        ]

    # === BUSINESS METHODS === #

    @api.model
    def _of(self, partner, company):
        """Return the account of a partner's commercial entity in a company, created when missing.

        Branches share the account of their main company: one legal entity writes once.
        """
        return self._of_all(partner, company)

    @api.model
    def _of_all(self, partners, company):
        """Return the accounts of several customers, created when missing, each with its plan."""
        customers, company = partners.commercial_partner_id, company.root_id
        accounts = self.search([("company_id", "=", company.id), ("partner_id", "in", customers.ids)])
        missing = customers - accounts.partner_id
        if missing:
            created = self.sudo().with_context(tracking_disable=True, mail_create_nosubscribe=True).create([
                {"company_id": company.id, "partner_id": customer.id, "user_id": company._dunning_person().id}
                for customer in missing
            ])
            self.env["dunning.plan"]._assign(company, created.ids)
            created.invalidate_recordset(["plan_id"])
            accounts |= created.with_env(self.env)
        return accounts

    @api.model
    def _merge_customers(self, sources, target):
        """Bring the accounts of ``sources`` into those of the customer they are merged into."""
        accounts = self.search([("partner_id", "in", (sources | target).ids)])
        for own in accounts.grouped("company_id").values():
            kept = (own.filtered(lambda account: account.partner_id == target) or own)[:1]
            if other := own - kept:
                kept._absorb(other)
                other.unlink()
            kept._decide_again()

    def _absorb(self, others):
        """Take over what hangs on ``others`` before they are deleted."""
        account_merge.move(self, others)

    @api.model
    def _mark_dirty(self, plans):
        """Have the accounts of these plans decided again by the next run."""
        if plans.ids:
            self._forget_fingerprint(SQL("plan_id = ANY(%s)", plans.ids))

    def _decide_again(self):
        """Have these accounts decided again by the next run."""
        if self.ids:
            self._forget_fingerprint(SQL("id = ANY(%s)", self.ids))

    @api.model
    def _forget_fingerprint(self, condition):
        self.flush_model(["plan_id", "fingerprint"])
        self.env.execute_query(
            SQL(
                "UPDATE dunning_account SET fingerprint = NULL WHERE fingerprint IS NOT NULL AND %s RETURNING id",
                condition,
            )
        )
        self.invalidate_model(["fingerprint"])

    # === LIVE FIGURES === #

    @api.model
    def _touch(self, lines):
        """Bring the accounts of these journal items up to date when the transaction commits.

        The nightly run does not depend on it: it compares fingerprints. It is for the people who
        look at the list during the day.
        """
        lines = lines.sudo().exists()  # what a cancelled reconciliation deletes has no customer any more
        items = lines.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        if items:
            self._to_refresh()["items"].update(items.ids)
        self._touch_keys({
            (item.company_id.root_id.id, item.partner_id.commercial_partner_id.id) for item in items if item.partner_id
        })  # fmt: skip

    @api.model
    def _touch_customers(self, documents):
        """Do the same for the customers of these documents."""
        self._touch_keys({
            (document.company_id.root_id.id, document.partner_id.commercial_partner_id.id)
            for document in documents.sudo()
            if document.partner_id and document.company_id
        })  # fmt: skip

    @api.model
    def _touch_keys(self, keys):
        """Do the same for ``(main company id, customer id)``."""
        if keys:
            self._to_refresh()["keys"].update(keys)

    @api.model
    def _to_refresh(self):
        """Return what is brought up to date when the transaction commits: keys, items, and bank lines."""
        precommit = self.env.cr.precommit
        touched = precommit.data.get("dunning.account")
        if touched is None:
            touched = precommit.data["dunning.account"] = {"keys": set(), "items": set(), "lines": set()}
            precommit.add(self.sudo()._refresh_touched)
        return touched

    @api.model
    def _refresh_touched(self):
        """Refresh the accounts gathered by :meth:`_touch` (at most a few customers a transaction).

        What was gathered is taken away first: any savepoint on the way runs what else waits for the
        commit, and then forgets all that was gathered.
        """
        if touched := self.env.cr.precommit.data.pop("dunning.account", None):
            self._refresh_now(touched)

    @api.model
    def _refresh_now(self, touched):
        """Refresh accounts: ``keys`` (main company id, customer id) and those who paid bank ``lines``.

        What hangs on the ``items`` of which something was paid, or is owed again, follows first.
        """
        items = self.env["account.move.line"].browse(touched["items"]).exists()
        self._follow_items(items, ("dunning.decision", "dunning.dispute.line", "dunning.portal.answer"))
        keys = touched["keys"] | self._payers(touched["lines"])
        for company in self.env["res.company"].browse({company for company, _partner in keys}).exists():
            partners = self.env["res.partner"].browse(partner for c, partner in keys if c == company.id).exists()
            self._refresh_live(company, partners)

    @api.model
    def _follow_items(self, items, models):
        """Have what hangs on journal items follow; a payment never fails because of it, the night does it again.

        :param models: names of models that can do so, each by a method ``_follow_items(items)``
        """
        for model in models if items else ():  # a savepoint would run what waits for the commit

            def told(_error, model=model):
                _logger.exception("%s: what hangs on %s could not follow what is paid", model, items.ids)

            with apart(self.env, told):
                self.env[model].sudo()._follow_items(items)

    @api.model
    def _store_figures(self, company, figures):
        """Store ``{customer id: {column: value}}``, the same columns for each, without a chatter message."""
        if figures and self.env.execute_query(store_columns(self.env, company, figures)):
            self.env["dunning.account"].invalidate_model(next(iter(figures.values())).keys(), flush=False)

    def action_open_items(self):
        """Show the open items of the account."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open items of %(customer)s", customer=self.partner_id.display_name),
            "res_model": "account.move.line",
            "view_mode": "list,form",
            "domain": self._open_item_domain(),
            "context": {"create": False},
        }

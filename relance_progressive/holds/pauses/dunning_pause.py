from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...core.decision import reasons
from ...core.decision.facts import Hold
from ...settings.inside import Mark, marked
from . import queries

KINDS = [
    ("agreement", "Agreement with the customer"),
    ("check", "Figures to be checked"),
    ("document", "Document to be sent"),
    ("commercial", "Commercial reasons"),
    ("closing", "Holidays or closing"),
    ("other", "Other"),
    ("flag", "Excluded in Odoo"),
    ("blocked", "Payment blocked in Odoo"),
]


class DunningPause(models.Model):
    """Why some items, a customer or a whole company are not reminded, until when, and who said so.

    Without an end date it is an exclusion. It ends by itself after its last day, or when a person lifts it;
    the row stays as history.
    """

    _name = "dunning.pause"
    _inherit = ["dunning.guarded", "mail.thread", "dunning.pointing"]
    _description = "Pause of Reminders"
    _order = "id DESC"
    _rec_name = "reason"

    scope = fields.Selection(
        [("items", "Some invoices"), ("account", "A customer"), ("company", "All reminders of the company")],
        "What Is Paused", required=True, default="account", people="create",
    )  # fmt: skip
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade", default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]", people="create",
    )  # fmt: skip
    account_id = fields.Many2one("dunning.account", index="btree_not_null", ondelete="cascade", people="create")
    partner_id = fields.Many2one(
        string="Customer", related="account_id.partner_id", store=True, index="btree_not_null"
    )
    user_id = fields.Many2one(string="Person in Charge", related="account_id.user_id", store=True)
    line_ids = fields.Many2many(
        "account.move.line", "dunning_pause_item", "pause_id", "line_id", "Invoices", people="create",
        help="The open items that are not reminded; the others of the customer still are.",
    )  # fmt: skip
    kind = fields.Selection(KINDS, "Reason", required=True, default="agreement", tracking=True, people=True)
    reason = fields.Char(
        "In Words", required=True, tracking=True, people=True, help="What a colleague has to know.",
        erased="account_id",
    )
    date_from = fields.Date(
        "Since", required=True, default=lambda self: self.env.company._dunning_today(), people="create"
    )
    until = fields.Date(
        tracking=True, people=True,
        help="The last day of the pause. Without it, only a person ends it: a manager may.",
    )  # fmt: skip
    ended_on = fields.Date(readonly=True, copy=False)
    ended_by = fields.Many2one("res.users", readonly=True, copy=False, ondelete="set null")
    in_odoo = fields.Boolean(
        "Set in Odoo", readonly=True, copy=False, help="Odoo's own flag on the invoice says the same."
    )
    state = fields.Selection(
        [("running", "Running"), ("over", "Over")], "Status", compute="_compute_state", search="_search_state"
    )
    invoice_names = fields.Char("Paused", compute="_compute_invoice_names")
    open_line_ids = fields.Many2many("account.move.line", compute="_compute_open_line_ids")
    sentence = fields.Char("In Short", compute="_compute_sentence")

    _scope_has_an_account = models.Constraint(
        "CHECK ((scope = 'company') = (account_id IS NULL))", "Say which customer is paused."
    )
    _ends_after_it_began = models.Constraint(
        "CHECK (until >= date_from)", "A pause cannot end before it begins."
    )
    _running = models.Index("(company_id, account_id) WHERE ended_on IS NULL")

    @api.depends("account_id")
    def _compute_open_line_ids(self):
        """List what the customer owes: what may be paused."""
        for pause in self:
            pause.open_line_ids = pause.account_id.move_line_ids.filtered(lambda line: line.amount_residual > 0)

    # === WORDS === #

    @api.depends("ended_on", "until")
    def _compute_state(self):
        for pause in self:
            today = pause.company_id._dunning_today()
            pause.state = "running" if pause._runs_on(today) else "over"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        running = self._domain_running_now()
        wanted = {"running": running, "over": ~running}
        return Domain.OR(wanted[state] for state in value if state in wanted)

    @api.model
    def _domain_running_now(self):
        """Return the domain of the pauses that hold on the present day of their company."""
        return Domain.OR(
            Domain("company_id", "in", companies.ids) & self._domain_running(day)
            for day, companies in self.env["res.company"]._dunning_days_of_all().items()
        )

    @api.model
    def _domain_running(self, day):
        """Return the domain of the pauses that still hold on a day; the last day counts."""
        return Domain("ended_on", "=", False) & (Domain("until", "=", False) | Domain("until", ">=", day))

    def _runs_on(self, day):
        return not self.ended_on and (not self.until or self.until >= day)

    @api.depends("scope", "line_ids", "account_id")
    def _compute_invoice_names(self):
        for pause in self:
            if pause.scope == "items":
                pause.invoice_names = ", ".join(dict.fromkeys(pause.sudo().line_ids.mapped("dunning_name")))
            else:
                whole = self.env._("All reminders") if pause.scope == "company" else self.env._("The whole account")
                pause.invoice_names = whole

    @api.depends("scope", "line_ids", "kind", "reason", "until")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for pause in self:
            pause.sentence = pause._in_words()

    def _in_words(self):
        """Return the pause in one line: what, until when, why."""
        values = {
            "what": self.invoice_names,
            "until": format_date(self.env, self.until) if self.until else "",
            "reason": self.reason,
        }
        if self.scope == "company" and self.until:
            return self.env._("All reminders of the company are paused until %(until)s: %(reason)s", **values)
        if self.scope == "company":
            return self.env._("All reminders of the company are paused: %(reason)s", **values)
        if self.scope == "account" and self.until:
            return self.env._("Paused until %(until)s: %(reason)s", **values)
        if self.scope == "account":
            return self.env._("Excluded from reminders: %(reason)s", **values)
        if self.until:
            return self.env._("%(what)s paused until %(until)s: %(reason)s", **values)
        return self.env._("%(what)s excluded from reminders: %(reason)s", **values)

    @api.depends("sentence")
    def _compute_display_name(self):
        for pause in self:
            pause.display_name = pause.sentence

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._complete(vals)
        pauses = super().create(vals_list)
        pauses._check_rights()
        pauses.sudo()._set_flags()
        pauses._has_changed()
        return pauses

    def _complete(self, vals):
        """Take the account and the company from the items or the account: nobody has to type them."""
        if vals.get("scope") == "company":
            company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
            vals.update(account_id=False, company_id=company.root_id.id)
        elif vals.get("account_id"):
            vals["company_id"] = self.env["dunning.account"].browse(vals["account_id"]).company_id.id

    def write(self, vals):
        if not self.env.su and any(pause.ended_on for pause in self):
            raise UserError(self.env._("This pause is over: its history is not altered."))
        if "until" in vals:
            self.filtered(lambda pause: not pause.until)._check_may_lift()
        res = super().write(vals)
        if {"until", "kind"} & vals.keys():
            self._check_rights()
            self.sudo()._set_flags()
        if {"until", "ended_on", "reason"} & vals.keys():
            self._has_changed()
        return res

    def _why_not_written(self, names):
        if not self:
            return self.env._("The history of a pause is not typed.")
        return self.env._("A pause is lengthened, shortened or ended: make another one for the rest.")

    def _creation_message(self):
        return self._in_words()

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A pause is not deleted: end it, its history stays."))

    # === LIFE CYCLE === #

    def action_end(self):
        """Lift these pauses now: what they held is reminded again."""
        self.check_access("write")
        running = self.filtered(lambda pause: not pause.ended_on)
        running._check_may_lift()
        blocked = running.filtered(lambda pause: pause.kind == "blocked")
        for move in blocked.sudo().line_ids.move_id.filtered(lambda move: move.payment_state == "blocked"):
            move.action_toggle_block_payment()
        running.filtered(lambda pause: not pause.ended_on).sudo()._end()

    def _end(self):
        """Note the end of these pauses, and lift Odoo's own flag where nothing else wants it."""
        for company, own in self.grouped("company_id").items():
            own.write({"ended_on": company._dunning_today(), "ended_by": self.env.uid})
        for pause in self:
            pause.message_post(body=self.env._("Ended by %(user)s.", user=self.env.user.name))
        self._set_flags()

    def _has_changed(self):
        """Decide again what these pauses hold or held."""
        accounts = self.env["dunning.account"].sudo()
        for company in self.filtered(lambda pause: pause.scope == "company").company_id:
            accounts._decide_company_again(company)
        own = self.account_id.sudo()
        own._decide_again()
        for company, same in own.grouped("company_id").items():
            accounts._refresh_live(company, same.partner_id)

    # === BUTTONS === #

    @api.model
    def _new_action(self, **values):
        """Return the dialog that asks for a new pause."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pause Until…"),
            "res_model": "dunning.pause",
            "view_mode": "form",
            "views": [(self.env.ref("relance_progressive.dunning_pause_view_form_new").id, "form")],
            "target": "new",
            "context": {f"default_{name}": value for name, value in values.items()},
        }

    def action_pause_company(self):
        """Ask until when nothing at all leaves: for the managers, who may not open the settings."""
        return self._new_action(scope="company", company_id=self.env.company.root_id.id, kind="closing")

    def action_saved(self):
        """Close the dialog: the pause holds."""
        return {"type": "ir.actions.act_window_close"}

    def action_open_account(self):
        """Show the account of the customer."""
        self.ensure_one()
        return self.account_id.get_formview_action()

    @api.model
    def _merge(self, account, others):
        """Take over the pauses of merged customers."""
        marked(others.sudo(), Mark.MERGING).pause_ids.account_id = account.id

    @api.model
    def _holds_of(self, company, partners, day):
        """Yield ``(customer id, hold)`` of what is paused on a day."""
        for partner, item, until in self.env.execute_query(queries.holds(self.env, company, partners, day)):
            yield partner, Hold("pause", item, None, until)

    def _words_of_holds(self):
        """Return ``{reason code: sentence}``: why items are paused, and until when."""
        words = {}
        if paused := self.filtered(lambda pause: not pause.in_odoo):
            words[reasons.HOLD_PREFIX + "pause"] = ", ".join(paused.mapped("sentence"))
        if excluded := self.filtered(lambda pause: pause.in_odoo and pause.kind != "blocked"):
            words[reasons.EXCLUDED_NO_FOLLOWUP] = ", ".join(excluded.mapped("sentence"))
        return words

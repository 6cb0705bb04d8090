from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.said import calls


class DunningDelivery(models.Model):
    """The buttons of the call screen, and the way from one call to the next."""

    _inherit = "dunning.delivery"

    def action_open_call(self):
        """Show the call, with all that is to be said; the list stays one click away."""
        self.ensure_one()
        action = self._calls_action()
        form = [view for view in action["views"] if view[1] == "form"]
        others = [view for view in action["views"] if view[1] != "form"]
        return action | {"res_id": self.id, "views": form + others, "view_mode": "form,list,kanban"}

    def action_open_reminder(self):
        """Show the reminder of the delivery."""
        return self.reminder_id.get_formview_action()

    def action_open_account(self):
        """Show the account of the customer."""
        return self.reminder_id.account_id.get_formview_action()

    def action_open_calls(self):
        """Show the calls that the user has to make."""
        return self._calls_action() | {"target": "main"}

    @api.model
    def _calls_action(self):
        return self.env["ir.actions.act_window"]._for_xml_id("relance_progressive.dunning_call_to_make_action")

    def action_call_no_answer(self):
        """Record in one click that nobody answers."""
        return self._record_and_go_on(calls.NO_ANSWER)

    def action_call_refused(self):
        """Record in one click that the customer refuses to pay."""
        return self._record_and_go_on(calls.REFUSED)

    def action_call_ask(self):
        """Ask for the one or two things that the outcome needs (``dunning_outcome`` in the context)."""
        self.ensure_one()
        self.reminder_id.check_access("write")
        outcome = self.env.context.get("dunning_outcome")
        names = dict(self.env["dunning.call"]._fields["outcome"]._description_selection(self.env))
        if outcome not in names:
            raise UserError(self.env._("Say what came of the call."))
        return {
            "type": "ir.actions.act_window",
            "name": names[outcome],
            "res_model": "dunning.call.record",
            "view_mode": "form",
            "target": "new",
            "context": {"default_delivery_id": self.id, "default_outcome": outcome, "dialog_size": "small"},
        }

    def _record_and_go_on(self, outcome, **answers):
        """Record an outcome and show the next call."""
        call = self._record_call(outcome, **answers)
        following = self._next_call()
        action = following.action_open_call() | {"target": "main"} if following else self.action_open_calls()
        return self._notify(call, action)

    def _record_and_stay(self, outcome, **answers):
        """Record an outcome and show what became of the call."""
        call = self._record_call(outcome, **answers)
        return self._notify(call, self.action_open_call() | {"target": "main"})

    def _notify(self, call, action):
        """Return a word to the user: what was recorded, or why nobody has to call any more."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if call else "warning",
                "sticky": not call,
                "title": self.partner_id.display_name,
                "message": call.summary or self._why_needless(),
                "next": action,
            },
        }

    def _why_needless(self):
        """Return why a call that was cancelled at the last moment is not needed."""
        items = self.sudo().reminder_id.line_ids.move_line_id
        if not any(items.mapped("amount_residual")):
            return self.env._("Payment received meanwhile: no call is needed.")
        return self.env._("No call is needed any more. %(reason)s", reason=self.reason or "")

    def _next_call(self):
        """Return the next call of the same person's list: the largest amount first."""
        person = self.reminder_id._person_in_charge()
        return self.search([
            ("channel", "=", "call"), ("state", "=", "ready"), ("to_do_on", "<=", self.company_id._dunning_today()),
            ("company_id", "in", self.env.companies.root_id.ids), ("id", "!=", self.id),
            ("reminder_id.account_id.person_id", "=", person.id),
        ], order="call_amount DESC, id", limit=1)  # fmt: skip


class DunningReminder(models.Model):
    """The way from a reminder to its call."""

    _inherit = "dunning.reminder"

    call_ids = fields.One2many("dunning.call", "reminder_id", "Calls", readonly=True)
    call_delivery_id = fields.Many2one("dunning.delivery", "Call to Make", compute="_compute_call_delivery_id")

    @api.depends("delivery_ids.state", "delivery_ids.channel")
    def _compute_call_delivery_id(self):
        for reminder in self:
            waiting = reminder.delivery_ids.filtered(lambda one: one.channel == "call" and one.state == "ready")
            reminder.call_delivery_id = waiting[:1]

    def action_call(self):
        """Show the call to make."""
        self.ensure_one()
        if not self.call_delivery_id:
            raise UserError(self.env._("%(name)s: there is no call to make.", name=self.name))
        return self.call_delivery_id.action_open_call()


class DunningAccount(models.Model):
    """The calls of a customer."""

    _inherit = "dunning.account"

    call_ids = fields.Many2many("dunning.call", string="Calls", compute="_compute_call_ids")
    dispute_call_ids = fields.Many2many("dunning.call", string="Open Disputes", compute="_compute_call_ids")

    @api.depends("reminder_ids.call_ids.dispute_closed_at", "dispute_ids.state")
    def _compute_call_ids(self):
        calls_of = self.env["dunning.call"].search([("reminder_id.account_id", "in", self.ids)]).grouped("account_id")
        for account in self:
            own = calls_of.get(account._origin, self.env["dunning.call"])
            account.call_ids = own
            account.dispute_call_ids = own.filtered(
                lambda call: call.outcome == calls.CONTESTS and not call.dispute_closed_at and not call.dispute_ids
            )

    def action_close_disputes(self):
        """Record that what the customer contested on the phone is settled."""
        self.dispute_call_ids.action_close_dispute()

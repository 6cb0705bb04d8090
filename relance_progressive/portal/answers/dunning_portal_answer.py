from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("paid", "Has paid"),
    ("promise", "Promises to pay"),
    ("plan", "Asks for a payment plan"),
    ("dispute", "Contests"),
    ("order", "Gives an order number"),
    ("contact", "Corrects contact data"),
    ("call", "Asks to be called"),
]
STATES = [
    ("to_do", "To Do"),
    ("to_approve", "To Approve"),
    ("recorded", "Recorded"),
    ("refused", "Refused"),
    ("done", "Done"),
]
MOVES = {
    "to_do": {"done", "refused"},
    "to_approve": {"recorded", "refused"},
    "recorded": {"done"},
    "refused": set(),
    "done": {"recorded", "to_do"},  # only by itself: the money went back
}


class DunningPortalAnswer(models.Model):
    """What a customer answered on its page: a proof, that nobody alters, with the record that was made of it."""

    _name = "dunning.portal.answer"
    _inherit = ["dunning.life", "dunning.guarded", "mail.thread", "mail.activity.mixin"]
    _description = "Answer of a Customer"
    _order = "id DESC"
    _mail_post_access = "read"
    _check_company_auto = True
    _moves = MOVES
    _number = "REP"

    name = fields.Char("Number", readonly=True, copy=False)
    account_id = fields.Many2one("dunning.account", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="account_id.company_id", store=True, precompute=True)
    partner_id = fields.Many2one(
        string="Customer", related="account_id.partner_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    person_in_charge_id = fields.Many2one(string="Person in Charge", related="account_id.person_id")
    kind = fields.Selection(KINDS, "Answer", required=True, readonly=True)
    state = fields.Selection(STATES, "Status", required=True, readonly=True, default="to_do", tracking=True)
    answered_at = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    answered_by_id = fields.Many2one(
        "res.users", "Logged In As", readonly=True, ondelete="restrict", help="Empty: by the link of a message."
    )
    link_until = fields.Date("By the Link That Opens Until", readonly=True)
    lang = fields.Char("Language", readonly=True)
    form_key = fields.Char(readonly=True, required=True, groups=fields.NO_ACCESS)
    typed = fields.Json(readonly=True, help="What was typed, as it was understood.", proof="account_id")
    summary = fields.Char("In Short", readonly=True, proof="account_id")
    words = fields.Text("Words of the Customer", readonly=True, proof="account_id")
    move_line_ids = fields.Many2many(
        "account.move.line", "dunning_portal_answer_item", "answer_id", "line_id", "Invoices", readonly=True
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Files", readonly=True, proof="account_id")
    promise_id = fields.Many2one("dunning.promise", readonly=True, index="btree_not_null", ondelete="restrict")
    dispute_id = fields.Many2one("dunning.dispute", readonly=True, index="btree_not_null", ondelete="restrict")
    pause_id = fields.Many2one("dunning.pause", readonly=True, index="btree_not_null", ondelete="restrict")
    problem = fields.Char(readonly=True, help="Why it could not be recorded by itself.", erased="account_id")
    refusal = fields.Text("Reason Told to the Customer", readonly=True, proof="account_id")
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    decided_at = fields.Datetime(readonly=True)

    # A form that is sent twice, by an impatient customer or by somebody who copied it, counts once.
    _once = models.UniqueIndex("(account_id, kind, form_key)")
    _waiting = models.Index("(company_id, account_id) WHERE state IN ('to_do', 'to_approve')")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What a customer answered is a proof: nobody deletes it."))

    def _creation_message(self):
        return self.env._("Answer received")

    def _set_state(self, state, **vals):
        """Move to ``state``.

        :raise UserError: if the life cycle forbids it
        """
        self._check_move(state)
        self.sudo().write({"state": state, **vals})

    # === BUTTONS === #

    def action_accept(self):
        """Record what the customer asked for, as a promise: a person approves it."""
        self.ensure_one()
        self.account_id.check_access("write")
        own = self.sudo()
        if own.state != "to_approve":
            raise UserError(self.env._("%(name)s waits for nobody's approval.", name=own.name))
        promise = self.env["dunning.promise"]._record(
            self.account_id, own._dates(), own.move_line_ids, source="portal", words=own.words, **own._terms(),
            override=self.env._("Asked for by the customer (%(answer)s), approved", answer=own.name),
        )  # fmt: skip
        self._decide("recorded", promise_id=promise.id)

    def action_refuse(self):
        """Ask for the reason, which the customer is told."""
        return self._ask("dunning.portal.answer.refuse", self.env._("Refuse"))

    def action_apply_contact(self):
        """Show the contact data that we have next to those of the customer."""
        return self._ask("dunning.portal.contact", self.env._("Corrected Contact Data"))

    def _ask(self, model, title):
        self.ensure_one()
        self.account_id.check_access("write")
        return {
            "type": "ir.actions.act_window", "name": title, "res_model": model, "view_mode": "form", "target": "new",
            "context": {"default_answer_id": self.id},
        }  # fmt: skip

    def _decide(self, state, **vals):
        """Note the decision of a person, tell the customer, and end what waited for it."""
        self._set_state(state, decided_by_id=self.env.uid, decided_at=fields.Datetime.now(), **vals)
        own = self.sudo()
        own.pause_id.filtered(lambda pause: not pause.ended_on)._end()
        own.activity_ids.action_feedback()
        own._confirm_by_email()

    def action_done(self):
        """Note that a person took care of these answers."""
        self.account_id.check_access("write")
        taken_care_of = self.filtered(lambda answer: answer.state in ("to_do", "recorded"))
        taken_care_of._set_state("done", decided_by_id=self.env.uid, decided_at=fields.Datetime.now())
        taken_care_of.sudo().activity_ids.action_feedback()

    def action_open_account(self):
        """Show the account."""
        return self.account_id.get_formview_action()

    def action_open_made(self):
        """Show the record that was made of it."""
        self.ensure_one()
        made = self.promise_id or self.dispute_id or self.pause_id
        return made.get_formview_action()

    @api.model
    def _merge(self, account, others):
        """Take over the answers of merged customers."""
        others.sudo().portal_answer_ids.account_id = account.id


class DunningPortalAnswerRefuse(models.TransientModel):
    """Why what a customer asked for is refused: he reads it."""

    _name = "dunning.portal.answer.refuse"
    _inherit = ["dunning.pointing"]
    _description = "Refuse What a Customer Asked For"

    answer_id = fields.Many2one("dunning.portal.answer", required=True, readonly=True, ondelete="cascade")
    summary = fields.Char(related="answer_id.summary", related_sudo=False)
    reason = fields.Text(required=True)

    def action_refuse(self):
        """Tell the customer, and let what is owed be reminded again."""
        self.ensure_one()
        self.answer_id.account_id.check_access("write")
        self.answer_id._decide("refused", refusal=self.reason.strip())
        return {"type": "ir.actions.act_window_close"}

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..settings.inside import Mark, is_marked, marked

STATES = [
    ("ready", "Ready"),
    ("sent", "Sent"),
    ("delivered", "Delivered"),
    ("opened", "Opened"),
    ("answered", "Answered"),
    ("refused", "Refused by the Customer"),
    ("unclaimed", "Not Claimed"),
    ("bounced", "Came Back"),
    ("failed", "Failed"),
    ("uncertain", "Uncertain"),
    ("cancelled", "Cancelled"),
]
MOVES = {
    "ready": {"sent", "failed", "uncertain", "cancelled"},
    "uncertain": {
        "sent", "delivered", "opened", "answered", "refused", "unclaimed", "bounced", "failed", "cancelled",
    },
    "sent": {"delivered", "opened", "answered", "refused", "unclaimed", "bounced"},
    "delivered": {"opened", "answered", "bounced"},
    "opened": {"answered"},
    "answered": set(),
    # A registered letter that the customer refused or left at the post office stays valid.
    "refused": set(),
    "unclaimed": {"delivered"},
    "bounced": set(),
    "failed": set(),
    "cancelled": set(),
}
HANDED_OVER = ("sent", "delivered", "opened", "answered", "refused", "unclaimed")


class DunningDelivery(models.Model):
    """A reminder over one channel, with its own status and its proof."""

    _name = "dunning.delivery"
    _inherit = ["dunning.life", "dunning.guarded"]
    _description = "Reminder Delivery"
    _order = "reminder_id DESC, id"
    _rec_name = "address"
    _moves = MOVES

    reminder_id = fields.Many2one(
        "dunning.reminder", required=True, readonly=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="reminder_id.partner_id")
    company_id = fields.Many2one(related="reminder_id.company_id")
    channel = fields.Selection(
        lambda self: self.env["dunning.level.channel"]._fields["channel"]._description_selection(self.env),
        required=True, readonly=True,
    )  # fmt: skip
    state = fields.Selection(STATES, "Status", required=True, readonly=True, default="ready")
    failure = fields.Selection(
        [
            ("missing", "No usable address"),
            ("refused", "Refused"),
            ("template", "Text cannot be made"),
            ("unreachable", "Server unreachable"),
            ("person", "Not sent, a person said"),
        ],
        "Kind of Failure", readonly=True,
    )  # fmt: skip
    reason = fields.Char(
        readonly=True, help="Why it failed or is uncertain; what was left out of it.", erased="reminder_id.account_id"
    )
    address = fields.Char(readonly=True, proof="reminder_id.account_id")
    contact_id = fields.Many2one("res.partner", readonly=True, ondelete="set null")
    provider = fields.Char(readonly=True, help="The code of who carried it: a gateway, a postal service.")
    provider_name = fields.Char("Carried By", compute="_compute_provider_name")
    reference = fields.Char(readonly=True, index="btree_not_null", help="What the provider knows it by (Message-Id).")
    to_do_on = fields.Date(readonly=True, help="The day on which a person should carry it out.")
    date_done = fields.Date("Day", readonly=True, help="The day it counts for.")
    sent_at = fields.Datetime("Handed Over At", readonly=True)
    news_at = fields.Datetime("Last News", readonly=True, help="When it bounced, was opened or was answered.")
    currency_id = fields.Many2one(related="reminder_id.currency_id")
    cost = fields.Monetary(readonly=True)
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Proofs", readonly=True, proof="reminder_id.account_id"
    )
    tried_again = fields.Boolean(readonly=True, help="It failed, and a person or a new address gave it another try.")
    message_id = fields.Many2one(
        "mail.message", "Text", readonly=True, index="btree_not_null", ondelete="restrict",
        proof="reminder_id.account_id",
    )  # fmt: skip

    _bounced_by_address = models.Index("(address, id) WHERE address IS NOT NULL")
    _within_the_hour = models.Index("(channel, sent_at) WHERE sent_at IS NOT NULL")
    _to_do = models.Index("(channel, to_do_on, id) WHERE state = 'ready'")

    @api.depends("provider")
    @api.depends_context("lang")
    def _compute_provider_name(self):
        names = self._provider_names()
        for delivery in self:
            delivery.provider_name = names.get(delivery.provider, delivery.provider)

    def write(self, vals):
        if "state" in vals and not is_marked(self.env, Mark.MOVING):
            raise UserError(self.env._("The status of a delivery follows what happens to it: it cannot be written."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_before_it_leaves(self):
        if any(delivery.state != "ready" or delivery.message_id for delivery in self):
            raise UserError(self.env._("What became of a reminder is its history: it is not deleted."))

    def _set_state(self, state, **vals):
        """Move to ``state``.

        :raise UserError: if the life cycle forbids it
        """
        self._check_move(state)
        calls = self.filtered(lambda delivery: delivery.channel == "call" and delivery.state == "ready")
        marked(self, Mark.MOVING).write({"state": state, **vals})
        calls._end_call_activities(state)
        if state == "cancelled":
            self._leave_queue()

    @api.model
    def _handed_over_states(self):
        """Name the states of what reached the customer, as far as anyone knows."""
        return HANDED_OVER

    def _counts_for(self, code):
        """Tell whether a channel of this code was used in the present round of attempts."""
        return self.channel == code and not self.tried_again and self.state != "cancelled"

    def _is_handed_over(self):
        """Return what was handed over; a note inside the company only where the level has no way to the customer."""
        return self.filtered(lambda delivery: delivery.state in HANDED_OVER and delivery._is_for_customer())

    # === NEWS === #

    def _bounced(self, reason):
        """Record that what was handed over came back, and undo the level unless another channel arrived."""
        news = self.filtered(lambda delivery: "bounced" in MOVES[delivery.state])
        news._set_state("bounced", reason=reason, news_at=fields.Datetime.now())
        for reminder in news.reminder_id:
            if reminder.delivery_ids._is_handed_over():
                reminder._go_on()
            else:
                reminder._has_not_arrived(reason)
        news._note_bounced(reason)

    def _why_not_moved(self, old, new):
        return self.env._("A delivery cannot go from “%(old)s” to “%(new)s”.", old=old, new=new)

    def _news_were_wrong(self, state):
        """Move back to ``state`` because the news that led to the present one were wrong.

        Both mean that it reached the customer, so that its level stands.

        :raise UserError: if one of them does not
        """
        words = dict(self._fields["state"]._description_selection(self.env))
        for delivery in self:
            if not {delivery.state, state} <= set(HANDED_OVER):
                raise UserError(delivery._why_not_moved(words[delivery.state], words[state]))
        marked(self, Mark.MOVING).write({"state": state, "news_at": fields.Datetime.now()})

    def _answered(self):
        """Record that the customer answered, which also proves that an uncertain message arrived."""
        news = self.filtered(lambda delivery: "answered" in MOVES[delivery.state])
        news._set_state("answered", news_at=fields.Datetime.now())
        news.reminder_id.filtered(lambda reminder: reminder.state == "uncertain")._set_state("sent", reason=False)


class DunningJournal(models.Model):
    """What is being handed over at this moment.

    Each row is committed on its own, before its message is made, before and after it is handed over, and deleted
    once the outcome is recorded: rows that remain tell what a killed worker was doing.
    No foreign keys: they would wait for the locks of the transaction that is still open.
    """

    _name = "dunning.journal"
    _description = "Messages Being Handed Over"
    _log_access = False

    reminder_id = fields.Integer(required=True)
    channel = fields.Char(required=True)
    state = fields.Selection(
        [("making", "Being Made"), ("begun", "Begun"), ("accepted", "Accepted"), ("refused", "Refused"),
         ("delayed", "To Try Again"), ("uncertain", "Uncertain")],
        required=True, default="begun",
    )  # fmt: skip
    date = fields.Date(required=True)
    begun_at = fields.Datetime()
    alone = fields.Boolean(help="Made alone, because a worker died while it was made with others.")
    reason = fields.Char()
    content = fields.Json(help="What the channel hands over: address, reference, subject, body, contact, language.")

    _one_per_channel = models.UniqueIndex("(reminder_id, channel)")

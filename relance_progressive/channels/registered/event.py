from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.law import notice
from ...settings.inside import Mark, is_marked, marked
from ...settings.proofs import unguarded

KINDS = [
    (notice.HANDED_IN, "Handed In"),
    (notice.PRESENTED, "Presented"),
    (notice.DELIVERED, "Delivered"),
    (notice.REFUSED, "Refused"),
    (notice.UNCLAIMED, "Not Claimed"),
    (notice.RETURNED, "Came Back"),
]
SOURCES = [("person", "A person"), ("import", "A file"), ("provider", "The provider")]


class DunningDeliveryEvent(models.Model):
    """Something that happened to a registered letter: it is proof, so nobody alters or deletes it.

    A wrong one is struck out, with a reason, and stays to be seen.
    """

    _name = "dunning.delivery.event"
    _inherit = ["dunning.guarded"]
    _description = "Event of a Registered Letter"
    _order = "date, id"
    _rec_name = "kind"

    delivery_id = fields.Many2one("dunning.delivery", required=True, readonly=True, index=True, ondelete="restrict")
    kind = fields.Selection(KINDS, "What Happened", required=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    note = fields.Char(readonly=True, erased="delivery_id.reminder_id.account_id")
    source = fields.Selection(SOURCES, "Said By", required=True, readonly=True, default="person")
    user_id = fields.Many2one("res.users", "Recorded By", readonly=True, ondelete="set null")
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Proofs", readonly=True, proof="delivery_id.reminder_id.account_id"
    )
    provider_uid = fields.Char("Number of the Proof", readonly=True, help="The unique number the provider gave it.")

    struck = fields.Boolean("Struck Out", readonly=True)
    struck_reason = fields.Char("Why It Is Struck Out", readonly=True)
    struck_by_id = fields.Many2one("res.users", "Struck Out By", readonly=True, ondelete="set null")
    struck_at = fields.Datetime("Struck Out On", readonly=True)

    _one_of_a_kind = models.UniqueIndex(
        "(delivery_id, kind, date) WHERE struck IS NOT TRUE", "This event is already recorded."
    )

    def write(self, vals):
        if not is_marked(self.env, Mark.RECORDING):
            raise UserError(self.env._("An event that was recorded is proof: strike it out and record the right one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("An event that was recorded is proof: strike it out and record the right one."))

    def _as_facts(self):
        """Return the events that stand, as the legal rules take them."""
        return [
            notice.Event(event.kind, event.date, bool(event.attachment_ids)) for event in self if not event.struck
        ]  # fmt: skip

    def _add_proofs(self, attachments):
        """Attach documents to this event and to its delivery; they become as untouchable as the event."""
        self.ensure_one()
        if attachments:
            unguarded(attachments.sudo()).write({"res_model": self._name, "res_id": self.id})
            marked(self, Mark.RECORDING).attachment_ids += attachments
            self.delivery_id.attachment_ids += attachments

    def _strike_out(self, reason):
        """Strike out events that are wrong; their letters go back to what the other events say.

        :raise UserError: without a reason, or for one that is struck out already
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why this event is wrong."))
        if any(event.struck for event in self):
            raise UserError(self.env._("This event is struck out already."))
        marked(self, Mark.RECORDING).write({
            "struck": True, "struck_reason": reason.strip(), "struck_by_id": self.env.uid,
            "struck_at": fields.Datetime.now(),
        })  # fmt: skip
        self.flush_recordset()  # the right event may be recorded at once
        self.delivery_id._follow_events_back()
        self.delivery_id.reminder_id.account_id._show_now()

    def action_strike_out(self):
        """Ask why the event is wrong."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Strike Out an Event"),
            "res_model": "dunning.delivery.strike.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_event_id": self.id},
        }

    def action_add_proof(self):
        """Attach a scan to an event that has none yet."""
        self.ensure_one()
        return self.delivery_id._open_event_wizard({
            "default_kind": self.kind, "default_date": self.date, "default_only_proof": True,
        })  # fmt: skip


class DunningDeliveryEventWizard(models.TransientModel):
    """What happened to one or several registered letters, as a person tells it."""

    _name = "dunning.delivery.event.wizard"
    _inherit = ["dunning.pointing"]
    _description = "Record an Event of Registered Letters"

    delivery_ids = fields.Many2many("dunning.delivery", string="Letters", readonly=True)
    kind = fields.Selection(KINDS, "What Happened", required=True, default="delivered")
    date = fields.Date(required=True, default=lambda self: self.env.company._dunning_today())
    note = fields.Char()
    file_ids = fields.Many2many("ir.attachment", string="Scanned Proof")
    only_proof = fields.Boolean("Only the Proof", help="The event is known: only its proof is added.")
    problem = fields.Text(compute="_compute_problem")

    @api.depends("delivery_ids", "kind", "date")
    def _compute_problem(self):
        for wizard in self:
            problems = []
            if wizard.kind and wizard.date and not wizard.only_proof:
                for letter in wizard.delivery_ids:
                    if problem := letter._event_problem(wizard.kind, wizard.date):
                        problems.append(f"{letter._letter_name()}: {problem}")
            wizard.problem = "\n".join(problems)

    def action_record(self):
        """Record the event of every letter, or of none.

        :raise UserError: naming the letters whose known events it contradicts
        """
        self.ensure_one()
        letters = self.delivery_ids._check_may_follow()
        if not letters:
            raise UserError(self.env._("Select at least one registered letter."))
        if self.problem:
            raise UserError(self.problem)
        letters._record_events([(letter, self.kind, self.date) for letter in letters], note=self.note)
        if self.file_ids:
            for number, event in enumerate(letters.event_ids.filtered(self._is_this)):
                event._add_proofs(self._files(last=number == len(letters) - 1))
        return {"type": "ir.actions.act_window_close"}

    def _is_this(self, event):
        return (event.kind, event.date, event.struck) == (self.kind, self.date, False)

    def _files(self, last):
        """Return the files for one letter: its own copies, or the files themselves for the last one.

        :raise AccessError: for a file that the user may not read
        """
        self.file_ids.check_access("read")
        files = self.file_ids.sudo()
        own = files.filtered(lambda file: last and file.create_uid == self.env.user and not file.res_id)
        copies = [file.copy({"res_model": False, "res_id": False}).id for file in files - own]
        return own + files.browse(copies)


class DunningDeliveryStrikeWizard(models.TransientModel):
    """Why an event is wrong."""

    _name = "dunning.delivery.strike.wizard"
    _inherit = ["dunning.pointing"]
    _description = "Strike Out an Event"

    event_id = fields.Many2one("dunning.delivery.event", required=True, readonly=True, ondelete="cascade")
    reason = fields.Char(required=True)

    def action_strike_out(self):
        """Strike the event out; only managers may (access rights of this model)."""
        self.ensure_one()
        self.check_access("write")
        self.event_id.check_access("read")
        self.event_id.delivery_id._check_may_follow()
        self.event_id.sudo()._strike_out(self.reason)
        return {"type": "ir.actions.act_window_close"}

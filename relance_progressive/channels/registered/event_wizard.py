from odoo import api, fields, models
from odoo.exceptions import UserError

from .event import KINDS


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

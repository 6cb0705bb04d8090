from odoo import api, fields, models

KINDS = [
    ("professional", "Professional"),
    ("consumer", "Consumer or non-professional"),
    ("public", "Public body"),
    ("abroad", "Customer under another law"),
    ("neutral", "Customer whose status is not known"),
]


class DunningNoticeText(models.Model):
    """What a formal notice says to one kind of customer."""

    _name = "dunning.notice.text"
    _inherit = ["dunning.guarded", "dunning.pointing", "dunning.shared"]
    _description = "Text of a Formal Notice"
    _people_settings = True
    _order = "level_id, id"
    _shared_through = "level_id.plan_id"

    level_id = fields.Many2one("dunning.level", required=True, index=True, ondelete="cascade")
    kind = fields.Selection(KINDS, "To Whom", required=True)
    template_id = fields.Many2one(
        "mail.template", "Text", required=True, domain="[('model', '=', 'dunning.reminder')]", ondelete="cascade"
    )

    _one_of_a_kind = models.UniqueIndex("(level_id, kind)", "A level has one text for each kind of customer.")

    @api.constrains("template_id")
    def _check_template(self):
        self.template_id._dunning_check_of_reminders()

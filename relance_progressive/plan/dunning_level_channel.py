from odoo import fields, models

# In the order in which people are offered them: the first one is that of a new level. ``dunning.channel.<code>`` is
# what each does; another add-on adds its own by ``selection_add``.
CHANNELS = [
    ("email", "E-mail"),
    ("sms", "SMS"),
    ("note", "Note inside the company"),
    ("call", "Call"),
    ("letter", "Letter"),
    ("registered", "Registered letter"),
    ("lre", "Electronic registered letter"),
]


class DunningLevelChannel(models.Model):
    """One way in which the message of a level reaches the customer."""

    _name = "dunning.level.channel"
    _inherit = ["dunning.guarded", "dunning.pointing", "dunning.shared"]
    _description = "Channel of a Reminder Level"
    _people_settings = True
    _order = "level_id, sequence, id"
    _shared_through = "level_id.plan_id"

    level_id = fields.Many2one("dunning.level", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    channel = fields.Selection(selection=CHANNELS, required=True)
    fallback = fields.Boolean(
        "Only If the One Before Fails",
        help="Used when the channel before it cannot reach the customer. Otherwise it is used in any case.",
    )

    _once_per_level = models.UniqueIndex("(level_id, channel)", "A level uses each channel once.")

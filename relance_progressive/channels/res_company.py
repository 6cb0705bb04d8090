from odoo import fields, models

from .sms.folder import SmsApiFolder


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_hourly_cap = fields.Integer(
        "E-mails an Hour", default=0,
        help="No more reminders than this leave by e-mail within an hour, for mail servers that take no more; the "
        "rest follows by itself. 0: no limit.",
    )  # fmt: skip
    dunning_letter_provider = fields.Selection(
        [
            ("print", "Printed and posted by hand"),
            ("folder", "Written to a folder of the server"),
            ("snailmail", "Printed and posted by Odoo (credits needed)"),
        ],
        "Letters Are", default="print", required=True, help="Who prints the letters and takes them to the post.",
    )  # fmt: skip
    dunning_lre_provider = fields.Selection(
        [("local", "Local folder (tests and demonstrations)")], "Electronic Registered Letters",
        help="Who sends them. Without a provider they leave on paper.",
    )  # fmt: skip
    dunning_sms_folder = fields.Boolean(
        "Text Messages to a Folder", help="Nothing is sent: each text message becomes a file of the server."
    )

    _dunning_hourly_cap_positive = models.Constraint(
        "CHECK (dunning_hourly_cap >= 0)", "The limit of e-mails an hour cannot be negative."
    )

    def _get_sms_api_class(self):
        return SmsApiFolder if self.dunning_sms_folder else super()._get_sms_api_class()

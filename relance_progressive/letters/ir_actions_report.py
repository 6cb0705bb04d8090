from odoo import api, models


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def _build_wkhtmltopdf_args(self, *args, **kwargs):
        """Do not wait a second for scripts: letters have none."""
        command = super()._build_wkhtmltopdf_args(*args, **kwargs)
        if self.env.context.get("dunning_paperformat"):
            command[command.index("--javascript-delay") + 1] = "1"
        return command

    def get_paperformat(self):
        """Give letters their own margins, where the window of the envelope is."""
        own = self.env.context.get("dunning_paperformat")
        return self.env["report.paperformat"].sudo().browse(own) if own else super().get_paperformat()

    @api.model
    def get_paperformat_by_xmlid(self, xml_id):
        """Give the layout of letters the same paper as the letters."""
        if self.env.context.get("dunning_paperformat"):
            return self.get_paperformat()
        return super().get_paperformat_by_xmlid(xml_id)

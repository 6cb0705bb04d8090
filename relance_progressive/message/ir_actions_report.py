from odoo import api, models
from odoo.http import request

from . import pdf_engine


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def _build_wkhtmltopdf_args(self, *args, **kwargs):
        """Do not wait a second for scripts: letters have none."""
        command = super()._build_wkhtmltopdf_args(*args, **kwargs)
        if self.env.context.get("dunning_paperformat"):
            command[command.index("--javascript-delay") + 1] = "1"
        return command

    @api.model
    def _run_wkhtmltopdf(
        self, bodies, report_ref=False, header=None, footer=None, landscape=False, specific_paperformat_args=None,
        set_viewport_size=False,
    ):  # fmt: skip
        """Print what leaves with reminders within a limit of time.

        Letters need nothing of the web server; invoices that a person has made keep Odoo's way, which lends the engine
        the session of the request, and the request has a limit of its own.
        """
        limited = self.env.context.get("dunning_pdf_limit") and not request
        if not limited and not self.env.context.get("dunning_paperformat"):
            return super()._run_wkhtmltopdf(
                bodies, report_ref, header, footer, landscape, specific_paperformat_args, set_viewport_size
            )
        paper = self._get_report(report_ref).get_paperformat() if report_ref else self.get_paperformat()
        arguments = self._build_wkhtmltopdf_args(
            paper, landscape, specific_paperformat_args=specific_paperformat_args, set_viewport_size=set_viewport_size
        )
        return pdf_engine.run(arguments, list(bodies), header or "", footer or "")

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

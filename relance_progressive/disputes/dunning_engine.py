from odoo import models


class DunningEngine(models.AbstractModel):
    _inherit = "dunning.engine"

    def _begin(self, company, day):
        """Also close what was paid in a way that leaves no trace, such as an import."""
        lines = self.env["dunning.dispute.line"].search(
            [("dispute_id.company_id", "=", company.id), ("dispute_id.state", "in", ("open", "accepted", "partly"))]
        )
        self.env["dunning.account"]._follow_disputes(lines.move_line_id)
        return super()._begin(company, day)

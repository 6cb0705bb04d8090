from odoo import api, fields, models


class DunningLevel(models.Model):
    """What an update has put into a level that a person had written: it stays until somebody has looked at it."""

    _inherit = "dunning.level"

    update_signs = fields.Char(readonly=True, copy=False, help="What an update has changed: texts, mention, claim.")
    update_text = fields.Text("Changed by an Update", compute="_compute_update_text")

    @api.depends("update_signs")
    @api.depends_context("lang")
    def _compute_update_text(self):
        sentences = {
            "texts": self.env._(
                "It has got texts for each kind of customer. They are said in place of the text that was written here: "
                "delete those that you do not want."
            ),
            "mention": self.env._("It tells how much late interest and indemnity come to."),
            "claim": self.env._("It claims late interest and indemnity."),
        }
        for level in self:
            found = [sentences[sign] for sign in (level.update_signs or "").split(",") if sign in sentences]
            if found:
                found.insert(0, self.env._(
                    "The update to version 19.0.1.1.0 took this level for one that nobody had changed. Look whether it "
                    "says what you want:"
                ))  # fmt: skip
            level.update_text = " ".join(found)

    def action_update_seen(self):
        """Say that somebody has looked at what an update changed."""
        self.check_access("write")
        self.sudo().update_signs = False

from odoo import api, models
from odoo.tools.translate import code_translations

ADDON = "relance_progressive"
SOURCE = "en"  # what the terms of the add-on are written in


class DunningPortal(models.AbstractModel):
    """The languages of the pages, and what those read who are not let in."""

    _inherit = "dunning.portal"

    @api.model
    def _languages(self):
        """Return ``{code: name}`` of the installed languages that the pages speak.

        Odoo may speak more of them: in those, dates and menus would be in one language and the page in another.
        """
        installed = dict(self.env["res.lang"].get_installed())
        return {
            code: name for code, name in installed.items()
            if code.startswith(SOURCE) or code_translations.get_python_translations(ADDON, code)
        }  # fmt: skip

    @api.model
    def _language_tag(self):
        """Return what the text of a page is in: for a browser that reads it out or translates it."""
        lang = self.env.lang or SOURCE
        return lang.replace("_", "-") if lang in self._languages() else SOURCE

    @api.model
    def _whom_to_ask(self):
        """Return whom to turn to when nothing opens: the one company that reminds here, nothing where there are more.

        Whose link it was is not told: one answer, whatever the reason.
        """
        company = self.env["res.company"].sudo().search(
            [("dunning_started", "=", True), ("parent_id", "=", False)], limit=2
        )
        if len(company) != 1:
            return {}
        return {"name": company.name, "phone": company.phone or "", "email": company.email or ""}

from odoo import api, fields, models

from . import shipped


class DunningShipped(models.Model):
    """How a default plan, level or text came with the add-on: an update knows by it what a person has changed."""

    _name = "dunning.shipped"
    _description = "Default Data As They Came"

    name = fields.Char(required=True, help="The external name of the record, without that of the add-on.")
    sums = fields.Json(help="The checksum of each field, and of each language. Empty: people have made it their own.")

    _name_once = models.UniqueIndex("(name)", "A record has come once.")

    @api.model
    def _known(self):
        """Return ``{name: checksums}``."""
        return {row.name: row.sums or {} for row in self.sudo().search([])}

    @api.model
    def _note(self, sums_by_name):
        """Keep the checksums of records, in place of those that are kept."""
        there = {row.name: row for row in self.sudo().search([("name", "in", list(sums_by_name))])}
        for name, sums in sums_by_name.items():
            if name in there:
                there[name].sums = sums
        self.sudo().create([
            {"name": name, "sums": sums} for name, sums in sums_by_name.items() if name not in there
        ])  # fmt: skip

    @api.model
    def _keep_all(self):
        """Note all default data, once they are installed."""
        shipped.keep(self.env, list(shipped.records(self.env)))


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    @api.model
    def _load_module_terms(self, modules, langs, overwrite=False):
        """Note the translations that come to default data which nobody has changed."""
        ours = shipped.known_untouched(self.env) if shipped.MODULE in modules else []
        super()._load_module_terms(modules, langs, overwrite=overwrite)
        if ours:
            self.env.invalidate_all()
            shipped.keep(self.env, ours)

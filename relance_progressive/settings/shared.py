from functools import partial

from odoo import api, models
from odoo.exceptions import RedirectWarning


class DunningShared(models.AbstractModel):
    """What stands without a company counts for all of them: who manages all of them changes it.

    Whoever manages one company only changes its own: he is offered a copy of what is shared.
    """

    _name = "dunning.shared"
    _description = "Shared Between Companies"

    _shared_through = ""  # the way to the record that has the company; empty for that record itself

    @api.model
    def _may_share(self):
        """Tell whether the person may change what counts for all companies: who works for all, or sets the database up.

        In the database of a single company that is everybody with the rights on the model.
        """
        if self.env.su or self.env.user.has_group("base.group_system"):
            return True
        others = [("id", "not in", self.env.user.company_ids.ids), ("parent_id", "=", False)]
        return not self.env["res.company"].sudo().search_count(others, limit=1)

    @api.model
    def _default_company(self):
        """Return no company for whoever may make something that all of them share."""
        return False if self._may_share() else self.env.company.root_id

    def _holder(self):
        """Return the records that say whose these are."""
        return self.mapped(self._shared_through) if self._shared_through else self

    def _check_access(self, operation):
        """Also close what is shared; whatever writes asks here, a dialog of translations as well."""
        result = super()._check_access(operation)
        if result or operation == "read" or not any(self._ids) or self._may_share():
            return result
        shared = self.sudo().filtered(lambda record: not record._holder().company_id)
        return (self.browse(shared.ids), partial(refusal, shared._holder())) if shared else None

    def write(self, vals):
        fields = [self._fields[name] for name in vals if name in self._fields]
        if fields and not self.env.su and all(field.company_dependent for field in fields):
            self.check_access("read")
            self.browse().check_access("write")
            return super(DunningShared, self.sudo()).write(vals)  # it counts for the present company only
        res = super().write(vals)
        if "company_id" in vals:
            self.check_access("write")  # nobody plants anything in a company that is not theirs, nor in all of them
        return res

    def action_copy_for_company(self):
        """Make copies that count for the present company, texts included, and show them."""
        holders = self._holder()
        holders.check_access("read")
        copies = holders.browse()
        copies.check_access("create")
        for record in holders:
            before = {"sequence": record.sequence - 1} if "sequence" in holders._fields else {}
            copies += record.copy({"company_id": self.env.company.root_id.id, **before})
        copies._copy_texts()
        return copies._get_records_action()

    def _copy_texts(self):
        """Give these copies texts of their own, or a change of theirs would be one for everybody."""
        made = {}
        for model, name in text_fields(self.env):
            if model._holder()._name == self._name:
                own = [(model._shared_through or "id", "in", self.ids)]
                for record in model.with_context(active_test=False).search(own):
                    text = record[name]
                    if text and text not in made:
                        made[text] = text.sudo().copy().sudo(False)
                    record[name] = made.get(text)


def text_fields(env):
    """Yield ``(model, field name)`` of the texts that are said by what is shared, or by what one company has."""
    for name in sorted(env.registry):
        model = env[name]
        if not model._abstract and hasattr(model, "_shared_through"):
            for field in model._fields.values():
                if field.type == "many2one" and field.store and field.comodel_name == "mail.template":
                    yield model, field.name


def refusal(holders):
    """Return the error for what is shared: who changes it, and the way to a copy of one's own."""
    env = holders.sudo(False).env
    words = env._(
        "“%(names)s” counts for all companies: whoever manages all of them changes it. Make a copy that counts for "
        "%(company)s, and change that.",
        names=", ".join(holders.mapped("display_name")), company=env.company.root_id.sudo().name,
    )  # fmt: skip
    action = env.ref(f"relance_progressive.{holders._table}_copy_action")
    asked = {"active_model": holders._name, "active_ids": holders.ids, "active_id": holders.ids[0]}
    return RedirectWarning(words, action.id, env._("Copy It for My Company"), asked)

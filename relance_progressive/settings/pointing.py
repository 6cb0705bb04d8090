import re
from collections import defaultdict

from odoo import api, models
from odoo.models import BaseModel

OURS = "dunning."  # what the names of our models begin with
PLACE = ("model", "res_model", "res_model_id", "res_id", "res_ids")  # how Odoo says what a record is under


class DunningPointing(models.AbstractModel):
    """What a record points at is read by whoever makes it point there.

    A dialog shows what it is opened on: names, amounts, whole texts, worked out by related and computed fields that
    read as superuser or find what others have read. So nobody opens it, not even by a form that is never saved, on
    something that is closed to him. Every model that people create or write inherits this; a test looks.
    """

    _name = "dunning.pointing"
    _description = "Points at What One May Read"

    @api.model_create_multi
    def create(self, vals_list):
        self._check_may_point(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_may_point([vals])
        return super().write(vals)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        self._check_may_point([values])
        return values

    def onchange(self, values, field_names, fields_spec):
        self._check_may_point([values])
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def _check_may_point(self, vals_list):
        """Refuse values that point at something that the person may not read.

        :raise AccessError: in Odoo's own words
        """
        if self.env.su:
            return
        found = defaultdict(set)
        for values in vals_list:
            _collect(self, values, found)
        for name, ids in found.items():
            self._check_may_read(self.env[name].browse(ids))

    @api.model
    def _check_may_read(self, records):
        """Refuse records that the person may not read.

        Whoever reminds reads what customers of his companies owe, be he no accountant; and a branch knows its
        main company.
        """
        if records._name == "account.move.line" and self.env.user.has_group("relance_progressive.dunning_group_user"):
            owed = records.sudo().filtered(
                lambda item: item.account_type == "asset_receivable" and item.company_id.root_id in self.env.companies
            )
            records -= owed.sudo(False)
        elif records._name == "res.company":
            records -= self.env.user.company_ids.sudo().mapped("parent_ids").sudo(False)
        if records:
            records.check_access("read")


class DunningPointingOurs(models.AbstractModel):
    """A record of Odoo's that shows what it points at: where that is ours, whoever makes it point there may read it.

    Odoo's own dialogs and activities work names, subjects and files out as superuser, for whatever is typed.
    """

    _name = "dunning.pointing.ours"
    _inherit = ["dunning.pointing"]
    _description = "Points at What Is Ours, Where One May Read It"

    @api.model
    def _check_may_point(self, vals_list):
        super()._check_may_point(vals_list)
        for values in () if self.env.su else vals_list:
            for record in self._documents(values):
                record.check_access("read")

    @api.model
    def _check_may_read(self, records):
        if place := {"ir.attachment": "res_model", "mail.message": "model"}.get(records._name):
            records = records.sudo().search([("id", "in", records.ids), (place, "=like", f"{OURS}%")]).sudo(False)
        if place or records._name.startswith(OURS):
            super()._check_may_read(records)

    def _documents(self, values):
        """Return the records of ours that values, and what stands or is filled in beside them, put this under."""
        names = [name for name in PLACE if name in self._fields]
        if self and not values.keys() & set(names):
            return []
        beside = [name for name in names if name not in values]
        places = [values | {name: one[name] for name in beside} for one in self.sudo()]
        if not self and beside:
            places = [BaseModel.default_get(self, beside) | values]  # not what a model adds: it may ask this again
        found = []
        for place in places or [values]:
            kind = self.env["ir.model"].sudo().browse(_ids([place.get("res_model_id")]))
            ids = _ids(re.findall(r"\d+", f"{place.get('res_id')} {place.get('res_ids')}"))
            for name in {place.get("res_model"), place.get("model"), kind.model}:
                if isinstance(name, str) and name.startswith(OURS) and name in self.env:
                    found.append(self.env[name].browse(ids).exists())
        return found


class MailActivity(models.Model):
    _name = "mail.activity"
    _inherit = ["dunning.pointing.ours", "mail.activity"]


class MailComposeMessage(models.TransientModel):
    _name = "mail.compose.message"
    _inherit = ["dunning.pointing.ours", "mail.compose.message"]


class SnailmailLetter(models.Model):
    _name = "snailmail.letter"
    _inherit = ["dunning.pointing.ours", "snailmail.letter"]


def _collect(model, values, found):
    """Put what these values point at into ``found``, ids by model, however deep."""
    for name, value in values.items():
        field = model._fields.get(name)
        if field is None or not field.relational or not value:
            continue
        comodel = model.env[field.comodel_name]
        if isinstance(value, BaseModel):
            found[comodel._name].update(_ids(value.ids))
        elif field.type != "many2one":
            _collect_commands(comodel, value, found)
        elif isinstance(value, dict):  # the record around a line, as it stands in a form
            found[comodel._name].update(_ids([value.get("id")]))
            _collect(comodel, value, found)
        else:
            found[comodel._name].update(_ids(value[:1] if isinstance(value, list | tuple) else [value]))


def _collect_commands(comodel, commands, found):
    """Do the same for the commands of a field that points at several records."""
    for command in commands:
        parts = command if isinstance(command, list | tuple) else [4, command]
        for part in parts[1:]:
            if isinstance(part, dict):
                _collect(comodel, part, found)
            else:
                found[comodel._name].update(_ids(part if isinstance(part, list | tuple) else [part]))


def _ids(values):
    """Return the ids of saved records among values that anybody may have sent: Odoo also finds 5.0 and "5"."""
    numbers = {
        int(value) for value in values
        if not isinstance(value, bool)
        and (isinstance(value, int) or str(value).isdecimal() or (isinstance(value, float) and value.is_integer()))
    }  # fmt: skip
    return [number for number in numbers if number > 0]

from psycopg2.errors import RestrictViolation

from odoo import api, models, tools
from odoo.exceptions import UserError

# What a person does with any record: its thread and its activities.
THREAD = {
    "message_follower_ids", "message_partner_ids", "message_ids", "message_main_attachment_id", "rating_ids",
}  # fmt: skip
ACTIVITY = "activity_"
ALWAYS, CREATE, ONCE = True, "create", "once"


class DunningGuarded(models.AbstractModel):
    """A record of which people write what is theirs to write; the system writes the rest.

    A field says so itself, with ``people=``: ``True`` for always, names of states for as long as the record is in one
    of them, ``"once"`` for as long as it is empty, ``"create"`` for when the record is made only. A field that says
    nothing is the system's: a button writes it, with ``sudo()``, after it has checked who presses it.

    ``proof=`` is the path from a field to the account whose proof it keeps: a message, files, or words. See
    :mod:`.proofs`. ``erased=`` is the same path, of words that are no proof, and name or cite the customer.
    """

    _name = "dunning.guarded"
    _description = "Record with Fields of the System"

    _people_settings = False  # what people set up: they write every field but those that are read only

    def _valid_field_parameter(self, field, name):
        return name in ("people", "proof", "erased") or super()._valid_field_parameter(field, name)

    # === WHAT PEOPLE WRITE === #

    @api.model
    def _people_fields(self):
        """Return ``{name: when}`` of the fields that people may write."""
        found = {}
        for name, field in self._fields.items():
            when = getattr(field, "people", None) if not field.related else None  # not what it shows of another record
            if name in THREAD or name.startswith(ACTIVITY) or self._people_settings and not field.readonly:
                when = when or ALWAYS
            if when:
                found[name] = when
        return found

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:
            return super().create(vals_list)
        self.browse().check_access("create")
        own = self._people_fields().keys()
        if refused := set().union(*vals_list) - own:
            raise UserError(self._why_not_written(refused))
        given = {name: value for name, value in self.env.context.items() if not self._is_default_of_system(name, own)}
        return super(DunningGuarded, self.with_context(given)).create(vals_list)  # pylint: disable=context-overridden

    def _is_default_of_system(self, key, own):
        name = key.removeprefix("default_")
        return name != key and name in self._fields and name not in own

    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        self.check_access("write")
        self._check_people_write(vals)
        proofs = [name for name in vals if self._fields[name].relational and getattr(self._fields[name], "proof", None)]
        held = [(record, name, record[name]) for record in self for name in proofs]
        res = super().write(vals)
        if any(kept - record[name] for record, name, kept in held):
            raise UserError(self.env._("What was given as a proof is completed: nothing is taken away from it."))
        return res

    @api.model
    @tools.ormcache()
    def _history_fields(self):
        """Return ``(model, field)`` of what refers to records of this model, and does not let them go."""
        return tuple(
            (name, field.name)
            for name, model in self.env.registry.items() if not model._abstract and name.startswith("dunning.")
            for field in model._fields.values()
            if field.type == "many2one" and field.store and not field.related
            and field.comodel_name == self._name and field.ondelete == "restrict"
        )  # fmt: skip

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_in_the_history(self):
        for model, name in self._history_fields():
            held = self.env[model].sudo().with_context(active_test=False).search([(name, "in", self.ids)], limit=1)
            if held:
                raise UserError(self.env._(
                    "%(record)s is part of the history of reminders and is not deleted: “%(model)s” refers to it.",
                    record=held[name].display_name, model=self.env["ir.model"]._get(model).name,
                ))  # fmt: skip

    def _check_people_write(self, vals):
        """Refuse what is not for people to write.

        :raise UserError: naming the fields
        """
        own = self._people_fields()
        for record in self:
            refused = {name for name in vals if name in self._fields and not record._is_open(name, own.get(name))}
            if refused:
                raise UserError(record._why_not_written(refused))

    def _is_open(self, name, when):
        if when == ONCE:
            return not self[name]
        return when is ALWAYS or isinstance(when, tuple) and self["state"] in when

    def _why_not_written(self, names):
        """Return in words why people do not write these fields."""
        labels = sorted(self._fields[name]._description_string(self.env) or name for name in names)
        return self.env._(
            "%(record)s: nobody types %(fields)s. It follows from what happens, or from a button.",
            record=self.display_name if len(self) == 1 else self.env["ir.model"]._get(self._name).name,
            fields=", ".join(f"“{label}”" for label in labels),
        )  # fmt: skip


class DunningGuardedFields(models.AbstractModel):
    """What the add-on puts on a record of Odoo's: people write what is not read only, the system the rest."""

    _name = "dunning.guarded.fields"
    _description = "Record of Odoo's with Fields of the System"

    @api.model
    def _dunning_check_written(self, names):
        """Refuse what is not for people to write.

        :raise UserError: naming the fields
        """
        if self.env.su:
            return
        own = {name for name in names if name.startswith("dunning_") and name in self._fields}
        if refused := [self._fields[name]._description_string(self.env) for name in own if self._fields[name].readonly]:
            raise UserError(self.env._(
                "Nobody types %(fields)s: it follows from the reminders.", fields=", ".join(sorted(refused))
            ))  # fmt: skip

    @api.model_create_multi
    def create(self, vals_list):
        given = {key.removeprefix("default_") for key in self.env.context if key.startswith("default_dunning_")}
        self._dunning_check_written(given.union(*vals_list))
        return super().create(vals_list)

    def write(self, vals):
        self._dunning_check_written(vals)
        return super().write(vals)


class IrDefault(models.Model):
    _inherit = "ir.default"

    @api.constrains("field_id")
    def _dunning_check_defaults(self):
        """Refuse defaults of what is not for people to write: everybody has his own, and buttons use them."""
        for default in self.sudo():
            name, model = default.field_id.name, self.env.get(default.field_id.model)
            if model is None or model._abstract or model._transient:
                continue
            if model._name.startswith("dunning."):
                refused = not isinstance(model, self.pool["dunning.guarded"]) or name not in model._people_fields()
            else:
                refused = name.startswith("dunning_") and model._fields[name].readonly
            if refused:
                raise UserError(self.env._(
                    "“%(field)s” has no default: it follows from what happens, or from a button.",
                    field=default.field_id.field_description,
                ))  # fmt: skip


class Base(models.AbstractModel):
    _inherit = "base"

    @api.model
    def _sql_error_to_message_generic(self, exc):
        """Say what still refers to a record that cannot be deleted, where Odoo shows PostgreSQL's own words."""
        if not isinstance(exc, RestrictViolation) or "dunning" not in (exc.diag.constraint_name or ""):
            return super()._sql_error_to_message_generic(exc)
        return self.env._(
            "It is part of the history of reminders and is not deleted: “%(model)s” refers to it. Archive it instead, "
            "if it can be.", model=self.env["ir.model"]._get(self._name).name or exc.diag.table_name,
        )  # fmt: skip

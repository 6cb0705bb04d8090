from odoo import api, models
from odoo.exceptions import UserError


class DunningLife(models.AbstractModel):
    """A record that goes through states: which may follow which stands in one table, and its number follows its id."""

    _name = "dunning.life"
    _description = "Record with a Life Cycle"

    _moves = {}  # {state: states that may follow it}
    _number = ""  # what its number begins with, empty if it has none

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if self._number:
            for record in records.sudo():
                record.name = f"{self._number}-{record.id:06d}"
        return records

    def _check_move(self, state):
        """Refuse a state that may not follow the present one.

        :raise UserError: saying so
        """
        for record in self:
            if state not in self._moves[record.state]:
                words = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(record._why_not_moved(words[record.state], words[state]))

    def _why_not_moved(self, old, new):
        """Return in words why a record does not go from one state, in words, to another."""
        return self.env._(
            "%(name)s: it cannot go from “%(old)s” to “%(new)s”.", name=self.display_name, old=old, new=new
        )

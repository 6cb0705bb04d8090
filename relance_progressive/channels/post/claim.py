from odoo import fields, models

SHOWN = (
    "move_line_id", "move_name", "date_maturity", "amount_residual", "currency_id", "amount_currency", "level_id",
    "upcoming",
)  # fmt: skip
PENALTIES = ("interest_amount", "indemnity_amount", "penalty_detail")


class DunningReminder(models.Model):
    """What a letter claims is fixed when it is printed: what is paid or falls due later is not on the paper."""

    _inherit = "dunning.reminder"

    def _claim(self):
        """Return what this reminder claims as plain values: level, totals and lines."""
        self.ensure_one()
        return {
            "level_id": self.level_id.id,
            "amount_total": self.amount_total,
            "amount_covered": self.amount_covered,
            "covered_in": self.covered_in,
            "penalty_day": self.penalty_day and str(self.penalty_day),
            "lines": [
                {name: line._fields[name].convert_to_write(line[name], line) for name in SHOWN}
                | {"date_maturity": fields.Date.to_string(line.date_maturity)}
                | {name: line[name] for name in PENALTIES}
                for line in self.line_ids
            ],
        }

    def _claims(self, claim):
        """Tell whether this reminder still claims the same items, at the same levels, for the same amounts."""
        own = self._claim()
        return own["level_id"] == claim["level_id"] and self._items_of(own) == self._items_of(claim)

    def _items_of(self, claim):
        return {
            (line["move_line_id"], self.currency_id.round(line["amount_residual"]), line["level_id"], line["upcoming"])
            for line in claim["lines"]
        }

    def _claim_again(self, claim):
        """Go back to what was claimed on paper: that is what the customer receives."""
        self.ensure_one()
        if not self._claims(claim):
            self._replace_lines(claim)
        if "penalty_day" in claim:  # else it was printed before there were any
            printed = {line["move_line_id"]: line for line in claim["lines"]}
            for line in self.line_ids:
                if own := printed.get(line.move_line_id.id):  # written together with those of the other letters
                    line.write({name: own[name] for name in PENALTIES})
            self.write({"penalty_day": claim["penalty_day"]})

    def _replace_lines(self, claim):
        self._check_not_frozen()
        items = self.env["account.move.line"].browse(
            line["move_line_id"] for line in claim["lines"] if line["move_line_id"]
        )
        left = set(items.exists().ids)  # an invoice set back to draft meanwhile has new items
        self.line_ids.unlink()
        self.env["dunning.reminder.line"].create([
            {
                **line,
                "reminder_id": self.id,
                "move_line_id": line["move_line_id"] if line["move_line_id"] in left else False,
            }
            for line in claim["lines"]
        ])
        totals = {name: claim[name] for name in ("level_id", "amount_total", "amount_covered")}
        self.write({**totals, "covered_in": claim.get("covered_in")})  # letters of before do not say it

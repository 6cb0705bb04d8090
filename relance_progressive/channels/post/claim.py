"""What a letter claims is fixed when it is printed: what is paid or falls due later is not on the paper."""

from odoo import fields

SHOWN = (
    "move_line_id", "move_name", "date_maturity", "amount_residual", "currency_id", "amount_currency", "level_id",
    "upcoming",
)  # fmt: skip
PENALTIES = ("interest_amount", "indemnity_amount", "penalty_detail")


def claim_of(reminder):
    """Return what a reminder claims as plain values: level, totals and lines."""
    return {
        "level_id": reminder.level_id.id,
        "amount_total": reminder.amount_total,
        "amount_covered": reminder.amount_covered,
        "covered_in": reminder.covered_in,
        "penalty_day": reminder.penalty_day and str(reminder.penalty_day),
        "lines": [
            {name: line._fields[name].convert_to_write(line[name], line) for name in SHOWN}
            | {"date_maturity": fields.Date.to_string(line.date_maturity)}
            | {name: line[name] for name in PENALTIES}
            for line in reminder.line_ids
        ],
    }


def still_claims(reminder, claim):
    """Tell whether a reminder still claims the same items, at the same levels, for the same amounts."""
    own = claim_of(reminder)
    return own["level_id"] == claim["level_id"] and _items_of(reminder, own) == _items_of(reminder, claim)


def _items_of(reminder, claim):
    return {
        (line["move_line_id"], reminder.currency_id.round(line["amount_residual"]), line["level_id"], line["upcoming"])
        for line in claim["lines"]
    }


def claim_again(reminder, claim):
    """Go back to what was claimed on paper: that is what the customer receives."""
    if not still_claims(reminder, claim):
        _replace_lines(reminder, claim)
    if "penalty_day" in claim:  # else it was printed before there were any
        printed = {line["move_line_id"]: line for line in claim["lines"]}
        for line in reminder.line_ids:
            if own := printed.get(line.move_line_id.id):  # written together with those of the other letters
                line.write({name: own[name] for name in PENALTIES})
        reminder.write({"penalty_day": claim["penalty_day"]})


def _replace_lines(reminder, claim):
    reminder._check_not_frozen()
    items = reminder.env["account.move.line"].browse(
        line["move_line_id"] for line in claim["lines"] if line["move_line_id"]
    )
    left = set(items.exists().ids)  # an invoice set back to draft meanwhile has new items
    reminder.line_ids.unlink()
    reminder.env["dunning.reminder.line"].create([
        {
            **line,
            "reminder_id": reminder.id,
            "move_line_id": line["move_line_id"] if line["move_line_id"] in left else False,
        }
        for line in claim["lines"]
    ])
    totals = {name: claim[name] for name in ("level_id", "amount_total", "amount_covered")}
    reminder.write({**totals, "covered_in": claim.get("covered_in")})  # letters of before do not say it

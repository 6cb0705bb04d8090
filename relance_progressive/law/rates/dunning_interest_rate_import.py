import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...core.law.rates import REFERENCES
from ...core.plain import table
from ...core.plain.typed import read_day
from . import rate_csv

MOST_LINES = 2000
LEAST, MOST = -10, 100  # percent


class DunningInterestRateImport(models.TransientModel):
    """A file of rates: read, shown, then entered as values of one's own, all of them or none."""

    _name = "dunning.interest.rate.import"
    _inherit = ["dunning.pointing"]
    _description = "Import of Interest Rates"

    file = fields.Binary("CSV File", attachment=False)
    filename = fields.Char()
    company_id = fields.Many2one(
        "res.company", domain="[('parent_id', '=', False)]",
        default=lambda self: self.env["dunning.shared"]._default_company(),
        help="Leave empty: the rates count for all companies.",
    )
    summary = fields.Text(compute="_compute_summary")
    problems = fields.Text(compute="_compute_summary")

    @api.depends("file", "company_id")
    def _compute_summary(self):
        for wizard in self:
            wizard.summary = wizard.problems = False
            if wizard.file:
                fresh, changed, known, problems = wizard._read_file()
                wizard.problems = "\n".join(problems)
                wizard.summary = self.env._(
                    "%(fresh)s new, %(changed)s changed, %(known)s known already.",
                    fresh=len(fresh), changed=len(changed), known=known,
                )  # fmt: skip

    # === READING === #

    def _read_file(self):
        """Return ``([values of new rates], [(rate, values)], count of known lines, [problems])``.

        Nothing is written.
        """
        rows = rate_csv.read(base64.b64decode(self.with_context(bin_size=False, bin_size_file=False).file or b""))
        if not rows:
            return [], [], 0, [self.env._("The file says nothing.")]
        if len(rows) > MOST_LINES:
            return [], [], 0, [self.env._("The file has more than %(count)s lines.", count=MOST_LINES)]
        present = self.env["dunning.interest.rate"].search([("company_id", "in", [False, self.company_id.id])])
        present = {(rate.reference, rate.date_from, rate.shipped, rate.company_id): rate for rate in present}
        fresh, changed, known, problems, seen = [], [], 0, [], {}
        for row in rows:
            vals, problem = self._values(row)
            key = (vals.get("reference"), vals.get("date_from"))
            if not problem and key in seen:
                problem = self.env._("Line %(line)s says it too.", line=seen[key])
            if problem:
                problems.append(self.env._("Line %(line)s: %(problem)s", line=row.line, problem=problem))
                continue
            seen[key] = row.line
            own, counting = self._present(present, key)
            if counting and (counting.value, counting.verified) == (vals["value"], vals["origin"] == "read"):
                known += 1
            elif own:
                changed.append((own, vals))
            else:
                fresh.append({**vals, "company_id": self.company_id.id})
        return fresh, changed, known, problems

    def _present(self, present, key):
        """Return the value of one's own for a period, and the one that counts."""
        nobody = self.env["res.company"]
        own = present.get((*key, False, self.company_id))
        shared = present.get((*key, False, nobody))
        return own, own or shared or present.get((*key, True, nobody))

    def _values(self, row):
        """Return the values of a line, and what is wrong with it."""
        reference, day = self._reference_of(row.reference), read_day(row.date_from)
        percent, verified = rate_csv.percent_of(row.value), rate_csv.truth_of(row.verified)
        vals = {
            "reference": reference, "date_from": day, "value": float(percent or 0),
            "origin": "read" if verified else "reported", "source": row.source or self._file_source(),
        }  # fmt: skip
        return vals, self._problem(row, reference, day, percent, verified)

    def _file_source(self):
        return self.env._("File %(name)s", name=self.filename or "CSV")

    def _reference_of(self, text):
        """Return the code of a rate from its code or its name, in the language of the reader or in English."""
        rates = self.env["dunning.interest.rate"]
        names = {code: code for code in REFERENCES}
        for lang in {self.env.lang, "en_US"}:
            names |= {table.plain(label): code for code, label in rates.with_context(lang=lang)._labels().items()}
        return names.get(text.lower()) or names.get(table.plain(text))

    def _problem(self, row, reference, day, percent, verified):
        if not reference:
            return self.env._(
                "“%(word)s” is no rate that is known here. Known are: %(codes)s.",
                word=row.reference, codes=", ".join(REFERENCES),
            )  # fmt: skip
        if not day:
            return self.env._("“%(word)s” is no date. Write it as 2026-07-01 or 01/07/2026.", word=row.date_from)
        if percent is None or not LEAST <= percent <= MOST:
            return self.env._("“%(word)s” is no percentage.", word=row.value)
        if verified is None:
            return self.env._("“%(word)s” is neither yes nor no.", word=row.verified)
        if verified and not row.source:
            return self.env._("It is said to be verified: name the source.")
        first, _last = self.env["dunning.interest.rate"]._period(reference, day)
        if first != day:
            return self.env._(
                "It holds for a whole period, which begins on %(first)s.", first=format_date(self.env, first)
            )
        return ""

    # === WRITING === #

    def action_import(self):
        """Enter what the file says, all of it or nothing.

        :raise UserError: naming the lines that are wrong
        """
        self.ensure_one()
        fresh, changed, known, problems = self._read_file()
        if problems:
            raise UserError("\n".join([self.env._("Nothing was imported."), *problems]))
        for rate, vals in changed:
            rate.write(vals)
        self.env["dunning.interest.rate"].create(fresh)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(fresh)s new, %(changed)s changed, %(known)s known already.",
                    fresh=len(fresh), changed=len(changed), known=known,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }  # fmt: skip

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .event import KINDS


class DunningRegisteredScan(models.TransientModel):
    """The numbers of registered letters, typed or scanned one below the other in printing order."""

    _name = "dunning.registered.scan"
    _inherit = ["dunning.pointing"]
    _description = "Numbers of Registered Letters"

    delivery_ids = fields.Many2many("dunning.delivery", string="Letters", readonly=True)
    text = fields.Text("Numbers")
    line_ids = fields.One2many(
        "dunning.registered.line", "scan_id", compute="_compute_line_ids", compute_sudo=False, store=True, readonly=True
    )
    summary = fields.Char(compute="_compute_summary")
    problem_count = fields.Integer(compute="_compute_summary")

    def _letters(self):
        """Return the letters that get a number: those without one, or the only one that was chosen."""
        letters = self.delivery_ids.filtered(lambda letter: letter.channel == "registered")._in_printing_order()
        if len(letters) == 1:
            return letters
        return letters.filtered(
            lambda letter: not letter.registered_number and letter.state not in ("failed", "cancelled")
        )

    @api.depends("text", "delivery_ids")
    def _compute_line_ids(self):
        for scan in self:
            lines = [Command.create(values) for values in scan._read_lines()]
            scan.line_ids = [Command.clear(), *lines]

    def _read_lines(self):
        """Return the values of one line for each letter and each number."""
        letters = self._letters()
        texts = [text for text in (self.text or "").splitlines() if text.strip()]
        looks = [letters._look_at_number(text) for text in texts]
        holders = letters._holders_of({number for number, _problem, _odd in looks})
        rows, seen, none = [], {}, letters.browse()
        in_order = [*letters, *[none] * (len(texts) - len(letters))]
        for rank, letter in enumerate(in_order):
            row = {"sequence": rank + 1, "delivery_id": letter.id, "partner_id": letter.partner_id.id}
            if rank < len(looks):
                number, problem, odd = looks[rank]
                first = seen.setdefault(number, rank)
                if not problem and first != rank:
                    problem = self.env._(
                        "%(number)s was scanned before, on line %(line)s.", number=number, line=first + 1
                    )
                elif not problem and not letter:
                    problem = self.env._("There is no letter left for this number.")
                elif not problem:
                    problem = letter._number_problem(number, holders)
                row.update(number=number, problem=problem, odd=odd)
            rows.append(row)
        return rows

    @api.depends("line_ids")
    def _compute_summary(self):
        for scan in self:
            lines = scan.line_ids
            read = lines.filtered("number")
            scan.problem_count = len(lines.filtered("problem"))
            words = [self.env._(
                "%(numbers)s numbers for %(letters)s letters.", numbers=len(read), letters=len(scan._letters())
            )]  # fmt: skip
            if scan.problem_count:
                words.append(self.env._("%(count)s to correct: nothing is saved before.", count=scan.problem_count))
            scan.summary = " ".join(words)

    def action_give(self):
        """Give the letters their numbers, all of them or none.

        :raise UserError: naming the lines that are wrong
        """
        self.ensure_one()
        self._letters()._check_may_follow()
        rows = self._read_lines()
        wrong = [f"{row['sequence']}. {row['problem']}" for row in rows if row.get("problem")]
        if wrong:
            raise UserError("\n".join(wrong))
        numbers = {row["delivery_id"]: row["number"] for row in rows if row.get("number")}
        if not numbers:
            raise UserError(self.env._("Scan or type at least one number."))
        letters = self.env["dunning.delivery"].sudo().browse(numbers)
        letters._give_numbers({letter: numbers[letter.id] for letter in letters})
        return {"type": "ir.actions.act_window_close"}


class DunningRegisteredLine(models.TransientModel):
    """A line that was scanned or read from a file: what it will do, or why it cannot."""

    _name = "dunning.registered.line"
    _inherit = ["dunning.pointing"]
    _description = "Line of Registered Letters"
    _order = "sequence, id"

    scan_id = fields.Many2one("dunning.registered.scan", index=True, ondelete="cascade")
    import_id = fields.Many2one("dunning.registered.import", index=True, ondelete="cascade")
    sequence = fields.Integer("Line")
    number = fields.Char()
    delivery_id = fields.Many2one("dunning.delivery", "Letter", ondelete="cascade")
    partner_id = fields.Many2one("res.partner", "Customer", ondelete="cascade")
    kind = fields.Selection(KINDS, "What Happened")
    date = fields.Date()
    words = fields.Text("What It Does")
    problem = fields.Char()
    odd = fields.Char("Doubt")
    remark = fields.Text("To Look At", compute="_compute_remark")  # a text shows all its words

    @api.depends("problem", "odd")
    def _compute_remark(self):
        for line in self:
            line.remark = line.problem or line.odd

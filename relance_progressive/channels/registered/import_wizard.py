import base64

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...core.law import notice
from . import tracking_csv as registered_csv

MOST_LINES = 5000


class DunningRegisteredImport(models.TransientModel):
    """A file of the post office: numbers and events of registered letters, read, shown, then recorded."""

    _name = "dunning.registered.import"
    _inherit = ["dunning.pointing"]
    _description = "Import of Registered Letters"

    file = fields.Binary("CSV File", attachment=False)
    filename = fields.Char()
    # Positions count within these letters, in printing order.
    delivery_ids = fields.Many2many("dunning.delivery", string="Letters", readonly=True)
    # Read with the rights of the user: what he may not see is not found.
    line_ids = fields.One2many(
        "dunning.registered.line", "import_id", readonly=True,
        compute="_compute_line_ids", compute_sudo=False, store=True,
    )  # fmt: skip
    summary = fields.Char(compute="_compute_summary")
    problem_count = fields.Integer(compute="_compute_summary")

    @api.depends("file", "delivery_ids")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [Command.clear(), *(Command.create(values) for values in wizard._read_lines())]

    @api.depends("line_ids")
    def _compute_summary(self):
        for wizard in self:
            lines = wizard.line_ids
            wizard.problem_count = len(lines.filtered("problem"))
            words = []
            if lines:
                count = len(lines)
                words.append(self.env._("1 line.") if count == 1 else self.env._("%(count)s lines.", count=count))
            if wizard.problem_count:
                words.append(self.env._("%(count)s to correct: nothing is saved before.", count=wizard.problem_count))
            wizard.summary = " ".join(words)

    # === READING === #

    def _rows(self):
        """Return the lines of the file.

        :raise UserError: if there are too many
        """
        file = self.with_context(bin_size=False, bin_size_file=False).file
        rows, _headed = registered_csv.read(base64.b64decode(file or b""))
        if len(rows) > MOST_LINES:
            raise UserError(self.env._("The file has more than %(count)s lines: cut it in pieces.", count=MOST_LINES))
        return rows

    def _read_lines(self):
        """Return the values of the lines: what each will do, or why it cannot. Nothing is written."""
        rows = self._rows()
        looks = {row.line: self.env["dunning.delivery"]._look_at_number(row.number) for row in rows if row.number}
        letters, holders = self._find_letters(rows, looks)
        problems = self._number_problems(rows, letters, looks, holders)
        told, lines = {}, {}
        # In the order of the days, so that a hand-in on a later line counts for what came after it.
        for row in sorted(rows, key=self._day_order):
            number, _problem, odd = looks.get(row.line, ("", "", ""))
            letter = letters.get(row.line, self.env["dunning.delivery"])
            day, kind = registered_csv.day_of(row.date), registered_csv.kind_of(row.event)
            problem = problems.get(row.line) or self._event_line_problem(row, letter, kind, day, told)
            if kind and not problem:
                told.setdefault(letter, []).append(notice.Event(kind, day))
            lines[row.line] = {
                "sequence": row.line, "number": number or row.number, "delivery_id": letter.id,
                "partner_id": letter.partner_id.id, "kind": kind or False, "date": day, "problem": problem, "odd": odd,
                "words": "" if problem else self._line_words(letter, number, kind, day),
            }  # fmt: skip
        return [lines[row.line] for row in rows]

    def _day_order(self, row):
        kind, day = registered_csv.kind_of(row.event), registered_csv.day_of(row.date)
        return day or fields.Date.to_date("1900-01-01"), notice.KINDS.index(kind) if kind else -1, row.line

    def _find_letters(self, rows, looks):
        """Return ``({line: letter}, {(company, number): letter})``: by reminder, by position, else by number.

        :param looks: ``{line: (number, problem, oddity)}``
        """
        deliveries = self.env["dunning.delivery"]
        numbers = {number for number, _problem, _odd in looks.values()}
        holders = deliveries._holders_of(numbers)
        own = deliveries.search([("registered_number", "in", list(numbers)), ("state", "!=", "failed")])
        by_number = {holder.registered_number: holder for holder in own if holder.state == "cancelled"}
        by_number |= {holder.registered_number: holder for holder in own if holder.state != "cancelled"}
        names = {row.letter.upper() for row in rows if row.letter and not row.letter.isdecimal()}
        found = deliveries.search([
            ("reminder_id.name", "in", list(names)), ("channel", "=", "registered"),
        ]) if names else deliveries  # fmt: skip
        by_name = {}
        for delivery in found.sorted(lambda found: (found.state in ("failed", "cancelled", "bounced"), -found.id)):
            by_name.setdefault(delivery.reminder_id.name, delivery)
        in_order = list(self.delivery_ids.filtered(lambda found: found.channel == "registered")._in_printing_order())
        letters = {}
        for row in rows:
            if row.letter.isdecimal():
                place = int(row.letter)
                letters[row.line] = in_order[place - 1] if 0 < place <= len(in_order) else None
            elif row.letter:
                letters[row.line] = by_name.get(row.letter.upper())
            if row.line in looks and letters.get(row.line):
                by_number.setdefault(looks[row.line][0], letters[row.line])
        for row in rows:
            if not row.letter and row.line in looks:
                letters[row.line] = by_number.get(looks[row.line][0])
        return {line: letter for line, letter in letters.items() if letter}, holders

    def _number_problems(self, rows, letters, looks, holders):
        """Return ``{line: why}`` of the lines whose letter or number is wrong, those before each one considered."""
        problems, taken, named = {}, dict(holders), {}
        for row in rows:
            letter, (number, problem, _odd) = letters.get(row.line), looks.get(row.line, ("", "", ""))
            if problem or not letter:
                problems[row.line] = problem or self._why_no_letter(row)
            elif number:
                same = number == letter.registered_number and letter.state != "cancelled"
                problem = "" if same else letter._number_problem(number, taken)
                if not problem and named.setdefault(letter, number) != number:
                    problem = self.env._("Another line gives it the number %(number)s.", number=named[letter])
                if problem:
                    problems[row.line] = problem
                else:
                    taken[letter.company_id.id, number] = letter
        return problems

    def _event_line_problem(self, row, letter, kind, day, told):
        """Return why the event of a line cannot be recorded, or nothing.

        :param told: ``{letter: [Event]}`` of the days before it
        """
        if row.event and not kind:
            return self.env._("“%(word)s” is no event that is known here.", word=row.event)
        if row.date and not day:
            return self.env._("“%(word)s” is no date.", word=row.date)
        if kind and not day:
            return self.env._("The date is missing.")
        if not kind and not row.number:
            return self.env._("Neither a number nor an event.")
        return letter._event_problem(kind, day, told.get(letter, ())) if kind else ""

    def _why_no_letter(self, row):
        if row.letter.isdecimal():
            return self.env._("There is no letter at position %(place)s of this mailing.", place=row.letter)
        if row.letter:
            return self.env._("No registered letter belongs to a reminder “%(name)s”.", name=row.letter)
        if row.number:
            return self.env._("No letter has the number %(number)s.", number=row.number)
        return self.env._("Neither a number nor a reminder.")

    def _line_words(self, letter, number, kind, day):
        """Return what a line will do."""
        words = []
        if number and number != letter.registered_number:
            words.append(self.env._("Gets the number %(number)s.", number=number))
        if kind:
            kinds = dict(self.env["dunning.delivery.event"]._fields["kind"]._description_selection(self.env))
            known = any((event.kind, event.day) == (kind, day) for event in letter._life())
            values = {"kind": kinds[kind], "day": format_date(self.env, day)}
            if known:
                words.append(self.env._("%(kind)s on %(day)s: known already.", **values))
            else:
                words.append(self.env._("%(kind)s on %(day)s.", **values))
                words.append(self._words_of_overtaken(letter, kind))
        return " ".join(filter(None, words)) or self.env._("Known already.")

    def _words_of_overtaken(self, letter, kind):
        """Return what becomes of the hand-in of a letter that need not leave any more."""
        if kind != notice.HANDED_IN or letter.state not in ("ready", "cancelled"):
            return ""
        if letter.state == "ready" and not letter._is_settled():
            return ""
        if letter._paper_of():
            return self.env._("The reminder ends without it: that the letter left is recorded all the same.")
        return self.env._("Left out: it was paid before it was ever printed.")

    # === WRITING === #

    def action_import(self):
        """Record what the file says, all of it or nothing.

        :raise UserError: naming the lines that are wrong
        """
        self.ensure_one()
        lines = self._read_lines()
        if not lines:
            raise UserError(self.env._("The file says nothing."))
        wrong = [f"{line['sequence']}. {line['problem']}" for line in lines if line["problem"]]
        if wrong:
            raise UserError("\n".join(wrong))
        letters = self.env["dunning.delivery"].browse({line["delivery_id"] for line in lines})._check_may_follow()
        numbers = {letters.browse(line["delivery_id"]): line["number"] for line in lines if line["number"]}
        letters._give_numbers(numbers)
        note = self.env._("File %(name)s", name=self.filename or "CSV")
        told = [(letters.browse(line["delivery_id"]), line["kind"], line["date"]) for line in lines if line["kind"]]
        left_out = letters._record_events(told, leave_out=True, source="import", note=note)
        recorded = sum(line["delivery_id"] not in left_out.ids for line in lines)
        words = [
            self.env._("1 line recorded.")
            if recorded == 1
            else self.env._("%(count)s lines recorded.", count=recorded)
        ]
        if left_out:
            words.append(self.env._(
                "Left out, nothing is claimed any more and they were never printed: %(letters)s.",
                letters=", ".join(letter._letter_name() for letter in left_out),
            ))  # fmt: skip
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if left_out else "success",
                "sticky": bool(left_out),
                "message": " ".join(words),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

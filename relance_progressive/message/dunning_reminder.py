from odoo import api, models
from odoo.exceptions import ValidationError

from ..core.plain.placeholders import AS_IS, BODY, LINE, SCRIPT, wrong_placeholders


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    def _letter_text(self):
        """Return the template of this letter: that of the formal notice to such a customer, else that of its level."""
        self.ensure_one()
        return self._notice_text() or self.level_id._letter_text()

    @api.constrains("own_subject", "own_text", "own_short_text", "own_script")
    def _check_own_placeholders(self):
        for reminder in self:
            texts = {name: reminder[name] for name in ("own_subject", "own_short_text", "own_script")}
            problems = [self._placeholder_problem(reminder.name, text, AS_IS) for text in texts.values()]
            problems.append(self._placeholder_problem(reminder.name, str(reminder.own_text or ""), BODY, own=True))
            if problem := next(filter(None, problems), ""):
                raise ValidationError(problem)

    @api.model
    def _placeholder_problem(self, name, text, kind, names=(), own=False):
        """Return in a sentence which parts of a text would reach the customer as they stand; empty if none.

        :param name: what people know the text by
        :param kind: of :mod:`..core.plain.placeholders`
        :param own: a person writes for one customer, in HTML: nothing is replaced there
        """
        found = wrong_placeholders(text, kind, names)
        if not found:
            return ""
        words = {"text": name or "", "found": ", ".join(found)}
        if kind == AS_IS or own:
            return self.env._(
                "“%(text)s”: %(found)s would reach the customer as it stands. What is written for one customer is sent "
                "as it is: write the words or figures themselves.", **words,
            )  # fmt: skip
        if kind == LINE:
            return self.env._(
                "“%(text)s”: %(found)s would reach the customer as it stands, or cannot be worked out. In a subject or "
                "a text message a placeholder is written {{ object.amount_text }}.", **words,
            )  # fmt: skip
        if kind == SCRIPT:
            return self.env._(
                "“%(text)s”: %(found)s would be read as it stands. In the script of a call a placeholder is written "
                "{amount_text}; these are known: %(names)s.",
                names=", ".join(f"{{{one}}}" for one in names), **words,
            )  # fmt: skip
        return self.env._(
            "“%(text)s”: %(found)s would reach the customer as it stands, or cannot be worked out. In the text of an "
            "e-mail or a letter a placeholder is written <t t-out=\"object.amount_text\"/>: type “/field” in the "
            "editor.",
            **words,
        )  # fmt: skip

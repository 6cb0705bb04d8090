from collections import defaultdict

from odoo import api, models

from ..settings.apart import apart


class DunningChannel(models.AbstractModel):
    """How channels make the texts of a batch: together what shares language and text, alone what fails together."""

    _inherit = "dunning.channel"

    @api.model
    def _render_texts(self, reminders):
        """Answer ``_render`` for a channel that has ``_text_of``, ``_render_batch`` and ``_why_broken``."""
        recipients, contents, broken = self._recipients(self._targets(reminders)), {}, {}
        batches = defaultdict(list)
        for reminder in reminders:
            batches[reminder._language(recipients[reminder.id].lang), self._text_of(reminder)].append(reminder.id)
        for (lang, text), ids in batches.items():
            batch = reminders.browse(ids).with_prefetch(reminders._prefetch_ids).with_context(lang=lang)
            if text:
                self._try_batch(batch, text, recipients, contents, broken)
            else:
                broken.update(dict.fromkeys(ids, self.env._("The level has no text.")))
        return contents, broken

    def _try_batch(self, batch, text, recipients, contents, broken):
        def told(error):
            if len(batch) > 1:
                for reminder in batch:
                    self._try_batch(reminder, text, recipients, contents, broken)
            else:
                broken[batch.id] = self._why_broken(text, batch._error_in_words(error))

        with apart(self.env, told):  # any error of a text that people edit; each reminder says its own
            contents.update(self._render_batch(batch, text, recipients))

    def _text_of(self, reminder):
        """Return the record that holds the text of a reminder, empty if there is none."""
        raise NotImplementedError

    def _render_batch(self, reminders, text, recipients):
        """Return ``{reminder id: content}`` for reminders of one text, in the language of their context."""
        raise NotImplementedError

    def _why_broken(self, text, error):
        """Return why a text cannot be made, in a sentence."""
        raise NotImplementedError

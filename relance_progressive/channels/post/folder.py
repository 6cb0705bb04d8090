import base64
from pathlib import Path

from odoo import api, models

from ..dunning_channel import ACCEPTED, DELAYED, SERVICE, Outcome
from .provider import file_name


class DunningLetterProviderFolder(models.AbstractModel):
    """Letters as files in a folder: for demonstrations, for tests, for whoever fetches them from there."""

    _name = "dunning.letter.provider.folder"
    _inherit = ["dunning.letter.provider"]
    _description = "Letters Written to a Folder"

    _prints = True

    @api.model
    def _folder(self):
        """Return the folder, within the data of the database: nobody else writes there."""
        folder = self.env["ir.attachment"]._filestore()
        return f"{folder}-letters"

    @api.model
    def _hand_over(self, reminders, contents, begin):
        for reminder in reminders:
            content = contents[reminder.id]
            if begin(reminder.id):
                continue
            try:
                self._write(file_name(reminder, content["address"]), base64.b64decode(content["pdf"]))
            except OSError as error:  # it is the folder's, not the letter's: no room, no rights
                words = self.env._("The folder cannot be written: %(error)s", error=error.strerror or str(error))
                yield reminder.id, Outcome(DELAYED, words, scope=SERVICE)
            else:
                yield reminder.id, Outcome(ACCEPTED)

    def _write(self, name, pdf):
        """Write a file whole or not at all: whoever watches the folder never reads half of it."""
        folder = Path(self._folder())
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f"{name}.part"
        try:
            unfinished.write_bytes(pdf)
            unfinished.rename(folder / name)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise

import base64
from pathlib import Path

from odoo import api, fields, models

from .dunning_channel import ACCEPTED, REFUSED, Outcome
from .letter_provider import file_name


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_letter_provider = fields.Selection(
        selection_add=[("folder", "Written to a folder of the server")], ondelete={"folder": "set default"}
    )


class DunningLetterProviderFolder(models.AbstractModel):
    """Letters as files in a folder: for demonstrations, for tests, for whoever fetches them from there."""

    _name = "dunning.letter.provider.folder"
    _inherit = ["dunning.letter.provider"]
    _description = "Letters Written to a Folder"

    @api.model
    def _folder(self):
        """Return the folder, within the data of the database: nobody else writes there."""
        folder = self.env["ir.attachment"]._filestore()
        return f"{folder}-letters"

    @api.model
    def _hand_over(self, reminders, contents, begin):
        files, failed = self._print_files(reminders, contents)
        for reminder in reminders:
            if reminder.id in failed:
                yield reminder.id, Outcome(REFUSED, failed[reminder.id])
                continue
            content = contents[reminder.id]
            # The journal keeps the file itself: an attachment of this transaction is lost when it is killed.
            content["pdf"] = base64.b64encode(files[reminder.id]).decode()
            if begin(reminder.id):
                continue
            try:
                self._write(file_name(reminder, content["address"]), files[reminder.id])
            except OSError as error:
                yield reminder.id, Outcome(REFUSED, str(error))
            else:
                yield reminder.id, Outcome(ACCEPTED)

    def _write(self, name, pdf):
        """Write a file whole or not at all: whoever watches the folder never reads half of it."""
        folder = Path(self._folder())
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f"{name}.part"
        unfinished.write_bytes(pdf)
        unfinished.rename(folder / name)

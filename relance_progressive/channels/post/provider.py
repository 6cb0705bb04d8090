import base64
import re
from pathlib import Path

from odoo import api, models

from ..dunning_channel import ACCEPTED, DELAYED, SERVICE, WAITING, Outcome


class DunningLetterProvider(models.AbstractModel):
    """The contract of who carries letters; ``dunning.letter.provider.<code>`` implements it in one file.

    The company chooses one. A third party adds one with its file: the code in the selection, the model.
    """

    _name = "dunning.letter.provider"
    _description = "Carrier of Letters"

    _prints = False  # whether letters are printed here before they are handed over

    @api.model
    def _hand_over(self, reminders, contents, begin):
        """Hand over letters of one company, as :meth:`dunning.channel._hand_over` does.

        :param contents: ``{reminder id: content}``; ``html`` is the document to print, or ``pdf`` the printed letter
            (base64) if this carrier has them printed
        """
        raise NotImplementedError

    @api.model
    def _print_files(self, reminders, contents):
        """Print letters: the PDF takes the place of the HTML in the contents; return ``{reminder id: why not}``."""
        documents = {key: content.pop("html") for key, content in contents.items()}
        pdfs, failed = self.env["dunning.letter"]._print_safely(reminders, documents)
        for key, pdf in pdfs.items():
            # The journal keeps the file itself: an attachment of this transaction is lost when it is killed.
            contents[key]["pdf"] = base64.b64encode(pdf).decode()
        return failed


def file_values(reminder, address, pdf):
    """Return the values of the attachment of a letter; its delivery takes it over once it is recorded."""
    return {
        "name": file_name(reminder, address),
        "raw": pdf,
        "mimetype": "application/pdf",
        "res_model": "dunning.reminder",
        "res_id": reminder.id,
    }


def file_name(reminder, address):
    """Return the name of the file of a letter: its number and whom it is for."""
    name = re.sub(r"[^\w]+", "-", address.split(", ")[0]).strip("-")
    return f"{reminder.name}-{name}.pdf"


class DunningLetterProviderPrint(models.AbstractModel):
    """A person prints the letters and takes them to the post: see the day's post (``dunning.mailing``)."""

    _name = "dunning.letter.provider.print"
    _inherit = ["dunning.letter.provider"]
    _description = "Letters Printed by a Person"

    @api.model
    def _hand_over(self, reminders, contents, begin):
        for reminder in reminders:
            contents[reminder.id].pop("html", None)
            yield reminder.id, Outcome(WAITING)


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

import re

from odoo import api, models

from .dunning_channel import WAITING, Outcome


class DunningLetterProvider(models.AbstractModel):
    """The contract of who carries letters; ``dunning.letter.provider.<code>`` implements it in one file.

    The company chooses one. A third party adds one with its file: the code in the selection, the model.
    """

    _name = "dunning.letter.provider"
    _description = "Carrier of Letters"

    @api.model
    def _hand_over(self, reminders, contents, begin):
        """Hand over letters of one company, as :meth:`dunning.channel._hand_over` does.

        :param contents: ``{reminder id: content}``; ``html`` is the document to print
        """
        raise NotImplementedError

    @api.model
    def _print_files(self, reminders, contents):
        """Print letters; return ``({reminder id: PDF}, {id: why not})``.

        The HTML leaves the contents.
        """
        documents = {key: content.pop("html") for key, content in contents.items()}
        return self.env["dunning.letter"]._print_safely(reminders, documents)


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

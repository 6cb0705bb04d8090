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
        """Print letters and file them on their reminders; return ``({reminder id: attachment}, {id: why not})``.

        The HTML leaves the contents, the file joins them.
        """
        documents = {key: content.pop("html") for key, content in contents.items()}
        pdfs, failed = self.env["dunning.letter"]._print_safely(reminders, documents)
        printed = reminders.filtered(lambda reminder: reminder.id in pdfs)
        files = self.env["ir.attachment"].sudo().create([
            {
                "name": file_name(reminder, contents[reminder.id]["address"]),
                "raw": pdfs[reminder.id],
                "mimetype": "application/pdf",
                "res_model": "dunning.reminder",
                "res_id": reminder.id,
            }
            for reminder in printed
        ])  # fmt: skip
        for reminder, file in zip(printed, files, strict=True):
            contents[reminder.id]["attachment_ids"] = file.ids
        return dict(zip(printed.ids, files, strict=True)), failed


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

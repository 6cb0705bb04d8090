import base64

from odoo import Command, api, models
from odoo.tools import format_date
from odoo.tools.mail import generate_tracking_message_id

from ...core.plain.typed import one_line
from ...message.letter_pdf import LETTERS_A_CALL
from ..dunning_channel import Service
from .provider import file_values


class DunningChannelLetter(models.AbstractModel):
    """Reminders on paper, carried by whom the company chose."""

    _name = "dunning.channel.letter"
    _inherit = ["dunning.channel"]
    _description = "Letter Channel"

    _wording = "document"
    _contact_fields = frozenset({"street", "street2", "zip", "city", "country_id"})
    _on_paper = True
    _letter_kind = "letter"

    # === RECIPIENTS === #

    @api.model
    def _recipients(self, targets):
        """Return ``{key: Recipient}``: the first contact with a complete address."""
        offices = self._offices_of(targets)
        countries = {row["country_id"] for rows in offices.values() for row in rows} - {None}
        without_zip = set(
            self.env["res.country"].browse(countries).filtered(lambda country: not country.zip_required).ids
        )
        lines = {_in_one_line(row) for rows in offices.values() for row in rows}
        returned = self._returned(lines)
        return {
            target.key: self._recipient(target, offices[target.key], without_zip, returned) for target in targets
        }  # fmt: skip

    def _recipient(self, target, rows, without_zip, returned):
        def judge(row):
            address = _in_one_line(row)
            when = returned.get(address)
            why = self._why_incomplete(row, row["country_id"] in without_zip)
            if not why and when and not (target.forgiven_at and target.forgiven_at >= when):
                day = format_date(self.env, when)
                why = self.env._("%(address)s: the last letter came back on %(day)s.", address=address, day=day)
            return ("" if why else address), why

        return self._first_usable(target, rows, judge, self.env._("The customer has no postal address."))

    def _why_incomplete(self, row, without_zip):
        """Return what an address lacks, or nothing; without a country it is in the company's."""
        parts = (
            (self.env._("street"), row["street"] or row["street2"]),
            (self.env._("zip code"), row["zip"] or without_zip),
            (self.env._("city"), row["city"]),
        )
        missing = [name for name, value in parts if not value]
        if len(missing) == len(parts):
            return self.env._("The customer has no postal address.")
        if missing:
            return self.env._(
                "The postal address is not complete, this is missing: %(missing)s.", missing=", ".join(missing)
            )
        return ""

    def _returned(self, addresses):
        """Return ``{address: when}`` of those whose last letter came back."""
        deliveries = self.env["dunning.delivery"].sudo().search_fetch(
            [
                ("address", "in", list(addresses)), ("channel", "in", self._codes("_on_paper")),
                ("state", "not in", ("ready", "failed", "uncertain", "cancelled")),
            ],
            ["address", "state", "news_at"], order="id",
        )  # fmt: skip
        last = {delivery.address: delivery for delivery in deliveries}
        return {address: delivery.news_at for address, delivery in last.items() if delivery.state == "bounced"}

    # === TEXT === #

    @api.model
    def _render(self, reminders):
        recipients = self._recipients(self._targets(reminders))
        letters, broken = self.env["dunning.letter"]._compose(reminders, recipients, self._letter_kind)
        contents = {
            key: {
                "address": recipients[key].address,
                "contact_id": recipients[key].contact_id,
                "subject": letter.subject,
                "body": letter.text,
                "lang": letter.lang,
                "html": letter.html,
                "attachment_ids": [],
            }
            for key, letter in letters.items()
        }
        return contents, broken

    @api.model
    def _together(self, reminders):
        """Return how many letters one call of the PDF engine takes, where they are printed here."""
        prints = any(self._carrier(company)[1]._prints for company in reminders.company_id)
        return LETTERS_A_CALL if prints else 0

    @api.model
    def _make(self, contents):
        """Print what the carrier of each company wants printed."""
        failed = {}
        reminders = self.env["dunning.reminder"].browse(contents)
        for company, own in reminders.grouped("company_id").items():
            _code, carrier = self._carrier(company)
            if carrier._prints:
                failed |= carrier._print_files(own, {key: contents[key] for key in own.ids})
        return failed

    @api.model
    def _hand_over(self, contents, begin):
        """Hand over to the carrier of each company."""
        reminders = self.env["dunning.reminder"].browse(contents)
        for company, own in reminders.grouped("company_id").items():
            code, carrier = self._carrier(company)
            for reminder in own:
                contents[reminder.id]["provider"] = code
            yield from carrier._hand_over(own, {key: contents[key] for key in own.ids}, begin)

    def _carrier(self, company):
        """Return the code and the model of who carries a company's letters."""
        code = self._provider_code(company)
        return code, self.env[f"dunning.letter.provider.{code}"]

    @api.model
    def _services(self, reminders):
        """Return the carrier of each company."""
        names = self.env["dunning.delivery"]._provider_names()
        found = {}
        for company, own in reminders.grouped("company_id").items():
            code = self._provider_code(company)
            found |= dict.fromkeys(own.ids, [Service(f"{self._letter_kind}/{code}", names.get(code, code or ""))])
        return found

    @api.model
    def _provider_code(self, company):
        """Return the carrier of a company's letters."""
        return company.sudo().dunning_letter_provider

    # === HISTORY === #

    @api.model
    def _keep(self, contents):
        """Keep each letter as it was posted on its reminder; leave a line with a link on the customer."""
        files = self._files(contents)
        own = {
            reminder_id: {
                "message_type": "notification",
                "message_id": generate_tracking_message_id(f"{reminder_id}-dunning.letter"),
                "subject": content["subject"],
                "attachment_ids": [Command.link(file) for file in files[reminder_id]],
                "body": content["body"],
            }
            for reminder_id, content in contents.items()
        }
        return self._keep_messages(contents, own, self._words_of_line())

    def _words_of_line(self):
        """Return how the line on the customer begins."""
        return self.env._("Payment reminder sent by letter:")

    @api.model
    def _files(self, contents):
        """Return ``{reminder id: attachment ids}``; what comes with its PDF, maybe from the journal, is filed now."""
        files = {reminder_id: content["attachment_ids"] for reminder_id, content in contents.items()}
        reminders = self.env["dunning.reminder"].browse(
            reminder_id for reminder_id, content in contents.items() if content.get("pdf") and not files[reminder_id]
        )
        made = self.env["ir.attachment"].sudo().create([
            file_values(reminder, contents[reminder.id]["address"], base64.b64decode(contents[reminder.id]["pdf"]))
            for reminder in reminders
        ])
        return files | {reminder.id: file.ids for reminder, file in zip(reminders, made, strict=True)}


def _in_one_line(row):
    """Return whom and where in one line, as deliveries keep it."""
    place = " ".join(filter(None, (row["zip"], row["city"])))
    parts = (row["name"], row["street"], row["street2"], place)
    return ", ".join(filter(None, (one_line(part or "") for part in parts)))

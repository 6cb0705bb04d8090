import socket

from odoo import Command, api, models
from odoo.tools import format_datetime
from odoo.tools.mail import email_domain_extract

from ...message.letter_pdf import LETTERS_A_CALL
from .. import queries
from ..dunning_channel import Recipient
from .address import addresses, with_name, with_sent_domain

# Beyond this, mail servers refuse the message: the invoices left out are named in the text.
MAX_FILES = 20
MAX_BYTES = 10 * 1024 * 1024


class DunningChannelEmail(models.AbstractModel):
    """Reminders by e-mail, over Odoo's own outgoing mail servers.

    No ``mail.mail`` is made: what Odoo queues and deletes would prove nothing. The message is kept on
    the reminder as it left, with its ``Message-Id`` so that bounces and answers find their way back.
    """

    _name = "dunning.channel.email"
    _inherit = ["dunning.channel"]
    _description = "E-mail Channel"

    _wording = "document"
    _contact_fields = frozenset({"email"})

    # === RECIPIENTS === #

    @api.model
    def _recipients(self, targets):
        groups, copies = self._contacts_of(targets), self._copies_of(targets)
        known = {_addresses(contact) for by_group in groups.values() for group in by_group for contact in group}
        bounced = dict(self.env.execute_query(queries.bounced(self.env, known - {""})))
        return {
            target.key: self._recipient(target, groups[target.key], copies[target.key], bounced) for target in targets
        }

    def _recipient(self, target, groups, copies, bounced):
        """Return who receives the message: all usable contacts of the first group that has any, each address once."""
        problem, first = self.env._("The customer has no e-mail address."), None
        for group in groups:
            usable = []
            for contact in group:
                if not (contact["email"] or "").strip():
                    continue
                if why := self._why_missing(contact, bounced, target.forgiven_at):
                    problem, first = (why, contact) if not first else (problem, first)
                else:
                    usable.append(contact)
            if usable:
                contact, named = usable[0], _named(usable)
                others = [one for copy in copies for one in addresses(copy["email"]) if one not in named]
                return Recipient(
                    contact["id"], contact["name"] or "", ", ".join(named), contact["lang"],
                    copies=tuple(dict.fromkeys(others)), to=tuple((name, one) for one, name in named.items()),
                    note=self._why_these(target, usable),
                )  # fmt: skip
            if first:
                break  # an address that does not work is to be mended, not passed over
        return self._unusable(target, first or (groups[-1][0] if groups else None), problem)

    def _why_these(self, target, contacts):
        """Return what is said of contacts who receive the message because the customer has no address of its own."""
        if not {contact["id"] for contact in contacts} <= set(target.invoiced):
            return ""
        names = ", ".join(contact["name"] or "" for contact in contacts)
        return self.env._(
            "The customer has no e-mail address: written to whom the invoices name, %(names)s.", names=names
        )

    def _why_missing(self, contact, bounced, forgiven_at):
        """Return why a contact cannot be written to, or nothing.

        The blacklist is for marketing: a reminder leaves all the same.
        """
        address = _addresses(contact)
        if not address:
            return self.env._("“%(address)s” is not an e-mail address.", address=contact["email"])
        when = bounced.get(address)
        if when and not (forgiven_at and forgiven_at >= when):
            day = format_datetime(self.env, when, dt_format="short")
            return self.env._("%(address)s: the last message came back on %(day)s.", address=address, day=day)
        if contact["message_bounce"] and not when:
            return self.env._("%(address)s: earlier messages came back.", address=address)
        return ""

    # === TEXT === #

    @api.model
    def _render(self, reminders):
        return self._render_texts(reminders)

    def _text_of(self, reminder):
        return reminder._email_text()

    def _why_broken(self, template, error):
        return self.env._("The text “%(template)s” cannot be made: %(error)s", template=template.name, error=error)

    def _render_batch(self, reminders, template, recipients):
        """Return ``{reminder id: content}`` for reminders of one language and one template."""
        lang = reminders.env.context["lang"]
        subjects, texts = reminders._worded(template)
        files = self._invoice_files(reminders)
        self._fetch_items(reminders)
        contents = {}
        for reminder in reminders:
            subject = " ".join(str(subjects[reminder.id]).split()) or f"{reminder.company_name} - {reminder.name}"
            attached, left_out = files.get(reminder.id, ([], ""))
            frame = self._frame(reminder, subject, texts[reminder.id])
            recipient = recipients[reminder.id]
            sender = with_sent_domain(self._sender(reminder))
            contents[reminder.id] = {
                "address": recipient.address,
                "to": [with_name(*one) for one in recipient.to],
                "cc": self._copies(reminder, recipient),
                "contact_id": recipient.contact_id,
                "from": sender,
                "reply_to": with_sent_domain(self._person(reminder).email_formatted) or sender,
                "author_id": self._author(reminder).id,
                "subject": subject,
                "body": self._as_html(reminder, frame),
                "text": self._as_plain_text(reminder, frame),
                "lang": lang,
                "reference": self._message_id(reminder, sender),
                "attachment_ids": attached,
                "note": " ".join(filter(None, (recipient.note, left_out))),
                "server_id": template.mail_server_id.id,
            }
        return contents

    def _message_id(self, reminder, sender):
        """Return the Message-Id of a reminder, in the form by which Odoo finds the record that is answered."""
        domain = email_domain_extract(sender)
        domain = domain if domain and domain.isascii() else socket.gethostname()
        return f"<{self._identifier(reminder, 'email')}-openerp-{reminder.id}-dunning.reminder@{domain}>"

    def _copies(self, reminder, recipient):
        """Return who is in copy: contacts of the customer, and its salesperson at the levels that ask for it."""
        copies = list(recipient.copies)
        seller = reminder.partner_id.user_id
        if reminder.level_id.copy_salesperson and reminder.company_id._dunning_works_here(seller):
            copies += addresses(seller.partner_id.email)
        written_to = {address for _name, address in recipient.to}
        return [one for one in dict.fromkeys(copies) if one not in written_to]

    @api.model
    def _prepare(self, reminders):
        """Make the PDFs of the invoices that a level attaches and nobody has printed or sent yet."""
        wanted = {reminder: ids[:MAX_FILES] for reminder, ids in self._moves_to_attach(reminders).items()}
        moves = self.env["account.move"].browse({move for ids in wanted.values() for move in ids})
        problems = moves._dunning_make_pdfs()
        why = {}
        for reminder, ids in wanted.items():
            if failed := [move for move in ids if move in problems]:
                why[reminder] = self.env._(
                    "The PDF of %(invoice)s cannot be made: %(error)s",
                    invoice=moves.browse(failed[0]).name, error=problems[failed[0]],
                )  # fmt: skip
        return why

    @api.model
    def _together(self, reminders):
        """Return how many are made together: few where invoices have to be printed first, which takes long."""
        wanted = {move for ids in self._moves_to_attach(reminders).values() for move in ids[:MAX_FILES]}
        if not wanted or len(self.env.execute_query(queries.invoice_files(self.env, wanted))) >= len(wanted):
            return 0
        return LETTERS_A_CALL

    def _moves_to_attach(self, reminders):
        """Return ``{reminder id: [id of the entry of an item]}`` of the levels that attach the invoices."""
        asked = reminders.filtered("level_id.attach_invoices")
        claimed = {reminder.id: reminder._lines_of_the_claim().move_line_id for reminder in asked}
        return {
            reminder: items.mapped(lambda item: (item.dunning_origin_id or item).move_id).ids
            for reminder, items in claimed.items()
        }

    def _invoice_files(self, reminders):
        """Return ``{reminder id: (attachments, what was left out)}`` for the levels that attach the invoices.

        The files of the invoices are linked, never copied.
        """
        moves = self._moves_to_attach(reminders)
        wanted = {move for ids in moves.values() for move in ids}
        if not wanted:
            return {}
        files = {row[0]: row for row in self.env.execute_query(queries.invoice_files(self.env, wanted))}
        return {reminder: self._within_limits(ids, files) for reminder, ids in moves.items()}

    def _within_limits(self, moves, files):
        attached, size, missing, too_many = [], 0, 0, 0
        for move in moves:
            if move not in files:
                missing += 1
            elif len(attached) >= MAX_FILES or size + files[move][3] > MAX_BYTES:
                too_many += 1
            else:
                attached.append(files[move][1])
                size += files[move][3]
        notes = []
        if missing:
            notes.append(self.env._("No document to attach (entries, imports): %(count)s.", count=missing))
        if too_many:
            notes.append(
                self.env._("1 PDF was left out: the e-mail would be too heavy.")
                if too_many == 1
                else self.env._("%(count)s PDFs were left out: the e-mail would be too heavy.", count=too_many)
            )
        return attached, " ".join(notes)

    # === HISTORY === #

    @api.model
    def _keep(self, contents):
        """Keep each message as it left, on its reminder; leave a line with a link on the customer."""
        own = {
            reminder_id: {
                "message_type": "email_outgoing",
                "message_id": content["reference"],
                "subject": content["subject"],
                "attachment_ids": [Command.link(file) for file in content["attachment_ids"]],
                "body": content["body"],
            }
            for reminder_id, content in contents.items()
        }
        kept = self._keep_messages(contents, own, self.env._("Payment reminder sent by e-mail:"))
        self._keep_notifications(
            contents, kept, notification_type="email", notification_status="sent",
            mail_email_address=lambda content: content["address"],
        )  # fmt: skip
        return kept


def _addresses(contact):
    """Return the e-mail addresses of a contact, each as servers know it."""
    return ", ".join(addresses(contact["email"]))


def _named(contacts):
    """Return ``{address: name}``: the name of whoever reads it, none where several people share the address."""
    names = {}
    for contact in contacts:
        for address in addresses(contact["email"]):
            names.setdefault(address, {})[contact["name"] or ""] = True
    return {address: next(iter(own)) if len(own) == 1 else "" for address, own in names.items()}

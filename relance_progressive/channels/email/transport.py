from email import charset
from email.mime.text import MIMEText
from functools import partial

from odoo import api, models

from ...settings.apart import raise_if_lost
from ..dunning_channel import DELAYED, MESSAGE, REFUSED, SENDER, SERVICE, Outcome, Service
from .smtp import Postman, in_words

UTF8 = charset.Charset("utf-8")
UTF8.body_encoding = charset.QP  # readable, and shorter than base64 in our languages


class DunningChannelEmail(models.AbstractModel):
    """How messages leave: one SMTP session per sender and batch, over Odoo's outgoing mail servers."""

    _inherit = "dunning.channel.email"

    @api.model
    def _hourly_limit(self, company):
        return company.dunning_hourly_cap

    @api.model
    def _services(self, reminders):
        """Return the mail server of each, then the address that is the sender for it."""
        routes, services = {}, {}
        for reminder in reminders:
            wanted = (reminder.company_id, reminder._email_text().mail_server_id.id, self._sender(reminder))
            if wanted not in routes:
                routes[wanted] = self._services_of(*wanted)
            services[reminder.id] = routes[wanted]
        return services

    def _services_of(self, company, server_id, sender):
        _server, (_domain, found, smtp_from) = self._route(company, server_id, sender)
        name = self.env["ir.mail_server"].sudo().browse(found).name or self.env._("Outgoing mail server")
        key = f"email/{found or 0}"
        return [Service(key, name), Service(f"{key}/{smtp_from}", self.env._(
            "%(server)s, sender %(address)s", server=name, address=smtp_from or self.env._("none")
        ))]  # fmt: skip

    @api.model
    def _hand_over(self, contents, begin):
        routes, postmen = {}, {}
        reminders = self.env["dunning.reminder"].browse(contents)
        try:
            for reminder in reminders:
                content = contents[reminder.id]
                wanted = (reminder.company_id, content["server_id"], content["from"])
                if wanted not in routes:
                    routes[wanted] = self._route(*wanted)
                server, key = routes[wanted]
                if key not in postmen:
                    postmen[key] = Postman(server, *key[1:])
                outcome = self._hand_over_one(postmen[key], server, content, partial(begin, reminder.id))
                if outcome:
                    yield reminder.id, outcome
        finally:
            for postman in postmen.values():
                postman.close()

    @api.model
    def _hand_over_for(self, company, contents):
        """Yield ``(key, Outcome)`` of messages of a company that are no reminders: ``{key: content}``."""
        postmen = {}
        try:
            for key, content in contents.items():
                server, session = self._route(company, content["server_id"], content["from"])
                if session not in postmen:
                    postmen[session] = Postman(server, *session[1:])
                yield key, self._hand_over_one(postmen[session], server, content, lambda: None)
        finally:
            for postman in postmen.values():
                postman.close()

    def _hand_over_one(self, postman, server, content, begin):
        """Return the outcome of one message, or nothing when it may not leave after all."""
        if not (content["from"] or server._get_default_from_address()):
            words = self.env._("No sender: give the company or the person in charge an e-mail address.")
            return Outcome(DELAYED, words, scope=SENDER)
        if unreachable := postman.connect():
            return Outcome(DELAYED, unreachable, scope=SERVICE)
        try:
            message = self._mime(server, content)
        except Exception as error:  # an address or a header that cannot be written concerns this message only
            raise_if_lost(error)
            return Outcome(REFUSED, in_words(error), scope=MESSAGE)
        written_to, copies = content["address"].split(", "), content.get("cc", [])
        foreign = [address for address in written_to + copies if not address.isascii()]
        if foreign and not postman.takes_every_letter():
            return Outcome(REFUSED, self.env._(
                "%(address)s: the mail server sends to no address with accents before the “@” (it does not offer "
                "SMTPUTF8).", address=", ".join(foreign),
            ), scope=MESSAGE)  # fmt: skip
        if begin():
            return None
        return postman.send(message, written_to, copies)

    def _route(self, company, server_id, sender):
        """Return the mail server model for a sender, and the key of its session: (domain, server, envelope sender)."""
        domain = company.alias_domain_id
        model = self.env["ir.mail_server"].with_company(company)
        if domain:
            model = model.with_context(
                domain_notifications_email=domain.default_from_email, domain_bounce_address=domain.bounce_email
            )
        server, smtp_from = (model.browse(server_id), sender) if server_id else model._find_mail_server(sender)
        return model, (domain.id, server.id if server else None, smtp_from)

    def _mime(self, server, content):
        """Return the e-mail to send."""
        headers = {"Auto-Submitted": "auto-generated"}
        if bounce := server.env.context.get("domain_bounce_address") or server._get_default_bounce_address():
            headers["Return-Path"] = bounce
        message = server._build_email__(
            email_from=content["from"],
            email_to=content["to"],
            email_cc=content.get("cc"),
            reply_to=content["reply_to"],
            subject=content["subject"],
            body="",
            message_id=content["reference"],
            headers=headers,
        )
        self._attach_texts(message, content["text"], self._document(content))
        for file in self.env["ir.attachment"].sudo().browse(content["attachment_ids"]):
            kind, _slash, subtype = (file.mimetype or "application/octet-stream").partition("/")
            message.add_attachment(file.raw, kind, subtype, filename=file.name)
        return message

    def _attach_texts(self, message, text, html):
        """Give a message its two versions.

        The older classes of the standard library make the parts: the newer ones, that Odoo uses,
        parse every header they write and take longer than all of the rendering.
        """
        for name in ("Content-Type", "Content-Transfer-Encoding", "MIME-Version"):
            del message[name]
        message["MIME-Version"] = "1.0"
        message["Content-Type"] = "multipart/alternative"
        message.set_payload([MIMEText(text, "plain", UTF8), MIMEText(html, "html", UTF8)])

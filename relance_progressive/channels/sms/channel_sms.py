from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.mail import generate_tracking_message_id

from odoo.addons.sms.tools.sms_tools import sms_content_to_rendered_html

from ..phone_number import numbers, to_text
from . import queries as sms_queries
from .daytime import Office, is_daytime, next_moment
from .segments import plain, segments


class DunningChannelSms(models.AbstractModel):
    """Reminders by text message, over the SMS gateway of the company: who receives one, when, and what it says."""

    _name = "dunning.channel.sms"
    _inherit = ["dunning.channel"]
    _description = "SMS Channel"

    _wording = "short"
    _contact_fields = frozenset({"phone", "country_id"})

    @api.model
    def _now(self):
        """Return the present moment (UTC, naive): the only clock of this channel."""
        return fields.Datetime.now()

    # === RECIPIENTS === #

    @api.model
    def _recipients(self, targets):
        groups = self._contacts_of(targets)
        codes = self._country_codes(targets, groups)
        parsed = {
            contact["id"]: to_text(
                contact["phone"] or "", codes[target.key, contact["id"]], self._takes_fiction(target.company_id)
            )
            for target in targets for group in groups[target.key] for contact in group
        }  # fmt: skip
        texted = {number.e164 for number in parsed.values() if number and not number.not_texted}
        blacklist = {row[0] for row in self.env.execute_query(sms_queries.blacklisted(self.env, texted))}
        unreachable = dict(self.env.execute_query(sms_queries.unreachable(self.env, texted)))
        return {
            target.key: self._recipient(target, groups[target.key], parsed, blacklist, unreachable)
            for target in targets
        }  # fmt: skip

    def _takes_fiction(self, company_id):
        """Tell whether a company's gateway sends nothing, so that it may be given numbers that are nobody's."""
        return getattr(self._gateway_class(self.env["res.company"].browse(company_id)), "fiction", False)

    def _recipient(self, target, groups, parsed, blacklist, unreachable):
        """Return the first usable contact of the first group that has a number: one message is enough.

        A number that does not work is to be mended, not passed over for the next group.
        """

        def judge(contact):
            number = parsed[contact["id"]]
            why = self._why_missing(target, number, blacklist, unreachable) if number else ""
            return (number.e164 if number and not why else ""), why

        with_number = (group for group in groups if any(parsed[contact["id"]] for contact in group))
        contacts = next(with_number, groups[-1] if groups else [])
        return self._first_usable(target, contacts, judge, self.env._("The customer has no phone number."))

    def _why_missing(self, target, number, blacklist, unreachable):
        """Return why a number cannot be texted, or nothing."""
        if number.not_texted:
            return self._problem_in_words(number)
        if number.e164 in blacklist:
            # The list is about advertising. Whoever asked never to be texted is written to otherwise.
            return self.env._("%(number)s: its owner asked not to receive text messages.", number=number.e164)
        when = unreachable.get(number.e164)
        if when and not (target.forgiven_at and target.forgiven_at >= when):
            return self.env._("%(number)s: the last SMS could not be delivered.", number=number.e164)
        company = self.env["res.company"].browse(target.company_id)
        if not self._may_ring(number.e164, company) and not self._next_moment(number.e164, company):
            return self.env._(
                "%(number)s: it is never by day there while %(company)s sends its messages.",
                number=number.e164, company=company.name,
            )  # fmt: skip
        return ""

    def _problem_in_words(self, number):
        words = {
            "invalid": self.env._("“%(number)s” is not a valid phone number.", number=number.text),
            "landline": self.env._("%(number)s is a landline: it receives no SMS.", number=number.text),
            "premium": self.env._("%(number)s is a premium-rate number.", number=number.text),
            "toll_free": self.env._("%(number)s is a toll-free number: it receives no SMS.", number=number.text),
            "voip": self.env._("%(number)s is an internet phone number: it may receive no SMS.", number=number.text),
            "pager": self.env._("%(number)s is the number of a pager.", number=number.text),
            "satellite": self.env._("%(number)s belongs to a satellite or worldwide network.", number=number.text),
            "other": self.env._("%(number)s is not the number of a mobile phone.", number=number.text),
        }
        return words[number.not_texted]

    # === DAYTIME === #

    @api.model
    def _not_before(self, reminders):
        recipients, later = self._recipients(self._targets(reminders)), {}
        for reminder in reminders:
            number, company = recipients[reminder.id].address, reminder.company_id
            if number and not self._may_ring(number, company):
                later[reminder.id] = (self._next_moment(number, company), self._night_in_words(number))
        return later

    def _may_ring(self, number, company):
        return is_daytime(self._now(), self._zones(number, company))

    def _next_moment(self, number, company):
        return next_moment(self._now(), self._zones(number, company), self._office(company))

    def _night_in_words(self, number):
        return self.env._("%(number)s: it is not daytime there, or it is Sunday.", number=number)

    def _zones(self, number, company):
        """Return where the owner of a number may be; at the company's place if nobody knows."""
        return numbers(number, "", True)[0].zones or (self._office(company).zone,)

    def _office(self, company):
        return Office(company._dunning_zone(), company.dunning_hour_from, company.dunning_hour_to)

    # === TEXT === #

    @api.model
    def _render(self, reminders):
        return self._render_texts(reminders)

    def _text_of(self, reminder):
        return reminder.level_id

    def _why_broken(self, level, error):
        return self.env._("The text message of “%(level)s” cannot be made: %(error)s", level=level.name, error=error)

    def _render_batch(self, reminders, level, recipients):
        """Return ``{reminder id: content}`` for reminders of one language and one level."""
        texts = self._words(reminders, level)
        return {
            reminder.id: self._content(reminder, texts[reminder.id], recipients[reminder.id]) for reminder in reminders
        }

    def _words(self, reminders, level, own=True):
        """Return ``{reminder id: text}`` in the language of the context, without the link that is added.

        :param own: False for the words of the level alone
        """
        level = level.with_context(lang=reminders.env.lang)
        template = level.sms_body or level._sms_default_text()
        if problem := level._sms_placeholder_problem():
            raise UserError(problem)  # it came by another way than a screen
        # The reader of placeholders and nothing else: the engine is more than who wrote the text.
        reader = self.env["mail.render.mixin"].with_context(lang=reminders.env.lang)
        texts = reader._render_template_inline_template_regex(template, reminders._name, reminders.ids)
        for reminder in reminders.filtered("own_short_text") if own else ():
            texts[reminder.id] = reminder.own_short_text  # taken as it is: nothing in it is worked out
        return {id_: " ".join(plain(text).split()) for id_, text in texts.items()}

    @api.model
    def _length_in_words(self, text):
        """Return how long a text is, and what it costs, as people read it."""
        return self.env["dunning.level"]._sms_length_in_words(segments(plain(text)))

    def _content(self, reminder, text, recipient):
        if reminder.customer_link and reminder.customer_link not in text:
            text = f"{text} {reminder.customer_link}"
        length, sender = segments(text), self._sender(reminder)
        return {
            "address": recipient.address,
            "contact_id": recipient.contact_id,
            "lang": reminder.env.lang,
            "subject": "",
            "text": text,
            "body": sms_content_to_rendered_html(text),
            "segments": length.count,
            "note": self.env["dunning.level"]._sms_length_in_words(length),
            "reference": uuid4().hex,
            "provider": self._gateway_class(reminder.company_id).__name__.removeprefix("SmsApi") or "IAP",
            "author_id": self._author(reminder).id,
            "from": sender,
            "reply_to": self._person(reminder).email_formatted or sender,
        }

    # === HISTORY === #

    @api.model
    def _keep(self, contents):
        """Keep each text as it left, on its reminder; leave a line with a link on the customer."""
        own = {
            reminder_id: {
                "message_type": "sms",
                "message_id": generate_tracking_message_id("dunning-sms"),
                "body": content["body"],
            }
            for reminder_id, content in contents.items()
        }
        kept = self._keep_messages(contents, own, self.env._("Payment reminder sent by SMS:"))
        self._keep_notifications(
            contents, kept, notification_type="sms", sms_number=lambda content: content["address"],
            notification_status="pending",  # Odoo's word for what the gateway has taken
        )  # fmt: skip
        return kept

from collections import defaultdict

from markupsafe import Markup

from odoo import api, models
from odoo.tools import html2plaintext
from odoo.tools.mail import generate_tracking_message_id

from ...channels.email.address import with_name
from ...settings.apart import apart
from . import queries

BATCH = 100


class DunningThanks(models.AbstractModel):
    """Thanks to those who have paid, over the e-mail channel: once, or not at all."""

    _name = "dunning.thanks"
    _description = "Thanks for a Payment"

    @api.model
    def _send(self, company, journal):
        """Thank those who are to be thanked; a thank-you in doubt is not sent again.

        Thanks wait while the mail server does not work, and share the limit of the hour with the reminders.
        """
        engine, limit = self.env["dunning.engine"], self.env["dunning.channel.email"]._hourly_limit(company)
        while not journal.services.is_waiting(company, "email"):
            with journal.turn(company.id, "email", limit) as (left, _free_at):
                query = queries.take_thanks(self.env, company, int(min(BATCH, left)))
                rows = left and engine._retrying(lambda query=query: self.env.execute_query(query))
                self.env["dunning.account"].invalidate_model(["to_thank", "thanked_at"])
                engine._checkpoint()
            if not rows or not self._thank(dict(rows)):
                break

    def _thank(self, last):
        """Send the thanks, ``last`` being the last reminder of each account: ``{account id: reminder id}``.

        :return: whether somebody takes more of them; those that nobody took are sent another day
        """
        email, engine, kept = self.env["dunning.channel.email"], self.env["dunning.engine"], {}
        reminders = self.env["dunning.reminder"].browse(last.values())
        contents, broken = engine._retrying(lambda: self._render(email, reminders))
        engine._checkpoint()  # after this nothing is undone that has left
        accounts = {reminder: account for account, reminder in last.items()}
        for reminder_id, reason in broken.items():
            words = self.env._("The thanks for the payment did not leave: %(reason)s", reason=reason)
            kept[accounts[reminder_id]] = Markup("<p>%s</p>") % words
        works, waiting = True, self.env["dunning.account"]
        for reminder_id, outcome in email._hand_over(contents, lambda _reminder_id: None):
            content = contents[reminder_id]
            if outcome.state == "delayed" and outcome.scope in ("service", "sender"):
                works = False
                waiting |= waiting.browse(accounts[reminder_id])
                continue
            words = self.env._("Thanked for the payment: %(address)s", address=content["address"])
            if outcome.state != "accepted":
                words = self.env._("The thanks for the payment did not leave: %(reason)s", reason=outcome.reason)
            kept[accounts[reminder_id]] = Markup("<p>%s</p>%s") % (words, Markup(content["words"]))  # noqa: S704
        engine._retrying(lambda: self._note(kept, waiting))
        engine._checkpoint()
        return works

    def _note(self, kept, waiting):
        """Write what was sent, ``{account id: words}``, and who still waits for it."""
        if kept:
            self.env["dunning.account"].browse(kept)._message_log_batch(bodies=kept)
        waiting.write({"to_thank": True, "thanked_at": False})

    def _render(self, email, reminders):
        """Return ``({reminder id: content}, {reminder id: why not})``, batch by batch of one language and text.

        Those that cannot be reached are left out.
        """
        recipients = email._recipients(email._targets(reminders))
        standard = self.env.ref("relance_progressive.thank_you_template", raise_if_not_found=False)
        batches, contents, broken = defaultdict(list), {}, {}
        for reminder in reminders:
            template = reminder.account_id.plan_id.thank_you_template_id or standard
            if template and not recipients[reminder.id].problem:
                batches[reminder._language(recipients[reminder.id].lang), template].append(reminder.id)
        for (lang, template), ids in batches.items():
            batch = reminders.browse(ids).with_context(lang=lang)
            self._word(email, batch, template, recipients, contents, broken)
        return contents, broken

    def _word(self, email, batch, template, recipients, contents, broken):
        """Add the thanks of a batch to ``contents``; alone what fails together, to ``broken`` with its reason."""

        def told(error):
            if len(batch) > 1:
                for reminder in batch:
                    self._word(email, reminder, template, recipients, contents, broken)
                return
            broken[batch.id] = self.env._(
                "The text “%(template)s” cannot be made: %(error)s", template=template.name,
                error=batch._error_in_words(error),
            )  # fmt: skip

        with apart(self.env, told):  # any error of a text that people edit: the history of each account says it
            subjects, texts = batch._worded(template, own=False)
            contents.update({
                one.id: self._content(email, one, recipients[one.id], subjects, texts, template) for one in batch
            })

    def _content(self, email, reminder, recipient, subjects, texts, template):
        """Return the content of one e-mail."""
        words, sender = str(texts[reminder.id]), email._sender(reminder)
        frame = {
            "text": texts[reminder.id], "company": email._letterhead(reminder.company_id),
            "dir": email._direction(reminder.env.context["lang"]),
            "person": reminder.user_name, "phone": reminder.user_phone, "email": reminder.user_email,
        }  # fmt: skip
        qweb = self.env["ir.qweb"].with_context(lang=reminder.env.context["lang"])
        return {
            "address": recipient.address,
            "to": [with_name(recipient.name, one) for one in recipient.address.split(", ") if one],
            "cc": [],
            "contact_id": recipient.contact_id,
            "from": sender,
            "reply_to": email._person(reminder).email_formatted or sender,
            "author_id": email._author(reminder).id,
            "subject": " ".join(str(subjects[reminder.id]).split()) or reminder.company_name,
            "body": str(qweb._render("relance_progressive.thank_you_email", {"m": frame}, minimal_qcontext=True)),
            "text": "\n\n".join((
                html2plaintext(words, include_references=False).strip(), email._plain_signature(frame["company"]),
            )),
            "words": words,
            "lang": reminder.env.context["lang"],
            "reference": generate_tracking_message_id(f"{reminder.id}-dunning.reminder"),
            "attachment_ids": [],
            "server_id": template.mail_server_id.id,
        }

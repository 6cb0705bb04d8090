from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext, plaintext2html
from odoo.tools.mail import generate_tracking_message_id

from ...channels.dunning_channel import ACCEPTED, DELAYED
from ...channels.email.address import addresses, with_name
from ...core.said import promise as core
from ...settings.apart import raise_if_lost

BATCH = 100
INTERRUPTED = timedelta(hours=1)
TEMPLATE = "relance_progressive.plan_warning_template"


class DunningPromiseWarning(models.Model):
    """How the warnings leave: over the e-mail channel, once, on working days and in the hours of reminders."""

    _inherit = "dunning.promise.warning"

    @api.model
    def _send_due(self, company, day):
        """Send the warnings of a company that are to leave by ``day``; one in doubt is not sent again."""
        self._tell_interrupted(company, day)
        due = [("company_id", "=", company.id), ("state", "=", "to_send"), ("made_on", "<=", day)]
        seen = self.browse()
        while batch := self.search([*due, ("id", "not in", seen.ids)], limit=BATCH, order="id"):
            seen |= batch
            own = batch.try_lock_for_update().filtered_domain(due)
            own._still_needed(company, day)._send(company, day)

    @api.model
    def _tell_interrupted(self, company, day):
        """Tell people of the warnings whose worker died while they left: none is still leaving after so long."""
        self.search([
            ("company_id", "=", company.id), ("state", "=", "failed"), ("told", "=", False),
            ("write_date", "<", fields.Datetime.now() - INTERRUPTED),
        ]).try_lock_for_update()._tell_failed(day)

    def _still_needed(self, company, day):
        """Return the warnings of what is still missing; drop the others: the money has come, or the plan is gone."""
        states = self.env["dunning.promise"]._states_of(company, self.partner_id.ids, day)
        needed = self.browse()
        for warning in self:
            state = states.get(warning.promise_id.id)
            late = {one.missed_on: one.amount for one in state.late} if state else {}
            if amount := late.get(warning.missed_on):
                left = sum(part.due - part.kept for part in state.parts if part.state != core.CANCELLED)
                warning.write({"amount": float(amount), "amount_left": float(left), "made_on": day})
                needed |= warning
            else:
                warning._set_state("dropped")
        return needed

    def _send(self, company, day):
        """Hand the warnings over; what is not known to have left counts as not sent, a person is told."""
        contents, engine = self._contents(company), self.env["dunning.engine"]
        known = self.filtered(lambda warning: warning.id in contents)
        # Should this stop here, nobody knows whether they left, and nobody sends them twice.
        known._set_state("failed", reason=self.env._("It was interrupted: nobody knows whether it left."))
        engine._checkpoint()
        own = {warning.id: contents[warning.id] for warning in known}
        outcomes = list(self.env["dunning.channel.email"]._hand_over_for(company, own))
        engine._retrying(lambda: self._record(outcomes, own, day))
        engine._checkpoint()

    def _record(self, outcomes, contents, day):
        """Note ``(warning id, outcome)`` of messages, and tell people of those that are not known to have left."""
        for warning_id, outcome in outcomes:
            self.browse(warning_id)._record_outcome(outcome, contents[warning_id], day)
        self.filtered(lambda warning: warning.state == "failed" and not warning.told)._tell_failed(day)

    def _record_outcome(self, outcome, content, day):
        """Note what became of the message, and keep it as it left."""
        if outcome.state == DELAYED:
            self._set_state("to_send", reason=outcome.reason)
            return
        if outcome.state != ACCEPTED:
            self.reason = outcome.reason
            return
        self._set_state(
            "sent", sent_on=day, reason=False, address=content["address"], words=Markup(content["body"]),  # noqa: S704
            message_ref=content["reference"],
        )  # fmt: skip
        promise, person = self.promise_id, self.account_id._person_in_charge()
        kept = promise._message_log(
            body=Markup(content["words"]), subject=content["subject"], message_type="email_outgoing"  # noqa: S704
        )
        kept.sudo().message_id = content["reference"]
        if person:
            told = self.with_context(lang=person.lang or self.env.lang)
            promise.message_notify(
                partner_ids=person.partner_id.ids, author_id=self.env.ref("base.partner_root").id,
                subject=told.env._("%(customer)s was warned about a payment plan", customer=self.partner_id.name),
                body=told.env._(
                    "%(amount)s of %(plan)s is missing. The customer was warned in writing (%(address)s): without that "
                    "payment by %(day)s the plan ends.",
                    amount=told.amount_text, plan=promise.name, address=content["address"], day=told.pay_until_text,
                ),
            )  # fmt: skip

    def _tell_failed(self, day):
        """Give the person in charge the task to warn the customer by another way."""
        for warning in self:
            person, account = warning.account_id._person_in_charge(), warning.account_id
            if person:
                told = warning.with_context(lang=person.lang or self.env.lang)
                account.activity_schedule(
                    "mail.mail_activity_data_todo", day, user_id=person.id,
                    summary=told.env._("Warn in writing: %(amount)s of a payment plan is missing",
                                       amount=told.amount_text),
                    note=plaintext2html(told.env._(
                        "The warning about %(plan)s could not leave: %(reason)s Until the customer has been warned the "
                        "plan does not end. Send it again from the plan, or write a letter and say so there.",
                        plan=warning.promise_id.name, reason=warning.reason or "",
                    )),
                )  # fmt: skip
            warning.told = True

    # === TEXT === #

    def _contents(self, company):
        """Return ``{warning id: content}`` of an e-mail; those that cannot be written or reached have failed."""
        email, template = self.env["dunning.channel.email"], self.env.ref(TEMPLATE, raise_if_not_found=False)
        targets = [
            email._target(key=one.id, partner_id=one.partner_id.id, company_id=company.id, stage="firm") for one in self
        ]
        recipients, contents = email._recipients(targets), {}
        for warning in self:
            recipient, reason = recipients[warning.id], ""
            if recipient.problem or not template:
                reason = recipient.problem or self.env._("Its text was deleted.")
            else:
                content, reason = warning._content(template.sudo(), recipient)
                contents[warning.id] = content
            if reason:
                contents.pop(warning.id, None)
                warning._set_state("failed", reason=reason)
        return contents

    def _content(self, template, recipient):
        """Return ``(content, why it cannot be made)`` of one e-mail."""
        lang = recipient.lang or self.lang
        own = self.with_context(lang=lang)
        try:
            with self.env.cr.savepoint():
                texts = template.with_context(lang=lang)._generate_template(own.ids, ("subject", "body_html"))[own.id]
        except UserError as error:  # a text that people edit
            raise_if_lost(error, undone=True)
            return None, self.env._(
                "The text “%(template)s” cannot be made: %(error)s", template=template.name, error=error
            )
        email, company = self.env["dunning.channel.email"], self.company_id
        person = self.account_id._person_in_charge().partner_id
        frame = {
            "text": texts["body_html"], "company": email._letterhead(company), "person": person.name or company.name,
            "phone": person.phone or company.phone or "", "email": person.email or company.email or "",
            "dir": email._direction(lang), "payees": own._payees(),
        }  # fmt: skip
        sender = person.email_formatted if person.email else company.partner_id.email_formatted
        body = own.env["ir.qweb"]._render("relance_progressive.thank_you_email", {"m": frame}, minimal_qcontext=True)
        return {
            "address": recipient.address,
            "to": [with_name(recipient.name, one) for one in recipient.address.split(", ") if one],
            "cc": [], "from": sender, "reply_to": sender, "subject": " ".join(texts["subject"].split()),
            "body": str(body), "words": str(texts["body_html"]), "lang": lang, "attachment_ids": [],
            "text": own._plain_text(frame),
            "reference": generate_tracking_message_id(f"{self.id}-dunning.promise.warning"),
            "server_id": template.mail_server_id.id,
        }, ""  # fmt: skip

    def _payees(self):
        """Return to whom what is missing is paid: each account in use, with what it is for as soon as there are two."""
        items = self.promise_id.line_ids.move_line_id.filtered(lambda item: not item.reconciled)
        accounts, service = self.env["dunning.payee"]._accounts(items), self.env["dunning.payee"]
        by_bank = items.grouped(lambda item: accounts[item.id])
        return [
            {
                "iban": bank.acc_number, "bic": bank.bank_bic or "", "holder": service._holder(bank), "amount": "",
                "penalties": "", "reference": self.promise_id.name,
                "documents": ", ".join(dict.fromkeys(own.mapped("dunning_name"))) if len(by_bank) > 1 else "",
            }
            for bank, own in by_bank.items() if bank
        ]  # fmt: skip

    def _plain_text(self, frame):
        """Return the message without HTML: the text, how to pay, whom to call, who writes."""
        email = self.env["dunning.channel.email"]
        parts = [html2plaintext(frame["text"], include_references=False).strip()]
        parts += ["\n".join(email._plain_payee(self.env, payee)) for payee in frame["payees"]]
        parts.append(" · ".join(part for part in (frame["person"], frame["phone"], frame["email"]) if part))
        return "\n\n".join((*parts, email._plain_signature(frame["company"])))


class DunningPromise(models.Model):
    """A warning that comes back proves nothing, and ends nothing."""

    _inherit = "dunning.promise"

    def _message_receive_bounce(self, email, partner):
        wanted = set(addresses(email))
        for promise in self.sudo():
            back = promise.warning_ids.filtered(
                lambda warning: warning.state == "sent" and warning.channel == "email"
                and set((warning.address or "").split(", ")) <= wanted
            )[:1]  # fmt: skip
            if back:
                words = self.env._("The e-mail to %(address)s came back: it could not be delivered.", address=email)
                back._set_state("failed", reason=words, sent_on=False)
                back._tell_failed(promise.company_id._dunning_today())
                back._changed()
        return super()._message_receive_bounce(email, partner)

from odoo import api, fields, models

from ...channels.email.address import with_name


class DunningPortalAnswer(models.Model):
    """What the customer is told of an answer: on the page at once, and by e-mail."""

    _inherit = "dunning.portal.answer"

    confirmation = fields.Char("Said to the Customer", compute="_compute_confirmation")

    @api.depends("kind", "state", "summary", "promise_id", "dispute_id", "refusal")
    @api.depends_context("lang")
    def _compute_confirmation(self):
        for answer in self:
            answer.confirmation = answer._said()

    def _said(self):
        """Return in words what becomes of the answer, in the language of the environment."""
        if self.state == "refused":
            return self._said_of_refusal()
        if self.state == "to_approve":
            return self.env._(
                "Thank you. We have received your proposal: %(dates)s. Somebody looks at it and answers you.",
                dates=self._dates_in_words(),
            )  # fmt: skip
        if self.promise_id and len(self._dates()) > 1:
            return self.env._(
                "Your payment plan is agreed: %(dates)s. We will not remind you of it as long as it is kept.",
                dates=self._dates_in_words(),
            )  # fmt: skip
        if self.promise_id:
            return self.env._(
                "We have noted your commitment to pay: %(dates)s. We will not remind you of it until then.",
                dates=self._dates_in_words(),
            )  # fmt: skip
        return self._said_of_others()

    def _said_of_refusal(self):
        if self.kind in ("promise", "plan"):
            return self.env._(
                "Thank you for your proposal. We are sorry that we cannot agree to it: %(reason)s Please call us, or "
                "propose another date.", reason=self._as_sentence(self.refusal),
            )  # fmt: skip
        return self.env._(
            "Thank you for your message. We are sorry that we cannot do what you asked for: %(reason)s Please call us "
            "if you have a question.", reason=self._as_sentence(self.refusal),
        )  # fmt: skip

    def _as_sentence(self, words):
        words = (words or "").strip()
        return words if words.endswith((".", "!", "?")) else f"{words}."

    def _said_of_others(self):
        names = self._invoices_in_words()
        if self.kind == "paid" and self.dispute_id:
            return self.env._(
                "Thank you. We look for your payment of %(day)s for %(invoices)s, and will not remind you of it "
                "meanwhile.",
                day=self._day("paid_on"), invoices=names,
            )  # fmt: skip
        if self.kind == "dispute" and self.dispute_id and self._contests_a_part():
            return self.env._(
                "We have received your objection to %(invoices)s (%(number)s). We examine it, and do not remind you of "
                "the amount contested meanwhile: %(amount)s. The rest remains to be paid.",
                invoices=self._names_in_words(), number=self.dispute_id.name, amount=self.dispute_id.amount_text,
            )  # fmt: skip
        if self.kind == "dispute" and self.dispute_id:
            return self.env._(
                "We have received your objection to %(invoices)s (%(number)s). We examine it, and suspend all "
                "reminders of the invoices contested.", invoices=names, number=self.dispute_id.name,
            )  # fmt: skip
        if self.kind == "order" and self.dispute_id:
            return self.env._(
                "Thank you. We have noted your order number %(number)s for %(invoices)s, and send you what you need.",
                number=self.typed.get("reference") or "", invoices=names,
            )  # fmt: skip
        if self.kind == "contact" and self.state == "done":
            return self.env._("Thank you. We have corrected your contact data.")
        if self.kind == "contact":
            return self.env._("Thank you. Somebody corrects your contact data.")
        if self.kind == "call":
            return self.env._("Thank you. We call you at %(number)s.", number=self.typed.get("phone") or "")
        return self.env._("Thank you. We have received your answer; somebody looks at it and answers you.")

    def _contests_a_part(self):
        """Tell whether a part of the invoices remains claimed although they are contested."""
        lines = self.sudo().dispute_id.line_ids
        return any(not line.whole and line.amount < line.amount_residual for line in lines)

    def _invoices_in_words(self):
        """Return which invoices an answer is about: of many the first ones, how many more, and the sum of it."""
        names = self._names_in_words()
        if len(self.move_line_ids) > 1 and self.dispute_id:
            return self.env._("%(invoices)s (%(amount)s)", invoices=names, amount=self.dispute_id.amount_text)
        return names

    # === BY E-MAIL === #

    def _confirm_by_email(self):
        """Write to the customer's own addresses what was received and what becomes of it.

        Never to an address typed on the page, and without a link: who has one could else make us write to anybody,
        or read more by a mail that was sent to somebody else.
        """
        answer = self.sudo().with_context(lang=self.lang or self.env.lang)
        if not (addresses := answer._addresses()):
            return
        company, person = answer.company_id, answer.account_id._person_in_charge().partner_id
        sender = person.email_formatted if person.email else company.partner_id.email_formatted
        kinds = dict(answer._fields["kind"]._description_selection(answer.env))
        frame = {
            "company": company.name, "number": answer.name, "kind": kinds[answer.kind],
            "confirmation": answer.confirmation, "words": answer.words or "",
            "person": person.name or company.name, "phone": person.phone or company.phone or "",
            "email": person.email or company.email or "",
            "dir": answer.env["dunning.frame"]._direction(answer.env.lang or "en_US"),
            "mentions": answer.env["dunning.frame"]._who_writes(company),
        }  # fmt: skip
        body = answer.env["ir.qweb"]._render(
            "relance_progressive.portal_answer_email", {"m": frame}, minimal_qcontext=True
        )
        answer.env["mail.mail"].create({
            "subject": answer.env._("%(company)s: your answer %(number)s", company=company.name, number=answer.name),
            "body_html": body, "body": body, "email_from": sender, "email_to": ", ".join(addresses),
            "model": self._name, "res_id": answer.id, "auto_delete": False, "is_notification": False,
        })  # fmt: skip
        answer.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _addresses(self):
        """Return who is written to: those who receive the reminders, and who is logged in."""
        target = self.env["dunning.channel"]._target(
            key=self.id, partner_id=self.partner_id.id, company_id=self.company_id.id, stage="friendly"
        )
        recipient = self.env["dunning.channel.email"]._recipients([target])[self.id]
        found = {address: name for name, address in recipient.to}
        user = self.answered_by_id.partner_id
        if user.email_normalized:
            found.setdefault(user.email_normalized, user.name)
        return [with_name(name, address) for address, name in found.items()]

    # === END OF AN ANSWER === #
    # The money has come, or a person says no.

    @api.model
    def _follow_items(self, items):
        """End the answers "I have paid" whose money has come; they are open again when it goes back.

        :param items: journal items of which something was paid, or is owed again
        """
        answers = self.search([
            ("kind", "=", "paid"), ("move_line_ids", "in", items.ids), ("state", "in", ("to_do", "recorded", "done")),
        ])  # fmt: skip
        for answer in answers:
            settled = all(answer.move_line_ids.mapped("reconciled"))
            if settled and answer.state != "done":
                answer._set_state("done", decided_at=fields.Datetime.now())
                answer._message_log(body=self.env._("The money has come: what the customer says he paid is settled."))
                answer.activity_ids.action_feedback()
            elif not settled and answer.state == "done" and not answer.decided_by_id:
                answer._set_state("recorded" if answer.dispute_id else "to_do", decided_at=False)
                answer._message_log(body=self.env._("The money went back: some of it is owed again."))

import base64
import logging

from odoo import api, fields, models
from odoo.tools import email_normalize

from ...core.plain.typed import one_line
from ...message.letter_pdf import LETTERS_A_CALL
from ...settings.apart import apart, raise_if_lost
from ..dunning_channel import UNCERTAIN, Outcome
from .provider import Item

_logger = logging.getLogger(__name__)


class DunningChannelLre(models.AbstractModel):
    """Electronic registered letters (CPCE art. L100, R53 to R53-4), over the provider of the company.

    The letter itself is that of the paper channel. Each item has a reference of ours before it leaves, so
    that a provider can be asked about one whose outcome nobody knows.
    """

    _name = "dunning.channel.lre"
    _inherit = ["dunning.channel.letter"]
    _description = "Electronic Registered Letter Channel"

    _on_paper = False
    _letter_kind = "lre"
    _contact_fields = frozenset({
        "company_registry", "dunning_lre_consent", "dunning_lre_consent_date", "dunning_status", "email", "vat",
    })  # fmt: skip

    # === RECIPIENTS === #

    @api.model
    def _recipients(self, targets):
        """Write to one e-mail address, as an electronic letter has one addressee."""
        found = self._of("email")._recipients(targets)
        companies = {company.id: company for company in self._companies_of(targets)}
        contacts = self.env["res.partner"].sudo().browse(found[target.key].contact_id for target in targets)
        result = {}
        for target, contact in zip(targets, contacts, strict=True):
            recipient = found[target.key]
            problem = self._why_no_provider(companies[target.company_id]) or recipient.problem
            if not problem and not contact._dunning_may_receive_lre():
                problem = self.env._(
                    "%(customer)s is not known to be a professional, and has not agreed to electronic registered "
                    "letters.",
                    customer=contact.commercial_partner_id.name,
                )
            address = email_normalize(recipient.address.split(", ")[0]) or ""
            result[target.key] = recipient._replace(address=address, problem=problem, copies=())
        return result

    def _companies_of(self, targets):
        return self.env["res.company"].sudo().browse({target.company_id for target in targets})

    def _why_no_provider(self, company):
        """Return why a company cannot send electronic registered letters, or nothing."""
        code = company.dunning_lre_provider
        if not code:
            return self.env._("%(company)s has no provider of electronic registered letters.", company=company.name)
        return self.env["dunning.lre.provider"]._of(code)._why_not(company)

    # === HAND-OVER === #

    @api.model
    def _render(self, reminders):
        recipients = self._recipients(self._targets(reminders))
        contents, broken = super()._render(reminders.with_context(dunning_registered=True))
        for reminder in reminders.filtered(lambda reminder: reminder.id in contents):
            contents[reminder.id].update({
                "address": recipients[reminder.id].address,
                "name": one_line(recipients[reminder.id].name or ""),
                "reference": f"{reminder.name}-{self._identifier(reminder, 'lre')}",
                "provider": self._provider_code(reminder.company_id),
                "company_id": reminder.company_id.id,
            })
        return contents, broken

    @api.model
    def _together(self, reminders):
        return LETTERS_A_CALL

    @api.model
    def _make(self, contents):
        """Print the letters; the journal keeps them until they are recorded."""
        reminders = self.env["dunning.reminder"].browse(contents)
        return self.env["dunning.letter.provider"]._print_files(reminders, contents)

    @api.model
    def _provider_code(self, company):
        return company.sudo().dunning_lre_provider

    @api.model
    def _hand_over(self, contents, begin):
        for reminder_id, content in contents.items():
            if begin(reminder_id):
                continue
            company = self.env["res.company"].browse(content["company_id"])
            provider = self.env["dunning.lre.provider"]._of(content["provider"])
            try:
                answer = provider._send(company, self._item(company, content))
            except Exception as error:  # whatever a provider's code raises, it may have left
                raise_if_lost(error)
                _logger.warning("The provider %s failed", content["provider"], exc_info=True)
                reason = self.env._("The provider did not answer: %(error)s", error=str(error) or type(error).__name__)
                yield reminder_id, Outcome(UNCERTAIN, reason)
                continue
            content["cost"] = answer.cost
            yield reminder_id, answer.outcome

    def _item(self, company, content):
        contact = self.env["res.partner"].browse(content["contact_id"])
        return Item(
            reference=content["reference"], subject=content["subject"], pdf=base64.b64decode(content["pdf"]),
            name=content["name"], email=content["address"], lang=content["lang"],
            professional=contact._dunning_is_professional(),
            sender_name=company.name, sender_email=company.email or "",
        )  # fmt: skip

    # === HISTORY === #

    def _words_of_line(self):
        return self.env._("Payment reminder sent by electronic registered letter:")

    # === NEWS === #

    @api.model
    def _sync_status(self, deliveries):
        """Ask the providers for news; what one item or one provider spoils leaves the others alone."""
        now = fields.Datetime.now()
        for (company, code), own in deliveries.grouped(lambda found: (found.company_id, found.provider)).items():
            provider = self.env["dunning.lre.provider"]._of(code)
            news = {}

            def told(_error, code=code):
                _logger.warning("No news from the provider %s", code, exc_info=True)

            with apart(self.env, told):
                news = provider._poll(company, own.mapped("reference"), now)
            fetched = self._fetch(provider, own, news)
            own.filtered(lambda found, fetched=fetched: found in fetched)._take_news(fetched)
        deliveries.polled_at = now

    def _fetch(self, provider, deliveries, news):
        """Return ``{item: ([News], [Proof])}`` of the items with news, or whose proofs were not all there.

        :param news: ``{reference: [News]}``
        """
        fetched = {}
        for delivery in deliveries:
            events = delivery.event_ids
            known = set(events.mapped("provider_uid"))
            fresh = [one for one in news.get(delivery.reference, ()) if one.uid not in known]
            unproven = events.filtered(
                lambda event: event.source == "provider" and not event.attachment_ids and not event.struck
            )
            if not fresh and not unproven:
                continue

            def told(error, delivery=delivery):
                _logger.warning("The proofs of %s cannot be had", delivery.reference, exc_info=True)
                delivery.news_problem = self.env._("News that could not be recorded: %(error)s", error=str(error))

            with apart(self.env, told):
                fetched[delivery] = fresh, provider._fetch_proofs(delivery.company_id, delivery.reference)
        return fetched

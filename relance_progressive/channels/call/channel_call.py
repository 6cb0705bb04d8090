from odoo import api, models
from odoo.tools import format_date

from ..dunning_channel import WAITING, Outcome
from ..phone_number import to_call
from . import queries


class DunningChannelCall(models.AbstractModel):
    """Reminders by phone: the person in charge gets something to do, with all that is to be said.

    What is said is made when the call is opened, from the figures of that moment; the outcome, recorded
    as a ``dunning.call``, is the proof.
    """

    _name = "dunning.channel.call"
    _inherit = ["dunning.channel"]
    _description = "Phone Channel"

    _wording = "script"
    _contact_fields = frozenset({"phone", "country_id"})

    # === RECIPIENTS === #

    @api.model
    def _recipients(self, targets):
        groups, numbers = self._contacts_of(targets), {}
        countries = self._country_codes(targets, groups)
        sms = self.env["dunning.channel.sms"]
        fictions = {company: sms._takes_fiction(company) for company in {target.company_id for target in targets}}
        for target in targets:
            for contact in _in_order(groups[target.key]):
                if contact["phone"]:
                    key = contact["id"], target.company_id
                    numbers[key] = to_call(
                        contact["phone"], countries[target.key, contact["id"]], fictions[target.company_id]
                    )
        known = {number.international for number in numbers.values() if number}
        wrong = dict(self.env.execute_query(queries.wrong_numbers(self.env, known))) if known else {}
        return {target.key: self._recipient(target, groups[target.key], numbers, wrong) for target in targets}

    def _recipient(self, target, groups, numbers, wrong):
        """Return whom to call: the first contact that has a number one can call."""

        def judge(contact):
            if not (contact["phone"] or "").strip():
                return "", ""
            number = numbers[contact["id"], target.company_id]
            why = self._why_missing(contact, number, wrong, target.forgiven_at)
            return ("" if why else number.international), why

        problem = self.env._("The customer has no phone number.")
        return self._first_usable(target, _in_order(groups), judge, problem)

    def _why_missing(self, contact, number, wrong, forgiven_at):
        """Return why a contact cannot be called, or nothing."""
        if not number:
            return self.env._("“%(number)s” is not a phone number.", number=contact["phone"])
        if number.is_dear:
            return self.env._("%(number)s is a premium-rate number: nobody calls it.", number=number.international)
        when = wrong.get(number.international)
        if when and not (forgiven_at and forgiven_at >= when):
            return self.env._(
                "%(number)s: a wrong number, said the call of %(day)s.",
                number=number.international, day=format_date(self.env, when),
            )  # fmt: skip
        return ""

    # === HAND OVER === #

    @api.model
    def _render(self, reminders):
        recipients, contents = self._recipients(self._targets(reminders)), {}
        for reminder in reminders:
            recipient = recipients[reminder.id]
            contents[reminder.id] = {"address": recipient.address, "contact_id": recipient.contact_id}
            if not reminder._person_in_charge():
                contents[reminder.id]["note"] = self.env._(
                    "Nobody is in charge of this customer: the call waits in the list “Calls to Make”."
                )
        return contents, {}

    @api.model
    def _shown(self, reminder, content):
        return self.env["ir.qweb"]._render("relance_progressive.call_script", {"script": reminder._call_script()})

    @api.model
    def _hand_over(self, contents, begin):
        for reminder_id in contents:
            yield reminder_id, Outcome(WAITING)

    @api.model
    def _to_do(self, deliveries):
        deliveries._schedule_calls()


def _in_order(groups):
    """Return the contacts of groups, those to call first at the beginning, each once."""
    return list({contact["id"]: contact for group in groups for contact in group}.values())


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def action_open_document(self):
        """Open the call itself, with all that is to be said, rather than its reminder."""
        if self.res_model == "dunning.reminder" and self.activity_category == "phonecall":
            if call := self.env["dunning.reminder"].browse(self.res_id).call_delivery_id:
                return call.action_open_call()
        return super().action_open_document()

from collections import defaultdict

from odoo import api, models

from ..settings.apart import apart
from . import queries
from .dunning_channel import Recipient

# Which stages a reminder contact is for.
STAGES = {
    "all": {"pre_due", "friendly", "firm", "formal_notice"},
    "early": {"pre_due", "friendly"},
    "late": {"firm", "formal_notice"},
    "notice": {"formal_notice"},
}


class DunningChannel(models.AbstractModel):
    """Who of a customer's contacts a message is for."""

    _inherit = "dunning.channel"

    @api.model
    def _contacts_of(self, targets):
        """Return ``{key: [group of contacts]}`` for targets: the contacts of the first group are asked first.

        The groups: reminder contacts meant for this very stage, reminder contacts for all stages, invoice
        contacts, the customer itself, the contacts that the invoices are made out to. A contact is a dict with the
        columns of ``queries.contacts``.
        """
        by_customer = self._rows_by_customer(targets)
        return {target.key: _groups(by_customer.get(target.partner_id, []), target) for target in targets}

    @api.model
    def _copies_of(self, targets):
        """Return ``{key: [contact]}``: those who receive a copy."""
        by_customer = self._rows_by_customer(targets)
        return {
            target.key: [
                row for row in by_customer.get(target.partner_id, [])
                if _is_reminder_contact(row, target.stage) and row["dunning_role"] == "copy"
            ]
            for target in targets
        }  # fmt: skip

    @api.model
    def _offices_of(self, targets):
        """Return ``{key: [contact]}``: where letters go, in order: the registered office first for a formal notice."""
        by_customer = self._rows_by_customer(targets)
        result = {}
        for target in targets:
            rows = by_customer.get(target.partner_id, [])
            customer = [row for row in rows if row["kind"] == "customer"]
            if target.stage == "formal_notice":
                result[target.key] = [row for row in rows if row["office"]] + customer + _invoiced(rows, target)
            else:
                others = [row for group in _groups(rows, target) for row in group if not row["office"]]
                result[target.key] = [row for row in others if row["street"]] or customer
        return result

    @api.model
    def _first_usable(self, target, contacts, judge, problem):
        """Return the first contact that can be reached, else the first one that has data, with what is wrong with them.

        :param judge: a function ``contact -> (address, why not)``, both empty for a contact without data
        :param problem: what is said when no contact has any
        """
        first = None
        for contact in contacts:
            address, why = judge(contact)
            if address:
                return Recipient(contact["id"], contact["name"] or "", address, contact["lang"] or "")
            if why and not first:
                problem, first = why, contact
        return self._unusable(target, first or (contacts[-1] if contacts else None), problem)

    @api.model
    def _unusable(self, target, contact, problem):
        """Return the recipient of a message that cannot reach anybody: whose data are to be mended."""
        contact = contact or {"id": target.partner_id, "name": "", "lang": ""}
        return Recipient(contact["id"], contact["name"] or "", "", contact["lang"] or "", problem)

    @api.model
    def _country_codes(self, targets, groups):
        """Return ``{(target, contact id): country code}``: the contact's, else the customer's, else the company's."""
        companies = self.env["res.company"].browse({target.company_id for target in targets})
        own = {company.id: company.country_id.id for company in companies}
        wanted = {}
        for target in targets:
            contacts = [contact for group in groups[target.key] for contact in group]
            customer = next((contact["country_id"] for contact in contacts if contact["kind"] == "customer"), None)
            for contact in contacts:
                country = contact["country_id"] or customer or own[target.company_id]
                wanted[target.key, contact["id"]] = country
        countries = self.env["res.country"].browse({country for country in wanted.values() if country})
        codes = {country.id: country.code for country in countries}
        return {key: codes.get(country, "") for key, country in wanted.items()}

    def _rows_by_customer(self, targets):
        customers = {target.partner_id for target in targets}
        invoiced, by_customer = {contact for target in targets for contact in target.invoiced}, {}
        for row in self.env.execute_query_dict(queries.contacts(self.env, customers, invoiced)) if customers else []:
            by_customer.setdefault(row["customer_id"], []).append(row)
        return by_customer

    # How channels make the texts of a batch: together what shares language and text, alone what fails together.

    @api.model
    def _render_texts(self, reminders):
        """Answer ``_render`` for a channel that has ``_text_of``, ``_render_batch`` and ``_why_broken``."""
        recipients, contents, broken = self._recipients(self._targets(reminders)), {}, {}
        batches = defaultdict(list)
        for reminder in reminders:
            batches[reminder._language(recipients[reminder.id].lang), self._text_of(reminder)].append(reminder.id)
        for (lang, text), ids in batches.items():
            batch = reminders.browse(ids).with_prefetch(reminders._prefetch_ids).with_context(lang=lang)
            if text:
                self._try_batch(batch, text, recipients, contents, broken)
            else:
                broken.update(dict.fromkeys(ids, self.env._("The level has no text.")))
        return contents, broken

    def _try_batch(self, batch, text, recipients, contents, broken):
        def told(error):
            if len(batch) > 1:
                for reminder in batch:
                    self._try_batch(reminder, text, recipients, contents, broken)
            else:
                broken[batch.id] = self._why_broken(text, batch._error_in_words(error))

        with apart(self.env, told):  # any error of a text that people edit; each reminder says its own
            contents.update(self._render_batch(batch, text, recipients))

    def _text_of(self, reminder):
        """Return the record that holds the text of a reminder, empty if there is none."""
        raise NotImplementedError

    def _render_batch(self, reminders, text, recipients):
        """Return ``{reminder id: content}`` for reminders of one text, in the language of their context."""
        raise NotImplementedError

    def _why_broken(self, text, error):
        """Return why a text cannot be made, in a sentence."""
        raise NotImplementedError


def _is_reminder_contact(row, stage):
    return row["kind"] == "followup" and stage in STAGES[row["dunning_stages"] or "all"]


def _invoiced(rows, target):
    """Return the contacts that the invoices are made out to, that of the oldest one first: the last that are asked.

    Those that have another part (in copy, for other stages, for all invoices) keep it.
    """
    others = {row["id"]: row for row in rows if row["kind"] not in ("customer", "followup", "invoice")}
    return [others[contact] for contact in target.invoiced if contact in others]


def _groups(rows, target):
    """Return the contacts of one customer in groups, those to ask first at the beginning."""
    stage = target.stage
    chosen = [row for row in rows if _is_reminder_contact(row, stage) and row["dunning_role"] != "copy"]
    groups = [
        [row for row in chosen if (row["dunning_stages"] or "all") != "all"],
        [row for row in chosen if (row["dunning_stages"] or "all") == "all"],
        [row for row in rows if row["kind"] == "invoice"],
        [row for row in rows if row["kind"] == "customer"],
        _invoiced(rows, target),
    ]
    return [group for group in groups if group]

import re

from odoo import api, models
from odoo.fields import Domain

# What decides to whom an invoice is to be paid.
MOVE_FIELDS = ("company_id", "partner_bank_id", "preferred_payment_method_line_id")


class DunningPayee(models.AbstractModel):
    """To whom an item is to be paid: the bank account that its invoice names, as long as that is in use.

    Two accounts of one message may belong to two payees, a factor and the company: what is owed to one is never
    asked for on the account of the other.
    """

    _name = "dunning.payee"
    _description = "To Whom Customers Pay"

    @api.model
    def _accounts(self, items):
        """Return ``{journal item id: bank account}``, an empty one where there is none in use.

        :param items: ``account.move.line``; one query for all of their entries
        """
        items, known = items.sudo(), {}
        items.fetch(["currency_id", "dunning_origin_id", "move_id", "partner_id"])
        (items | items.dunning_origin_id).move_id.fetch(MOVE_FIELDS)
        found = {}
        for item in items:
            move = (item.dunning_origin_id or item).move_id  # of money sent back the invoice that is due again
            named = move.partner_bank_id
            if named.partner_id.commercial_partner_id == item.partner_id.commercial_partner_id:
                named = named.browse()  # of an entry that is no invoice, Odoo notes the customer's own account
            key = (named, move.company_id, item.currency_id, move.preferred_payment_method_line_id)
            if key not in known:
                known[key] = self._account(*key)
            found[item.id] = known[key]
        return found

    @api.model
    def _account(self, named, company, currency, method):
        """Return the account that an invoice names if it is in use, else the one proposed for a new invoice."""
        return named if self._is_in_use(named, company) else self._proposed(company, currency, method)

    def _is_in_use(self, bank, company):
        """Tell whether a company can be paid on an account: not closed, and not kept for another company."""
        return bool(bank) and bank.active and (not bank.company_id or bank.company_id in company.parent_ids)

    @api.model
    def _proposed(self, company, currency, method):
        """Return the account in use that Odoo would put on a new invoice, so that both ask for the same one.

        As ``account.move._compute_partner_bank_id``: the account of the journal in which the customer's preferred
        means of payment is received, else of the company's accounts one in the currency or in none, one that is
        trusted before the others (money comes in on any: that right is about sending), then as they are sorted. Unlike
        Odoo, which looks no further, a branch without an account of its own is paid through the company above it; and
        a factor's account is for the invoices that name it.

        :param method: the means of payment that the customer prefers, may be empty
        """
        for own in company.sudo().parent_ids[::-1]:
            partner = own.partner_id.with_company(own)
            journal = (method or partner.property_inbound_payment_method_line_id).journal_id
            accounts = partner.bank_ids.filtered(lambda bank, own=own: bank.company_id.id in (False, own.id)).sorted(
                lambda bank: (bool(bank.currency_id) and bank.currency_id != currency, not bank.allow_out_payment)
            )
            for bank in (journal.bank_account_id, *accounts):
                if self._is_in_use(bank, own) and not self._is_of_another(bank, own):
                    return bank
        return self.env["res.partner.bank"].sudo()

    @api.model
    def _holder(self, bank):
        """Return the name that the account stands in."""
        return bank.acc_holder_name or bank.partner_id.name or ""

    @api.model
    def _is_of_another(self, bank, company):
        """Tell whether an account is not the company's own but, say, a factor's.

        Its holder has another name, and no journal of Odoo keeps it: what is paid otherwise, online for instance,
        would not get there.
        """
        if not bank or bank.journal_id:
            return False
        names = {_letters(name) for name in (company.name, company.partner_id.name)} - {""}
        holder = _letters(self._holder(bank))
        return bool(holder) and not any(name in holder or holder in name for name in names)

    @api.model
    def _companies_without_account(self, companies):
        """Return the companies that customers owe something to and that have no account in use."""
        owing = Domain("company_id", "in", companies.ids) & Domain("amount_due", ">", 0)
        groups = self.env["dunning.account"].sudo()._read_group(owing, ["company_id"])
        return self.env["res.company"].union(*(
            company for (company,) in groups
            if not self._proposed(company, company.currency_id, self.env["account.payment.method.line"])
        ))  # fmt: skip


def _letters(name):
    """Return a name as it can be compared: letters and digits only."""
    return re.sub(r"\W+", "", name or "").casefold()

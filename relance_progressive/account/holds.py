"""Everything that can stop a reminder, in one list.

Each holder yields ``(customer id, core.facts.Hold)``, set by set: one query for all customers of a batch. Who holds
something more from another add-on extends ``dunning.account._holds`` by Odoo's inheritance.
"""


def holders(accounts, company, partners, day):
    """Return what holds customers (ids) of a main company on a day, holder by holder."""
    env = accounts.env
    return (
        accounts._holds_of_books(company, partners, day),  # bank statements that are late
        accounts._holds_of_unsent(company, partners),  # invoices that never left
        env["dunning.sent.back"]._holds_of(company, partners),  # money that the bank sent back
        env["dunning.pause"]._holds_of(company, partners, day),
        env["dunning.promise"]._holds_of(company, partners, day),
        env["dunning.dispute"]._holds_of(company, partners, day),
        env["dunning.decision"]._holds_of(company, partners, day),  # formal notices that run or have expired
        env["dunning.consumer.costs"]._holds_of(company, partners, day),  # who is owed a free one first
        env["dunning.insolvency"]._holds_of(company, partners, day),
    )

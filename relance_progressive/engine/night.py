"""The night of a company before its decisions, from top to bottom.

Everything here is called once, in this order, as superuser. Who adds a step to the night from another add-on extends
``dunning.engine._begin`` or ``_after_night`` by Odoo's inheritance.
"""


def begin(env, company, day):
    """Bring up to date what time or money has changed since the last night, before anything is decided.

    What money has settled comes first: what is asked of people afterwards, and what is held, follows from it.
    """
    env["dunning.penalty.waiver"]._follow_payments(company, day)  # given up if paid in time
    env["dunning.account"]._follow_insolvencies(company)  # what can only be declared, and by when
    env["dunning.decision"]._follow(company, day)  # notices that have expired: their items are held from now on
    env["dunning.dispute"]._follow_paid(company)  # what was paid in a way that leaves no trace, such as an import
    env["dunning.promise.warning"]._put_off(company, day)
    env["dunning.promise"]._follow_dates(company, day)  # of which a date has passed
    env["dunning.pause"]._follow_odoo(company)  # items excluded in Odoo in a way that leaves no trace
    note_day(company, day)
    give_up_announcements(env, company, day)  # what comes next matters more
    env["dunning.plan"]._assign(company)  # a plan for every account, before it is decided by it
    company._dunning_follow_sending(day)
    env["dunning.account"]._follow_unsent(company, day)  # invoices that the customer never got
    env["dunning.account"]._follow_sent_back(company, day)  # money that the bank sent back


def note_day(company, day):
    """Note the last day that was begun: no earlier one is decided any more."""
    company.env["dunning.engine"]._note_day(company, "dunning_last_run", day)


def give_up_announcements(env, company, day):
    """Cancel the messages before the due date that could not leave in time: what comes next matters more."""
    failed = env["dunning.reminder"].search([
        ("company_id", "=", company.id), ("state", "=", "failed"), ("stage", "=", "pre_due"),
    ])  # fmt: skip
    late = failed._announced_before(day)
    late._set_state("cancelled", reason=env._("The due date has passed."))
    late.account_id._decide_again()

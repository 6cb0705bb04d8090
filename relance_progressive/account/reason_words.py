"""The reasons of a decision, in the words of the person who reads them."""

from odoo import fields
from odoo.tools import format_amount, format_date
from odoo.tools.translate import LazyTranslate

from ..core.decision import reasons

_lt = LazyTranslate(__name__)

WORDS = {
    reasons.LEVEL_DUE: _lt("A reminder of %(amount)s is due"),
    reasons.NOTHING_OPEN: _lt("Nothing is owed"),
    reasons.NOT_DUE: _lt("Nothing to remind yet"),
    reasons.WAITING: _lt("The next level is not reached yet"),
    reasons.SPACING: _lt("Contacted recently: no new message before %(until)s"),
    reasons.NOT_WORKING_DAY: _lt("Week-end or public holiday: it leaves on %(until)s"),
    reasons.COVERED: _lt("%(amount)s covered by money on its way"),
    "covered_by": _lt("%(amount)s covered by %(money)s"),
    "covered_above_all_by": _lt("%(amount)s covered by money on its way, above all %(money)s"),
    reasons.BELOW_THRESHOLD: _lt("Too small an amount for the next level (%(amount)s)"),
    reasons.BELOW_TOLERANCE: _lt("Too little for a message: %(amount)s"),
    reasons.FIRMER: _lt("A firmer message is due by now: it takes the place of this one"),
    reasons.NOTICE_WAITS: _lt(
        "Formal notice without payment: nothing else leaves until you decide; from %(until)s on the other invoices "
        "are reminded again, in the firm tone"
    ),
    reasons.PENDING: _lt("A reminder is prepared and waits to be sent"),
    reasons.FAILED: _lt("The last reminder could not be sent: someone has to look"),
    reasons.UNCERTAIN: _lt("Nobody knows whether the last reminder left: someone has to say"),
    reasons.PLAN_FINISHED: _lt("Every level of the plan is done: decide what comes next"),
    reasons.NO_PLAN: _lt("No reminder plan fits this customer"),
    reasons.NO_LEVELS: _lt("The reminder plan has no levels"),
    reasons.FACTS_ERROR: _lt("The account could not be decided: see the server log"),
    reasons.EXCLUDED_NO_FOLLOWUP: _lt("Excluded from reminders: %(amount)s"),
    reasons.EXCLUDED_BLOCKED: _lt("Payment blocked: %(amount)s"),
    reasons.EXCLUDED_IN_PAYMENT: _lt("Payment in progress: %(amount)s"),
    "hold_insolvency": _lt("Insolvency: %(amount)s of before is to be declared, not claimed (C. com. L622-7, L622-24)"),
    "hold_insolvency_since": _lt(
        "Insolvency opened on %(since)s: %(amount)s of before is to be declared, not claimed (C. com. L622-7, L622-24)"
    ),
    "hold_unsent": _lt("Never sent to the customer: %(amount)s. Send it, or say that the customer has it"),
    "hold_notice": _lt("Formal notice: %(amount)s to be paid by %(until)s, nothing else leaves until then"),
    "hold_notice_since": _lt(
        "Formal notice of %(since)s: %(amount)s to be paid by %(until)s, nothing else leaves until then"
    ),
    "hold_notice_on_its_way": _lt(
        "Formal notice of %(since)s: nothing else leaves until it is known on which day the letter arrived"
    ),
    "hold_sent_back": _lt("Sent back by the bank: %(amount)s. Say which invoice is due again"),
    "hold_decision": _lt("Formal notice without payment: %(amount)s waits for a decision"),
    "hold_pause": _lt("Paused until %(until)s"),
    "hold_promise": _lt("Promised for %(until)s"),
    "hold_dispute": _lt("Disputed: %(amount)s"),
    "hold_plan": _lt("Payment plan running, next date %(until)s"),
    "hold_costs": _lt("A free reminder in writing has to come before a consumer is charged anything"),
    "hold_costs_since": _lt("Free reminder of %(since)s to a consumer: nothing may be charged until %(until)s"),
    "hold_transit": _lt("Payment in transit"),
    "hold_transit_since": _lt("The bank statements stop on %(since)s: reminders wait until the books are up to date"),
    "hold_legal": _lt("In the hands of litigation"),
    "hold_manual": _lt("Reminded by hand only"),
    "hold_archived": _lt("The customer is archived: no automatic reminder"),
}

# The largest of the credits, by its kind.
MONEY = {
    "payment": _lt("a payment received on %(since)s, not allocated"),
    "credit_note": _lt("a credit note of %(since)s, not allocated"),
    "bank_line": _lt("a transfer on the bank statement of %(since)s, not reconciled"),
    "direct_debit": _lt("a direct debit of %(since)s, in progress"),
    "transaction": _lt("an online payment of %(since)s, in progress"),
}


# A reason that no word is known of: another add-on's that gives none, or one that was stored before it was removed.
HELD = _lt("Held back (%(reason)s): %(amount)s")
HELD_UNTIL = _lt("Held back until %(until)s (%(reason)s)")
NOT_NOW = _lt("No reminder at present (%(reason)s)")


def in_words(env, stored, currency, own=None):
    """Return stored reasons (a list of dicts) as one line in the language of ``env``.

    :param own: ``{code: sentence}`` of those who know more of a reason than its code
    """
    told, more = own or {}, env["dunning.account"]._more_reason_words() if stored else {}
    return " · ".join(told.get(reason["code"]) or _sentence(env, reason, currency, more) for reason in stored or [])


def _sentence(env, reason, currency, more):
    until = reason.get("until")
    amount = reason.get("amount")
    since = format_date(env, fields.Date.to_date(reason["since"])) if reason.get("since") else ""
    kind = reason.get("kind")
    return _pattern(env, reason, more) % {
        "reason": reason["code"].removeprefix(reasons.HOLD_PREFIX).replace("_", " "),
        "until": format_date(env, fields.Date.to_date(until)) if until else env._("a date to be set"),
        "since": since,
        "money": env._(MONEY[kind]) % {"since": since} if kind else "",  # pylint: disable=translation-not-lazy
        "amount": format_amount(env, float(amount), currency) if amount is not None else "",
        "count": reason.get("count") or 0,
    }


def _pattern(env, reason, more):
    """Return the sentence of a reason with its placeholders; a general one where nobody gives words."""
    word = _word(reason)
    if word in WORDS:
        return env._(WORDS[word])  # pylint: disable=translation-not-lazy
    if reason["code"] in more:
        return more[reason["code"]]
    if reason["code"].startswith(reasons.HOLD_PREFIX):
        return env._(HELD_UNTIL if reason.get("until") else HELD)  # pylint: disable=translation-not-lazy
    return env._(NOT_NOW)  # pylint: disable=translation-not-lazy


def _word(reason):
    """Return the key of the sentence: a more telling one where the reason tells where it comes from."""
    if reason.get("kind"):
        return "covered_above_all_by" if reason.get("others") else "covered_by"
    if reason["code"] == reasons.NOTICE_RUNS and not reason.get("until"):
        return "hold_notice_on_its_way"
    since = reason["code"] + "_since"
    return since if reason.get("since") and since in WORDS else reason["code"]

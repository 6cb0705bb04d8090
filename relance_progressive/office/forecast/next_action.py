"""What has to happen next on an account, in one sentence: an act of a person, or a day that comes by itself."""

from odoo import fields
from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

from ...core.decision import reasons

_lt = LazyTranslate(__name__)

RELEASE = _lt("To release: the first run waits for your go-ahead.")
READ_AGAIN = _lt("To read again and approve: %(level)s, written by hand for other figures.")
APPROVE = _lt("To approve: %(level)s.")
CARRY_OUT = _lt("To do by hand: %(acts)s (%(level)s).")
LEAVES = _lt("Leaves on %(day)s: %(level)s.")
COMPLETE = _lt("To complete: the customer cannot be reached. %(reason)s")
SEND_AGAIN = _lt("To look at: %(level)s could not be sent. %(reason)s")
DID_IT_LEAVE = _lt("To say: did the message leave or not (%(level)s)?")

DECISION = "hold_decision"
# What an account without an open reminder waits for: the first of its reasons that stands here tells.
STOPS = {
    reasons.FACTS_ERROR: _lt("To look at: the account could not be decided."),
    reasons.NO_PLAN: _lt("To choose: no reminder plan fits this customer."),
    reasons.NO_LEVELS: _lt("To complete: the reminder plan has no levels."),
    reasons.NOTICE_WAITS: _lt(
        "To decide: the formal notice has expired without payment. Nothing else leaves before %(until)s."
    ),
    DECISION: _lt("To decide: the formal notice has expired without payment."),
}
# What was agreed after the notice: nobody is asked to decide before it is over.
AGREED = {"hold_plan", "hold_promise", "hold_pause"}
# The same when no message is planned.
ENDS = {
    "hold_plan": _lt("Waits until %(until)s: a payment plan is running."),
    "hold_promise": _lt("Waits until %(until)s: a payment is promised."),
    reasons.NOTICE_RUNS: _lt("Waits until %(until)s: the time to pay of the formal notice."),
    "hold_unsent": _lt("To send: the customer has not had the invoice yet."),
    "hold_sent_back": _lt("To clarify: which invoice is due again for the money that the bank sent back."),
    "hold_dispute": _lt("To settle: what the customer contests."),
    "hold_legal": _lt("Handed over: nothing leaves by itself."),
    "hold_insolvency": _lt("To declare: the claim in the insolvency proceedings."),
    "hold_costs": _lt("To do by hand: remind in writing and free of charge. Nothing may be charged before."),
    "hold_transit": _lt("Waits for the bank statements."),
    "hold_manual": _lt("Reminded by hand only."),
    "hold_archived": _lt("To decide: the customer is archived and owes something."),
    "hold_pause": _lt("Waits until %(until)s: reminders are paused."),
    reasons.PLAN_FINISHED: _lt("To decide: every level of the plan is done."),
    reasons.BELOW_THRESHOLD: _lt(
        "To decide: too small an amount for the next level; call, write it off, or wait for more."
    ),
    reasons.COVERED: _lt("To allocate: the money that is on its way."),
}
NEXT = _lt("Next: %(level)s, on %(day)s.")
REST = _lt("For the rest: %(level)s, on %(day)s.")
NOTHING = _lt("No message is planned.")


def of_reminder(reminder):
    """Return what the open reminder of an account waits for."""
    return _in_words_of(reminder, _sentence(reminder))


def _in_words_of(reminder, words):
    env = reminder.env
    values = {
        "level": reminder.level_id.name, "day": format_date(env, reminder.date),
        "acts": reminder._acts_in_words(), "reason": reminder.reason or "",
    }  # fmt: skip
    return env._(words) % values  # pylint: disable=translation-not-lazy


def _sentence(reminder):
    if reminder.state == "draft":
        return {"first_run": RELEASE, "own_text": READ_AGAIN}.get(reminder.draft_reason, APPROVE)
    if reminder.state == "ready":
        return CARRY_OUT if reminder.waiting else LEAVES
    if reminder.state == "uncertain":
        return DID_IT_LEAVE
    failed = reminder.delivery_ids.filtered(lambda delivery: delivery.state == "failed" and not delivery.tried_again)
    missing = failed and all(delivery.failure == "missing" for delivery in failed)
    return COMPLETE if missing else SEND_AGAIN


def of_account(account, waiting=None):
    """Return what an account without an open reminder waits for.

    :param waiting: a reminder of it that has left, and of which a person still has something to do: a call, a letter
    """
    found = {reason["code"]: reason for reason in reversed(account.reasons or [])}
    if AGREED & found.keys() and not account.decision_text:
        found.pop(DECISION, None)
    told = _of_reasons(account, found)
    if not waiting:
        return told
    act = _in_words_of(waiting, CARRY_OUT)
    return f"{told} {act}" if STOPS.keys() & found.keys() else f"{act} {told}"


def _of_reasons(account, found):
    tables = [STOPS] if account.next_date else [STOPS, ENDS]
    for table in tables:
        for code, words in table.items():
            if code in found:
                told = _in_words(account.env, words, found[code])
                return f"{told} {_planned(account, REST)}" if code == DECISION and account.next_date else told
    if not account.next_date:
        return account.env._(NOTHING)  # pylint: disable=translation-not-lazy
    return _planned(account, NEXT)


def _planned(account, words):
    return account.env._(words) % {  # pylint: disable=translation-not-lazy
        "level": account.next_level_id.name or "", "day": format_date(account.env, account.next_date),
    }  # fmt: skip


def _in_words(env, words, reason):
    until = reason.get("until")
    day = format_date(env, fields.Date.to_date(until)) if until else env._("a date to be set")
    return env._(words) % {"until": day}  # pylint: disable=translation-not-lazy

"""What a forecast says of a customer, in one word: for filters and groups."""

from ...core.decision import reasons as codes

LEAVES, LATER, GO_AHEAD, TO_APPROVE, PREPARED = "leaves", "later", "go_ahead", "to_approve", "prepared"
SOMEONE = "someone"
HELD = "held"

OUTCOMES = [
    (LEAVES, "Leaves"),
    (LATER, "Leaves later"),
    (GO_AHEAD, "First run"),
    (TO_APPROVE, "To approve"),
    (PREPARED, "Already prepared"),
    (SOMEONE, "Needs someone"),
    (HELD, "On hold"),
    ("covered", "Money on its way"),
    ("small", "Too small an amount"),
    ("recent", "Contacted recently"),
    ("closed", "Not a working day"),
    ("waiting", "Not due yet"),
    ("excluded", "Excluded"),
    ("finished", "Plan finished"),
    ("nothing", "Nothing owed"),
]
RANKS = {code: rank for rank, (code, _words) in enumerate(OUTCOMES)}

OF_REASON = {
    codes.NOTHING_OPEN: "nothing",
    codes.NOT_DUE: "waiting",
    codes.WAITING: "waiting",
    codes.SPACING: "recent",
    codes.NOT_WORKING_DAY: "closed",
    codes.COVERED: "covered",
    codes.BELOW_THRESHOLD: "small",
    codes.PENDING: PREPARED,
    codes.PLAN_FINISHED: "finished",
    codes.EXCLUDED_BLOCKED: "excluded",
    codes.EXCLUDED_NO_FOLLOWUP: "excluded",
    codes.EXCLUDED_IN_PAYMENT: "covered",
}


def outcome(row, day):
    """Return the outcome of one row of the engine's preview of a day."""
    if row["send"]:
        if row["go_ahead"]:
            return GO_AHEAD
        if row["approval"]:
            return TO_APPROVE
        return LATER if row["leaves_on"] > day else LEAVES
    code = row["reasons"][0]["code"] if row["reasons"] else codes.NOTHING_OPEN
    return HELD if code.startswith(codes.HOLD_PREFIX) else OF_REASON.get(code, SOMEONE)

"""The codes that explain a decision; ``account/reason_words.py`` puts them in words."""

# Why a message leaves.
LEVEL_DUE = "level_due"

# Why none leaves today.
NOTHING_OPEN = "nothing_open"  # the customer owes nothing
NOT_DUE = "not_due"  # nothing has reached its first level
WAITING = "waiting"  # the next level of the items is not reached yet
SPACING = "spacing"  # the last contact is too recent
NOT_WORKING_DAY = "not_working_day"
COVERED = "covered"  # money on its way covers it
BELOW_THRESHOLD = "below_threshold"  # too small an amount or share for the next level
BELOW_TOLERANCE = "below_tolerance"  # so little that nobody writes for it
FIRMER = "firmer"  # what is owed has got further than the reminder that is decided again
NOTICE_WAITS = "notice_waits"  # a formal notice has expired: nothing else leaves until a person decides
PENDING = "pending"  # a reminder is prepared and not sent
FAILED = "failed"  # the last reminder could not be sent: a person has to look
UNCERTAIN = "uncertain"  # nobody knows whether the last reminder left
PLAN_FINISHED = "plan_finished"  # every level is done
NO_PLAN = "no_plan"
NO_LEVELS = "no_levels"
FACTS_ERROR = "error"  # the account could not be decided: its data are broken

# Why an item is never reminded.
EXCLUDED_NO_FOLLOWUP = "no_followup"
EXCLUDED_BLOCKED = "blocked"
EXCLUDED_IN_PAYMENT = "in_payment"

# Holds: "hold_" + the reason of the hold.
HOLD_PREFIX = "hold_"
HOLD_REASONS = (
    "insolvency", "notice", "unsent", "sent_back", "decision", "pause", "promise", "dispute", "plan", "costs",
    "transit", "legal", "manual", "archived",
)  # fmt: skip
NOTICE_RUNS = HOLD_PREFIX + "notice"  # the time to pay of a formal notice is not over: nothing leaves
HELD_BY_BOOKS = HOLD_PREFIX + "transit"  # the bank statements are late: nobody knows who has paid

"""A delivery and a night at the same time, and what has to come of it."""

from tool import postgres

DAY, LATER = "2026-03-02", "2026-03-12"  # what is delivered; a night on which many are due for the next level

# What became of everything, said without what depends on the order of writing.
OUTCOME = """
    SELECT 'reminder', partner_id, level_id, date, state, amount_total, amount_covered, amount_notice,
           (SELECT string_agg(concat_ws(' ', move_line_id, level_id, amount_residual), ',' ORDER BY move_line_id)
              FROM dunning_reminder_line line WHERE line.reminder_id = reminder.id),
           (SELECT string_agg(concat_ws(' ', channel, state, address, date_done), ', ' ORDER BY id)
              FROM dunning_delivery delivery WHERE delivery.reminder_id = reminder.id)
      FROM dunning_reminder reminder
 UNION ALL
    SELECT 'account', partner_id, plan_id, next_date, NULL, amount_due, amount_overdue, NULL, reason_codes::text, NULL
      FROM dunning_account
 UNION ALL
    SELECT 'item', id, dunning_level_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL
      FROM account_move_line WHERE dunning_level_id IS NOT NULL
  ORDER BY 1, 2, 3, 4
"""


class AtOnce:
    """A delivery and the night of a later day: at once in one copy of a database, one after another in the other."""

    def __init__(self, server, catcher, folder, workers, check):
        self.server, self.catcher, self.folder, self.workers, self.check = server, catcher, folder, workers, check

    def compare(self, database):
        print("  run and deliver", flush=True)
        at_once = self.tell(database, "at_once", [("deliver", DAY), ("run", LATER)])
        one_by_one = self.tell(database, "one_by_one", [("deliver", DAY)], [("run", LATER)])
        self.check(at_once == one_by_one, f"at once as one after another: {differences(at_once, one_by_one)}")

    def tell(self, database, name, *rounds):
        """Tell a story, each round at once, and bring it to its end; return what became of everything."""
        copy = f"{database}_{name}"
        self.catcher.received.clear()
        self.server.copy(database, copy)
        folder = self.folder / name
        folder.mkdir()
        workers = self.workers(self.server, copy, folder)
        try:
            for what in [*rounds, [("run", LATER)], [("deliver", LATER)]]:
                self.all_at_once(workers, what)
        finally:
            workers.stop()
            rows = postgres.sql(OUTCOME, copy)
            self.server.drop(copy)
        return rows, dict(self.catcher.received)

    def all_at_once(self, workers, what):
        pids = [workers.start(do=do, date=day, listen=True) for do, day in what]
        answers = [workers.wait(pid) for pid in pids]
        for (do, _day), answer in zip(what, answers, strict=True):
            print(f"    {do}: {answer['conflicts']} conflicts")
            self.check(not answer["errors"], f"{do} logs no error {[error[:300] for error in answer['errors']] or ''}")
            if do == "run":
                self.check(answer["result"]["complete"], "the night is whole")


def differences(one, other):
    """Return the first few things in which two outcomes differ, with how many there are."""
    rows = sorted({*map(str, one[0]), *one[1].items()} ^ {*map(str, other[0]), *other[1].items()}, key=str)
    return f"{len(rows)} differences {rows[:6] or ''}"

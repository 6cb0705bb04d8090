"""Kill workers at random points of `run` and `deliver`, and see that nothing is lost or doubled.

    python tests/crash/crash.py [--kills 15] [--seed N] [--keep]

Real Odoo processes, a database of its own, a real SMTP server in this process.
"""

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from aiosmtpd.controller import Controller

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "dev"))

from at_once import AtOnce  # noqa: E402
from paying import Paying  # noqa: E402
from tool import postgres  # noqa: E402
from tool.server import Server  # noqa: E402

DAY = "2026-03-02"
INVOICES = 8000
SETUP = """
import sys
sys.path.insert(0, {bench!r})
import generate
from datetime import date
company = env.company
company.write({{"dunning_started": True, "email": "factures@atelier.example"}})
levels = env["dunning.level"].search([])
levels.write({{"approval": "automatic", "attach_invoices": False}})
levels.channel_ids.unlink()
levels.write({{"channel_ids": [(0, 0, {{"channel": "email"}})]}})
env.cr.commit()
generate.generate(env, company, {invoices}, date.fromisoformat({day!r}))
env["ir.mail_server"].search([]).active = False
env["ir.mail_server"].create({{"name": "Catcher", "smtp_host": "127.0.0.1", "smtp_port": {port}}})
env.cr.commit()
due = [(row["partner_id"], row["level_id"]) for row in env["dunning.engine"].preview(date={day!r}) if row["send"]]
with open({result!r}, "w") as file:
    file.write(repr(sorted(due)))
"""


class Catcher:
    """Accepts every message, slowly enough to be interrupted, and counts them by recipient and by Message-Id."""

    def __init__(self):
        self.received = Counter()
        self.references = Counter()

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 -- the name of aiosmtpd
        self.received.update(envelope.rcpt_tos)
        head = envelope.content.split(b"\r\n\r\n", 1)[0].decode().replace("\r\n ", " ")
        self.references.update(
            line.split(":", 1)[1].strip() for line in head.split("\r\n") if line.lower().startswith("message-id:")
        )
        return "250 accepted"


class Workers:
    """Starts, kills and waits for workers, through the nursery that forks them."""

    def __init__(self, server, database, folder):
        path = folder / "control"
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen()
        with (HERE / "nursery.py").open() as script:
            self.nursery = subprocess.Popen(
                server.command("shell", "-d", database, "--log-level=error"), stdin=script,
                env={**server.environment, "CRASH_CONTROL": str(path)},
            )  # fmt: skip
        listener.settimeout(180)
        self._lines = listener.accept()[0].makefile("rw")

    def _ask(self, **order):
        self._lines.write(json.dumps(order) + "\n")
        self._lines.flush()
        return json.loads(self._lines.readline())

    def start(self, **command):
        return self._ask(**command)["pid"]

    def wait(self, pid):
        """Return what a worker returned, or nothing if it was killed."""
        answer = self._ask(wait=pid)
        if answer.get("code"):
            raise SystemExit("A worker failed: see above.")
        return answer.get("result")

    def kill_after(self, seconds, **command):
        """Start a worker, kill it after some seconds; return what it returned if it was faster."""
        pid = self.start(**command)
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)  # a worker that has ended is still there until it is waited for
        return self.wait(pid)

    def stop(self):
        self._lines.close()
        self.nursery.kill()
        self.nursery.wait()


class Checks:
    """The tests, one line each."""

    def __init__(self):
        self.passed, self.failed = 0, 0

    def __call__(self, holds, what):
        print(f"    {'passed' if holds else 'FAILED'}: {what}", flush=True)
        self.passed += bool(holds)
        self.failed += not holds


class Story:
    """One database, from the first night to the last delivery."""

    def __init__(self, server, database, catcher, workers, kills):
        self.server, self.database, self.catcher, self.workers, self.kills = server, database, catcher, workers, kills
        self.check = Checks()

    def sql(self, query):
        return [row.split("\t") for row in postgres.sql(query, self.database)]

    def count(self, query):
        return int(self.sql(query)[0][0])

    def killed_runs(self, due):
        """Kill the run of one night many times, then let it end."""
        killed = self.kill_many(0.5, do="run", date=DAY)
        self.workers.wait(self.workers.start(do="run", date=DAY))
        print(f"  run: {killed} workers killed, {len(due)} accounts are due")
        rows = self.sql("SELECT partner_id, level_id FROM dunning_reminder")
        made = sorted((int(partner), int(level)) for partner, level in rows)
        self.check(made == due, "every account that is due has exactly one reminder, at its level")
        orphans = self.count(
            "SELECT count(*) FROM dunning_reminder r WHERE amount_total <> (SELECT COALESCE(sum(amount_residual), 0)"
            " FROM dunning_reminder_line l WHERE l.reminder_id = r.id AND NOT l.upcoming)"
        )
        self.check(not orphans, "every reminder has its items")

    def two_at_once(self, limit):
        """Deliver from two processes at the same time."""
        pids = [self.workers.start(do="deliver", limit=limit) for _worker in range(2)]
        sent = [self.workers.wait(pid).get("email", {}).get("sent", 0) for pid in pids]
        print(f"  deliver: two at once sent {sent}")
        self.check(all(sent), "two processes share the work")
        self.check(sum(sent) == sum(self.catcher.received.values()), "two processes send each message once")
        self.check(self.count("SELECT count(*) FROM dunning_delivery") == sum(sent), "every message has its delivery")

    def conflicts(self, limit):
        """Deliver while somebody changes an item of each of the first batches, once its messages have left."""
        before = sum(self.catcher.received.values())
        counts = self.workers.wait(self.workers.start(do="deliver", limit=limit, conflicts=5))["email"]
        print(f"  deliver: with conflicts {counts}")
        self.check(counts == {"sent": limit}, "all are sent, none is in doubt")
        self.check(sum(self.catcher.received.values()) - before == limit, "none of them twice")
        self.check(max(self.catcher.received.values()) == 1, "nobody received two")

    def mishaps(self):
        """Deliver while reminders fail for a reason that nobody thought of, and while someone else writes."""
        ready = self.sql("SELECT id FROM dunning_reminder WHERE state = 'ready' ORDER BY date, id LIMIT 3")
        first, second, third = (int(row[0]) for row in ready)
        mishaps = {"before": first, "after": second, "conflict": third}
        before = sum(self.catcher.received.values())
        counts = self.workers.wait(self.workers.start(do="deliver", limit=50, mishaps=mishaps))["email"]
        print(f"  deliver: with mishaps {counts}")
        states = dict(self.sql(f"SELECT id, state FROM dunning_reminder WHERE id IN ({first}, {second}, {third})"))
        self.check(states[str(first)] == "failed", "a reminder that fails unexpectedly before it leaves is failed")
        self.check(states[str(second)] == "uncertain", "one that fails unexpectedly after it left is uncertain")
        self.check(states[str(third)] == "sent", "one whose items someone else changed meanwhile is sent")
        self.check(counts.get("sent") == 48, "the others are sent")
        self.check(sum(self.catcher.received.values()) - before == 49, "none of them twice")
        self.workers.wait(self.workers.start(do="cancel", ids=[first]))

    def someone_at_work(self):
        """Change an invoice whose account a delivery holds."""
        (held,), *_others = self.sql("SELECT id FROM dunning_reminder WHERE state = 'ready' ORDER BY id LIMIT 1")
        complaints = self.workers.wait(self.workers.start(do="commit_while_held", reminder=int(held)))
        self.check(not complaints, f"a person's change does not wait for a delivery {complaints or ''}")

    def payments_on_the_way(self):
        """Pay between preparation and sending, in a transaction of one's own: before, during, not committed yet."""
        rows = self.sql(
            "SELECT r.id, p.email, min(l.amount_residual) FROM dunning_reminder r"
            " JOIN res_partner p ON p.id = r.partner_id JOIN dunning_reminder_line l ON l.reminder_id = r.id"
            " JOIN account_move_line i ON i.id = l.move_line_id WHERE r.state = 'ready' AND NOT l.upcoming"
            " GROUP BY r.id, p.email HAVING bool_and(i.amount_residual = i.balance AND l.amount_residual = i.balance)"
            " AND count(*) = 1 AND count(*) = (SELECT count(*) FROM dunning_reminder_line o WHERE o.reminder_id = r.id)"
            " ORDER BY r.id LIMIT 6"
        )
        stories = [
            ("before", None, "cancelled"), ("during", None, "cancelled"), ("uncommitted", None, "cancelled"),
            ("before", 10, "sent"), ("during", 10, "sent"), ("uncommitted", 10, "sent"),
        ]  # fmt: skip
        for (reminder, email, claimed), (moment, amount, state) in zip(rows, stories, strict=True):
            counts = self.workers.wait(
                self.workers.start(do="pay_and_deliver", reminder=int(reminder), moment=moment, amount=amount)
            )
            now, total = self.sql(f"SELECT state, amount_total FROM dunning_reminder WHERE id = {reminder}")[0]
            what = f"paid {moment} sending{' in part' if amount else ''}"
            print(f"  {what}: {counts}")
            received = self.catcher.received[email]
            if amount:
                self.check((now, received) == ("sent", 1), f"{what}: one message leaves, {now}, {received}")
                self.check(round(float(claimed) - float(total), 2) == amount, f"{what}: it claims what is left")
            else:
                self.check((now, received) == (state, 0), f"{what}: nothing leaves, {now}, {received}")

    def limit_of_the_day(self, limit):
        """Deliver from two processes at the same time when only so many may still leave on the day."""
        gone = self.count(
            f"SELECT count(*) FROM dunning_reminder WHERE state IN ('sent', 'uncertain') AND date = '{DAY}'"
        )
        before = sum(self.catcher.received.values())
        self.cap(gone + limit)
        for _again in range(3):
            pids = [self.workers.start(do="deliver", date=DAY) for _worker in range(2)]
            sent = [self.workers.wait(pid).get("email", {}).get("sent", 0) for pid in pids]
            print(f"  deliver: two at once, {limit} may leave: {sent}")
        left = sum(self.catcher.received.values()) - before
        self.check(left == limit, f"two processes never send more than the limit of the day ({left})")
        self.cap(0)

    def cap(self, limit, column="dunning_daily_cap"):
        postgres.sql(f"UPDATE res_company SET {column} = {limit}", self.database)

    def limit_of_the_hour(self, limit):
        """Deliver from two processes at the same time when only so many may leave within an hour."""
        postgres.sql("UPDATE dunning_delivery SET sent_at = sent_at - interval '2 hours'", self.database)
        before = sum(self.catcher.received.values())
        self.cap(limit, "dunning_hourly_cap")
        for _again in range(3):
            pids = [self.workers.start(do="deliver") for _worker in range(2)]
            sent = [self.workers.wait(pid).get("email", {}).get("sent", 0) for pid in pids]
            print(f"  deliver: two at once, {limit} may leave within the hour: {sent}")
        left = sum(self.catcher.received.values()) - before
        self.check(left == limit, f"two processes never send more than the limit of the hour ({left})")
        self.cap(0, "dunning_hourly_cap")
        postgres.sql("UPDATE dunning_reminder SET retry_at = NULL WHERE state = 'ready'", self.database)

    def stuck_text(self):
        """Kill workers that make a text without end: the second time it is made alone, the third time it fails."""
        (row,) = self.sql("SELECT id FROM dunning_reminder WHERE state = 'ready' ORDER BY date, id LIMIT 1")
        stuck = int(row[0])
        before = sum(self.catcher.received.values())
        for _worker in range(2):
            killed = self.workers.kill_after(8, do="deliver", limit=60, stuck=stuck) is None
            self.check(killed, "a text without end keeps its worker")
        alone = self.sql(f"SELECT alone FROM dunning_journal WHERE reminder_id = {stuck}")
        self.check(alone == [["t"]], "it was made alone")
        counts = self.workers.wait(self.workers.start(do="deliver", limit=60, stuck=stuck))["email"]
        print(f"  deliver: after two kills {counts}")
        (state,) = self.sql(f"SELECT state FROM dunning_reminder WHERE id = {stuck}")
        self.check(state == ["failed"], "it fails, with its reason")
        self.check(sum(self.catcher.received.values()) - before >= 59, "the others leave")
        self.workers.wait(self.workers.start(do="cancel", ids=[stuck]))

    def killed_deliveries(self):
        """Kill deliveries many times, one alone and one of two, then let them end."""
        killed = self.kill_many(1.0, do="deliver")
        other = self.workers.start(do="deliver")
        killed += self.workers.kill_after(1, do="deliver") is None
        self.workers.wait(other)
        self.deliver_to_the_end()
        self.try_again_what_was_suspected(killed)
        states = dict(self.sql("SELECT state, count(*) FROM dunning_reminder GROUP BY 1"))
        print(f"  deliver: {killed} workers killed, {states}")
        self.check_deliveries(killed, states)

    def deliver_to_the_end(self):
        for _again in range(20):  # the locks of a killed worker last until the server notices
            if not self.count("SELECT count(*) FROM dunning_reminder WHERE state = 'ready'"):
                break
            self.workers.wait(self.workers.start(do="deliver"))
            time.sleep(0.2)

    def try_again_what_was_suspected(self, killed):
        """Try again, as a person does, texts that were being made each time that a worker was killed.

        Chance kills the same text twice now and then; on a slow machine it is taken for one that has no end.
        """
        rows = self.sql("SELECT id, reason FROM dunning_reminder WHERE state = 'failed' ORDER BY id")
        self.check(len(rows) <= killed // 2, "a text that is suspected was being made at two kills")
        self.check(
            all(reason.startswith("The server stopped each time") for _id, reason in rows), "and says so to a person"
        )
        if rows:
            self.workers.wait(self.workers.start(do="retry", ids=[int(id_) for id_, _reason in rows]))
            self.deliver_to_the_end()

    def check_deliveries(self, killed, states):
        """Compare what is recorded with what arrived."""
        received, references = self.catcher.received, self.catcher.references
        self.check(set(states) <= {"sent", "uncertain", "cancelled"}, "every reminder is sent or uncertain")
        self.check(max(received.values()) == 1, "no customer received two messages")
        doubts = int(states.get("uncertain", 0)) - 1  # one is of the mishaps
        self.check(doubts <= killed, "a killed worker leaves one doubt at most")
        rows = self.sql("SELECT state, reference, address FROM dunning_delivery")
        sent = {reference for state, reference, _address in rows if state == "sent"}
        known = {reference for _state, reference, _address in rows}
        self.check(all(references[reference] == 1 for reference in sent), "what is recorded as sent arrived, once")
        self.check(set(references) <= known, "what arrived is recorded")
        self.check(not self.count("SELECT count(*) FROM dunning_journal"), "the journal is empty")
        wrong = self.count(
            "SELECT count(*) FROM dunning_reminder r JOIN dunning_reminder_line l ON l.reminder_id = r.id"
            " JOIN account_move_line item ON item.id = l.move_line_id WHERE l.level_id IS NOT NULL"
            " AND (r.state = 'sent') <> (item.dunning_level_id IS NOT DISTINCT FROM l.level_id)"
        )
        self.check(not wrong, "the levels done are those of the reminders that were sent")
        twice = self.count(
            "SELECT count(*) - count(DISTINCT reminder_id) FROM dunning_delivery WHERE state <> 'failed'"
        )
        self.check(twice <= 0, "every reminder has one delivery at most, apart from what failed before")
        texts = self.count(
            "SELECT count(*) FROM dunning_reminder r LEFT JOIN mail_message m ON m.id = r.message_id"
            " WHERE COALESCE(m.body, '') = '' AND r.state = 'sent'"
        )
        self.check(not texts, "every text that was sent is kept")

    def kill_many(self, longest, **command):
        """Kill workers, each after a random time; return how many did not end by themselves before."""
        moments = [random.uniform(0.02, longest) for _worker in range(self.kills)]
        return sum(self.workers.kill_after(moment, **command) is None for moment in moments)


def prepare(server, database, port):
    """Make the database; return who is due, at which level."""
    server.drop(database)
    server.create(database)
    subprocess.run(
        server.command("-d", database, "-i", "relance_progressive", "--stop-after-init", "--log-level=error"),
        env=server.environment, check=True,
    )  # fmt: skip
    with tempfile.NamedTemporaryFile("r") as result:
        script = SETUP.format(
            bench=str(HERE.parent / "bench"), invoices=INVOICES, day=DAY, port=port, result=result.name
        )
        subprocess.run(
            server.command("shell", "-d", database, "--log-level=error"), input=script, text=True,
            env=server.environment, check=True,
        )  # fmt: skip
        return eval(result.read())  # noqa: S307 -- we have just written it


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=15, help="how many workers to kill in each part")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="to choose the same moments again")
    parser.add_argument("--keep", action="store_true", help="keep the database")
    options = parser.parse_args()
    random.seed(options.seed)
    print(f"seed {options.seed}", flush=True)
    server, database, catcher = Server(), f"relance_crash_{os.getpid()}", Catcher()
    controller = Controller(catcher, hostname="127.0.0.1", port=postgres.free_port())
    controller.start()
    workers = None
    try:
        due = prepare(server, database, controller.port)
        with tempfile.TemporaryDirectory() as folder:
            workers = Workers(server, database, Path(folder))
            story = Story(server, database, catcher, workers, options.kills)
            story.killed_runs(due)
            AtOnce(server, catcher, Path(folder), Workers, story.check).compare(database)
            Paying(server, story.check).at_once(database)
            catcher.received.clear()
            catcher.references.clear()
            story.two_at_once(limit=60)
            story.conflicts(limit=100)
            story.mishaps()
            story.someone_at_work()
            story.payments_on_the_way()
            story.limit_of_the_day(25)
            story.limit_of_the_hour(25)
            story.stuck_text()
            story.killed_deliveries()
    finally:
        if workers:
            workers.stop()
        controller.stop()
        if not options.keep:
            server.drop(database)
    print(f"{story.check.passed} passed, {story.check.failed} failed")
    sys.exit(1 if story.check.failed else 0)


if __name__ == "__main__":
    main()

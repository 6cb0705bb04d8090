"""Measure the night run, the preview and the delivery on receivables of growing size.

    dev/odoo bench [--sizes 10000,100000,1000000] [--steps first,idle,...] [--keep]

Each step runs in a process of its own, on a database of its size. At the end the nights are compared with the floor
(the least that a first run reads and writes), an e-mail with one of Odoo's: unlike seconds, these ratios say something
on any machine. ``results.md`` beside this file keeps what was measured last.
"""

import argparse
import json
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "dev"))

from tool.server import Server  # noqa: E402

STEPS = (
    "generate", "floor", "first", "idle", "sent", "after", "ordinary", "month", "preview", "deliver",
    "sms", "calls", "letters", "penalties", "limitations", "portal",
)  # fmt: skip
NIGHTS = ("first", "idle", "after", "ordinary", "month")  # measured against the floor


def free_port():
    """Return a port of loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_catcher(port):
    """Start an SMTP server that accepts everything and keeps nothing."""
    command = [sys.executable, "-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Sink", "-l", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    for _attempt in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return process
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The e-mail catcher of the bench did not start.")


def run_step(server, database, step, size, port):
    """Run one step in Odoo's shell and return its figures."""
    with tempfile.NamedTemporaryFile(suffix=".json") as result, (HERE / "step.py").open() as script:
        environment = {
            **server.environment, "BENCH_STEP": step, "BENCH_SIZE": str(size), "BENCH_RESULT": result.name,
            "BENCH_FOLDER": str(HERE), "BENCH_SMTP_PORT": str(port),
        }  # fmt: skip
        command = server.command("shell", "-d", database, "--log-level=warn")
        subprocess.run(command, stdin=script, env=environment, check=True)
        return json.loads(Path(result.name).read_text())


def bench(server, size, steps, port, keep):
    """Run the steps on one size and yield their figures."""
    database = f"relance_bench_{size}"
    if "generate" in steps:
        server.drop(database)
        server.create(database)
        subprocess.run(
            server.command("-d", database, "-i", "relance_progressive", "--stop-after-init", "--log-level=warn"),
            env=server.environment, check=True,
        )  # fmt: skip
    measured = {}
    for step in steps:
        start = time.monotonic()
        figures = measured[step] = run_step(server, database, step, size, port)
        print(f"{size:>9,} invoices  {step:<9} {time.monotonic() - start:7.1f} s  {figures}", flush=True)
    if found := ratios(measured):
        print(f"{size:>9,} invoices  " + ", ".join(f"{name} {value:.2f}" for name, value in found.items()), flush=True)
    if not keep:
        server.drop(database)


def ratios(measured):
    """Return ``{name: ratio}`` of what was measured in the same minutes: nights by the floor, an e-mail by Odoo's."""
    found = {}
    if floor := measured.get("floor"):
        least = floor["select_seconds"] + floor["insert_seconds"]
        found = {f"{step}/floor": measured[step]["seconds"] / least for step in NIGHTS if step in measured}
    if deliver := measured.get("deliver"):
        found["e-mail/send_mail_batch"] = deliver["ms_per_mail"] / deliver["ms_of_odoo"]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10000,100000,1000000", help="numbers of invoices")
    parser.add_argument("--steps", default=",".join(STEPS), help="the steps to run, in their order")
    parser.add_argument("--keep", action="store_true", help="keep the databases, to run some steps again")
    args = parser.parse_args()
    port = free_port()
    catcher = start_catcher(port)
    try:
        for size in args.sizes.split(","):
            bench(Server(), int(size), args.steps.split(","), port, args.keep)
    finally:
        catcher.kill()


if __name__ == "__main__":
    main()

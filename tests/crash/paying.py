"""Six people pay the same at the same time, over HTTP, each with a browser of his own: it is paid once."""

import json
import re
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import requests
from tool import postgres

PAYERS = 6
SETUP = """
env["ir.config_parameter"].set_param("account_payment.enable_portal_payment", "True")
provider = env.ref("payment.payment_provider_demo")
provider.payment_method_ids.active = True
provider.write({{"state": "test", "is_published": True, "company_id": env.company.id}})
account = env["dunning.account"].search([("amount_overdue", ">", 0)], order="id", limit=1).sudo()
env.cr.commit()
with open({result!r}, "w") as file:
    file.write(account._portal_link().partition("/reminders/")[2])
"""


class Payer:
    """A customer with a browser of his own, who has the payment form before him."""

    def __init__(self, base, token):
        self.base, self.browser = base, requests.Session()
        page = self.browser.get(f"{base}/reminders/{token}/pay", timeout=120)
        page.raise_for_status()
        read = {name: unescape(value) for name, value in re.findall(r'data-([a-z-]+)="([^"]*)"', page.text)}
        self.route = read["transaction-route"]
        self.form = {
            "provider_id": int(read["provider-id"]), "payment_method_id": int(read["payment-option-id"]),
            "token_id": None, "amount": float(read["amount"]), "flow": "direct", "tokenization_requested": False,
            "landing_route": read["landing-route"], "is_validation": False, "access_token": read["access-token"],
        }  # fmt: skip

    def rpc(self, path, params):
        answer = self.browser.post(
            self.base + path, data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"}, timeout=120,
        )  # fmt: skip
        return answer.json()

    def begin(self):
        return self.rpc(self.route, self.form)

    def end(self, reference):
        """Let the provider say that it is paid, and Odoo book it, as often as its page asks."""
        self.rpc("/payment/demo/simulate_payment", {
            "reference": reference, "payment_details": "1234", "simulated_state": "done",
        })  # fmt: skip
        for _again in range(20):
            answer = self.rpc("/payment/status/poll", {})
            if "error" not in answer:
                return answer
            time.sleep(0.5)
        return answer


class Paying:
    """A copy of a database, a real server on it, and customers at the same time."""

    def __init__(self, server, check):
        self.server, self.check = server, check

    def at_once(self, database):
        print("  six pay the same", flush=True)
        copy, port = f"{database}_paying", postgres.free_port()
        self.server.copy(database, copy)
        try:
            token = self.prepare(copy)
            process = subprocess.Popen(
                self.server.command("-d", copy, "--http-port", str(port), "--log-level=error"),
                env=self.server.environment,
            )  # fmt: skip
            try:
                self.story(copy, f"http://127.0.0.1:{port}", token)
            finally:
                process.terminate()
                process.wait()
        finally:
            self.server.drop(copy)

    def prepare(self, copy):
        """Let customers pay online; return the token of one of them."""
        with tempfile.NamedTemporaryFile("r") as result:
            subprocess.run(
                self.server.command("shell", "-d", copy, "--log-level=error"), text=True, check=True,
                env=self.server.environment, input=SETUP.format(result=result.name),
            )  # fmt: skip
            return result.read()

    def story(self, copy, base, token):
        wait_for(base)
        payers = [Payer(base, token) for _number in range(PAYERS)]
        with ThreadPoolExecutor(PAYERS) as pool:
            began = list(pool.map(Payer.begin, payers))
            self.check(not any("error" in answer for answer in began), f"nobody reads of an error {began}")
            references = {answer.get("result", {}).get("reference") for answer in began}
            self.check(len(references) == 1, f"all of them go on with one payment {references}")
            self.check(self.count(copy, "payment_transaction") == 1, "one payment has begun")
            (reference,) = references
            ended = list(pool.map(lambda payer: payer.end(reference), payers))
        states = [answer.get("result", {}).get("state") for answer in ended]
        self.check(states == ["done"] * PAYERS, f"each of them reads that it is paid {states}")
        booked = self.count(copy, "account_payment WHERE payment_transaction_id IS NOT NULL")
        self.check(booked == 1, f"it is booked once ({booked})")
        excess = "payment_transaction WHERE dunning_excess > 0"
        self.check(self.count(copy, excess) == 0, "nothing is too much")

    def count(self, copy, what):
        return int(postgres.sql(f"SELECT count(*) FROM {what}", copy)[0])


def wait_for(base):
    for _again in range(240):
        try:
            if requests.get(f"{base}/web/health", timeout=10).ok:
                return
        except (requests.ConnectionError, requests.Timeout):
            time.sleep(0.5)
    raise SystemExit("The server does not answer.")

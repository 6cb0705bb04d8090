"""Who owns what: the day, the person in charge, errors of the database. ``dev/odoo test --only house``."""

import ast
import re
import unittest

from house_reading import (
    CODE,
    ROOT,
    syntax,
    text_of,
)


class TestDay(unittest.TestCase):
    """The day is the company's: ``res.company._dunning_today``, and nobody else, asks the clock which day it is."""

    OWNER = CODE / "settings/res_company.py"
    OTHERS = re.compile(
        r"context_today|context_timestamp|Date\.today|date\.today|datetime\.(now|today|utcnow)|now\(\)\.date|CURRENT_DATE"
        r"|[.](_today|_zone)\(|partner_id\.tz|user\.tz|env\.tz\b"
    )

    def test_nobody_else_asks_which_day_it_is(self):
        for path in sorted(CODE.rglob("*.py")):
            if path != self.OWNER:
                for number, line in enumerate(text_of(path).splitlines(), start=1):
                    self.assertIsNone(self.OTHERS.search(line), f"{path.relative_to(ROOT)}:{number} {line.strip()}")


class TestPersonInCharge(unittest.TestCase):
    """Who acts is asked of ``_person_in_charge`` or ``res.company._dunning_person``: they know who has left."""

    def test_nobody_else_picks_the_person(self):
        for path in sorted(CODE.rglob("*.py")):
            if path.parts[len(CODE.parts)] in ("settings", "demo") or path.name == "rights.py":
                continue
            for number, line in enumerate(text_of(path).splitlines(), start=1):
                picked = "dunning_user_id" in line and "api.depends" not in line
                self.assertFalse(picked, f"{path.relative_to(ROOT)}:{number} {line.strip()}")


class TestOneOwner(unittest.TestCase):
    """What stood in several places: each has one owner now, which the others ask."""

    OWNERS = {
        r"^(import|from) phonenumbers": {"channels/phone_number.py"},
        r"^import csv$": {  # files of our own need no guessing
            "core/plain/table.py", "demo/dunning_demo.py", "law/rates/interest_rate_verify.py",
        },
        r":06d\}": {"settings/life.py"},
        r"not in (self\.)?_?(MOVES|moves)\[": {"settings/life.py"},
        r"is not one of a reminder": {"message/mail_template.py"},
    }

    def test_nobody_else_does_it(self):
        texts = {str(path.relative_to(CODE)): text_of(path) for path in sorted(CODE.rglob("*.py"))}
        for pattern, owners in self.OWNERS.items():
            found = {name for name, text in texts.items() if re.search(pattern, text, flags=re.MULTILINE)}
            self.assertEqual(found, owners, pattern)


class TestContext(unittest.TestCase):
    """What our code says to our code is an argument; where Odoo stands between, a mark (``settings/inside``)."""

    # Keys of ours that are no mark, with the reason.
    KEYS = {
        "dunning_books": "the night: what the books say, read once for all batches",
        "dunning_sending": "the delivery: the same of what it sends",
        "dunning_letter_day": "computed fields depend on it: the day that a letter bears",
        "dunning_penalties_frozen": "computed fields depend on it: penalties as they were said",
        "dunning_registered": "computed fields depend on it: in the words of a registered letter",
        "dunning_without_link": "a preview shows no link that opens the customer's page",
        "dunning_paperformat": "through Odoo's reports: the paper of a letter",
        "dunning_pdf_limit": "through Odoo's reports: nobody waits for a PDF for longer",
        "dunning_outcome": "a button of a view says which outcome it records",
        "dunning_decision": "a button of a view says which decision it asks for, and a text which was taken",
        "dunning_resume": "a text says when reminders go on",
        "dunning_proofs": "who files or erases a proof: its value is an object of ``settings/proofs``",
    }

    def test_no_other_key(self):
        found = set()
        for path in sorted(CODE.rglob("*.py")):
            for node in ast.walk(syntax(path)):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "with_context":
                    found |= {key.arg for key in node.keywords if key.arg and key.arg.startswith("dunning_")}
            found |= set(re.findall(r"""context(?:\.get\(|\[)["'](dunning_\w+)""", text_of(path)))
        self.assertEqual(found, set(self.KEYS), "say it with an argument, or with a mark")


class TestErrorsOfTheDatabase(unittest.TestCase):
    """An error of the database is never kept: who owns the transaction begins again (``settings/apart.py``)."""

    # What catches them all the same, ``file:function``, with its reason.
    OWNERS = {
        "settings/apart.py:apart": "the policy itself",
        "engine/cron.py:_for_company": "owns the transaction: it rolls back, the night or the delivery goes on",
        "engine/delivery/deliver.py:_deliver_all": "owns the transaction: it rolls back, and tries less at once",
        "engine/transactions.py:_retrying": "owns the transaction: it rolls back, and does the same again",
        "engine/transactions.py:_by_batches": "owns the transaction: it rolls back, and tries less at once",
        "engine/dunning_engine.py:_decide_one": "around the core, which knows no database",
        "engine/dunning_account.py:_lock_free_ones": "in a savepoint, around the lock only: the night does it",
        "portal/pay/controller.py:_dunning_begin": "in a savepoint: a taken reference; the request begins again",
    }
    BROAD = {"Exception", "BaseException", "UserError", "ValidationError"}
    OF_THE_DATABASE = re.compile(r"psycopg2|\berrors\.|CONCURRENCY|CONFLICTS|ConcurrencyError|Violation|Failure\b")

    def catches(self, handler):
        """Tell whether a handler may catch an error of the database, as itself or in the clothes of another one."""
        if handler.type is None:
            return True
        names = {getattr(node, "id", getattr(node, "attr", "")) for node in ast.walk(handler.type)}
        return bool(self.BROAD & names or self.OF_THE_DATABASE.search(ast.unparse(handler.type)))

    def lets_through(self, handler):
        """Tell whether a handler asks the policy before anything else is made of the error."""
        return any(
            isinstance(node, ast.Call) and getattr(node.func, "id", "") == "raise_if_lost"
            for statement in handler.body if not isinstance(statement, ast.If | ast.For | ast.With | ast.Try)
            for node in ast.walk(statement)
        )  # fmt: skip

    def handlers(self):
        """Yield ``(file:function, handler)`` of the product."""
        for path in sorted(CODE.rglob("*.py")):
            for function in ast.walk(syntax(path)):
                if isinstance(function, ast.FunctionDef):
                    for node in ast.walk(function):
                        if isinstance(node, ast.ExceptHandler):
                            yield f"{path.relative_to(CODE)}:{function.name}", node

    def test_nobody_keeps_one(self):
        owners = set()
        for place, handler in self.handlers():
            if self.catches(handler):
                if place in self.OWNERS:
                    owners.add(place)
                else:
                    self.assertTrue(self.lets_through(handler), f"{place}, line {handler.lineno}: may keep a conflict")
        self.assertEqual(owners, set(self.OWNERS), "on the list without catching anything")

    def test_nobody_hides_one(self):
        for path in sorted(CODE.rglob("*.py")):
            for node in ast.walk(syntax(path)):
                name = isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", ""))
                self.assertFalse(name == "suppress", f"{path.relative_to(CODE)}: write the handler out, and its reason")


if __name__ == "__main__":
    unittest.main()

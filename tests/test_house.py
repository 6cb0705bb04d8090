"""The rules of the house that a machine can check. Needs no Odoo: ``dev/odoo test --only house``."""

import ast
import re
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDON = "relance_progressive"
CODE = ROOT / ADDON
# From the ground up; what is above uses what is below. The root lists the folders, ``holds`` and ``law`` theirs.
FEATURES = (
    "settings", "plan", "account", "ledger", "reminder", "message", "channels", "holds/pauses", "holds/promises",
    "holds/disputes", "law/rates", "law/notices", "law/insolvency", "law/costs", "law/penalties", "law/limitation",
    "engine", "office", "portal", "demo",
)  # fmt: skip
# Files that name models above them on purpose: each is the one list of what there is.
LISTS = {
    "settings/res_config_settings.py": "the page of all settings",
    "plan/dunning_plan.py": "whose accounts are decided again when a plan changes",
    "account/dunning_alerts.py": "what is said above the lists",
    "account/holds.py": "what can stop a reminder",
    "reminder/dunning_reminder.py": "what goes on once a message has arrived",
    "law/rates/interest_rate_missing.py": "its night goes on company by company, as the engine does",
}
# Methods of models of ours that the add-on defines more than once, with the reason.
TWICE = {
    "dunning.account.write": "Odoo's own",
    "dunning.interest.rate.create": "Odoo's own",
    "dunning.interest.rate.write": "Odoo's own",
}
# Data files that Odoo does not load by itself, and who reads them.
NOT_IN_MANIFEST = {
    f"{ADDON}/demo/customers.csv": "read by the demo",
    f"{ADDON}/law/rates/interest_rates.csv": "read by dunning.interest.rate, so that what people entered stays",
}
CACHES = {".git", ".hypothesis", ".pytest_cache", ".ruff_cache", "__pycache__"}
LONGEST_FILE = 400
FULLEST_FOLDER = 16
CODE_SUFFIXES = {".py", ".xml", ".js", ".scss", ".css", ".html", ".md", ".sh", ".toml", ".ini", ""}
RELATIONAL = {"Many2one", "One2many", "Many2many", "Reference", "Many2oneReference"}


def tracked_files():
    """Return the files of the repository: git's, or all of them where there is no git."""
    git = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if git.returncode == 0:
        files = [ROOT / name for name in git.stdout.split("\0") if name]
    else:
        files = [path for path in ROOT.rglob("*") if not CACHES & set(path.parts)]
    return [path for path in files if path.is_file()]


def text_of(path):
    """Return the text of a file, empty for an image or another binary."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def syntax(path):
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports(tree):
    """Yield ``(level, module, names)`` of each import; level 0 is absolute."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield 0, alias.name, []
        elif isinstance(node, ast.ImportFrom):
            yield node.level, node.module or "", [alias.name for alias in node.names]


def constants(node):
    """Return the strings of a constant, a list or a tuple."""
    elements = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    values = [element.value for element in elements if isinstance(element, ast.Constant)]
    return [value for value in values if isinstance(value, str)]


def class_attributes(tree, name):
    """Yield ``(class, strings)`` for each class that sets the attribute ``name``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for statement in node.body:
                targets = statement.targets if isinstance(statement, ast.Assign) else []
                if any(getattr(target, "id", "") == name for target in targets):
                    yield node, constants(statement.value)


def class_names(node):
    """Yield ``(attribute, names)`` of what a class of a model is called and extends."""
    for statement in node.body:
        if isinstance(statement, ast.Assign) and getattr(statement.targets[0], "id", "") in ("_name", "_inherit"):
            yield statement.targets[0].id, constants(statement.value)


def model_uses(tree):
    """Yield the models that a file inherits, reads through ``env`` or points at with a field."""
    for _node, names in class_attributes(tree, "_inherit"):
        yield from names
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            holder = getattr(node.value, "attr", getattr(node.value, "id", ""))
            if holder in ("env", "pool", "registry") and isinstance(node.slice.value, str):
                yield node.slice.value
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in RELATIONAL:
            yield from constants(node.args[0]) if node.args else ()
            for keyword in node.keywords:
                if keyword.arg == "comodel_name":
                    yield from constants(keyword.value)


class TestCore(unittest.TestCase):
    def test_the_core_imports_the_standard_library_and_itself(self):
        for path in sorted((CODE / "core").rglob("*.py")):
            for level, module, _names in imports(syntax(path)):
                top = module.split(".")[0]
                inside = (CODE / "core").parts == path.parts[: len(CODE.parts) + 1][: len(path.parts) - level]
                fine = top in sys.stdlib_module_names if level == 0 else inside
                self.assertTrue(fine, f"{path.relative_to(ROOT)} imports {'.' * level}{module}")

    def test_the_core_has_no_clock_and_touches_no_file(self):
        forbidden = {"today", "now", "utcnow", "monotonic", "open", "print", "input", "getenv"}
        for path in sorted((CODE / "core").rglob("*.py")):
            for node in ast.walk(syntax(path)):
                if isinstance(node, ast.Call):
                    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                    self.assertNotIn(name, forbidden, f"{path.relative_to(ROOT)}:{node.lineno}")

    def test_nothing_in_the_core_is_there_for_tests_only(self):
        used = set()
        for path in CODE.rglob("*.py"):
            for node in ast.walk(syntax(path)):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                    used.add(node.id)
                elif isinstance(node, ast.Attribute):
                    used.add(node.attr)
        for path in sorted((CODE / "core").rglob("*.py")):
            for node in ast.walk(syntax(path)):
                names = [node.name] if isinstance(node, ast.FunctionDef | ast.ClassDef) else [
                    name.id for target in getattr(node, "targets", ()) for name in ast.walk(target)
                    if isinstance(name, ast.Name)
                ]  # fmt: skip
                for name in names:
                    if not name.startswith("_"):
                        self.assertTrue(name in used, f"{path.relative_to(ROOT)}: no feature uses {name}")

    def test_the_folder_above_the_core_is_empty(self):
        self.assertEqual((CODE / "__init__.py").read_text(), "", "else core cannot be loaded without Odoo")


class TestFeatures(unittest.TestCase):
    def files(self):
        """Yield ``(feature, path)`` of every Python file of a feature."""
        for feature in FEATURES:
            for path in sorted((CODE / feature).rglob("*.py")):
                yield feature, path

    def listed(self, path):
        return [name for level, module, names in imports(syntax(path)) if level for name in names]

    def feature_of(self, path):
        """Return the feature that a path belongs to, None for one of the core."""
        parts = path.relative_to(CODE).parts
        return next((name for name in FEATURES if parts[: name.count("/") + 1] == tuple(name.split("/"))), None)

    def test_every_folder_is_a_feature(self):
        folders = {path.name for path in CODE.iterdir() if path.is_dir() and path.name != "__pycache__"}
        self.assertEqual(folders, {*(name.split("/")[0] for name in FEATURES), "core", "security"})

    def test_the_root_lists_the_features_in_order(self):
        tops = list(dict.fromkeys(name.split("/")[0] for name in FEATURES))
        self.assertEqual([name for name in self.listed(ROOT / "__init__.py") if name in tops], tops)
        for top in ("holds", "law"):
            inside = [name.split("/")[1] for name in FEATURES if name.startswith(f"{top}/")]
            self.assertEqual(self.listed(CODE / top / "__init__.py"), inside)

    def test_a_feature_imports_itself_the_core_and_what_is_below_it(self):
        for feature, path in self.files():
            for level, module, names in imports(syntax(path)):
                where = f"{path.relative_to(ROOT)} imports {'.' * level}{module} {', '.join(names)}"
                if not level:
                    self.assertFalse(module.startswith(f"odoo.addons.{ADDON}"), where)
                    continue
                base = path.parents[level - 1].joinpath(*module.split(".") if module else ())
                for target in [base] if module else [base / name for name in names]:
                    self.assertTrue(target.is_relative_to(CODE), where)
                    if target.relative_to(CODE).parts[:1] != ("core",):
                        below = FEATURES[: FEATURES.index(feature) + 1]
                        self.assertIn(self.feature_of(target) or str(target.relative_to(CODE)), below, where)

    def test_no_folder_is_too_full(self):
        for folder in {path.parent for path in CODE.rglob("*.py")}:
            files = [path.name for path in folder.glob("*.py") if path.name != "__init__.py"]
            self.assertLessEqual(len(files), FULLEST_FOLDER, folder.relative_to(ROOT))

    def test_a_feature_uses_models_of_itself_and_of_features_above_it(self):
        owner = {}
        for feature, path in self.files():
            tree = syntax(path)
            inherited = dict(class_attributes(tree, "_inherit"))
            for node, names in class_attributes(tree, "_name"):
                if names[0] not in inherited.get(node, ()):
                    owner[names[0]] = feature
        self.assertIn("dunning.plan", owner)
        for feature, path in self.files():
            for model in model_uses(syntax(path)) if str(path.relative_to(CODE)) not in LISTS else ():
                if model in owner and FEATURES.index(owner[model]) > FEATURES.index(feature):
                    self.fail(f"{path.relative_to(ROOT)} uses {model}, which {owner[model]} brings later")

    def test_every_file_is_imported(self):
        imported = set()
        for path in CODE.rglob("*.py"):
            for level, module, names in imports(syntax(path)):
                if level:
                    base = path.parents[level - 1].joinpath(*module.split(".") if module else ())
                    imported |= {base.with_suffix(".py"), *((base / name).with_suffix(".py") for name in names)}
        for _feature, path in self.files():
            if path.name != "__init__.py":
                self.assertIn(path, imported, "nobody loads it")

    def test_every_test_is_listed(self):
        tree = syntax(ROOT / "tests/__init__.py")
        listed = {name for level, _module, names in imports(tree) if level for name in names}
        tests = {path.stem for path in (ROOT / "tests").glob("test_*.py")} - {"test_house", "test_house_texts"}
        self.assertEqual(tests, listed & tests, "Odoo runs the tests that tests/__init__.py imports")


class TestOnce(unittest.TestCase):
    """A behaviour of a model of ours stands in one place: only other add-ons override it."""

    def definitions(self):
        """Return ``{(model, method): [definition]}`` and ``{model: [file]}``, of the models that the add-on brings."""
        methods, files, own = {}, {}, set()
        for path in sorted(CODE.rglob("*.py")):
            for node in syntax(path).body:
                names = dict(class_names(node)) if isinstance(node, ast.ClassDef) else {}
                inherited, name = names.get("_inherit", []), names.get("_name", names.get("_inherit", []))
                if len(name) != 1:
                    continue
                own |= set(name) - set(inherited)
                files.setdefault(name[0], set()).add(path)
                for method in node.body:
                    if isinstance(method, ast.FunctionDef):
                        methods.setdefault((name[0], method.name), []).append(method)
        mine = {key: found for key, found in methods.items() if key[0] in own}
        return mine, {model: found for model, found in files.items() if model in own}

    def test_a_method_is_defined_once(self):
        methods, _files = self.definitions()
        self.assertIn(("dunning.engine", "run"), methods)
        twice = {".".join(key) for key, found in methods.items() if len(found) > 1}
        self.assertEqual(twice, set(TWICE), "each has a reason in TWICE, and none is there without need")

    def test_no_definition_hides_another_one(self):
        methods, _files = self.definitions()
        for (model, method), found in methods.items():
            calling = [node for node in found if "super()" in ast.unparse(node) or "super(" in ast.unparse(node)]
            self.assertGreaterEqual(len(calling), len(found) - 1, f"{model}.{method} hides another definition of ours")


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


class TestErrorsOfTheDatabase(unittest.TestCase):
    """An error of the database is never kept: who owns the transaction begins again (``settings/apart.py``)."""

    # What catches them all the same, ``file:function``, with its reason.
    OWNERS = {
        "settings/apart.py:apart": "the policy itself",
        "engine/engine_cron.py:_for_company": "owns the transaction: it rolls back, the night or the delivery goes on",
        "engine/delivery/engine_deliver.py:_deliver_all": "owns the transaction: it rolls back, and tries less at once",
        "engine/dunning_engine.py:_retrying": "owns the transaction: it rolls back, and does the same again",
        "engine/dunning_engine.py:_by_batches": "owns the transaction: it rolls back, and tries less at once",
        "engine/dunning_engine.py:_decide_one": "around the core, which knows no database",
        "engine/dunning_account.py:_lock_free_ones": "in a savepoint, around the lock only: the night does it",
        "portal/pay/pay_controller.py:_dunning_begin": "in a savepoint: a taken reference; the request begins again",
        "portal/answers/answer_record.py:_receive": "in a savepoint: a form that was sent before, nothing else",
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


class TestManifest(unittest.TestCase):
    def setUp(self):
        super().setUp()
        manifest = ast.literal_eval((ROOT / "__manifest__.py").read_text())
        self.listed = manifest["data"] + manifest.get("demo", [])

    def test_every_data_file_is_listed_once(self):
        files = {str(path.relative_to(ROOT)) for suffix in ("xml", "csv") for path in CODE.rglob(f"*.{suffix}")}
        self.assertEqual(files - set(self.listed), set(NOT_IN_MANIFEST))
        self.assertEqual(len(self.listed), len(set(self.listed)))

    def test_every_file_listed_exists(self):
        for name in self.listed:
            self.assertTrue((ROOT / name).is_file(), name)


class TestRepository(unittest.TestCase):
    # In pieces, so that this file does not name them.
    HOSTS = (
        "py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "yarn" + "pkg.com",
        "deb." + "debian.org", "snapshot." + "debian.org", "archive." + "ubuntu.com", "conda" + ".anaconda.org",
        "crates" + ".io", "ruby" + "gems.org", "proxy." + "golang.org", "docker" + ".io", "quay" + ".io",
        "ghcr" + ".io", "un" + "pkg.com", "js" + "delivr.net",
    )  # fmt: skip

    def test_no_package_registry_is_named(self):
        for path in tracked_files():
            text = text_of(path)
            for host in self.HOSTS:
                self.assertNotIn(host, text, path.relative_to(ROOT))

    def test_no_file_is_too_long_to_read(self):
        for path in tracked_files():
            if path.suffix in CODE_SUFFIXES and path.name != "LICENSE":
                count = text_of(path).count("\n")
                self.assertLessEqual(count, LONGEST_FILE, f"{path.relative_to(ROOT)} has {count} lines")


if __name__ == "__main__":
    unittest.main()

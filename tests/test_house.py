"""The rules of the house that a machine can check. Needs no Odoo: ``dev/odoo test --only house``."""

import ast
import re
import sys
import unittest

from house_reading import (
    ADDON,
    CODE,
    ROOT,
    class_attributes,
    imports,
    model_uses,
    syntax,
    text_of,
    tracked_files,
)

REFERENCE = re.compile(r":(mod|func|class|data|meth):`~?(\.+)([\w.]+)`")
# From the ground up; what is above uses what is below. The root lists the folders, ``holds`` and ``law`` theirs.
FEATURES = (
    "settings", "plan", "account", "ledger", "reminder", "message", "channels", "holds/pauses", "holds/promises",
    "holds/disputes", "holds", "law/rates", "law/notices", "law/penalties",
    "law/limitation", "law", "engine", "office", "portal", "demo",
)  # fmt: skip
# Files that name models above them on purpose: each is the one list of what there is.
LISTS = {
    "settings/res_config_settings.py": "the page of all settings",
    "plan/dunning_plan.py": "whose accounts are decided again when a plan changes",
    "account/dunning_account_display.py": "what is said above the lists",
    "account/holds.py": "what can stop a reminder",
    "reminder/dunning_reminder.py": "what goes on once a message has arrived",
    "law/rates/interest_rate_missing.py": "its night goes on company by company, as the engine does",
}
# Data files that Odoo does not load by itself, and who reads them.
NOT_IN_MANIFEST = {
    f"{ADDON}/demo/customers.csv": "read by the demo",
    f"{ADDON}/law/rates/interest_rates.csv": "read by dunning.interest.rate, so that what people entered stays",
}
LONGEST_FILE = 400
FULLEST_FOLDER = 16
NEED_NO_ODOO = {"core"}
CODE_SUFFIXES = {".py", ".xml", ".js", ".scss", ".css", ".html", ".md", ".sh", ".toml", ".ini", ""}


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
                if self.feature_of(path) == feature:
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
            self.assertEqual(self.listed(CODE / top / "__init__.py")[: len(inside)], inside)

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

    def test_what_a_docstring_refers_to_is_there(self):
        """Files move; who reads ``..core.plain.money`` looks for it where it says."""
        for path in sorted(CODE.rglob("*.py")):
            for kind, dots, name in REFERENCE.findall(text_of(path)):
                parts = name.split(".") if kind == "mod" else name.split(".")[:-1]
                there = path.parents[len(dots) - 1].joinpath(*parts)
                found = there.is_dir() or there.with_suffix(".py").is_file()
                self.assertTrue(found, f"{path.relative_to(ROOT)} refers to {dots}{name}")

    def test_every_test_is_listed(self):
        listed = {
            f"{module}/{name}"
            for level, module, names in imports(syntax(ROOT / "tests/__init__.py")) if level for name in names
        }  # fmt: skip
        tests = {
            f"{path.parent.name}/{path.stem}" for path in (ROOT / "tests").glob("*/test_*.py")
            if path.parent.name not in NEED_NO_ODOO
        }  # fmt: skip
        self.assertEqual(tests, listed, "Odoo runs the tests that tests/__init__.py imports")

    def test_what_tests_share_stands_in_common(self):
        for path in (ROOT / "tests").glob("*/test_*.py"):
            for _level, module, names in imports(syntax(path)):
                for name in (*module.split("."), *names):
                    borrowed = name.startswith("test_") and module.split(".")[0] not in ("odoo", "relance_progressive")
                    self.assertFalse(borrowed, f"{path.relative_to(ROOT)} borrows from {name}")


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

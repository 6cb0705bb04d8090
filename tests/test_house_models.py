"""A behaviour is written once: the rules of the house for models. Needs no Odoo: ``dev/odoo test --only house``."""

import ast
import unittest

from house_reading import CODE, class_names, syntax

# Methods of models of ours that the add-on defines more than once, with the reason.
TWICE = {
    "dunning.account.write": "Odoo's own",
    "dunning.interest.rate.create": "Odoo's own",
    "dunning.interest.rate.write": "Odoo's own",
}
# Models that stand in several files of one folder: each would be too long for one. It may not become more.
SEVERAL = {
    ("account", "dunning.account"): 2,
    ("channels", "dunning.channel"): 3,
    ("channels/call", "dunning.delivery"): 2,
    ("channels/email", "dunning.channel.email"): 3,
    ("channels/registered", "dunning.delivery"): 2,
    ("channels/sms", "dunning.channel.sms"): 2,
    ("demo", "dunning.demo"): 3,
    ("engine", "dunning.engine"): 3,
    ("engine/delivery", "dunning.engine"): 4,
    ("holds/disputes", "dunning.dispute"): 3,
    ("holds/pauses", "dunning.pause"): 2,
    ("holds/promises", "dunning.promise"): 3,
    ("law/notices", "dunning.decision"): 2,
    ("law/penalties", "dunning.penalty"): 2,
    ("law/penalties/settled", "dunning.penalty.line"): 2,
    ("law/penalties/settled", "dunning.penalty.waiver"): 2,
    ("law/rates", "dunning.interest.rate"): 3,
    ("message", "dunning.letter"): 2,
    ("plan", "dunning.level"): 2,
    ("portal/answers", "dunning.portal.answer"): 3,
    ("portal/page", "dunning.portal"): 5,
    ("portal/pay", "dunning.portal"): 2,
    ("reminder", "dunning.reminder"): 3,
    ("settings", "dunning.guarded"): 2,
}
# In how many files of the whole add-on a model may stand.
MOST_FILES = {
    "dunning.account": 11, "dunning.reminder": 11, "dunning.delivery": 8, "dunning.engine": 7, "res.company": 9,
    "res.config.settings": 1,
}  # fmt: skip


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

    def test_a_model_stands_in_one_file_of_a_folder(self):
        several = {
            (str(folder.relative_to(CODE)), model): len(own)
            for model, files in self.files_of_models().items()
            for folder in {path.parent for path in files}
            if len(own := [path for path in files if path.parent == folder]) > 1
        }
        self.assertEqual(several, SEVERAL, "each has its reason there, and none is there without need")

    def test_a_model_stands_in_few_files(self):
        files = self.files_of_models()
        self.assertEqual({model: len(files[model]) for model in MOST_FILES}, MOST_FILES, "it may become less")

    def files_of_models(self):
        """Return ``{model: {file}}`` of all models, Odoo's as well."""
        files = {}
        for path in sorted(CODE.rglob("*.py")):
            for node in syntax(path).body:
                names = dict(class_names(node)) if isinstance(node, ast.ClassDef) else {}
                name = names.get("_name", names.get("_inherit", []))
                if len(name) == 1:
                    files.setdefault(name[0], set()).add(path)
        return files

    def test_no_definition_hides_another_one(self):
        methods, _files = self.definitions()
        for (model, method), found in methods.items():
            calling = [node for node in found if "super()" in ast.unparse(node) or "super(" in ast.unparse(node)]
            self.assertGreaterEqual(len(calling), len(found) - 1, f"{model}.{method} hides another definition of ours")


if __name__ == "__main__":
    unittest.main()

"""How the tests of the house read the code."""

import ast
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDON = "relance_progressive"
CODE = ROOT / ADDON
CACHES = {".git", ".hypothesis", ".pytest_cache", ".ruff_cache", "__pycache__"}
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

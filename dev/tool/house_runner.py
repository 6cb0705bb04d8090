"""Run a file of unittest tests by its path, without importing the package around it (that one needs Odoo)."""

import importlib.util
import json
import sys
import unittest
from pathlib import Path

path, report = sys.argv[1:]
sys.path.insert(0, str(Path(path).parent))  # they share their helpers
spec = importlib.util.spec_from_file_location("house", path)
module = importlib.util.module_from_spec(spec)
sys.modules["house"] = module
spec.loader.exec_module(module)
result = unittest.TextTestRunner(verbosity=1).run(unittest.defaultTestLoader.loadTestsFromModule(module))
broken = [f"{test.id()}\n{text}" for test, text in result.failures + result.errors]
broken += [f"{test.id()} skipped: {reason}" for test, reason in result.skipped]
with open(report, "w") as file:
    json.dump({"run": result.testsRun, "broken": broken}, file)

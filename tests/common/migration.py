from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "migrations/19.0.1.1.0/post-migration.py"

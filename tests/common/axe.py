"""Browser tours whose pages axe-core looks at."""

import os
from pathlib import Path

from odoo.tests import HttpCase

URL = "/relance_progressive/axe.min.js"


class AxeCommon(HttpCase):
    """The tours find axe-core where their pages are; ``dev/odoo test`` brings it, others say where it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        path = Path(os.environ.get("RELANCE_AXE") or "")
        if path.is_file():
            cls.env["ir.attachment"].sudo().create({
                "name": "axe.min.js", "url": URL, "type": "binary", "public": True, "raw": path.read_bytes(),
                "mimetype": "application/javascript",
            })  # fmt: skip

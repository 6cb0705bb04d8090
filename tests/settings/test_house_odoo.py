import io

import polib

from odoo.modules.module import get_module_path
from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export


@tagged("post_install", "-at_install")
class TestHouse(TransactionCase):
    """What can only be checked in a running Odoo; the rest is in ``test_house.py``."""

    def test_each_channel_on_the_list_can_send(self):
        prefix = "dunning.channel."
        offered = set(self.env["dunning.level.channel"]._fields["channel"].get_values(self.env))
        contract = self.env.registry["dunning.channel"]
        built = {
            name.removeprefix(prefix)
            for name, model in self.env.registry.items()
            if name.startswith(prefix) and issubclass(model, contract)
        }
        self.assertEqual(offered, built)
        for code in offered:
            for method in ("_render", "_hand_over"):
                own = getattr(self.env.registry[prefix + code], method)
                self.assertNotEqual(own.__qualname__.split(".")[0], "DunningChannel", f"{code} lacks {method}")

    def test_the_translation_template_is_fresh(self):
        """Else: ``odoo i18n export -d DB -l pot relance_progressive``, then complete ``fr.po``."""
        buffer = io.BytesIO()
        trans_export(None, ["relance_progressive"], buffer, "po", self.env)
        fresh = self.terms(polib.pofile(buffer.getvalue().decode()))
        kept = self.terms(polib.pofile(f"{get_module_path('relance_progressive')}/i18n/relance_progressive.pot"))
        self.assertFalse(sorted(set(kept) - set(fresh)), "no longer in the code")
        if not self.env["ir.module.module"]._get("relance_progressive").demo:  # demo data are not translated
            self.assertFalse(sorted(set(fresh) - set(kept)), "new in the code")

    def terms(self, file):
        return {(entry.msgid, place) for entry in file for place, _line in entry.occurrences}

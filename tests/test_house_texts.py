"""The rules of the house for translations. Needs no Odoo: ``dev/odoo test --only house``."""

import re
import unittest

import polib
from house_reading import ADDON, ROOT


class TestTranslations(unittest.TestCase):
    PLACEHOLDER = re.compile(r"%\(\w+\)[a-z+]*|(?<!%)%[sd]|\{\{.*?\}\}|t-out=\"[^\"]+\"|</?[a-zA-Z]+")

    def setUp(self):
        super().setUp()
        self.template = polib.pofile(str(ROOT / "i18n" / f"{ADDON}.pot"))
        self.languages = {path.stem: polib.pofile(str(path)) for path in sorted((ROOT / "i18n").glob("*.po"))}

    def test_french_is_there(self):
        self.assertIn("fr", self.languages)

    def test_every_term_is_translated(self):
        wanted = {entry.msgid for entry in self.template}
        for language, file in self.languages.items():
            entries = {entry.msgid: entry for entry in file if not entry.obsolete}
            self.assertFalse(sorted(wanted - set(entries)), f"missing in {language}.po")
            self.assertFalse(sorted(set(entries) - wanted), f"no longer used in {language}.po")
            self.assertFalse([entry.msgid for entry in entries.values() if not entry.msgstr], f"empty in {language}.po")
            self.assertFalse([entry.msgid for entry in file if entry.fuzzy], f"fuzzy in {language}.po")
            self.assertFalse(file.obsolete_entries(), language)

    def test_a_translation_keeps_the_placeholders_and_the_tags(self):
        for language, file in self.languages.items():
            for entry in file:
                with self.subTest(language=language, term=entry.msgid):
                    kept, wanted = (set(self.PLACEHOLDER.findall(text)) for text in (entry.msgstr, entry.msgid))
                    self.assertEqual(kept, wanted)


class TestFrenchTypography(unittest.TestCase):
    """French puts a space that does not break before : ; ? ! % » and after «, and writes its apostrophe ’."""

    # What is no French in a term: tags, placeholders, addresses.
    KEPT = re.compile(r"<[^<>]*>|\{\{.*?\}\}|\$\{[^{}]*\}|%\(\w+\)[a-z]|https?://\S+", re.DOTALL)
    WRONG = re.compile(
        r"(?<=\S)[ \u202f](?=[:;?»]|!(?!=)|%%?(?![\w(]))|«(?!\u00a0)|(?<!\u00a0)»|"
        r"(?<=[a-zà-ÿA-ZÀ-Ý])'(?=[a-zà-ÿA-ZÀ-Ý])"
    )

    def wrong(self, text):
        """Return what is wrong in a French term, with the words around it."""
        words = self.KEPT.sub("X", text)
        return [words[max(0, found.start() - 12) : found.end() + 6] for found in self.WRONG.finditer(words)]

    def test_the_rule(self):
        for text in (
            "Reste à payer : 3 €", "Une question ?", "« Bonjour »", "l'échéance", "10 %% de plus", "d'%(name)s",
            "<b>Total</b> :",
        ):  # fmt: skip
            self.assertTrue(self.wrong(text), text)
        for text in (
            "Reste à payer\u00a0: 3\u00a0€, à 10:30", "«\u00a0%(name)s\u00a0»", "l’échéance, 10\u00a0%%",
            "https://a.example/?b",
            "<p class='a'>{{ object.name if a != 'b' else 'c' }}</p>",
        ):  # fmt: skip
            self.assertFalse(self.wrong(text), text)

    def test_french_terms_follow_it(self):
        for entry in polib.pofile(str(ROOT / "i18n" / "fr.po")):
            where = ", ".join(place for place, _line in entry.occurrences)
            with self.subTest(term=entry.msgid, where=where):
                self.assertFalse(self.wrong(entry.msgstr))

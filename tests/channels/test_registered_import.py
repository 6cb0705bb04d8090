import base64
import doctest

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, Form, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.relance_progressive.relance_progressive.channels.registered import tracking_csv as registered_csv

from ..common.registered import LATER, NUMBERS, RegisteredCommon
from ..common.security import SecurityCommon


@tagged("post_install", "-at_install")
class TestCsv(BaseCase):
    def test_the_examples_of_the_documentation(self):
        self.assertEqual(doctest.testmod(registered_csv).failed, 0)

    def test_separators_and_encodings(self):
        expected = ("RR1", "REL-000012", "Distribué", "05/03/2026")
        for mark in ";,\t|":
            text = mark.join(expected)
            for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
                with self.subTest(mark=mark, encoding=encoding):
                    rows, headed = registered_csv.read(text.encode(encoding))
                    self.assertEqual((rows[0][1:], headed), (expected, False))

    def test_headings_in_any_order(self):
        for text in (
            "Date;Événement;Relance;N° LRAR\n05/03/2026;Distribué;REL-000012;RR1",
            "day,what,reminder,tracking number,event\n05/03/2026,,REL-000012,RR1,Distribué",
            "\n\nStatut;Date de l'événement;Numéro de suivi;Votre référence\nDistribué;05/03/2026;RR1;REL-000012\n\n",
        ):
            with self.subTest(text):
                rows, headed = registered_csv.read(text.encode())
                self.assertTrue(headed)
                self.assertEqual(rows[0][1:], ("RR1", "REL-000012", "Distribué", "05/03/2026"))

    def test_short_lines_quotes_and_empty_files(self):
        rows, _headed = registered_csv.read(b'"RR 1";"REL-000012"\n;;\nRR2')
        self.assertEqual([(row.line, *row[1:3]) for row in rows], [(1, "RR 1", "REL-000012"), (3, "RR2", "")])
        for content in (b"", b"\n\n", b"\xef\xbb\xbf", b";;;\n"):
            self.assertEqual(registered_csv.read(content), ([], False))

    def test_words_of_events(self):
        for words, kind in {
            "Déposé": "handed_in", "Prise en charge": "handed_in", "Pli avisé": "presented",
            "Première présentation": "presented", "Présenté": "presented", "Distribué à son destinataire": "delivered",
            "Remis contre signature": "delivered", "Refusé par le destinataire": "refused",
            "Pli avisé et non réclamé": "unclaimed", "Non réclamé, retourné": "unclaimed",
            "NPAI": "returned", "Destinataire inconnu à l'adresse": "returned", "Retour à l'expéditeur": "returned",
            "handed_in": "handed_in", "Not claimed": "unclaimed", "perdu": "", "": "",
        }.items():  # fmt: skip
            with self.subTest(words):
                self.assertEqual(registered_csv.kind_of(words), kind)

    def test_dates(self):
        for text, day in {
            "05/03/2026": "2026-03-05", "5/3/26": "2026-03-05", "05-03-2026": "2026-03-05", "05.03.2026": "2026-03-05",
            "2026-03-05": "2026-03-05", "20260305": "2026-03-05", "05/03/2026 10:12": "2026-03-05",
            "2026-03-05T10:12:00Z": "2026-03-05", "31/02/2026": "None", "12/13/2026": "None", "hier": "None",
        }.items():  # fmt: skip
            with self.subTest(text):
                self.assertEqual(str(registered_csv.day_of(text)), day)


class ImportCommon(RegisteredCommon):
    def read_file(self, text, letters=None, encoding="cp1252"):
        wizards = self.env["dunning.registered.import"]
        form = Form(wizards.with_context(default_delivery_ids=letters.ids if letters else []))
        form.file = base64.b64encode(text.encode(encoding))
        return form.save()


@freeze_time(LATER)
@tagged("post_install", "-at_install")
class TestImport(ImportCommon):
    def test_numbers_by_reminder_and_events(self):
        first, second = self.letters_for("Abel", "Bruno")
        names = (first.reminder_id.name, second.reminder_id.name)
        wizard = self.read_file(
            "Numéro;Relance;Événement;Date\n"
            f"{NUMBERS[0]};{names[0]};Déposé;02/03/2026\n{NUMBERS[1]};{names[1].lower()};Déposé;02/03/2026\n"
            f"{NUMBERS[0]};;Distribué;04/03/2026\n"
        )
        self.assertFalse(wizard.problem_count, wizard.line_ids.mapped("problem"))
        self.assertIn(NUMBERS[0], wizard.line_ids[0].words)
        self.assertFalse(first.registered_number or first.event_ids, "a preview writes nothing")
        wizard.action_import()
        self.assertEqual((first.registered_number, first.state), (NUMBERS[0], "delivered"))
        self.assertEqual(first.notice_on, self.day(2))
        self.assertEqual((second.registered_number, second.state), (NUMBERS[1], "sent"))
        self.assertEqual(set(first.event_ids.mapped("source")), {"import"})

    def test_by_position_in_the_mailing(self):
        letters = self.letters_for("Abel", "Bruno")._in_printing_order()
        self.read_file(f"{NUMBERS[0]};1\n{NUMBERS[1]};2", letters).action_import()
        self.assertEqual(letters.mapped("registered_number"), list(NUMBERS[:2]))

    def test_in_any_order_of_lines(self):
        """A hand-in on a later line counts for the events before it."""
        letter = self.letter_for()
        name = letter.reminder_id.name
        self.read_file(
            f"{NUMBERS[0]},{name},delivered,2026-03-06\n,{name},handed in,2026-03-02\n,{name},presented,2026-03-03"
        ).action_import()
        self.assertEqual(letter.event_ids.mapped("kind"), ["handed_in", "presented", "delivered"])

    def test_errors_line_by_line_and_nothing_half_written(self):
        first, second = self.letters_for("Abel", "Bruno")
        names = (first.reminder_id.name, second.reminder_id.name)
        rows = {
            f"{NUMBERS[0]};{names[0]};Déposé;02/03/2026": "",
            f"RR473124820PL;{names[1]};;": "check digit",
            f";{names[0]};Perdu;03/03/2026": "no event",
            f";{names[0]};Distribué;31/02/2026": "no date",
            f";{names[0]};Distribué;": "date is missing",
            f";{names[0]};Distribué;01/03/2026": "not handed in yet",
            f";{names[1]};Distribué;04/03/2026": "not handed in yet",
            f"{NUMBERS[0]};{names[1]};;": "is the number of",
            f"{NUMBERS[2]};{names[0]};;": "Another line",
            ";REL-999999;Déposé;02/03/2026": "REL-999999",
            f"{NUMBERS[3]};;Déposé;02/03/2026": "No letter has the number",
            ";12;Déposé;02/03/2026": "position 12",
            f";{names[1]};;": "Neither a number",
            f";{names[1]};Déposé;02/03/2099": "still to come",
        }
        wizard = self.read_file("\n".join(rows))
        for line, (text, words) in zip(wizard.line_ids, rows.items(), strict=True):
            with self.subTest(text):
                self.assertIn(words, line.problem or "")
                self.assertEqual(bool(line.problem), bool(words), line.problem)
        with self.assertRaisesRegex(UserError, r"2\. "), self.env.cr.savepoint():
            wizard.action_import()
        self.assertFalse(any((first + second).mapped("registered_number")) or (first + second).event_ids)

    def test_two_ends_in_one_file(self):
        letter = self.letter_for()
        name = letter.reminder_id.name
        wizard = self.read_file(f";{name};Déposé;02/03/2026\n;{name};Refusé;04/03/2026\n;{name};Distribué;05/03/2026")
        self.assertEqual([bool(problem) for problem in wizard.line_ids.mapped("problem")], [False, False, True])

    def test_the_same_file_twice(self):
        letter = self.letter_for()
        text = f"{NUMBERS[0]};{letter.reminder_id.name};Déposé;02/03/2026\n{NUMBERS[0]};;Avisé;04/03/2026"
        self.read_file(text).action_import()
        events = letter.event_ids
        again = self.read_file(text)
        self.assertIn("known already", again.line_ids[1].words)
        again.action_import()
        self.assertEqual(letter.event_ids, events)

    def test_a_letter_that_was_overtaken_stops_no_other_line(self):
        paid, late, good, unprinted = letters = self.letters_for("Abel", "Bruno", "Chloe", "Denis")
        self.printed(paid + late + good)
        paid.sudo()._give_numbers({paid.sudo(): NUMBERS[0]})
        for letter in paid + late + unprinted:
            self.pay(self.item(letter).move_id)
        paid.sudo()._still_due()
        self.assertEqual(letters.mapped("state"), ["cancelled", "ready", "ready", "ready"])
        wizard = self.read_file(
            f"{NUMBERS[0]};;Déposé;01/06/2026\n"
            + "".join(f";{letter.reminder_id.name};Déposé;01/06/2026\n" for letter in late + good + unprinted)
            + f";{unprinted.reminder_id.name};Distribué;01/06/2026\n"
        )
        self.assertFalse(wizard.problem_count, wizard.line_ids.mapped("problem"))
        for line, words in zip(wizard.line_ids, ("all the same", "all the same", "", "Left out", ""), strict=True):
            self.assertIn(words, line.words)
            self.assertEqual(bool(words), "all the same" in line.words or "Left out" in line.words)
        params = wizard.action_import()["params"]
        self.assertEqual(letters.mapped("state"), ["cancelled", "cancelled", "sent", "cancelled"])
        self.assertEqual([len(letter.event_ids) for letter in letters], [1, 1, 1, 0])
        self.assertIn("3 lines", params["message"])
        self.assertIn(unprinted.reminder_id.name, params["message"])

    def test_an_empty_file(self):
        with self.assertRaises(UserError):
            self.read_file("\n").action_import()

    def test_queries_stay_flat(self):
        """A preview asks the same questions for ten lines as for two."""
        counts = []
        for names in (("Abel", "Bruno"), [f"Customer{rank}" for rank in range(10)]):
            letters = self.letters_for(*names)
            text = "\n".join(f";{letter.reminder_id.name};Déposé;02/03/2026" for letter in letters)
            wizard = self.env["dunning.registered.import"].create({"file": base64.b64encode(text.encode())})
            self.env.flush_all()
            self.env.invalidate_all()
            wizard.file = wizard.file
            before = self.env.cr.sql_log_count
            wizard._read_lines()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)

    def test_queries_of_the_import_stay_flat(self):
        """Handed in, presented and delivered, thirty-six lines take as many queries as six.

        But one for each letter: Odoo reads its file when it keeps the message.
        """
        counts = []
        for names in (("Zoe",), ("Abel", "Bruno"), [f"Customer{rank}" for rank in range(12)]):  # the first one warms up
            letters = self.printed(self.letters_for(*names))
            rows = [f";{letter.reminder_id.name};{kind};01/06/2026" for letter in letters for kind in
                    ("Déposé", "Présenté", "Distribué")]  # fmt: skip
            wizard = self.env["dunning.registered.import"].create({"file": base64.b64encode("\n".join(rows).encode())})
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard.action_import()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(set(letters.mapped("state")), {"delivered"})
        self.assertLessEqual(counts[2], counts[1] + 10, counts)


@freeze_time(LATER)
@tagged("post_install", "-at_install")
class TestImportOfTwoCompanies(ImportCommon, SecurityCommon):
    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_letters_of_another_company_are_not_found(self):
        letter = self.letter_for()
        stranger = self.env["res.users"].create({
            "name": "Stranger", "login": "stranger", "company_id": self.other.id, "company_ids": self.other.ids,
            "group_ids": self.env.ref("account.group_account_invoice").ids,
        })  # fmt: skip
        letter.sudo()._give_numbers({letter.sudo(): NUMBERS[0]})
        for text in (f";{letter.reminder_id.name};Déposé;02/03/2026", f"{NUMBERS[0]};;Déposé;02/03/2026"):
            wizard = self.env["dunning.registered.import"].with_user(stranger).with_context(
                allowed_company_ids=self.other.ids
            ).create({"file": base64.b64encode(text.encode())})  # fmt: skip
            self.assertTrue(wizard.line_ids.problem)
            self.assertFalse(wizard.line_ids.delivery_id)
            with self.assertRaises(UserError):
                wizard.action_import()
        self.assertFalse(letter.event_ids)

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_an_auditor_imports_nothing(self):
        with self.assertRaises(AccessError):
            self.env["dunning.registered.import"].with_user(self.auditor).create({})

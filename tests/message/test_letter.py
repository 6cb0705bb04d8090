import re
from datetime import timedelta

from odoo import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.relance_progressive.relance_progressive.engine.delivery.journal import Journal

from ..common.base import MONDAY
from ..common.letter import LetterCommon, pages, places

LETTER_PDF = "odoo.addons.relance_progressive.relance_progressive.message.letter_pdf"


@tagged("post_install", "-at_install")
class TestLetterText(LetterCommon):
    """What a letter says, before it is printed."""

    def html(self, customer, kind="letter"):
        self.prepare()
        reminder = self.reminders(customer)
        return self.env["dunning.letter"]._compose(reminder, self.recipients(reminder), kind)[0][reminder.id].html

    def test_an_article_of_law_is_not_parted_at_the_end_of_a_line(self):
        customer = self.customer_by_post()
        self.prepare()
        reminder = self.reminders(customer)
        reminder.sudo().own_text = "<p>Articles L. 441-10 II et D.&nbsp;441-5, due 2026-03-02, ref. A-1.</p>"
        html = self.env["dunning.letter"]._compose(reminder, self.recipients(reminder))[0][reminder.id].html
        kept = re.findall(r'<span style="white-space: nowrap">(.*?)</span>', html.replace("\xa0", " "))
        self.assertEqual(kept, ["L. 441-10 II", "D. 441-5"])

    def test_whom_it_is_for_is_one_line(self):
        """Whatever the name holds: a provider may write it into a list, or the head of a message."""
        customer = self.customer_by_post()
        customer.write({"name": "Petit\r\nBcc: x@y.example", "street": "12\nrue Haute"})
        self.prepare()
        (recipient,) = self.recipients(self.reminders(customer)).values()
        self.assertIn("Petit Bcc: x@y.example, 12 rue Haute", recipient.address)

    def spelled(self, amount, lang, currency="EUR"):
        reminder = self.env["dunning.reminder"].with_context(lang=lang)
        record = self.env["res.currency"].with_context(active_test=False).search([("name", "=", currency)])
        return self.env["dunning.letter"]._spelled(reminder, amount, record)

    def test_amounts_in_words(self):
        for lang in ("fr_CH", "de_DE", "el_GR"):
            self.env["res.lang"]._activate_lang(lang)
        for amount, lang, words in (
            (80, "fr_FR", "quatre-vingts euros"),
            (80.01, "fr_CH", "quatre-vingts euros et un centime"),
            (0.5, "fr_FR", "cinquante centimes"),
            (2000000, "fr_FR", "deux millions d'euros"),
            (1234.56, "en_US", "one thousand, two hundred and thirty-four euros and fifty-six cents"),
            (1.2, "de_DE", "ein Euro und zwanzig Cent"),
            (1234.56, "el_GR", "one thousand, two hundred and thirty-four euros and fifty-six cents"),
        ):
            self.assertEqual(self.spelled(amount, lang), words)

    def test_currency_that_the_library_does_not_know(self):
        self.assertEqual(self.spelled(80.2, "en_US", "CHF"), "eighty Swiss francs and twenty centimes")
        self.assertEqual(self.spelled(1, "fr_FR", "CHF"), "un franc suisse")
        self.assertEqual(self.spelled(1500, "en_US", "JPY"), "one thousand, five hundred yen")

    def test_user_text_is_escaped(self):
        customer = self.customer_by_post("Petit <b>& Fils</b>", ref="<i>7</i>")
        html = self.html(customer)
        self.assertNotIn("<i>7", html)
        self.assertNotIn("<B>", html)
        self.assertIn("PETIT &lt;B&gt;&amp; FILS&lt;/B&gt;", html)

    def test_address_as_the_post_reads_it(self):
        """Capitals, no accent and no punctuation in the last lines, the country only abroad, in French."""
        home = self.customer_by_post()
        abroad = self.customer_by_post(
            "Müller GmbH", street="Hauptstraße 5", zip="10115", city="Berlin", country_id=self.env.ref("base.de").id
        )
        self.env.ref("base.de").with_context(lang="fr_FR").name = "Allemagne"
        letters, company = self.env["dunning.letter"], self.company
        self.assertEqual(
            letters._address(home, company), ["BOULANGERIE PETIT", "12 BIS RUE DE L EGLISE", "69230 SAINT GENIS LAVAL"]
        )
        self.assertEqual(
            letters._address(abroad, company), ["MÜLLER GMBH", "Hauptstraße 5", "10115 BERLIN", "ALLEMAGNE"]
        )

    def test_person_in_a_company(self):
        """The company stands above the person."""
        customer = self.customer_by_post(child_ids=[Command.create({
            "name": "Anne Roy", "type": "followup", "street": "3 rue Basse", "zip": "75002", "city": "Paris",
        })])  # fmt: skip
        lines = self.env["dunning.letter"]._address(customer.child_ids, self.company)
        self.assertEqual(lines, ["BOULANGERIE PETIT", "ANNE ROY", "3 RUE BASSE", "75002 PARIS"])

    def test_several_currencies(self):
        """One total each, and no code for a transfer that has two."""
        customer = self.customer_by_post()
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.invoice(MONDAY - timedelta(days=4), 80.5, customer, currency_id=dollar.id)
        html = self.html(customer)
        self.assertIn("mille euros", html)
        self.assertIn("quatre-vingts dollars et cinquante cents", html)
        self.assertNotIn("QR code of the transfer", html)

    def test_money_on_its_way(self):
        customer = self.customer_by_post()
        self.unallocated_payment(400, customer)
        html = self.html(customer)
        self.assertIn("six cents euros", html)
        self.assertIn("400,00", html)

    def test_the_letter_has_a_text_of_its_own(self):
        self.level_1.letter_template_id = self.env.ref("relance_progressive.template_letter_notice")
        html = self.html(self.customer_by_post(lang="en_US"), kind="registered")
        self.assertIn("FORMAL NOTICE", html)
        self.assertIn("Registered letter", html)
        self.assertIn("Late-payment interest is added to it as the law or our contract provides", html)
        self.assertNotIn("L441-10", html, "it does not hold for customers abroad and public bodies")
        consumer = self.env.ref("relance_progressive.template_letter_notice_consumer").body_html
        self.assertNotIn("L441-10", consumer)
        self.assertNotIn("40", consumer.replace("1344", ""))

    def test_queries_do_not_grow_with_the_letters(self):
        few = [self.customer_by_post(f"Client {number}") for number in range(2)]
        more = [self.customer_by_post(f"Autre {number}") for number in range(12)]
        self.prepare()
        letters, counts = self.env["dunning.letter"], []
        for customers in (few[:1], few, more):
            self.env.invalidate_all()
            reminders = self.env["dunning.reminder"].search([("partner_id", "in", [one.id for one in customers])])
            recipients = self.recipients(reminders)
            before = self.env.cr.sql_log_count
            self.assertEqual(len(letters._compose(reminders, recipients)[0]), len(customers))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 3, counts)


@tagged("post_install", "-at_install")
class TestLetterPdf(LetterCommon, HttpCase):
    """What is printed, measured on the page."""

    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].set_param("report.url", self.base_url())

    def print(self, *customers):
        self.prepare()
        reminders = self.env["dunning.reminder"].union(*(self.reminders(customer) for customer in customers))
        letters, _broken = self.env["dunning.letter"]._compose(reminders, self.recipients(reminders))
        pdfs = self.env["dunning.letter"]._print(reminders, {key: letter.html for key, letter in letters.items()})
        return [pages(pdfs[reminder.id]) for reminder in reminders]

    def assertInWindow(self, page, window):
        """Every line of the address lies in a window (left, right, top, bottom), and nothing else does."""
        left, right, top, bottom = window
        inside = [
            text for text, x, y in places(page) if left <= x <= right and top - 1 <= y <= bottom
        ]  # fmt: skip
        text = "".join(inside).replace(" ", "").replace("\n", "")
        self.assertEqual(text, "BOULANGERIEPETIT12BISRUEDELEGLISE69230SAINTGENISLAVAL")

    def test_french_window(self):
        ((page, *others),) = self.print(self.customer_by_post())
        self.assertFalse(others)
        self.assertEqual((round(page.mediabox.width), round(page.mediabox.height)), (595, 842))
        self.assertInWindow(page, (105, 195, 45, 80))

    def test_german_window(self):
        self.company.country_id = self.env.ref("base.de")
        self.company.account_fiscal_country_id = self.env.ref("base.fr")
        ((page,),) = self.print(self.customer_by_post())
        inside = [text for text, x, y in places(page) if 20 <= x <= 105 and 62 <= y <= 90]
        self.assertIn("69230", "".join(inside).replace("\n", ""))

    def test_us_letter(self):
        self.company.paperformat_id = self.env.ref("base.paperformat_us")
        ((page,),) = self.print(self.customer_by_post())
        self.assertEqual((round(page.mediabox.width), round(page.mediabox.height)), (612, 792))
        self.assertInWindow(page, (105, 195, 45, 80))

    def test_printed_together_and_taken_apart(self):
        """Several letters in one call of the engine, one of two pages; each has its own."""
        long, short = self.customer_by_post("Long"), self.customer_by_post("Court")
        for number in range(40):
            self.invoice(MONDAY - timedelta(days=4 + number % 9), 10 + number, long)
        first, second = self.print(long, short)
        self.assertEqual((len(first), len(second)), (2, 1))
        self.assertIn("LONG", first[0].extract_text())
        self.assertIn("COURT", second[0].extract_text())
        self.assertIn("2 / 2", " ".join(first[1].extract_text().split()))
        self.assertIn("1 / 1", " ".join(second[0].extract_text().split()))

    def test_no_web_server(self):
        """The style sheets and the font are in the letter: nothing is fetched while it is printed."""
        self.env["ir.config_parameter"].sudo().set_param("web.base.url", "http://127.0.0.1:9")
        self.env["ir.config_parameter"].sudo().set_param("report.url", "http://127.0.0.1:9")
        page = self.env["dunning.letter"]._page("<p>Bonjour</p>")
        self.assertNotIn("<link", page)
        self.assertIn("data:font/", page)
        self.test_french_window()

    def test_engine_without_headers(self):
        """The letterhead and the legal mentions stand in the text, the window is where it was."""
        self.company.report_footer = "<p>RCS Lyon 812 345 678</p>"
        self.patch(self.registry["dunning.letter"], "_has_headers", lambda model: False)
        ((page,),) = self.print(self.customer_by_post())
        self.assertInWindow(page, (105, 195, 45, 80))
        self.assertIn("RCS Lyon 812 345 678", " ".join(page.extract_text().split()))


@tagged("post_install", "-at_install")
class TestLetterChannel(LetterCommon):
    def test_waits_for_a_person(self):
        delivery = self.letters(self.customer_by_post())
        self.assertEqual((delivery.state, delivery.reminder_id.state, delivery.provider), ("ready", "ready", "print"))
        self.assertEqual(delivery.address, "Boulangerie Petit, 12 bis, rue de l'Église, 69230 Saint-Genis-Laval")

    def test_address_missing(self):
        """The reason names what is missing; the fallback takes over."""
        self.use_channels("letter", "email")
        customer = self.customer_by_post(city=False)
        self.prepare()
        with self.smtp() as smtp:
            self.send()
        failed, sent = self.reminders(customer).delivery_ids
        self.assertEqual((failed.state, failed.failure, sent.state), ("failed", "missing", "sent"))
        self.assertRegex(failed.reason, "city|ville")
        self.assertEqual(len(smtp.messages), 1)

    def test_no_address_at_all_then_found(self):
        customer = self.customer_by_post(street=False, zip=False, city=False)
        self.letters(customer)
        self.assertEqual(self.reminders(customer).state, "failed")
        customer.write({"street": "1 rue Neuve", "zip": "75001", "city": "Paris"})
        self.send()
        self.assertEqual(self.reminders(customer).delivery_ids[-1:].state, "ready")

    def test_a_returned_letter_is_not_sent_there_again(self):
        customer = self.customer_by_post()
        delivery = self.letters(customer)
        delivery.sudo()._carried_out(MONDAY)
        delivery.sudo()._bounced("Unknown at this address")
        why = self.env["dunning.channel.letter"]._missing(delivery.reminder_id)
        self.assertIn("came back", why[delivery.reminder_id.id])

    def test_broken_text_fails_alone(self):
        self.level_1.letter_template_id = self.env["mail.template"].create({
            "name": "Broken", "model_id": self.env["ir.model"]._get_id("dunning.reminder"), "subject": "Letter",
            "body_html": "<p><t t-out='1 / (object.partner_id.color - 7)'/></p>",
        })  # fmt: skip
        bad, good = self.customer_by_post("Bad", color=7), self.customer_by_post("Good")
        self.letters(bad, good)
        self.assertEqual(self.reminders(bad).delivery_ids.failure, "template")
        self.assertIn("Broken", self.reminders(bad).reason)
        self.assertEqual(self.reminders(good).delivery_ids.state, "ready")

    def test_folder(self):
        """Written by the engine itself: sent, with the file as proof, in the history."""
        self.quick()
        self.company.dunning_letter_provider = "folder"
        written = []
        self.patch(self.registry["dunning.letter.provider.folder"], "_write", lambda model, *file: written.append(file))
        customer = self.customer_by_post()
        delivery = self.letters(customer)
        self.assertEqual((delivery.state, delivery.provider), ("sent", "folder"))
        proof = delivery.attachment_ids
        self.assertEqual((proof.name, proof.raw), written[0])
        self.assertEqual((proof.res_model, proof.res_id), (delivery._name, delivery.id))
        self.assertEqual(delivery.message_id.attachment_ids, proof)
        self.assertIn(delivery.reminder_id.name, customer.message_ids[:1].body)

    def test_folder_killed_after_it_was_written(self):
        """The journal holds the file: what was written is recorded as sent, with its proof."""
        self.quick()
        self.company.dunning_letter_provider = "folder"
        self.patch(self.registry["dunning.letter.provider.folder"], "_write", lambda model, *file: None)
        customer = self.customer_by_post()
        self.prepare()
        with Journal(self.env, separate=False) as journal:
            engine, reminder = self.env["dunning.engine"].sudo(), self.reminders(customer).sudo()
            with self.env.cr.savepoint() as killed:
                engine._hand_over(reminder, MONDAY, journal)
                rows = journal.rows(reminder.ids)
                killed.rollback()
            self.env.invalidate_all()
            for row in rows:  # written by a cursor of its own
                journal.begin(row["reminder_id"], row["channel"], row["date"], row["content"])
                journal.outcome(row["reminder_id"], row["channel"], row["state"], row["reason"])
                journal.flush()
        self.send()
        delivery = self.reminders(customer).delivery_ids
        self.assertEqual((delivery.state, len(delivery.attachment_ids)), ("sent", 1))
        self.assertIn(f"letter {reminder.id}", pages(delivery.attachment_ids.raw)[0].extract_text())

    def test_folder_that_cannot_be_written(self):
        self.quick()
        self.company.dunning_letter_provider = "folder"

        def full(model, *file):
            raise OSError("No space left on device")

        self.patch(self.registry["dunning.letter.provider.folder"], "_write", full)
        customer = self.customer_by_post()
        self.assertFalse(self.letters(customer), "it is later, not never")
        self.assertEqual(self.reminders(customer).state, "ready")
        self.assertIn("No space left on device", self.reminders(customer).reason)

    @mute_logger(LETTER_PDF)
    def test_engine_that_fails_for_one(self):
        self.company.dunning_letter_provider = "folder"
        self.patch(self.registry["dunning.letter.provider.folder"], "_write", lambda model, *file: None)
        self.quick()
        quick = self.registry["dunning.letter"]._print_documents

        def weak(model, company, documents):
            if any("MAUVAIS" in html for html in documents.values()):
                raise ValueError("engine crashed")
            return quick(model, company, documents)

        self.patch(self.registry["dunning.letter"], "_print_documents", weak)
        bad, good = self.customer_by_post("Mauvais"), self.customer_by_post("Bon")
        self.letters(bad, good)
        self.assertEqual(self.reminders(good).delivery_ids.state, "sent")
        self.assertIn("engine crashed", self.reminders(bad).delivery_ids.reason)

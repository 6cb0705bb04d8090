"""What a program wrote is no answer of the customer: it makes no task and proves nothing."""

from email import message_from_string, policy

from odoo.tests import tagged
from odoo.tools import SQL

from ...relance_progressive.channels.automatic_mail import is_automatic
from ..common.email import EmailCommon
from ..common.email_news import ANSWER, BOUNCE

SUBJECTS = (
    "Réponse automatique : Relance", "Absence du bureau", "Absente jusqu'au 16 mars", "Message d’absence",
    "Automatic reply: Reminder", "Out of Office: back on Monday", "Out-of-office", "Auto: Reminder",
    "Automatische Antwort: Mahnung", "Abwesenheitsnotiz", "Automatisch antwoord: herinnering", "Afwezig: herinnering",
    "Respuesta automática: recordatorio", "Fuera de la oficina", "Risposta automatica: sollecito", "Fuori ufficio",
    "Resposta automática: lembrete", "Ausência do escritório",
)  # fmt: skip
OF_PEOPLE = (
    "Re: Reminder", "RE: Absence du bureau", "Tr : relance", "Facture payée", "Absence de facture 2026/001",
    "Notre règlement automatique", "Autorisation de prélèvement", "Auto-école Dupont : paiement", "",
)  # fmt: skip
HEADERS = (
    "Auto-Submitted: auto-replied", "Auto-Submitted: auto-generated; owner-email=x", "X-Autoreply: yes",
    "X-Auto-Response-Suppress: All", "Precedence: bulk", "Precedence: junk", "Precedence: auto_reply",
    "Return-Path: <>", "X-Autorespond: away",
)  # fmt: skip
RECEIPT = BOUNCE.replace("report-type=delivery-status", "report-type=disposition-notification").replace(
    "Content-Type: message/delivery-status", "Content-Type: message/disposition-notification"
)


def mail(headers="", subject="Re: Reminder"):
    text = f"From: a@b.example\nSubject: {subject}\n{headers}\n\nHello\n".replace("\n\n\n", "\n\n")
    return message_from_string(text, policy=policy.SMTP)


@tagged("post_install", "-at_install")
class TestAutomaticMail(EmailCommon):
    def setUp(self):
        super().setUp()
        self.customer = self.reminder_for()
        self.deliver_to(self.customer)
        self.reminder = self.reminders(self.customer)
        self.delivery = self.reminder.delivery_ids

    def receive(self, source=ANSWER, headers="", subject="Re: Reminder", sender=None, number=1):
        text = source.format(address=self.delivery.address, reference=self.delivery.reference, number=number)
        text = text.replace("Subject: Re: Reminder", f"Subject: {subject}").replace("<answer@", f"<answer{number}@")
        if sender:
            text = text.replace(f"From: Petit <{self.delivery.address}>", f"From: {sender}")
        return self.env["mail.thread"].sudo().message_process(False, f"{headers}\n{text}" if headers else text)

    def put_in_doubt(self):
        """Nobody knows whether it left."""
        self.env.execute_query(SQL(
            "WITH one AS (UPDATE dunning_delivery SET state = 'uncertain' WHERE id = %s)"
            " UPDATE dunning_reminder SET state = 'uncertain' WHERE id = %s RETURNING id",
            self.delivery.id, self.reminder.id,
        ))  # fmt: skip
        self.env.invalidate_all()

    def assert_nothing_happened(self, state):
        self.assertEqual((self.reminder.state, self.delivery.state), (state, state))
        self.assertFalse(self.reminder.activity_ids)

    def test_the_subject_of_an_answer_is_text(self):
        self.receive(subject="Re: <a href='https://phish.example'>invoice</a>")
        self.assertIn("&lt;a href", self.reminder.activity_ids.note)

    def test_what_a_program_wrote(self):
        for subject in SUBJECTS:
            self.assertTrue(is_automatic(mail(subject=subject)), subject)
        for headers in HEADERS:
            self.assertTrue(is_automatic(mail(headers)), headers)
        for subject in OF_PEOPLE:
            self.assertFalse(is_automatic(mail(subject=subject)), subject)
        for headers in ("Auto-Submitted: no", "Precedence: list", "X-Autoreply: no", "Return-Path: <a@b.example>"):
            self.assertFalse(is_automatic(mail(headers)), headers)

    def test_an_out_of_office_reply_proves_nothing(self):
        """An uncertain delivery stays uncertain, nobody gets a task, and the message is kept as what it is."""
        self.put_in_doubt()
        self.receive(headers="Auto-Submitted: auto-replied", subject="Absence du bureau")
        self.assert_nothing_happened("uncertain")
        kept = self.reminder.message_ids.filtered(lambda message: message.subject == "Absence du bureau")
        self.assertIn("it is no answer of the customer", kept.body)
        self.assertIn("We pay on Friday", kept.body)
        self.assertTrue(kept.subtype_id.internal)
        self.assertFalse(kept.notification_ids)

    def test_each_kind(self):
        number = 0
        for headers, subject in (*((one, "Re: Reminder") for one in HEADERS), *(("", one) for one in SUBJECTS[:3])):
            number += 1
            self.receive(headers=headers, subject=subject, number=number)
            self.assert_nothing_happened("sent")

    def test_a_person_answers_after_the_machine(self):
        self.receive(headers="Auto-Submitted: auto-replied", number=1)
        self.receive(number=2)
        self.assertEqual(self.delivery.state, "answered")
        self.assertEqual(len(self.reminder.activity_ids), 1)

    def test_our_own_mails_are_no_answer(self):
        self.company.email = "factures@atelier.example"
        for number, sender in enumerate(("Léa <LEA@atelier.example>", "factures@atelier.example"), start=1):
            self.receive(sender=sender, number=number)
            self.assert_nothing_happened("sent")

    def test_a_colleague_of_the_customer_answers(self):
        self.receive(sender="Boss <boss@petit.example>")
        self.assertEqual(self.delivery.state, "answered")

    def test_reports_that_tell_of_no_failure(self):
        """Late, delivered or displayed: only "failed" undoes a reminder."""
        for number, action in enumerate(("delayed", "delivered", "relayed"), start=1):
            self.receive(BOUNCE.replace("Action: failed", f"Action: {action}"), number=number)
            self.assert_nothing_happened("sent")
        self.receive(RECEIPT, number=4)
        self.assert_nothing_happened("sent")
        self.receive(BOUNCE, number=5)
        self.assertEqual(self.delivery.state, "bounced")

"""What a customer may see and do, with the link of a message or logged in: all of it, and nothing else.

The pages read through this list (:meth:`dunning.portal._read`), and the tests walk it and watch the pages.
Everybody who comes this way is limited to one account: one commercial entity in one company.
"""

from typing import NamedTuple


class Route(NamedTuple):
    """A page: what follows the address of the account, the method, and what it gives."""

    suffix: str
    method: str
    gives: str
    kind: str = "http"  # or "jsonrpc", for Odoo's payment form


class Answer(NamedTuple):
    """What a customer may answer: the fields of its form, and the record that the decision respects."""

    kind: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    makes: str


ANSWERS = (
    Answer("paid", ("item", "paid_on", "means"), ("reference", "words", "file"), "dunning.dispute"),
    Answer("promise", ("item", "date"), ("amount", "words"), "dunning.promise"),
    Answer("plan", ("item", "date", "count", "every", "agreed"), ("words",), "dunning.promise"),
    Answer("dispute", ("item", "reason", "words"), ("amount", "file"), "dunning.dispute"),
    Answer("order", ("item", "reference"), ("words", "file"), "dunning.dispute"),
    Answer("contact", (), ("person", "email", "phone", "words"), "mail.activity"),
    Answer("call", ("phone",), ("person", "when", "words"), "dunning.pause"),
)
MANY = 50  # items on one page; more than that are meant only if somebody says so
# The names that a form may send; anything else is not read.
TYPED = {name for answer in ANSWERS for name in answer.required + answer.optional} - {"file"} | {"numbers", "whole"}

# Behind /my/reminders/<account> (logged in) and /reminders/<token> (the link of a message) alike.
ROUTES = (
    Route("", "GET", "what is owed and the reminders received"),
    Route("/statement.pdf", "GET", "the statement on paper"),
    Route("/statement.xlsx", "GET", "the statement as a spreadsheet"),
    Route("/invoice/<int:record_id>.pdf", "GET", "an invoice of the account"),
    Route("/delivery/<int:record_id>.pdf", "GET", "the delivery slip of an invoice of the account"),
    Route("/reminder/<int:record_id>", "GET", "a reminder as it was sent"),
    Route("/reminder/<int:record_id>.pdf", "GET", "the same on paper"),
    Route("/pay", "GET", "what is paid online, and by which means"),
    Route("/pay/transaction", "POST", "a payment that begins: payment.transaction", "jsonrpc"),
    Route("/payment/<int:record_id>", "GET", "what became of a payment of the account"),
    Route("/payment/<int:record_id>.pdf", "GET", "a receipt of a payment that was made"),
    Route("/payment/<int:record_id>/give-up", "POST", "a payment that was begun is given up: another one may begin"),
    *(Route(f"/answer/{answer.kind}", "POST", f"an answer: {answer.makes}") for answer in ANSWERS),
)

# The fields that a page reads of each model. No note, no owner, no draft, no reason of a decision is among them.
READS = {
    "dunning.account": ("company_id", "currency_id", "partner_id", "user_id"),
    "account.move.line": (
        "amount_currency", "amount_residual", "amount_residual_currency", "currency_id", "date", "date_maturity",
        "display_type", "dunning_name", "move_id", "move_name",
    ),
    "account.move": ("invoice_date", "partner_bank_id", "payment_reference", "ref"),
    "dunning.money": ("amount_currency", "date", "document_currency_id", "kind", "name"),
    "dunning.promise": ("date", "name", "state", "summary"),
    "dunning.dispute": ("amount_text", "invoice_names", "name", "opened_on", "reason_id", "state"),
    "dunning.dispute.reason": ("name",),
    "dunning.plan": ("promise_max_days", "promise_plan_days", "promise_plan_payments"),
    "dunning.portal.answer": ("confirmation",),
    "dunning.reminder": ("currency_id", "date", "name"),
    "dunning.reminder.line": (
        "amount_currency", "amount_residual", "currency_id", "indemnity_amount", "interest_amount", "move_name",
        "penalty_detail", "reminder_id", "upcoming",
    ),
    "dunning.delivery": ("address", "channel", "date_done", "message_id", "registered_number", "reminder_id"),
    "mail.message": ("body", "subject"),
    "payment.transaction": (
        "amount", "create_date", "currency_id", "dunning_excess", "dunning_items", "is_post_processed",
        "last_state_change", "payment_method_id", "provider_id", "reference", "state",
    ),
    "payment.method": ("name",),
    "payment.provider": ("pending_msg",),
}  # fmt: skip

# What the pages look at besides, to show these: the letterhead, where to pay, which plan and which file.
LOOKS_AT = {
    "dunning.account": ("amount_notice", "plan_id"),
    "dunning.plan": ("penalty_waive_days",),
    "dunning.portal.answer": ("account_id", "form_key"),
    "account.move": (
        "amount_residual", "company_id", "currency_id", "invoice_line_ids", "invoice_pdf_report_id", "name",
        "partner_id", "preferred_payment_method_line_id",
    ),
    "account.move.line": ("move_type", "partner_id"),
    "account.journal": ("bank_account_id",),
    "account.payment.method.line": ("journal_id",),
    "dunning.reminder": ("account_id", "line_ids", "state"),
    "ir.actions.report": ("report_name",),
    "ir.attachment": ("mimetype", "raw", "res_model"),
    "mail.message": ("attachment_ids",),
    "res.company": (
        "city", "dunning_privacy_contact", "dunning_user_id", "email", "name", "parent_ids", "partner_id", "phone",
        "primary_color", "street", "street2", "uses_default_logo", "zip",
    ),
    "res.currency": ("name",),
    "res.partner": (
        "bank_ids", "commercial_partner_id", "dunning_status", "email", "invoice_template_pdf_report_id", "name",
        "phone", "property_inbound_payment_method_line_id", "ref", "tz",
    ),
    "res.partner.bank": (
        "acc_holder_name", "acc_number", "active", "allow_out_payment", "bank_bic", "company_id", "currency_id",
        "journal_id", "partner_id",
    ),
    "res.users": ("partner_id",),
}  # fmt: skip

# The documents of a customer: neither purchases nor entries.
DOCUMENTS = ("out_invoice", "out_refund", "out_receipt")

# On every answer: nobody keeps it, no search engine lists it, no other site learns its address or frames it.
HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "frame-ancestors 'self'",
}

"""Which methods anybody may try to call from outside, and how they are tried."""

from odoo.service.model import call_kw

OURS = "odoo.addons.relance_progressive."
# Odoo's own, which its rights on models and records decide: the other tables try them.
ODOO_S = {"create", "write", "unlink", "copy", "copy_data", "default_get", "onchange"}


def public_methods(env):
    """Yield ``(model, method)`` of all that the add-on defines or extends and that RPC lets anybody call."""
    for name in sorted(env.registry):
        classes = env.registry[name].mro()
        own = {
            attribute
            for one in classes if one.__module__.startswith(OURS)
            for attribute, value in vars(one).items() if callable(value) and not attribute.startswith("_")
        }  # fmt: skip
        for method in sorted(own - ODOO_S):
            if not any(getattr(vars(one).get(method), "_api_private", False) for one in classes):
                yield name, method


def call(record, method, *args, **kwargs):
    """Call a method as Odoo does for a request."""
    ids = [] if getattr(getattr(type(record), method), "_api_model", False) else [record.ids]
    return call_kw(record.browse(), method, [*ids, *args], kwargs)


# Who may call what. Each word opens the method to its people and to those after it in this order:
#   anybody   only shows a window, or says nothing: what the window holds has rights of its own. Nothing is written.
#   reader    auditors: nothing of the books changes (a dialog of one's own may be made, figures are worked out again)
#   user      whoever reminds      manager      managers of reminders      admin      whoever changes the settings
# "company": no record is asked for, so that a person of another company calls it for his own.
WHO = ("anybody", "reader", "user", "manager", "admin")
METHODS = {
    "account.move": {
        "reader": "action_dunning_dispute action_dunning_limitation action_dunning_open_penalties action_dunning_pause "
        "action_dunning_penalties action_dunning_reminders",
        "user": "action_dunning_has_it action_dunning_invoice_penalties action_dunning_promise "
        "action_toggle_block_payment button_cancel button_draft",
        "user company": "action_dunning_end_pause",
        "manager": "action_dunning_waive_penalties",
    },
    "account.move.line": {"anybody": "action_dunning_limitation", "reader": "action_dunning_record_interruption"},
    "account.payment": {"reader": "action_post"},
    "dunning.account": {
        "anybody": "action_open_portal_answers action_pause",
        "reader": "action_explain_sent_back action_give_up action_hand_over action_new_delay action_open_customer "
        "action_open_decisions action_open_disputes action_open_items action_open_payments action_open_penalties "
        "action_open_penalty_invoices action_open_reminders action_open_unsent action_record_dispute "
        "action_record_interruption action_refresh",
        "reader company": "action_open_open_reminder action_open_unreachable get_alerts",
        "user": "action_broken_followed_up action_end_pause action_forecast action_invoice_penalties "
        "action_open_portal action_prepare action_record_promise action_revoke_links",
        "user company": "action_close_disputes",
        "manager": "action_waive_penalties",
    },
    "dunning.call": {"user": "action_close_dispute"},
    "dunning.call.record": {"user": "action_save action_save_and_next"},
    "dunning.decision": {
        "anybody": "action_give_up action_hand_over action_new_delay", "reader": "action_open_account",
        "user": "action_reopen",
    },
    "dunning.decision.wizard": {"user": "action_decide"},
    "dunning.delivery": {
        "anybody": "action_came_back action_give_numbers action_open_call action_open_calls action_record_event",
        "reader": "action_open_account action_open_reminder action_print_letters action_print_slip",
        "user": "action_call_ask action_call_no_answer action_call_refused action_poll",
    },
    "dunning.delivery.event": {"anybody": "action_strike_out", "reader": "action_add_proof"},
    "dunning.delivery.event.wizard": {"user": "action_record"},
    "dunning.delivery.strike.wizard": {"manager": "action_strike_out"},
    "dunning.dispute": {
        "anybody": "action_resolve action_saved", "reader": "action_open_account action_open_credit_notes",
        "user": "action_make_credit_notes action_reopen action_withdraw",
    },
    "dunning.dispute.reason": {"manager": "action_copy_for_company"},
    "dunning.dispute.resolve": {"user": "action_save"},
    "dunning.erasure": {"admin": "action_erase"},
    "dunning.forecast": {"user": "action_show"},
    "dunning.forecast.line": {"user": "action_open_account"},
    "dunning.interest.rate": {
        "reader": "action_back_to_shipped action_correct action_next", "manager": "action_verify",
    },
    "dunning.interest.rate.import": {"manager": "action_import"},
    "dunning.interruption": {"anybody": "action_saved", "reader": "action_open_account", "user": "action_strike_out"},
    "dunning.letter.return.wizard": {"user": "action_record"},
    "dunning.level": {
        "manager": "action_adapt_call_script action_copy_for_company action_reset_call_script action_update_seen",
    },
    "dunning.level.channel": {"manager": "action_copy_for_company"},
    "dunning.mailing": {
        "anybody": "action_posted_on",
        "reader": "action_give_numbers action_import_registered action_print_again action_print_slip",
        "user": "action_cancel action_continue action_posted print_next",
    },
    "dunning.mailing.post.wizard": {"user": "action_record"},
    "dunning.money": {"reader": "action_open"},
    "dunning.notice.text": {"manager": "action_copy_for_company"},
    "dunning.pause": {
        "anybody": "action_pause_company action_saved", "reader": "action_open_account", "user": "action_end",
    },
    "dunning.penalty.invoice": {"user": "action_draft action_post"},
    "dunning.penalty.sheet": {"reader": "action_print"},
    "dunning.penalty.waive": {"manager": "action_waive"},
    "dunning.penalty.waiver": {"reader": "action_open_account", "manager company": "action_ask_cancel"},
    "dunning.penalty.waiver.cancel": {"manager": "action_cancel"},
    "dunning.plan": {"manager": "action_copy_for_company"},
    "dunning.portal.answer": {
        "reader": "action_open_account action_open_made",
        "user": "action_accept action_apply_contact action_done action_refuse",
    },
    "dunning.portal.answer.refuse": {"user": "action_refuse"},
    "dunning.portal.contact": {"user": "action_apply"},
    "dunning.promise": {
        "anybody": "action_ask_cancel", "reader": "action_open_account", "user": "action_followed_up",
    },
    "dunning.promise.cancel": {"user": "action_cancel"},
    "dunning.promise.record": {"user": "action_record"},
    "dunning.promise.warning": {"user": "action_left_on_paper action_send_again"},
    "dunning.registered.import": {"user": "action_import"},
    "dunning.registered.scan": {"user": "action_give"},
    "dunning.reminder": {
        "anybody": "mail_allowed_qweb_expressions message_subscribe",
        "reader": "action_call action_open_account action_open_penalties action_pause action_preview_message "
        "action_record_dispute",
        "reader company": "action_open_to_handle",
        "user": "action_approve action_cancel action_edit_text action_pass_level action_postpone "
        "action_record_promise action_release_first_run action_restore_items action_retry action_send_now "
        "action_send_ready action_was_not_sent action_was_sent",
        "manager": "action_waive_penalties",
    },
    "dunning.reminder.line": {"anybody": "action_open_invoice", "user": "action_leave_out"},
    "dunning.reminder.order": {"user": "action_apply"},
    "dunning.reminder.preview": {"reader": "action_approve"},
    "dunning.reminder.words": {"user": "action_save action_standard"},
    "dunning.sent.back": {"user": "action_leave_out action_save"},
    "dunning.takeover": {"manager": "action_apply action_propose action_undo"},
    # Odoo's own, that the add-on extends: paper sizes, an activity's document, archiving a person.
    "ir.actions.report": {"anybody": "get_paperformat get_paperformat_by_xmlid"},
    "mail.activity": {"anybody": "action_open_document"},
    "res.config.settings": {
        "admin": "action_dunning_drop action_dunning_end_pause action_dunning_leaving action_dunning_pause "
        "action_dunning_right action_dunning_take_back action_dunning_wrong",
    },
    "res.partner": {"reader": "action_dunning_account", "admin": "action_dunning_accept_status"},
    "res.users": {"anybody": "action_archive"},
}


def listed():
    """Yield ``(model, method, who, company)`` of the table."""
    for model, people in METHODS.items():
        for who, methods in people.items():
            for method in methods.split():
                yield model, method, who.partition(" ")[0], who.endswith(" company")

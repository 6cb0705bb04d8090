import { registry } from "@web/core/registry";
import { isNow } from "./state";

const tours = registry.category("web_tour.tours");

// Why is this customer reminded, and what comes next?
tours.add("dunning_account_tour", {
    steps: () => [
        {
            content: "The customer is in the list of those to follow up, with the reason",
            trigger: ".o_data_row:contains(Boulangerie Petit) td[name=reason_text]:contains(waits for an approval)",
        },
        {
            content: "Open the account",
            trigger: ".o_data_row:contains(Boulangerie Petit) td[name=partner_id]",
            run: "click",
        },
        {
            content: "The account says where it stands, why, and what comes next",
            trigger: ".alert .o_field_widget[name=headline]:contains(overdue)",
        },
        { trigger: ".alert .o_field_widget[name=reason_text]:contains(waits for an approval)" },
        { trigger: ".alert .o_field_widget[name=next_step]:contains(Never reminded)" },
        {
            content: "The invoice is there, with its next level",
            trigger: ".o_field_widget[name=move_line_ids] .o_data_row td[name=dunning_next_level_id]:contains(friendly)",
        },
        {
            content: "Look at the reminders",
            trigger: ".o_notebook .nav-link:contains(Reminders)",
            run: "click",
        },
        {
            content: "The one that waits is there",
            trigger: ".o_field_widget[name=reminder_ids] .o_data_row:contains(To Approve)",
        },
    ],
});

// A reminder waits for an approval: read it, approve it.
tours.add("dunning_reminder_tour", {
    steps: () => [
        {
            content: "Open the reminder that waits",
            trigger: ".o_data_row:contains(Boulangerie Petit) td[name=partner_id]",
            run: "click",
        },
        {
            content: "It claims the invoice",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(1,000.00)",
        },
        {
            content: "Read the message",
            trigger: "button[name=action_preview_message]",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name=body]:contains(boulangerie.petit@example.com)" },
        { trigger: ".modal .o_field_widget[name=body]:contains(Please pay)" },
        {
            content: "Approve it",
            trigger: ".modal button[name=action_approve]",
            run: "click",
        },
        {
            content: "It is ready",
            trigger: isNow("Ready"),
        },
    ],
});

// A plan and its levels.
tours.add("dunning_plan_tour", {
    steps: () => [
        {
            content: "Open the plan",
            trigger: ".o_data_row td[name=name]:contains(Plan)",
            run: "click",
        },
        {
            content: "Its levels are there, in order",
            trigger: ".o_field_widget[name=level_ids] .o_data_row:eq(1):contains(friendly)",
        },
        {
            content: "Leave customers in peace for a week",
            trigger: ".o_field_widget[name=spacing_days] input",
            run: "edit 7",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        { trigger: ".o_form_saved" },
    ],
});

// A customer contests 200 of an invoice: record it, then answer that the amount is due.
tours.add("dunning_dispute_tour", {
    steps: () => [
        {
            content: "Open the account",
            trigger: ".o_data_row:contains(Boulangerie Petit) td[name=partner_id]",
            run: "click",
        },
        {
            content: "Record a dispute",
            trigger: "button[name=action_record_dispute]",
            run: "click",
        },
        {
            content: "The price is contested",
            trigger: ".modal .o_field_widget[name=reason_id] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(Price)",
            run: "click",
        },
        {
            content: "The only invoice is proposed, as a whole; only a part of it is contested",
            trigger: ".modal .o_field_widget[name=line_ids] .o_data_row .o_field_widget[name=whole] input",
            run: "click",
        },
        {
            content: "Look at the amount",
            trigger: ".modal .o_field_widget[name=line_ids] .o_data_row td[name=amount]",
            run: "click",
        },
        {
            content: "200 of it",
            trigger: ".modal .o_field_widget[name=line_ids] .o_data_row .o_field_widget[name=amount] input",
            run: "edit 200",
        },
        {
            content: "Record it",
            trigger: ".modal button[name=action_saved]",
            run: "click",
        },
        {
            content: "The account says so",
            trigger: "body:not(:has(.modal)) .alert .o_field_widget[name=reason_text]:contains(Contested: price)",
        },
        {
            content: "Look at the disputes",
            trigger: "button[name=action_open_disputes]",
            run: "click",
        },
        {
            content: "As cards",
            trigger: ".o_switch_view.o_kanban",
            run: "click",
        },
        {
            content: "Open the dispute, among those to answer",
            trigger: ".o_kanban_group:contains(To Answer) .o_kanban_record:contains(Price)",
            run: "click",
        },
        {
            content: "The amount is due after all",
            trigger: "button[name=action_resolve]:contains(Reject)",
            run: "click",
        },
        {
            content: "The customer is told why, in a text that can be changed",
            trigger: ".modal .o_field_widget[name=body]:contains(kindly ask)",
        },
        {
            content: "Send the answer",
            trigger: ".modal button[name=action_save]:contains(Send and Record)",
            run: "click",
        },
        {
            content: "It is answered",
            trigger: isNow("Rejected"),
        },
    ],
});

// One invoice of a customer rests for two weeks.
tours.add("dunning_pause_tour", {
    steps: () => [
        {
            content: "Open the account",
            trigger: ".o_data_row:contains(Boulangerie Petit) td[name=partner_id]",
            run: "click",
        },
        {
            content: "Pause",
            trigger: "button[name=action_pause]",
            run: "click",
        },
        {
            content: "One invoice only",
            trigger: ".modal .o_field_widget[name=only_items] input",
            run: "click",
        },
        {
            content: "Look for it",
            trigger: ".modal .o_field_widget[name=line_ids] input",
            run: "click",
        },
        {
            content: "This one",
            trigger: ".o-autocomplete--dropdown-menu .ui-menu-item a:contains(00001)",
            run: "click",
        },
        {
            content: "What a colleague has to know",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit They wait for their bank",
        },
        {
            content: "Pause it",
            trigger: ".modal button[name=action_saved]",
            run: "click",
        },
        {
            content: "The account says so",
            trigger: "body:not(:has(.modal)) .alert .o_field_widget[name=reason_text]:contains(They wait for their bank)",
        },
        {
            content: "Its history is there",
            trigger: ".o_notebook .nav-link:contains(Pauses)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=pause_ids] .o_data_row:contains(Running)",
        },
    ],
});

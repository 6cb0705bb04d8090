import { registry } from "@web/core/registry";
import { isNow } from "./state";

const tours = registry.category("web_tour.tours");

// Two messages wait for an approval: one is written again and shortened, the other is passed.
tours.add("dunning_queue_tour", {
    steps: () => [
        {
            content: "Grouped by person in charge",
            trigger: ".o_group_header:contains(clerk)",
            run: "click",
        },
        {
            content: "Then by level",
            trigger: ".o_group_header:contains(friendly)",
            run: "click",
        },
        {
            content: "Open the larger one",
            trigger: ".o_data_row:contains(Garage Morin) td[name=partner_id]",
            run: "click",
        },
        {
            content: "Leave the first invoice out",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(1,000.00) button[name=action_leave_out]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=amount_total]:contains(500.00)",
        },
        {
            content: "Write it in other words",
            trigger: "button[name=action_edit_text]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=body] .odoo-editor-editable:contains(Please pay)",
            run: "editor As we said on the phone.",
        },
        {
            trigger: ".modal button[name=action_save]",
            run: "click",
        },
        {
            content: "Read it as the customer will",
            trigger: "body:not(:has(.modal)) button[name=action_preview_message]",
            run: "click",
        },
        {
            content: "Approve it",
            trigger: ".modal:has(.o_field_widget[name=body]:contains(As we said)) button[name=action_approve]",
            run: "click",
        },
        {
            trigger: isNow("Ready"),
        },
        {
            content: "Back to the queue",
            trigger: ".breadcrumb-item a, .o_back_button a",
            run: "click",
        },
        {
            content: "The other one",
            trigger: ".o_data_row:contains(Hotel Bellevue) td[name=partner_id]",
            run: "click",
        },
        {
            trigger: ".o_form_view:contains(Hotel Bellevue) button[name=action_pass_level]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit They have a new manager",
        },
        {
            trigger: ".modal button[name=action_apply]:contains(Pass)",
            run: "click",
        },
        {
            content: "Passed, and it says so",
            trigger: "body:not(:has(.modal)) .o_field_widget[name=reason]:contains(They have a new manager)",
        },
    ],
});

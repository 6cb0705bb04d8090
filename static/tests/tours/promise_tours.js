import { registry } from "@web/core/registry";
import { isNow } from "./state";

const theCustomerCalls = [
    {
        content: "Open the account",
        trigger: ".o_data_row:contains(Boulangerie Petit) td[name=partner_id]",
        run: "click",
    },
    {
        content: "The customer calls",
        trigger: "button[name=action_record_promise]",
        run: "click",
    },
];

// The customer says when a part of the money comes: record it.
registry.category("web_tour.tours").add("dunning_promise_tour", {
    steps: () => [
        ...theCustomerCalls,
        {
            content: "What is late is proposed",
            trigger: ".modal .o_field_widget[name=item_ids] .o_data_row:contains(1,000.00)",
        },
        {
            content: "Only a part is promised",
            trigger: ".modal .o_field_widget[name=amount] input",
            run: "edit 400",
        },
        {
            content: "In the customer's words",
            trigger: ".modal .o_field_widget[name=words] textarea",
            run: "edit I pay 400 next week",
        },
        {
            content: "Record it",
            trigger: ".modal button[name=action_record]",
            run: "click",
        },
        {
            content: "It is told what was recorded",
            trigger: "body:not(:has(.modal)) .o_notification:contains(Promise recorded)",
        },
        {
            content: "Look at the promises of the account",
            trigger: ".o_notebook .nav-link:contains(Promises)",
            run: "click",
        },
        {
            content: "It is there, expected",
            trigger: ".o_field_widget[name=promise_ids] .o_data_row:contains(Expected)",
        },
        {
            content: "The account says why it is left in peace",
            trigger: ".alert .o_field_widget[name=reason_text]:contains(Promised for)",
        },
    ],
});

// The customer cannot pay at once: agree on a payment plan.
registry.category("web_tour.tours").add("dunning_payment_plan_tour", {
    steps: () => [
        ...theCustomerCalls,
        {
            content: "In instalments",
            trigger: ".modal .o_field_widget[name=mode] .o_radio_item:contains(In instalments) input",
            run: "click",
        },
        {
            content: "Four of them",
            trigger: ".modal .o_field_widget[name=count] input",
            run: "edit 4 && press Tab",
        },
        {
            content: "The dates are proposed",
            trigger: ".modal .o_field_widget[name=date_ids] .o_data_row:nth-child(4):contains(250.00)",
        },
        {
            content: "Record it",
            trigger: ".modal button[name=action_record]",
            run: "click",
        },
        {
            content: "Look at the promises of the account",
            trigger: "body:not(:has(.modal)) .o_notebook .nav-link:contains(Promises)",
            run: "click",
        },
        {
            content: "Open the plan",
            trigger: ".o_field_widget[name=promise_ids] .o_data_row:contains(4 payments) td[name=summary]",
            run: "click",
        },
        {
            content: "Each date is expected, and the clause is there",
            trigger: ".modal .o_field_widget[name=line_ids] .o_data_row:nth-child(4):contains(Expected)",
        },
        {
            content: "It may be cancelled, with a reason",
            trigger: ".modal button[name=action_ask_cancel]",
            run: "click",
        },
        {
            content: "Another plan is agreed on",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Another plan is agreed on",
        },
        {
            content: "Cancel it",
            trigger: ".modal button[name=action_cancel]",
            run: "click",
        },
        {
            content: "It is cancelled",
            trigger: isNow("Cancelled", ".modal:not(:has([name=action_cancel]))"),
        },
    ],
});

import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// Two calls to make: nobody answers the first one, the second customer promises to pay.
tours.add("dunning_call_tour", {
    steps: () => [
        {
            content: "The largest amount comes first",
            trigger: ".o_data_row:eq(0):contains(Boulangerie Petit) td[name=call_amount]:contains(5,000.00)",
        },
        {
            content: "Open the call",
            trigger: ".o_data_row:eq(0) td[name=partner_id]",
            run: "click",
        },
        {
            content: "The number is a link that a phone can dial",
            trigger: ".o_field_widget[name=address] a[href='tel:+33142685300']:contains(+33 1 42 68 53 00)",
        },
        { trigger: ".o_field_widget[name=call_national]:contains(01 42 68 53 00)" },
        { trigger: ".o_field_widget[name=call_local_time]:contains(:)" },
        {
            content: "What to say, with the figures of the customer",
            trigger: ".o_field_widget[name=call_sheet]:contains(Open the call):contains(5,000.00)",
        },
        {
            content: "Nobody answers: one click, and the next call is there",
            trigger: "button[name=action_call_no_answer]",
            run: "click",
        },
        { trigger: ".o_field_widget[name=partner_id]:contains(Garage Morin)" },
        {
            content: "This one promises",
            trigger: "button[name=action_call_ask]:contains(Will Pay)",
            run: "click",
        },
        {
            content: "All of it, on the day that is proposed",
            trigger: ".modal .o_field_widget[name=promise_date] button, .modal .o_field_widget[name=promise_date] input",
        },
        {
            trigger: ".modal button[name=action_save_and_next]",
            run: "click",
        },
        {
            content: "Nothing left for today",
            trigger: "body:not(:has(.modal)) .o_view_nocontent:contains(No call to make)",
        },
    ],
});

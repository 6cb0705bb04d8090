import { registry } from "@web/core/registry";
import { isNow } from "./state";

const tours = registry.category("web_tour.tours");

// Old invoices at go-live: where they start, what the next weeks bring, and apply.
tours.add("dunning_takeover_tour", {
    steps: () => [
        {
            content: "Make a proposal",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "A firm message may come first",
            trigger: ".o_field_widget[name=firmest] input[data-value=firm]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=daily_cap] input",
            run: "edit 50",
        },
        {
            content: "Save: the proposal is worked out",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "They are all months late by now: they start with the last firm message",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(firm +20):contains(700.00)",
        },
        {
            content: "The next weeks",
            trigger: ".o_notebook .nav-link:contains(The Next Weeks)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=day_ids] .o_data_row",
        },
        {
            content: "Apply it",
            trigger: "button[name=action_apply]",
            run: "click",
        },
        {
            trigger: ".modal .modal-footer .btn-primary:contains(Apply)",
            run: "click",
        },
        {
            content: "Applied, and the history says so",
            trigger: isNow("Applied"),
        },
        {
            trigger: ".o-mail-Message:contains(Nothing was sent)",
        },
    ],
});

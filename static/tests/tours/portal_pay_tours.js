import { registry } from "@web/core/registry";
import { fine } from "./portal_look";

const payWithTheDemoProvider = [
    fine,
    {
        content: "Choose the demo provider",
        trigger: "input[name=o_payment_radio][data-provider-code=demo]",
        run: "click",
    },
    {
        content: "Any number will do",
        trigger: "#customer_input",
        run: "edit 1234",
    },
    {
        content: "Pay",
        trigger: "button[name=o_payment_submit_button]:enabled",
        run: "click",
        expectUnloadPage: true,
    },
    {
        content: "We are thanked, and told what comes next",
        trigger: ".o_dunning_said:contains(was made):contains(nothing more is to do)",
    },
    fine,
    {
        content: "Back to the account",
        trigger: ".o_dunning_button:contains(Back to the account)",
        run: "click",
        expectUnloadPage: true,
    },
];

// Read what is owed, and pay all that is overdue.
registry.category("web_tour.tours").add("dunning_portal_pay_tour", {
    steps: () => [
        {
            content: "What is overdue stands first",
            trigger: ".o_dunning_figures .o_dunning_late:contains(1,500.00)",
        },
        { trigger: ".o_dunning_items tr:contains(12 days late)" },
        {
            content: "Pay all of it",
            trigger: "a.o_dunning_button_main:contains(1,500.00)",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "h1:contains(1,500.00)" },
        ...payWithTheDemoProvider,
        {
            content: "Nothing is overdue any more",
            trigger: ".o_dunning_figures:contains(Nothing)",
        },
    ],
});

// Pay a part of one invoice.
registry.category("web_tour.tours").add("dunning_portal_pay_part_tour", {
    steps: () => [
        {
            content: "Another amount",
            trigger: "#pay-choice summary",
            run: "click",
        },
        {
            content: "Of the second invoice",
            trigger: "#pay-choice label:contains(500.00) input",
            run: "check",
        },
        {
            content: "More than is left of it",
            trigger: "#pay-amount",
            run: "edit 600",
        },
        {
            content: "Go on",
            trigger: "#pay-choice button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "We are told how much is left",
            trigger: "#pay-choice .o_dunning_wrong:contains(500.00):contains(at most)",
        },
        fine,
        {
            content: "What was chosen is still there: change the amount",
            trigger: "#pay-choice:has(label:contains(500.00) input:checked) #pay-amount",
            run: "edit 120,50",
        },
        {
            content: "Go on",
            trigger: "#pay-choice button",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "h1:contains(120.50)" },
        ...payWithTheDemoProvider,
        {
            content: "The rest is still overdue",
            trigger: ".o_dunning_figures .o_dunning_late:contains(1,379.50)",
        },
    ],
});

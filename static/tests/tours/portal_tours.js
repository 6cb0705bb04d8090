import { registry } from "@web/core/registry";
import { fine } from "./portal_look";

const tours = registry.category("web_tour.tours");

/** Open the form of an answer as somebody without a mouse does: it has the focus, and the focus is seen. */
const open = (kind) => [
    {
        content: "Reach the form with the keyboard",
        trigger: `#answer-${kind} summary`,
        run() {
            this.anchor.focus({ focusVisible: true });
            const { outlineStyle, outlineWidth } = getComputedStyle(this.anchor);
            if (document.activeElement !== this.anchor || outlineStyle === "none" || parseInt(outlineWidth) < 2) {
                throw new Error("The focus cannot be seen.");
            }
            this.anchor.click();
        },
    },
    { content: "It is open", trigger: `#answer-${kind}[open] button[type=submit]` },
    fine,
];

const send = (kind, said) => [
    {
        content: "Send it",
        trigger: `#answer-${kind} button[type=submit]`,
        run: "click",
        expectUnloadPage: true,
    },
    {
        content: "It is told what becomes of it, where it is seen",
        trigger: `.o_dunning_said:contains(${said})`,
        run() {
            const { top, bottom } = this.anchor.getBoundingClientRect();
            if (top < -1 || bottom > window.innerHeight) {
                throw new Error(`What becomes of the answer is out of sight: ${top} to ${bottom} of ${window.innerHeight} px.`);
            }
        },
    },
    fine,
];

tours.add("dunning_portal_read_tour", {
    steps: () => [
        fine,
        { content: "What is overdue", trigger: ".o_dunning_figures:contains(36,500.00)" },
        { content: "Why", trigger: ".o_dunning_items tr.o_dunning_late:contains(12 days late)" },
        { content: "What being late adds", trigger: ".o_dunning_sums:contains(145.80):contains(40.00)" },
        { content: "How that was computed", trigger: ".o_dunning_computation summary", run: "click" },
        { content: "It can be done again by hand", trigger: ".o_dunning_computation[open] td:contains(12/365)" },
        fine,
        {
            content: "Open the reminder",
            trigger: "#dunning_portal_reminders a[href*='/reminder/']:not([href*='.pdf'])",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "As it was sent", trigger: ".o_dunning_text:contains(Please pay soon)" },
        fine,
        {
            content: "Go back",
            trigger: ".o_dunning_portal > p > a:contains(Back to the account)",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "There it is again", trigger: "#dunning_portal_items" },
    ],
});

tours.add("dunning_portal_promise_tour", {
    steps: () => [
        ...open("promise"),
        { content: "Only a part", trigger: "#promise-amount", run: "edit 250,50" },
        { content: "Say more", trigger: "#promise-words", run: "edit The rest follows next month" },
        ...send("promise", "We have noted your commitment"),
        { content: "It is on the account", trigger: "#dunning_promises_title + ul li:contains(250.50)" },
    ],
});

tours.add("dunning_portal_plan_tour", {
    steps: () => [
        ...open("plan"),
        { content: "Four payments", trigger: "#plan-count", run: "edit 4" },
        { content: "Agree", trigger: "#answer-plan input[name=agreed]", run: "click" },
        ...send("plan", "Your payment plan is agreed"),
    ],
});

tours.add("dunning_portal_dispute_tour", {
    steps: () => [
        ...open("dispute"),
        { content: "The invoice", trigger: "#answer-dispute input[name=item]:first", run: "click" },
        { content: "More than it is worth", trigger: "#dispute-amount", run: "edit 99999" },
        { content: "In words", trigger: "#dispute-words", run: "edit The price is that of last year" },
        {
            content: "Send it",
            trigger: "#answer-dispute button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "It says what is wrong", trigger: "#dispute-amount[aria-invalid=true]" },
        { content: "Next to the field", trigger: "#dispute-amount-wrong:contains(at most)" },
        {
            content: "Which has the focus",
            trigger: "#dispute-amount",
            run() {
                if (document.activeElement !== this.anchor) {
                    throw new Error(`The focus is on ${document.activeElement.outerHTML.slice(0, 100)}`);
                }
            },
        },
        fine,
        { content: "Correct it", trigger: "#dispute-amount", run: "edit 200" },
        ...send("dispute", "We have received your objection"),
        { content: "It is on the account", trigger: "#dunning_disputes_title + ul li:contains(200.00)" },
    ],
});

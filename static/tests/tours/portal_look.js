import { loadJS } from "@web/core/assets";
import { registry } from "@web/core/registry";

const AXE = "/relance_progressive/axe.min.js"; // the tests put it there, from where RELANCE_AXE says
const SMALLEST_TEXT = 16; // px of a field: below it a phone zooms in
const SMALLEST_TICK = 24; // px: WCAG 2.2, target size
const NOT_OURS = [
    // Odoo's sign on its payment form where a provider is in test mode, which no customer sees.
    ".o_dunning_pay_form i.fa-exclamation-triangle.text-warning",
    // Odoo's word for itself, in the foot of every page of a website.
    "footer .o_brand_promotion",
];
const GRAVE = ["serious", "critical"];

const inSight = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility());

/** Nothing stands out to the right of the screen, no day is broken, all that is typed or ticked is large enough. */
function checkSizes() {
    const { scrollWidth } = document.documentElement;
    if (scrollWidth > window.innerWidth) {
        throw new Error(`The page is ${scrollWidth} px wide on a screen of ${window.innerWidth} px.`);
    }
    for (const day of inSight(".o_dunning_portal .o_dunning_day")) {
        if (day.getClientRects().length > 1) {
            throw new Error(`A day is broken over two lines: ${day.textContent}`);
        }
    }
    for (const field of inSight(".o_dunning_portal :is(input, select, textarea):not([type=hidden])")) {
        if (["checkbox", "radio"].includes(field.type)) {
            const { width, height } = field.getBoundingClientRect();
            if (Math.min(width, height) < SMALLEST_TICK) {
                throw new Error(`A box of ${width} x ${height} px: ${field.outerHTML}`);
            }
        } else if (field.type !== "file" && parseFloat(getComputedStyle(field).fontSize) < SMALLEST_TEXT) {
            throw new Error(`Text of ${getComputedStyle(field).fontSize}: ${field.outerHTML}`);
        }
    }
}

/** What axe-core finds that keeps some people from using the page. */
async function checkAccess() {
    const { status } = await fetch(AXE, { method: "HEAD" });
    if (status === 404) {
        console.warn("axe-core is not here: RELANCE_AXE does not say where; dev/odoo test brings it.");
        return;
    }
    await loadJS(AXE);
    const { violations } = await window.axe.run({ exclude: NOT_OURS });
    const grave = violations.filter(({ impact }) => GRAVE.includes(impact));
    if (grave.length) {
        const words = grave.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" ")}`);
        throw new Error(`axe-core finds on ${document.title}: ${words.join("; ")}`);
    }
}

/** What a person with a phone, or one who does not see well, notices at once. */
export const fine = {
    content: "It can be read and used by everybody",
    trigger: ".o_dunning_portal h1",
    timeout: 60000,
    async run() {
        checkSizes();
        await checkAccess();
    },
};

const unfold = {
    content: "All that can be unfolded",
    trigger: ".o_dunning_portal h1",
    run() {
        document.querySelectorAll("details").forEach((one) => (one.open = true));
    },
};

registry.category("web_tour.tours").add("dunning_portal_look_tour", { steps: () => [unfold, fine] });

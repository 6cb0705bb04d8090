import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const PATIENCE = 2000; // milliseconds, while someone else is at work on these letters

/**
 * Prints the letters of mailings a few at a time. Each call is complete in itself: closing the window or
 * losing the connection loses nothing, and the mailing goes on where it stopped.
 */
export class MailingProgress extends Component {
    static template = "relance_progressive.MailingProgress";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.mailings = this.props.action.params.mailings;
        this.state = useState({ done: {}, error: "" });
        onMounted(() => this.printAll());
        onWillUnmount(() => (this.stopped = true));
    }

    get counts() {
        const all = Object.values(this.state.done);
        const sum = (name) => all.reduce((total, counts) => total + counts[name], 0);
        return { done: sum("done"), total: sum("total"), failed: sum("failed") };
    }

    get percent() {
        const { done, total } = this.counts;
        return total ? Math.round((100 * done) / total) : 0;
    }

    get words() {
        const { done, total } = this.counts;
        return total ? _t("%(done)s of %(total)s letters", { done, total }) : _t("The first letters are being made…");
    }

    get leftOut() {
        return _t("%(count)s left out, the list says why", { count: this.counts.failed });
    }

    async printAll() {
        try {
            for (const id of this.mailings) {
                await this.printOne(id);
            }
        } catch (error) {
            this.state.error = error.data?.message || error.message || _t("The connection was lost.");
            return;
        }
        if (!this.stopped) {
            this.showMailings();
        }
    }

    async printOne(id) {
        let progress = { finished: false };
        while (!progress.finished && !this.stopped) {
            progress = await this.orm.silent.call("dunning.mailing", "print_next", [[id]]);
            this.state.done[id] = progress;
            if (progress.busy) {
                await new Promise((resolve) => setTimeout(resolve, PATIENCE));
            }
        }
    }

    retry() {
        this.state.error = "";
        this.printAll();
    }

    /** Show what was printed; in place of the mailing itself when the printing went on from there. */
    async showMailings() {
        const shown = this.action.currentController?.props?.resModel === "dunning.mailing";
        const options = shown ? { stackPosition: "replaceCurrentAction" } : {};
        await this.action.doAction({ type: "ir.actions.act_window_close" });
        if (this.mailings.length > 1) {
            await this.action.doAction("relance_progressive.dunning_mailing_action", options);
            return;
        }
        const form = { type: "ir.actions.act_window", res_model: "dunning.mailing", views: [[false, "form"]] };
        await this.action.doAction({ ...form, res_id: this.mailings[0] }, options);
    }
}

registry.category("actions").add("relance_progressive.mailing_progress", MailingProgress);

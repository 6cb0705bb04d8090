import { onWillStart } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";

/** A list with what a person has to know before acting on it, above the rows. */
export class AlertListRenderer extends ListRenderer {
    static template = "relance_progressive.AlertListRenderer";

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.alerts = [];
        onWillStart(async () => {
            this.alerts = await this.orm.call("dunning.account", "get_alerts", []);
        });
    }
}

registry.category("views").add("dunning_alert_list", { ...listView, Renderer: AlertListRenderer });

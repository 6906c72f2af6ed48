import {onWillStart, useState} from "@odoo/owl";
import {ListRenderer} from "@web/views/list/list_renderer";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/** The list of legal figures, under a banner that names what is to be loaded. */
export class RateListRenderer extends ListRenderer {
    static template = "recouvrement.RateListRenderer";

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.missing = useState({texts: []});
        onWillStart(async () => {
            this.missing.texts = await this.orm.call(
                "recouvrement.rate",
                "get_missing_texts",
                []
            );
        });
    }
}

registry.category("views").add("recouvrement_rate_list", {
    ...listView,
    Renderer: RateListRenderer,
});

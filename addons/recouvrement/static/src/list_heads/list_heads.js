/** Lists of these addons say the whole name of a column, on several lines when need be:
 * French and German names are longer than Odoo's columns of figures and dates. */

import {patch} from "@web/core/utils/patch";
import {ListRenderer} from "@web/views/list/list_renderer";

patch(ListRenderer.prototype, {
    getColumnClass(column) {
        const names = super.getColumnClass(column);
        const isOurs = this.props.list.resModel.startsWith("recouvrement.");
        return isOurs ? `${names} o_recouvrement_head` : names;
    },
});

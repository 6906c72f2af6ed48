import {KanbanController} from "@web/views/kanban/kanban_controller";
import {KanbanRenderer} from "@web/views/kanban/kanban_renderer";
import {ListController} from "@web/views/list/list_controller";
import {ListRenderer} from "@web/views/list/list_renderer";
import {WorkTabs} from "./work_tabs";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

const DESK = "recouvrement.recouvrement_desk_action";

/** The list that a record stands in: its group when the list is grouped. */
function listOf(root, record) {
    if (!root.isGrouped) {
        return root;
    }
    const group = root.groups.find(({list}) =>
        list.records?.some((other) => other.id === record.id)
    );
    return group ? group.list : root;
}

/** Opening a debtor starts the conveyor: the desk gets the whole list, in its order. */
const conveyor = (Controller) =>
    class extends Controller {
        setup() {
            super.setup();
            this.orm = useService("orm");
            this.desk = useService("action");
        }

        async openRecord(record, options = {}) {
            const list = listOf(this.model.root, record);
            const order = list.orderBy
                .map(({name, asc}) => `${name} ${asc ? "asc" : "desc"}`)
                .join(", ");
            const queue = await this.orm.call("recouvrement.debtor", "get_work_queue", [
                list.domain,
                order || null,
            ]);
            const action = await this.desk.loadAction(DESK);
            return this.desk.doAction(
                {...action, path: "desk", params: {resId: record.resId, queue}},
                {props: {resId: record.resId}, newWindow: options.newWindow}
            );
        }
    };

class WorklistListRenderer extends ListRenderer {
    static template = "recouvrement.WorklistListRenderer";
    static components = {...ListRenderer.components, WorkTabs};
}

class WorklistKanbanRenderer extends KanbanRenderer {
    static template = "recouvrement.WorklistKanbanRenderer";
    static components = {...KanbanRenderer.components, WorkTabs};
}

registry.category("views").add("recouvrement_worklist_list", {
    ...listView,
    Controller: conveyor(ListController),
    Renderer: WorklistListRenderer,
});

registry.category("views").add("recouvrement_worklist_kanban", {
    ...kanbanView,
    Controller: conveyor(KanbanController),
    Renderer: WorklistKanbanRenderer,
});

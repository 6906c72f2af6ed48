import {ListRenderer} from "@web/views/list/list_renderer";
import {_t} from "@web/core/l10n/translation";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {user} from "@web/core/user";
import {onWillStart, useState} from "@odoo/owl";

/** List on which the bank's files, of whatever kind, can be dropped. */
export class BankFileListRenderer extends ListRenderer {
    static template = "recouvrement_sepa.BankFileListRenderer";

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.actions = useService("action");
        this.drop = useState({visible: false, busy: false});
        this.dropTitle = _t("Drop the files of your bank");
        this.dropText = _t("Statements, notifications and status reports.");
        onWillStart(async () => {
            this.canLoad = await user.checkAccessRight(
                "recouvrement.bank.file",
                "create"
            );
        });
    }

    onDragEnter(ev) {
        if (this.canLoad && [...ev.dataTransfer.types].includes("Files")) {
            this.drop.visible = true;
        }
    }

    onDragLeave(ev) {
        if (ev.target.classList.contains("o_sepa_drop_zone")) {
            this.drop.visible = false;
        }
    }

    async onDrop(ev) {
        const files = [...ev.dataTransfer.files];
        this.drop.visible = false;
        if (!files.length || this.drop.busy) {
            return;
        }
        this.drop.busy = true;
        try {
            const ids = await Promise.all(files.map((file) => this.send(file)));
            const action = await this.orm.call(
                "recouvrement.bank.file",
                "create_document_from_attachment",
                [],
                {attachment_ids: ids}
            );
            await this.actions.doAction(action);
        } finally {
            this.drop.busy = false;
        }
    }

    async send(file) {
        const data = await new Promise((resolve, reject) => {
            const reader = new FileReader();
            reader.onload = () => resolve(reader.result.split(",", 2)[1] || "");
            reader.onerror = () => reject(reader.error);
            reader.readAsDataURL(file);
        });
        const values = {name: file.name, datas: data};
        const [id] = await this.orm.create("ir.attachment", [values]);
        return id;
    }
}

registry.category("views").add("recouvrement_bank_file_list", {
    ...listView,
    Renderer: BankFileListRenderer,
});

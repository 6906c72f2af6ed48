import {Component, onWillStart, useState} from "@odoo/owl";
import {FileModel} from "@web/core/file_viewer/file_model";
import {useService} from "@web/core/utils/hooks";

/** A file at an address of its own, such as a report that prints on demand. */
class RoutedFile extends FileModel {
    get urlRoute() {
        return this.route;
    }

    get urlQueryParams() {
        return {};
    }
}

/** The documents behind one item: invoice, files, orders, contract. */
export class DocumentsPopover extends Component {
    static template = "recouvrement.DocumentsPopover";
    static props = {
        debtorId: Number,
        lineId: Number,
        onOpen: Function,
        onView: Function,
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({sections: []});
        onWillStart(async () => {
            const documents = await this.orm.call(
                "recouvrement.debtor",
                "get_desk_documents",
                [[this.props.debtorId], this.props.lineId]
            );
            const sections = Map.groupBy
                ? Map.groupBy(documents, ({section}) => section)
                : groupBySection(documents);
            this.state.sections = [...sections].map(([name, rows]) => ({name, rows}));
        });
    }

    file(row) {
        return Object.assign(new RoutedFile(), {
            name: row.name,
            mimetype: row.mimetype,
            route: row.url,
        });
    }

    isViewable(row) {
        return row.url && this.file(row).isViewable;
    }

    view(row) {
        this.props.close();
        this.props.onView(this.file(row));
    }

    open(row) {
        this.props.close();
        this.props.onOpen(row.model, row.res_id);
    }

    download(row) {
        return row.url + (row.url.startsWith("/web/content/") ? "?download=true" : "");
    }
}

function groupBySection(documents) {
    const sections = new Map();
    for (const row of documents) {
        sections.set(row.section, [...(sections.get(row.section) || []), row]);
    }
    return sections;
}

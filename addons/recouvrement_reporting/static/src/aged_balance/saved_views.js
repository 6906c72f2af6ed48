import {Component, useState} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {useService} from "@web/core/utils/hooks";

/** Views that the user kept, and those that colleagues share. */
export class SavedViews extends Component {
    static template = "recouvrement_reporting.SavedViews";
    static components = {Dropdown, DropdownItem};
    static props = {
        views: Array,
        mayShare: Boolean,
        getOptions: Function,
        preset: String,
        onOpen: Function,
        onChange: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({name: "", isShared: false, isDefault: false});
    }

    async save() {
        if (!this.state.name.trim()) {
            return;
        }
        const views = await this.orm.call(
            "recouvrement.aged.balance.view",
            "save_view",
            [
                this.state.name,
                this.props.getOptions(),
                this.state.isShared,
                this.state.isDefault,
                this.props.preset,
            ]
        );
        Object.assign(this.state, {name: "", isShared: false, isDefault: false});
        this.props.onChange(views);
    }

    onKeydown(event) {
        if (event.key === "Enter") {
            event.preventDefault();
            event.stopPropagation();
            this.save();
        }
    }

    async remove(view) {
        const views = await this.orm.call(
            "recouvrement.aged.balance.view",
            "delete_view",
            [view.id]
        );
        this.props.onChange(views);
    }
}

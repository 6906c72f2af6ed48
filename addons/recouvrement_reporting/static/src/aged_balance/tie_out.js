import {Component, useState} from "@odoo/owl";

/** The balance against the general ledger: one line, or an alarm. */
export class TieOut extends Component {
    static template = "recouvrement_reporting.TieOut";
    static props = {
        tieOut: Object,
        format: Function,
        currencyName: Function,
        onOpen: Function,
    };

    setup() {
        this.state = useState({isOpen: false});
    }

    toggle() {
        this.state.isOpen = !this.state.isOpen;
    }
}

import {Component, markup, useState} from "@odoo/owl";
import {Field} from "@web/views/fields/field";
import {Record} from "@web/model/record";
import {day} from "./desk_dates";
import {money} from "./money";

/** Whom to call or write to. */
export class DeskContacts extends Component {
    static template = "recouvrement.DeskContacts";
    static props = {contacts: Array, onOpen: Function};

    callLink(phone) {
        return `tel:${phone.replace(/[^\d+]/g, "")}`;
    }
}

/** What a colleague must know: read at once, edited in place with Odoo's editor. */
export class DeskNote extends Component {
    static template = "recouvrement.DeskNote";
    static components = {Field, Record};
    static props = {
        debtorId: Number,
        note: String,
        canWrite: Boolean,
        onSaved: Function,
    };

    setup() {
        this.state = useState({editing: false});
        this.html = (text) => markup(text);
    }

    get isEmpty() {
        return !this.props.note.replace(/<[^>]*>/g, "").trim();
    }

    async save(record) {
        if (await record.save()) {
            this.state.editing = false;
            this.props.onSaved();
        }
    }
}

/** What is under way: promises, plans, requests, colleagues asked. */
export class DeskBlock extends Component {
    static template = "recouvrement.DeskBlock";
    static props = {block: Object, onOpen: Function};

    day(text) {
        return day(text);
    }

    money(item) {
        return money(item.amount, item.currency_id);
    }
}

import {registry} from "@web/core/registry";

const TRIES = 60;
const PAUSE = 50; // milliseconds

/** Show a page of the form on screen, as soon as the form has it. */
async function showPage(name) {
    for (let tried = 0; tried < TRIES; tried++) {
        const link = document.querySelector(`.o_notebook .nav-link[name="${name}"]`);
        if (link) {
            link.click();
            return;
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
}

/** Open an action in the place of the current one, a form on one of its pages. */
async function openInstead(env, {params}) {
    await env.services.action.doAction(params.action, {
        stackPosition: "replaceCurrentAction",
    });
    if (params.page) {
        // Not awaited: the form is drawn after this action has ended.
        showPage(params.page);
    }
}

registry.category("actions").add("recouvrement_open_instead", openInstead);

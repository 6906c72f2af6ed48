"""Signing a document on the customer's page: a name and a drawing."""

from odoo.exceptions import UserError, ValidationError
from odoo.http import request

NAME_MAX = 120
SIGNATURE_MAX = 700_000  # characters of base64, half a megabyte of picture
PNG_START = "iVBORw0KGgo"


def sign(scope, accept, name, signature, url):
    """Take a signature as the form of a page sends it.

    :param PortalScope scope: of the visitor.
    :param accept: called with the name, the address and the browser of the visitor and
        the drawing (base64); raises what is shown.
    :param str url: where the page goes on.
    :return: what the form waits for: ``error``, or where to go.
    """
    name = str(name or "").replace("\0", "").strip()[:NAME_MAX]
    signature = str(signature or "")
    if not name:
        return {"error": request.env._("Please write your name.")}
    if not signature.startswith(PNG_START) or len(signature) > SIGNATURE_MAX:
        return {"error": request.env._("Please sign in the frame.")}
    agent = request.httprequest.user_agent.string.replace("\0", "")[:500]
    try:
        scope.check_customer()
        with request.env.cr.savepoint():
            accept(name, request.httprequest.remote_addr, agent, signature)
    except (UserError, ValidationError) as wrong:
        return {"error": str(wrong)}
    return {"force_refresh": True, "redirect_url": url}

"""What one visitor of the customer pages may reach: one debtor account of one company.

A visitor holds a signed link, or is a portal user of the customer. Either way the
pages get a ``PortalScope`` and nothing else: every number that comes from the browser
is looked up in it.
"""

from urllib.parse import urlencode

from werkzeug.exceptions import NotFound, TooManyRequests

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from . import portal_texts as texts

LINK = "/recouvrement/portal/<string:token>"
MINE = "/my/receivables/<int:debtor_id>"
PAGE_LANGS = ("fr", "en", "nl", "de")
LANG_COOKIE = "recouvrement_lang"
SELECTION_MAX = 200
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


class PortalScope:
    """One debtor account as its customer may see it.

    :param debtor: ``recouvrement.debtor`` record, checked by the caller.
    :param partner: who visits: the addressee of the link or the portal user.
    :param str base: start of the addresses of the pages.
    :param link: the signed link, or an empty record for a portal user.
    """

    def __init__(self, debtor, partner, base, link):
        companies = debtor.sudo().company_id
        companies |= companies.search([("id", "child_of", companies.ids)])
        self.debtor = debtor.sudo().with_context(
            lang=request.env.lang,
            allowed_company_ids=companies.ids,
            active_test=True,
        )
        self.company = self.debtor.company_id
        self.partner = partner.sudo()
        self.base = base
        self.link = link
        self.is_link = bool(link)

    @property
    def env(self):
        return self.debtor.env

    def url(self, *parts, **params):
        """Address of a page of the account; empty parameters are left out."""
        path = "/".join([self.base, *map(str, parts)])
        query = urlencode({k: v for k, v in params.items() if v}, doseq=True)
        return f"{path}?{query}" if query else path

    # ------------------------------------------------------------------
    # WHAT THE BROWSER NAMES
    # ------------------------------------------------------------------

    def get_rows(self, values):
        """Open items of the account that the browser ticked; others are ignored.

        :param values: texts from the browser.
        """
        ids = {int(value) for value in values if is_number(value)}
        return self.debtor._get_portal_selection(sorted(ids)[:SELECTION_MAX])

    def get_overdue_rows(self, currency=None):
        """The overdue items in one currency: of the first item when none is given."""
        rows, _count = self.debtor._get_portal_items("overdue", limit=SELECTION_MAX)
        if not rows:
            return []
        currency = currency or rows[0]["currency"]
        return [row for row in rows if row["currency"] == currency]

    def get_lines(self, rows):
        return self.env["account.move.line"].browse([row["id"] for row in rows])

    def get_document(self, line_id):
        """Invoice or credit note behind an item of the account.

        :raise NotFound: for any other number.
        """
        known = is_number(str(line_id))
        move = known and self.debtor._get_portal_document(line_id)
        if not move:
            raise NotFound()
        return move

    def get_plan(self, plan_id):
        """A plan that was offered to the customer.

        :raise NotFound: for any other number.
        """
        plan = self.get_plans().filtered(lambda p: p.id == plan_id)
        if not plan:
            raise NotFound()
        return plan

    def get_plans(self):
        return self.debtor._get_portal_plans()

    def check_customer(self):
        """Only the customer speaks for the customer.

        :raise UserError: to a colleague who looks at the page of a link.
        """
        if self.is_link and request.env.user._is_internal():
            raise UserError(
                request.env._(
                    "You are logged in as a user of the company: only the customer "
                    "answers here."
                )
            )

    def log_visit(self):
        """A colleague who looks at the page is no visit of the customer."""
        if not request.env.user._is_internal():
            self.debtor._log_portal_visit(self.partner)


# ----------------------------------------------------------------------
# OPENING
# ----------------------------------------------------------------------


def open_scope(token=None, debtor_id=None):
    """The scope of a visitor.

    :raise NotFound: for whoever may not see this account, whatever the reason.
    :raise TooManyRequests: when the link was opened too often today.
    """
    if token is not None:
        return _open_link(token)
    return _open_mine(debtor_id)


def _open_link(token):
    links = request.env["recouvrement.access.link"]
    link = links._open("portal", token)
    debtor, partner = link.debtor_id, link.partner_id
    if not (link and debtor.active and partner.active and debtor._has_person(partner)):
        given = links._find_signed("portal", token)
        _choose_lang(given.partner_id.lang, given.debtor_id)
        raise NotFound()
    if link._is_worn_out():
        raise TooManyRequests()
    _choose_lang(partner.lang, debtor)
    return PortalScope(debtor, partner, f"/recouvrement/portal/{token}", link)


def _open_mine(debtor_id):
    debtor = get_own_debtors().filtered(lambda d: d.id == debtor_id)
    if not debtor:
        raise NotFound()
    user = request.env.user
    _choose_lang(user.lang, debtor)
    return PortalScope(
        debtor,
        user.partner_id,
        f"/my/receivables/{debtor.id}",
        request.env["recouvrement.access.link"],
    )


def get_own_debtors():
    """Debtor accounts of the customer that the logged-in user belongs to, in sudo:
    portal users have no right of their own on them."""
    user = request.env.user
    debtors = request.env["recouvrement.debtor"].sudo()
    if user._is_public():
        return debtors
    customer = user.partner_id.commercial_partner_id
    return debtors.search([("partner_id", "=", customer.id)], order="company_id")


def get_page_langs():
    """Languages of the pages that are installed: ``[(code, name)]``."""
    installed = request.env["res.lang"].sudo().get_installed()
    known = [row for row in installed if row[0].split("_")[0] in PAGE_LANGS]
    return sorted(known, key=lambda row: PAGE_LANGS.index(row[0].split("_")[0]))


def _choose_lang(own, debtor):
    """The language that was chosen on the page, else the visitor's, else the
    customer's."""
    codes = [code for code, _name in get_page_langs()]
    wishes = (
        request.httprequest.args.get("lang"),
        request.cookies.get(LANG_COOKIE),
        own,
        debtor.partner_id.lang,
        debtor.company_id.partner_id.lang,
    )
    code = next((wish for wish in wishes if wish in codes), request.env.lang)
    request.update_context(lang=code)
    request.lang = request.env["res.lang"]._get_data(code=code)


def is_number(value):
    """Whether a text from the browser is a whole number that a database takes."""
    return value.isascii() and value.isdigit() and len(value) < 10


# ----------------------------------------------------------------------
# PAGES
# ----------------------------------------------------------------------


def page(path, methods=("GET",), **routing):
    """Route of a page of one account, for links and for portal users.

    The function gets the scope of the visitor; who may not see the account gets the
    same page whatever the reason, and no answer is kept by anybody on the way.
    """

    def decorate(function):
        def handler(self, token=None, debtor_id=None, **params):
            try:
                scope = open_scope(token, debtor_id)
                response = function(self, scope, **params)
            except NotFound:
                response = refuse(debtor_id)
            return protect(response)

        handler.__name__ = function.__name__
        handler.__doc__ = function.__doc__
        return http.route(
            [LINK + path, MINE + path],
            type="http",
            auth="public",
            methods=list(methods),
            website=True,
            multilang=False,
            sitemap=False,
            **routing,
        )(handler)

    return decorate


def call(path):
    """Route of a call that a page of one account makes; wrong callers get an error."""

    def decorate(function):
        def handler(self, token=None, debtor_id=None, **params):
            return function(self, open_scope(token, debtor_id), **params)

        handler.__name__ = function.__name__
        handler.__doc__ = function.__doc__
        return http.route(
            [LINK + path, MINE + path],
            type="jsonrpc",
            auth="public",
            website=True,
            sitemap=False,
        )(handler)

    return decorate


def refuse(debtor_id=None):
    """What a visitor without the right gets: the login for pages of portal users."""
    if debtor_id is not None and request.env.user._is_public():
        return request.redirect_query(
            "/web/login", {"redirect": request.httprequest.path}
        )
    lang = request.env.lang
    return request.render(
        "recouvrement.portal_refused", {"page_lang": lang}, status=404
    )


def protect(response):
    """Nothing of these pages is kept, indexed, framed, or told to other sites."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


def render(scope, template, **values):
    """A page of the account with what its frame needs."""
    qcontext = {
        "scope": scope,
        "debtor": scope.debtor,
        "res_company": scope.company,
        "page_langs": get_page_langs(),
        "page_lang": request.env.lang,
        "page_name": "recouvrement_receivables",
        "no_breadcrumbs": True,
        "no_header": scope.is_link,
        "no_footer": True,
        "money": texts.money,
        "day": texts.day,
        "kinds": texts.get_kind_labels(),
        "statuses": texts.get_status_labels(),
        "asks": {**texts.get_ask_labels(), **scope.debtor._get_portal_asks()},
        "request_states": texts.get_request_state_labels(),
        "today": fields.Date.context_today(scope.debtor),
        **values,
    }
    status = qcontext.pop("status", 200)
    response = request.render(template, qcontext, status=status)
    if request.httprequest.args.get("lang") == request.env.lang:
        response.set_cookie(
            LANG_COOKIE, request.env.lang, samesite="Lax", httponly=True, secure=False
        )
    return response


def download(content, mimetype, name):
    """A file to keep, never opened inside the page."""
    return request.make_response(
        content,
        headers=[
            ("Content-Type", mimetype),
            ("Content-Length", len(content)),
            ("Content-Disposition", content_disposition(name.replace("/", "-"))),
        ],
    )

"""Odoo's web calls as one user: to prepare a story, and to check its outcome."""

import itertools
import json
import urllib.error
import urllib.request
from http.cookiejar import CookieJar


class RpcError(Exception):
    """An error that Odoo answered.

    :ivar name: class of the exception on the server
    """

    def __init__(self, error):
        data = error.get("data") or {}
        self.name = data.get("name", "")
        super().__init__(data.get("message") or error.get("message"))


class Rpc:
    """A session of one user, in the user's own language."""

    def __init__(self, url, database, login, password=None):
        self.url = url
        self._numbers = itertools.count(1)
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar())
        )
        session = self._post(
            "/web/session/authenticate",
            {"db": database, "login": login, "password": password or login},
        )
        self.uid = session["uid"]
        self.context = session["user_context"] | {
            "allowed_company_ids": [session["user_companies"]["current_company"]]
        }

    def call(self, model, method, *args, **kwargs):
        """Result of a public method of a model."""
        context = self.context | kwargs.pop("context", {})
        return self._post(
            f"/web/dataset/call_kw/{model}/{method}",
            {
                "model": model,
                "method": method,
                "args": args,
                "kwargs": {"context": context, **kwargs},
            },
        )

    def search_read(self, model, domain, fields, **options):
        """Rows of the records that satisfy a domain."""
        return self.call(
            model, "search_read", domain, fields, **{"order": "id", **options}
        )

    def count(self, model, domain=()):
        """How many records satisfy a domain."""
        return self.call(model, "search_count", list(domain))

    def ref(self, xmlid):
        """Id of a record by its XML id."""
        module, name = xmlid.split(".")
        [row] = self.search_read(
            "ir.model.data", [("module", "=", module), ("name", "=", name)], ["res_id"]
        )
        return row["res_id"]

    def run(self, code, **values):
        """Run Python on the server as an administrator may, in a server action: for
        what nobody can do on a screen, such as moving a record into the past.

        :param values: names that the code reads
        """
        names = "".join(f"{name} = {value!r}\n" for name, value in values.items())
        action = self.call(
            "ir.actions.server",
            "create",
            {
                "name": "Browser tests",
                "model_id": self.ref("base.model_res_partner"),
                "state": "code",
                "code": names + code,
            },
        )
        self.call("ir.actions.server", "run", [action])
        self.call("ir.actions.server", "unlink", [action])

    def run_cron(self, xmlid):
        """Run a scheduled action now."""
        self.call("ir.cron", "method_direct_trigger", [self.ref(xmlid)])

    def _post(self, path, params):
        payload = {
            "jsonrpc": "2.0",
            "method": "call",
            "id": next(self._numbers),
            "params": params,
        }
        request = urllib.request.Request(
            self.url + path,
            json.dumps(payload).encode(),
            {"Content-Type": "application/json"},
        )
        with self._opener.open(request, timeout=120) as reply:
            answer = json.load(reply)
        if "error" in answer:
            raise RpcError(answer["error"])
        return answer.get("result")

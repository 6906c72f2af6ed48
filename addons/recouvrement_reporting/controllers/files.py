"""How files leave: made while they are read, kept nowhere."""

import json
import tempfile

from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 4 * 1024 * 1024
CHUNK = 64 * 1024


class Downloads:
    """What controllers of downloads share."""

    def _env(self, companies):
        """The companies that were active on screen, among those of the user.

        :param str companies: their ids, with commas; none: the user's main company.
        """
        wanted = [int(one) for one in companies.split(",") if one.isdecimal()]
        user = request.env.user
        allowed = [one for one in wanted if one in user._get_company_ids()]
        return request.env(
            context={
                **request.env.context,
                "allowed_company_ids": allowed or user.company_id.ids,
            }
        )

    def _read(self, options):
        """Options of the address, a JSON object."""
        try:
            values = json.loads(options)
        except ValueError:
            values = None
        if not isinstance(values, dict):
            raise request.not_found()
        return values

    def _new_stream(self):
        return tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115

    def _headers(self, name, kind):
        return [
            ("Content-Type", kind),
            ("Content-Disposition", content_disposition(name)),
            ("Cache-Control", "no-store"),
        ]

    def _answer(self, stream, name, kind):
        """The stream from its beginning, in pieces."""
        size = stream.tell()
        stream.seek(0)
        response = request.make_response(
            iter(lambda: stream.read(CHUNK), b""),
            [*self._headers(name, kind), ("Content-Length", str(size))],
        )
        response.call_on_close(stream.close)
        return response

from odoo import http
from odoo.http import request
from odoo.tools import SQL

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
READERS = "recouvrement.group_accountant,recouvrement.group_manager"


class CollectionFile(http.Controller):
    @http.route(
        "/recouvrement_sepa/collection/<model('recouvrement.sepa.collection'):collection>/file",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def collection_file(self, collection):
        """The file of a collection: the same bytes each time."""
        collection.check_access("read")
        if not request.env.user.has_groups(READERS):
            return request.not_found()
        content = collection._get_file()
        request.env.cr.execute(
            SQL(
                """UPDATE recouvrement_sepa_collection
                      SET download_count = COALESCE(download_count, 0) + 1
                    WHERE id = %s""",
                collection.id,
            )
        )
        headers = [
            ("Content-Type", "application/xml"),
            ("Content-Length", str(len(content))),
            ("X-Content-Type-Options", "nosniff"),
            (
                "Content-Disposition",
                http.content_disposition(f"{collection.message_id}.xml"),
            ),
        ]
        return request.make_response(content, headers)

    @http.route(
        "/recouvrement_sepa/collection/sheet",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def collection_sheet(self, ids=""):
        """The control sheet of collections, as a spreadsheet."""
        if not all(one.isdecimal() for one in ids.split(",")):
            return request.not_found()
        collections = request.env["recouvrement.sepa.collection"].browse(
            int(one) for one in ids.split(",")
        )
        name, content = collections.exists()._get_sheet_workbook()
        headers = [
            ("Content-Type", XLSX),
            ("Content-Length", str(len(content))),
            ("Content-Disposition", http.content_disposition(name)),
        ]
        return request.make_response(content, headers)

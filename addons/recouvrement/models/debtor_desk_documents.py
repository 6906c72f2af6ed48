"""The pieces behind a receivable: invoice, order, delivery, contract."""

from odoo import models


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    def get_desk_documents(self, line_id):
        """The documents behind one open item of the debtor.

        :return: list of ``{"key", "section" (label), "name", "icon", "url", "mimetype",
            "model", "res_id"}``: a file has ``url`` and ``mimetype``, a record of
            Odoo ``model`` and ``res_id``, some have both.
        """
        line_sudo = self._get_desk_lines([line_id]).sudo()
        return self._get_item_documents(line_sudo)

    def _get_item_documents(self, line_sudo):
        """The documents behind one journal item, as far as the user may read them: a
        hook.

        :param line_sudo: receivable ``account.move.line``, checked to be the debtor's;
            in sudo, because salespeople see items without their entries.
        """
        documents = []
        move = line_sudo.move_id.sudo(False)
        if move.has_access("read"):
            documents += self._get_invoice_documents(move)
            documents += self._get_order_documents(move)
        return documents + self._get_customer_documents()

    def _get_invoice_documents(self, move):
        """The invoice as it was sent, else as it prints, and the files of the entry."""
        issued = move.invoice_pdf_report_id
        documents = []
        if move.is_sale_document(include_receipts=True):
            report = self.env["account.move.send"]._get_default_pdf_report_id(move)
            documents.append(
                {
                    "key": f"invoice-{move.id}",
                    "section": self.env._("Invoice"),
                    "name": f"{move.name}.pdf",
                    "icon": "fa-file-pdf-o",
                    "url": f"/web/content/{issued.id}"
                    if issued
                    else f"/report/pdf/{report.report_name}/{move.id}",
                    "mimetype": "application/pdf",
                    "model": move._name,
                    "res_id": move.id,
                }
            )
        else:
            documents.append(self._get_record_document(move, self.env._("Entry")))
        return documents + self._get_files(move, self.env._("Files of the entry"))

    def _get_record_document(self, record, section, icon="fa-file-text-o"):
        return {
            "key": f"{record._name}-{record.id}",
            "section": section,
            "name": record.display_name,
            "icon": icon,
            "url": "",
            "mimetype": "",
            "model": record._name,
            "res_id": record.id,
        }

    def _get_files(self, records, section):
        """Attachments of records of one model, the newest first."""
        attachments = self.env["ir.attachment"].search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)],
            order="id desc",
            limit=30,
        )
        return [
            {
                "key": f"file-{attachment.id}",
                "section": section,
                "name": attachment.name,
                "icon": "fa-paperclip",
                "url": self._get_file_url(attachment),
                "mimetype": attachment.mimetype or "",
                "model": "",
                "res_id": False,
            }
            for attachment in attachments
        ]

    def _get_file_url(self, attachment):
        """Address of a file; a link that is no address of the web opens nothing."""
        if attachment.type != "url":
            return f"/web/content/{attachment.id}"
        url = attachment.url or ""
        return url if url.startswith(("http://", "https://", "/")) else ""

    def _get_order_documents(self, move):
        """Orders and deliveries of an invoice, where Odoo's sales and stock apps are
        installed and open to the user."""
        documents = []
        lines = move.invoice_line_ids
        if "sale_line_ids" not in lines._fields:
            return documents
        orders = self._readable(lines.sudo().sale_line_ids.order_id)
        for order in orders:
            documents.append(
                self._get_record_document(
                    order, self.env._("Orders"), "fa-shopping-cart"
                )
            )
        if orders:
            documents += self._get_files(orders, self.env._("Orders"))
        if "picking_ids" in orders._fields:
            for picking in self._readable(orders.sudo().picking_ids):
                documents.append(
                    self._get_record_document(
                        picking, self.env._("Deliveries"), "fa-truck"
                    )
                )
        return documents

    def _readable(self, records):
        """Records of another app that the user may read."""
        return records.sudo(False)._filtered_access("read")

    def _get_customer_documents(self):
        """Contracts and other files kept on the customer and its account."""
        section = self.env._("Customer's file")
        return [
            *self._get_files(self.partner_id, section),
            *self._get_files(self, section),
        ]

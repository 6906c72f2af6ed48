"""Files that are made once and kept with their fingerprint."""

import hashlib


def keep_files(record, name, contents, mimetypes):
    """Attach files to a record.

    :param dict contents: ``{kind: bytes}``; the kind is also the file's extension.
    :param dict mimetypes: ``{kind: type}``.
    :return: values of the fields ``<kind>_id`` and ``<kind>_sha256``.
    """
    values = {}
    for kind, content in contents.items():
        attachment = record.env["ir.attachment"].create(
            {
                "name": f"{name}.{kind}",
                "raw": content,
                "mimetype": mimetypes[kind],
                "res_model": record._name,
                "res_id": record.id,
            }
        )
        values[f"{kind}_id"] = attachment.id
        values[f"{kind}_sha256"] = hashlib.sha256(content).hexdigest()
    return values

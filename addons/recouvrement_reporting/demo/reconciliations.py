"""Three accounts being reconciled with their customers: one signed by both, one
answered with differences, one that waits; and the statements of last month."""

import base64
import math
import struct
import zlib
from datetime import timedelta

from odoo import Command

from odoo.addons.recouvrement.demo.collection import _as, _days_ago

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
LEAST_ITEMS, MOST_ITEMS = 4, 40
SENT_DAYS_AGO = {"signed": 18, "answered": 9, "sent": 3}


def build(world):
    """Without a PDF engine there are none."""
    state = world.env["ir.actions.report"].get_wkhtmltopdf_state()
    if state in ("install", "broken"):
        return
    for name, debtor in zip(SENT_DAYS_AGO, _choose(world), strict=False):
        minutes = _send(world, debtor, SENT_DAYS_AGO[name])
        if name != "sent":
            _answer(world, minutes, agreed=name == "signed")
        if name == "signed":
            minutes._accept(
                minutes.partner_id.name, "192.0.2.27", BROWSER, _draw_signature()
            )
            env = _as(world, "manager", _days_ago(world, 12))
            minutes.with_env(env).action_sign()
        _forget_mails(world, minutes)
        world.name_records({f"reconciliation_{name}": minutes})
    _send_statements(world)
    world.env["recouvrement.debtor"]._process_dirty()


def _choose(world):
    """Debtors of the main company with some open items, none of them in dispute."""
    debtors = world.env["recouvrement.debtor"].search(
        [
            ("company_id", "=", world.companies["main"].id),
            ("overdue_amount", ">", 0),
            ("open_item_count", ">=", LEAST_ITEMS),
            ("open_item_count", "<=", MOST_ITEMS),
            ("collector_id", "!=", False),
            ("partner_id.active", "=", True),
        ],
        order="open_item_count DESC, id",
    )
    items = world.env["recouvrement.open.item"]
    chosen = []
    for debtor in debtors:
        mine = items.search([("debtor_id", "=", debtor.id)])
        statuses = set(mine.mapped("collection_status"))
        if statuses == {"to_chase"} and len(mine.currency_id) == 1:
            chosen.append(debtor)
        if len(chosen) == len(SENT_DAYS_AGO):
            break
    return chosen


def _send(world, debtor, days):
    env = _as(world, "collector", _days_ago(world, days))
    minutes = (
        env["recouvrement.reconciliation"]
        .with_company(debtor.company_id)
        .create(
            {
                "debtor_id": debtor.id,
                "user_id": debtor.collector_id.id,
                "as_of": world.today - timedelta(days=days + 1),
                "answer_before": world.today - timedelta(days=days - 15),
            }
        )
    )
    minutes.action_send()
    minutes.date_sent = _days_ago(world, days)
    return minutes


def _answer(world, minutes, agreed):
    """All agreed, or: one paid, one unknown, one of another amount."""
    debts = minutes.line_ids.filtered(lambda line: line.residual > 0)
    if not agreed:
        answers = (
            {
                "answer": "paid",
                "answer_date": _days_ago(world, 12),
                "answer_reference": "VIR 20418",
                "answer_text": "Virement du 12, voir notre relevé",
            },
            {"answer": "unknown", "answer_text": "Facture jamais reçue"},
            {
                "answer": "differs",
                "answer_amount": round(debts[2].residual * 0.9, 2),
                "answer_text": "Remise de fin d'année non déduite",
            },
        )
        minutes._answer_items(
            {line.id: vals for line, vals in zip(debts, answers, strict=False)}
        )
        minutes.write(
            {
                "comment": "Merci de nous envoyer la facture manquante.",
                "extra_ids": [
                    Command.create(
                        {
                            "kind": "credit_note",
                            "name": "Avoir sur retour BR-118",
                            "date": _days_ago(world, 20),
                            "amount": 86.4,
                            "text": "Deux cartons repris par votre chauffeur",
                        }
                    )
                ],
            }
        )
    minutes._agree_rest()
    minutes._submit("portal")


def _send_statements(world):
    """The statements of last month: sent to some, two without an address."""
    run = (
        _as(world, "collector", _days_ago(world, 5))["recouvrement.statement.run"]
        .with_company(world.companies["main"])
        .create({"company_id": world.companies["main"].id, "scope": "overdue"})
    )
    run.action_prepare()
    lines = run._get_all_lines()
    lines[8:].unlink()
    run.action_send()
    run._process_all()
    world.env["mail.mail"].search(
        [
            ("model", "=", "recouvrement.debtor"),
            ("res_id", "in", lines.exists().debtor_id.ids),
            ("state", "=", "outgoing"),
        ]
    ).unlink()


def _forget_mails(world, minutes):
    """The demonstration writes to nobody."""
    world.env["mail.mail"].search(
        [
            ("model", "=", "recouvrement.debtor"),
            ("res_id", "=", minutes.debtor_id.id),
            ("state", "=", "outgoing"),
        ]
    ).unlink()


def _draw_signature(width=220, height=80):
    """A stroke of a pen as a PNG picture, in base64."""
    rows = [bytearray(b"\xff" * width) for _row in range(height)]
    for step in range(4000):
        turn = step / 4000
        x = int(width * (0.08 + 0.84 * turn))
        wave = math.sin(turn * 19) * (1 - turn) + math.sin(turn * 5) * 0.4
        y = int(height * (0.5 + 0.3 * wave))
        for line in (y, y + 1):
            rows[min(max(line, 0), height - 1)][x : x + 2] = b"\x20\x20"
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data))
        + kind
        + data
        + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(chunks)).decode()

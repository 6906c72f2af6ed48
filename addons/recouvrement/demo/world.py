"""What the layers of the demonstration share."""

import csv
from dataclasses import dataclass, field
from datetime import date
from random import Random

from odoo.tools.misc import file_open

FOLDER = "recouvrement/demo"


def read_csv(name):
    """Rows of a file of this folder, as dicts."""
    with file_open(f"{FOLDER}/{name}", "r") as handle:
        return list(csv.DictReader(handle))


@dataclass
class World:
    """The demonstration being built.

    :ivar namespace: prefix of the XML ids and, unless ``demo``, of what must be
        unique in a database; lets tests build a second one.
    :ivar scale: share of the invoices that is made, for a quick small one.
    """

    env: object
    today: date
    namespace: str = "demo"
    seed: int = 19
    scale: float = 1.0
    companies: dict = field(default_factory=dict)
    users: dict = field(default_factory=dict)
    customers: list = field(default_factory=list)
    terms: dict = field(default_factory=dict)
    products: list = field(default_factory=list)

    def rng(self, *keys):
        """Generator of its own for one subject, whatever is drawn elsewhere."""
        return Random("/".join(map(str, (self.seed, *keys))))

    def unique(self, text):
        """A name or log-in, made unique in a second demonstration."""
        return text if self.namespace == "demo" else f"{self.namespace}_{text}"

    def count(self, number):
        """A number of documents at the scale of this demonstration, at least one."""
        return max(1, round(number * self.scale))

    def name_records(self, records_by_name):
        """Give XML ids ``recouvrement.<namespace>_<name>`` to records."""
        self.env["ir.model.data"]._update_xmlids(
            [
                {
                    "xml_id": f"recouvrement.{self.namespace}_{name}",
                    "record": record,
                    "noupdate": True,
                }
                for name, record in records_by_name.items()
            ]
        )

    def language(self, *codes):
        """First of the languages that is installed, else English, else French.

        Odoo crashes on a contact whose language is not installed.
        """
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        wanted = (*codes, "en_US", "fr_FR", *sorted(installed))
        return next(code for code in wanted if code in installed)

    def flagged(self, flag):
        """Customers whose row carries a flag."""
        return [customer for customer in self.customers if flag in customer.flags]

"""What a bank's file turned out to hold."""

from collections import Counter

from ..tools.bank import Event, Skipped


class Report:
    """What a file turned out to hold."""

    def __init__(self):
        self.kinds, self.versions = set(), set()
        self.journals, self.days = set(), []
        self.events, self.collections = [], []
        self.skipped = Counter()
        self.documents = self.lines = self.partners = 0

    def hear(self, item):
        if isinstance(item, Event):
            self.events.append(item)
        elif isinstance(item, Skipped):
            self.skipped[item.why] += 1

    @property
    def kind(self):
        """Kind of the documents, or that there are several; False for none."""
        kinds = sorted(self.kinds)
        return kinds[0] if len(kinds) == 1 else bool(kinds) and "several"

    def values(self):
        return {
            "kind": self.kind,
            "versions": ", ".join(sorted(self.versions)),
            "document_count": self.documents,
            "line_count": self.lines,
            "event_count": len(self.events),
            "collection_count": len(self.collections),
            "partner_count": self.partners,
            "date_start": min(self.days, default=False),
            "date_end": max(self.days, default=False),
        }

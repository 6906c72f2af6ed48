"""Two files of an addon that give one id to two records: the later one silently
replaces the earlier one."""

from collections import defaultdict

import pytest
from lxml import etree

from devkit.paths import ADDONS, project_addons

NAMED = {"record", "template", "menuitem"}


@pytest.mark.parametrize("addon", project_addons())
def test_no_id_is_given_twice(addon):
    places = defaultdict(list)
    for path in sorted((ADDONS / addon).rglob("*.xml")):
        if "static" in path.parts:
            continue
        for node in etree.parse(path).iter(*NAMED):
            if node.get("id"):
                places[node.get("id")].append(str(path.relative_to(ADDONS)))
    assert not {name: files for name, files in places.items() if len(files) > 1}

"""The Odoo tests are cut into parts that run side by side: none may be lost."""

import ast

from hypothesis import given
from hypothesis import strategies as st

from devkit import odoo_tests
from devkit.paths import ADDONS, project_addons

WEIGHTS = st.dictionaries(st.text(min_size=1), st.integers(1, 50))


@given(weights=WEIGHTS, count=st.integers(1, 8))
def test_every_tag_is_in_one_part(weights, count):
    parts = odoo_tests.cut(weights, count)
    assert sorted(tag for tags in parts for tag in tags) == sorted(weights)
    assert len(parts) <= count
    assert all(parts)


@given(weights=WEIGHTS, count=st.integers(1, 8))
def test_no_part_is_heavier_than_another_by_more_than_one_class(weights, count):
    parts = odoo_tests.cut(weights, count)
    sums = [sum(weights[tag] for tag in tags) for tags in parts]
    heaviest = max(weights.values(), default=0)
    assert len(parts) < count or max(sums, default=0) - min(sums) <= heaviest


def test_every_addon_has_classes_to_run():
    addons = {tag.partition(":")[0] for tag in odoo_tests.class_weights()}
    assert addons == {f"/{addon}" for addon in project_addons()}


def test_a_class_that_inherits_its_tests_is_run_too(tmp_path):
    tests = tmp_path / "toy" / "tests"
    tests.mkdir(parents=True)
    (tests / "test_toy.py").write_text("class TestToy(Shared):\n    pass\n")
    assert list(odoo_tests.class_weights(tmp_path)) == ["/toy:TestToy"]


def test_a_class_that_needs_a_module_of_odoo_runs_on_a_database_that_has_it(tmp_path):
    tests = tmp_path / "toy" / "tests"
    tests.mkdir(parents=True)
    (tests / "test_toy.py").write_text(
        '@tagged("post_install", "-standard", "beside_sale")\n'
        "class TestSold(Shared):\n    pass\n\n\n"
        '@tagged("post_install")\nclass TestToy(Shared):\n    pass\n'
    )
    assert list(odoo_tests.class_weights(tmp_path)) == ["/toy:TestToy"]
    assert odoo_tests.tags_beside(tmp_path) == {"sale": ["beside_sale/toy:TestSold"]}


def test_no_class_that_needs_a_module_is_lost():
    beside = [tag for tags in odoo_tests.tags_beside().values() for tag in tags]
    assert "beside_sale/recouvrement:TestOrderRace" in beside
    assert not {tag.partition("/")[2] for tag in beside} & {
        tag[1:] for tag in odoo_tests.class_weights()
    }


def test_our_tests_run_after_the_installation():
    """The parts run on databases in which everything is installed: a test meant for
    the moment of installation would never run."""
    lost = [
        f"{path.name}: {node.name}"
        for path in sorted(ADDONS.glob("*/tests/**/*.py"))
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef)
        and any(getattr(item, "name", "").startswith("test_") for item in node.body)
        and "post_install" not in "".join(map(ast.unparse, node.decorator_list))
    ]
    assert not lost

"""The checks of ``./dev lint`` find what they are for, and nothing else."""

import pytest

from devkit.checks import po, text, xml

GOOD_XML = '<odoo>\n    <record id="a" model="m" />\n</odoo>\n'


def found(check, tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return check(str(path))


def test_a_good_xml_file_passes(tmp_path):
    assert found(xml.check, tmp_path, "a.xml", GOOD_XML) == []


@pytest.mark.parametrize(
    ("content", "line", "word"),
    [
        ("<odoo>\n<record>\n</odoo>", 3, "well-formed"),
        ("", 1, "well-formed"),
        ('<odoo>\n<record id="a"/>\n<menuitem id="a"/></odoo>', 2, "more than once"),
        ('<!DOCTYPE x [<!ENTITY e "v">]>\n<odoo>&e;</odoo>', 1, "document type"),
    ],
)
def test_bad_xml_is_named_with_its_line(tmp_path, content, line, word):
    first = found(xml.check, tmp_path, "a.xml", content)[0]
    assert first[0] == line
    assert word in first[1]


def entry(source, target, flags=""):
    return f'msgid ""\nmsgstr ""\n\n{flags}msgid "{source}"\nmsgstr "{target}"\n'


def test_a_good_translation_passes(tmp_path):
    content = entry("Due %(days)s days, <b>now</b>", "<b>Dû</b> depuis %(days)s jours")
    assert found(po.check, tmp_path, "fr.po", content) == []


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (entry("Due %(days)s", "Dû"), "placeholders"),
        (entry("Due %s", "Dû %d"), "placeholders"),
        (entry("<b>Due</b>", "<b>Dû"), "tags"),
        (entry("Due", "Dû", "#, fuzzy\n"), "fuzzy"),
        (entry("a", "b") + '\nmsgid "a"\nmsgstr "c"\n', "more than once"),
        (b"\xff\xfe msgid", "not readable"),
        ('nonsense "a"\n', "not readable"),
    ],
)
def test_bad_translations_are_named(tmp_path, content, word):
    assert word in found(po.check, tmp_path, "fr.po", content)[0][1]


@pytest.mark.parametrize(
    ("content", "line", "word"),
    [
        (b"a\r\nb\n", 1, "Windows"),
        (b"a\nb", 2, "newline"),
        (b"a\n<<<<<<< HEAD\n", 2, "conflict"),
        (b"a\nb  \n", 2, "spaces"),
    ],
)
def test_untidy_text_is_named_with_its_line(tmp_path, content, line, word):
    first = found(text.check, tmp_path, "a.txt", content)[0]
    assert first[0] == line
    assert word in first[1]


@pytest.mark.parametrize("content", [b"", b"a\nb\n"])
def test_tidy_text_passes(tmp_path, content):
    assert found(text.check, tmp_path, "a.txt", content) == []

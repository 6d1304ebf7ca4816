"""XML in and out: what is printed parses back to what the JSON says, for every character there is."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.api.dialect.xml import xml_members, xml_text
from crm.models import TaskCategory
from crm.text import UNPRINTABLE
from tests.crm.conftest import DEADLINE, Portal, as_form, as_json, as_xml, parsed_xml

# All planes, with a bias to what is awkward: control characters, markup, line ends, non-characters, blanks.
AWKWARD = "\x00\x01\x08\t\n\r\x0b\x1f <>&'\"]\x7f\x85\xa0\u2028\ufdd0\ufffd\ufffe\uffff\U0001f600\U0010ffff"
PLANES = [
    st.characters(min_codepoint=plane << 16, max_codepoint=(plane << 16) + 0xFFFF, exclude_categories=("Cs",))
    for plane in range(17)
]
TITLES = st.text(st.one_of(st.sampled_from(AWKWARD), *PLANES), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=TITLES)
def test_a_title_is_the_same_in_json_and_xml_or_refused(portal: Portal, category: TaskCategory, title: str) -> None:
    check_title(portal, category, title)


@pytest.mark.soak
@settings(max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=TITLES)
def test_many_titles_are_the_same_in_json_and_xml_or_refused(
    portal: Portal, category: TaskCategory, title: str
) -> None:
    check_title(portal, category, title)


def check_title(portal: Portal, category: TaskCategory, title: str) -> None:
    parameters = {"title": title, "deadline": DEADLINE, "categoryId": category.pk}
    answer = portal.call("POST", "crm/task", *as_json(parameters))
    if UNPRINTABLE.search(title):
        assert answer.status_code == 400
        assert parsed_xml(portal.call("POST", "crm/task.xml", *as_form(parameters)).content)["statusCode"] == "400"
        return
    assert answer.status_code == 201
    shown = json.loads(answer.content)["response"]
    assert shown["title"] == title
    assert parsed_xml(portal.get(f"crm/task/{shown['id']}.xml").content)["response"]["title"] == title
    path = f"crm/task/{shown['id']}.xml"
    assert parsed_xml(portal.call("PUT", path, *as_form(parameters)).content)["response"]["title"] == title
    # A parser of the request reads a carriage return in text as a line feed, unless it is written as a reference.
    document, content_type = as_xml(parameters)
    printed = portal.call("PUT", path, document.replace("\r", "&#13;"), content_type)
    assert parsed_xml(printed.content)["response"]["title"] == title


@pytest.mark.parametrize("character", [chr(code) for code in (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF)])
def test_characters_that_xml_cannot_carry_are_refused(portal: Portal, category: TaskCategory, character: str) -> None:
    answer = portal.post("crm/task", title=f"a{character}b", deadline=DEADLINE, categoryId=category.pk)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ({"response": {"a": 1, "b": True, "c": False}}, "<response><a>1</a><b>true</b><c>false</c></response>"),
        ({"response": [{"id": 1}, {"id": 2}]}, "<response><id>1</id></response><response><id>2</id></response>"),
        ({"response": []}, ""),
        ({"response": {}}, "<response />"),
        ({"response": None}, "<response />"),
        (
            {"response": {"description": "", "items": [], "currency": None}},
            "<response><description></description><currency /></response>",
        ),
        ({"response": {"title": "a<b>&\"'\r\n\t"}}, "<response><title>a&lt;b&gt;&amp;\"'&#xD;\n\t</title></response>"),
        ({"response": {"bidValue": 12.5}}, "<response><bidValue>12.5</bidValue></response>"),
        ({"response": {"title": "\x01"}}, "<response><title>\ufffd</title></response>"),
    ],
)
def test_how_values_are_printed(value: dict, printed: str) -> None:
    assert xml_text(value) == f"<result>{printed}</result>"


def test_how_parameters_are_read() -> None:
    document = (
        b"<r xmlns='urn:x'><a>1</a><A/><list>x</list><list>y</list><b><i>1</i><i>2</i></b><!-- c --><t> s </t></r>"
    )
    assert list(xml_members(document)) == [
        ("a", "1"), ("A", ""), ("list", "x"), ("list", "y"), ("b", "1"), ("b", "2"), ("t", " s "),
    ]  # fmt: skip


def test_a_task_answered_in_xml_in_another_encoding(portal: Portal, category: TaskCategory) -> None:
    members = f"<title>Grün</title><deadline>2030-01-01</deadline><categoryId>{category.pk}</categoryId>"
    document = f"<?xml version='1.0' encoding='utf-16'?><r>{members}</r>"
    answer = portal.call("POST", "crm/task.xml", document.encode("utf-16"), "text/xml")
    assert parsed_xml(answer.content)["response"]["title"] == "Grün"

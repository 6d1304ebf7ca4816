"""MS Project XML, CSV and JSON: what is written reads back the same, what is wrong is refused with its place."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gantt.exchange import FORMATS, PlanError, checks, format_of, read_plan
from gantt.exchange.plan import Plan, PlanAssignment, PlanCalendar, PlanLink, PlanResource, PlanTask

MONDAY = datetime(2024, 4, 1)
# Everything but what XML cannot say: control characters other than tab and line ends, surrogates, non-characters.
words = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\t\n\r=+-@',;\""),
    max_size=20,
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | words,
    lambda leaf: st.lists(leaf, max_size=3),
    max_leaves=5,
)
extras = st.dictionaries(st.sampled_from(["color", "css", "wbs", "constraint"]), json_values, max_size=3)


@st.composite
def tasks(draw, key: int, earlier: list[PlanTask]):
    kind = draw(st.sampled_from(["task", "task", "summary", "milestone", "phase"]))
    start = draw(st.none() | st.integers(-900, 900).map(lambda hours: MONDAY + timedelta(hours=hours)))
    end = None
    if start and kind != "milestone":
        end = start + timedelta(hours=draw(st.integers(0, 300)))
    return PlanTask(
        key=str(key),
        parent=draw(st.sampled_from([None, *(task.key for task in earlier)])),
        text=draw(words),
        type=kind,
        start=start,
        end=end,
        progress=draw(st.sampled_from([0, 100, 33.4, 50, 66.66, 12.5])),
        details=draw(words),
        open=draw(st.booleans()),
        extra=draw(extras),
    )


@st.composite
def projects(draw):
    rows: list[PlanTask] = []
    for key in range(1, draw(st.integers(1, 9))):
        rows.append(draw(tasks(key * 3, rows)))
    plan = Plan(
        name="Tower",
        origin="5f0c",
        start=date(2024, 4, 1),
        calendar=PlanCalendar(
            [1, 2, 3, 4, 5], ["2024-05-01"], draw(st.sampled_from([[], [["08:00", "12:00"], ["13:00", "17:00"]]]))
        ),
        tasks=rows,
        resources=[PlanResource("1", "Alice", "Engineer"), PlanResource("2", "Bob")],
    )
    above = {row.key: row.parent for row in rows}

    def related(one: str | None, other: str) -> bool:
        while one is not None:
            if one == other:
                return True
            one = above[one]
        return False

    pairs = [(a.key, b.key) for a in rows for b in rows if int(a.key) < int(b.key) and not related(b.key, a.key)]
    for source, target in draw(st.lists(st.sampled_from(pairs), max_size=6, unique=True)) if pairs else []:
        lag = draw(st.none() | st.sampled_from([0, 1, -2, 0.5, 2.25]))
        plan.links.append(PlanLink(source, target, draw(st.sampled_from(checks.LINK_TYPES)), lag))
    for row in rows[:2]:
        plan.assignments.append(PlanAssignment(row.key, "1", draw(st.sampled_from([0, 50, 100, 33.3]))))
    return checks.checked(plan)


def tree(plan: Plan):
    """Tasks in order, links as a set of values; the keys do not change on the way."""
    return plan.tasks, sorted(
        (link.source, link.target, link.type, link.lag is None, link.lag or 0) for link in plan.links
    )


class TestRoundTrip:
    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(projects())
    @pytest.mark.parametrize("name", ["mspdi", "csv", "json"])
    def test_what_was_written_reads_back_as_the_same_tree(self, name, plan):
        kind = FORMATS[name]
        again = read_plan(kind.write(plan), kind)
        assert tree(again) == tree(plan)
        if name != "csv":
            assert (again.name, again.origin, again.start, again.calendar) == (
                plan.name,
                plan.origin,
                plan.start,
                plan.calendar,
            )
            assert (again.resources, again.assignments) == (plan.resources, plan.assignments)
        assert kind.write(again) == kind.write(plan) or name == "csv" or plan.links

    @pytest.mark.parametrize("name", ["mspdi", "csv", "json"])
    def test_a_hierarchy_of_2000_levels_goes_out_and_in(self, name):
        plan = Plan(tasks=[PlanTask(str(key), str(key - 1) if key > 1 else None, f"T{key}") for key in range(1, 2001)])
        kind = FORMATS[name]
        assert [task.parent for task in read_plan(kind.write(plan), kind).tasks] == [task.parent for task in plan.tasks]

    def test_xml_drops_the_characters_it_cannot_hold(self):
        plan = Plan(tasks=[PlanTask("1", text="bell\a and\x1f unit\ufffe")])
        assert read_plan(FORMATS["mspdi"].write(plan), FORMATS["mspdi"]).tasks[0].text == "bell and unit"


PROJECT_FILE = """<?xml version="1.0" encoding="UTF-8"?>
<Project xmlns="http://schemas.microsoft.com/project">
  <Title>Office move</Title>
  <StartDate>2024-04-01T08:00:00</StartDate>
  <CalendarUID>1</CalendarUID>
  <MinutesPerDay>480</MinutesPerDay>
  <Calendars><Calendar><UID>1</UID><WeekDays>
    <WeekDay><DayType>1</DayType><DayWorking>0</DayWorking></WeekDay>
    <WeekDay><DayType>2</DayType><DayWorking>1</DayWorking><WorkingTimes>
      <WorkingTime><FromTime>08:00:00</FromTime><ToTime>12:00:00</ToTime></WorkingTime>
      <WorkingTime><FromTime>13:00:00</FromTime><ToTime>17:00:00</ToTime></WorkingTime></WorkingTimes></WeekDay>
    <WeekDay><DayType>0</DayType><DayWorking>0</DayWorking>
      <TimePeriod><FromDate>2024-12-24T00:00:00</FromDate><ToDate>2024-12-25T23:59:00</ToDate></TimePeriod></WeekDay>
  </WeekDays></Calendar></Calendars>
  <Tasks>
    <Task><UID>0</UID><ID>0</ID><Name>Office move</Name><OutlineLevel>0</OutlineLevel><Summary>1</Summary></Task>
    <Task><UID>1</UID><ID>1</ID><Name>Prepare</Name><OutlineLevel>1</OutlineLevel><Summary>1</Summary>
      <Start>2024-04-01T08:00:00</Start><Finish>2024-04-03T17:00:00</Finish></Task>
    <Task><UID>4</UID><ID>2</ID><Name>Pack &amp; label</Name><OutlineLevel>2</OutlineLevel>
      <PercentComplete>40</PercentComplete><Start>2024-04-01T08:00:00</Start><Finish>2024-04-03T17:00:00</Finish><Notes>Boxes
first</Notes></Task>
    <Task><UID>9</UID><IsNull>1</IsNull></Task>
    <Task><UID>7</UID><ID>3</ID><Name>Moved in</Name><OutlineLevel>1</OutlineLevel><Milestone>1</Milestone>
      <Start>2024-04-08T08:00:00</Start><Finish>2024-04-08T08:00:00</Finish>
      <PredecessorLink><PredecessorUID>4</PredecessorUID><Type>1</Type><LinkLag>9600</LinkLag><LagFormat>7</LagFormat></PredecessorLink>
      <PredecessorLink><PredecessorUID>1</PredecessorUID><Type>0</Type><LinkLag>14400</LinkLag><LagFormat>8</LagFormat></PredecessorLink>
    </Task>
  </Tasks>
  <Resources><Resource><UID>0</UID></Resource><Resource><UID>2</UID><Name>Movers</Name></Resource></Resources>
  <Assignments><Assignment><TaskUID>4</TaskUID><ResourceUID>2</ResourceUID><Units>3</Units></Assignment></Assignments>
</Project>"""


class TestProjectXml:
    def plan(self, text: str = PROJECT_FILE) -> Plan:
        return read_plan(text.encode(), FORMATS["mspdi"])

    def test_it_reads_a_file_of_ms_project(self):
        plan = self.plan()
        assert [(task.key, task.parent, task.text, task.type) for task in plan.tasks] == [
            ("1", None, "Prepare", "summary"),
            ("4", "1", "Pack & label", "task"),
            ("7", None, "Moved in", "milestone"),
        ]
        assert (plan.tasks[1].progress, plan.tasks[1].details) == (40, "Boxes\nfirst")
        assert (plan.tasks[2].start, plan.tasks[2].end) == (datetime(2024, 4, 8, 8), None)
        assert [(link.source, link.target, link.type, link.lag) for link in plan.links] == [
            ("4", "7", "e2s", 2.0),
            ("1", "7", "e2e", 1.0),
        ]
        assert plan.calendar == PlanCalendar(
            [1], ["2024-12-24", "2024-12-25"], [["08:00", "12:00"], ["13:00", "17:00"]]
        )
        assert [resource.name for resource in plan.resources] == ["Movers"]
        assert plan.assignments[0].units == 100
        assert "300 %" in plan.notes[0]

    def test_a_plain_link_of_a_task_held_by_a_date_is_flexible(self):
        held = PROJECT_FILE.replace("<LinkLag>9600</LinkLag>", "<LinkLag>0</LinkLag>").replace(
            "<Milestone>1", "<ConstraintType>4</ConstraintType><Milestone>1"
        )
        assert self.plan(held).links[0].lag is None

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ("2024-04-08T08:00:00</Start>", "8 April</Start>", "line 24, Start: '8 April' is no date"),
            ("<PercentComplete>40", "<PercentComplete>forty", "line 20, PercentComplete: 'forty' is no whole number"),
            ("<PercentComplete>40", "<PercentComplete>140", "line 19, progress: Must be a number from 0 to 100"),
            ("<OutlineLevel>2", "<OutlineLevel>3", "line 19, OutlineLevel: Level 3 has no task above it"),
            ("<PredecessorUID>4", "<PredecessorUID>5", "line 25, PredecessorLink: There is no task 5"),
            ("<Type>1", "<Type>6", "line 25, PredecessorLink, Type: '6' is not one of"),
            ("<UID>4", "<UID>1", "line 19: The task 1 comes twice"),
            ("</Tasks>", "</Task>", "No XML: mismatched tag"),
            ("<UID>7</UID>", "", "line 23, UID: Task has no UID"),
        ],
    )
    def test_it_names_line_and_element_of_what_is_wrong(self, old, new, message):
        with pytest.raises(PlanError, match=message):
            self.plan(PROJECT_FILE.replace(old, new, 1))

    @pytest.mark.parametrize(
        "doctype",
        [
            '<!DOCTYPE p [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
            '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE p SYSTEM "http://example.com/p.dtd">',
        ],
    )
    def test_it_refuses_entities_and_document_types(self, doctype):
        with pytest.raises(PlanError, match="refused"):
            self.plan(f'<?xml version="1.0"?>{doctype}<Project><Tasks/></Project>')

    @pytest.mark.parametrize(
        "text", ["", "no xml", "<Project>", "<Tasks/>", "<a>" * 5000, '<?xml version="1.0" encoding="x"?><Project/>']
    )
    def test_it_refuses_what_is_no_project(self, text):
        with pytest.raises(PlanError):
            self.plan(text)

    def test_a_calendar_of_ten_thousand_years_is_refused(self):
        with pytest.raises(PlanError, match="days off"):
            self.plan(PROJECT_FILE.replace("2024-12-25T23", "9999-12-25T23"))


class TestCsv:
    def plan(self, text: str) -> Plan:
        return read_plan(text.encode(), FORMATS["csv"])

    def test_a_table_of_names_and_durations_is_enough(self):
        plan = self.plan("text,start,duration\nDig,2024-04-01,3\nPour,2024-04-04,2\n")
        assert [(task.text, task.start, task.end) for task in plan.tasks] == [
            ("Dig", MONDAY, datetime(2024, 4, 4)),
            ("Pour", datetime(2024, 4, 4), datetime(2024, 4, 6)),
        ]

    def test_it_reads_the_semicolons_of_a_european_spreadsheet(self):
        plan = self.plan('id;text;predecessors\n1;Dig;\n2;"Pour; cure";1 e2s -0.5\n')
        assert plan.tasks[1].text == "Pour; cure"
        assert plan.links == [PlanLink("1", "2", "e2s", -0.5)]

    def test_it_guards_text_that_a_spreadsheet_takes_for_a_formula(self):
        written = FORMATS["csv"].write(Plan(tasks=[PlanTask("1", text='=HYPERLINK("http://x")', details="-1")]))
        assert b"'=HYPERLINK" in written
        assert b"'-1" in written

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("", "line 1: The first line must name the columns"),
            ("id,name\n1,x\n", "text is missing"),
            ("id,text\n1,a\n1,b\n", "line 3: The task 1 comes twice"),
            ("id,text,start\n1,a,tomorrow\n", "line 2, start: 'tomorrow' is no date"),
            ("id,text,start,end\n1,a,2024-04-02,2024-04-01\n", "line 2, end: Must not be before the start"),
            ("id,text,end\n1,a,2024-04-02\n", "line 2, start: A task with an end needs a start"),
            ("id,text,progress\n1,a,nan\n", "line 2, progress: 'nan' is no number"),
            ("id,text,progress\n1,a,101\n", "line 2, progress: Must be a number from 0 to 100"),
            ("id,text,start,duration\n1,a,2024-04-02,1e300\n", "line 2, duration: The task would end"),
            ("id,text,parent\n1,a,7\n", "line 2, parent: There is no task 7"),
            ("id,text,parent\n1,a,2\n2,b,1\n", "line 2, parent: The task lies below itself"),
            ("id,text,extra\n1,a,[1]\n", "line 2, extra: Must be a JSON object"),
            ("id,text,predecessors\n1,a,\n2,b,1 x2y\n", "line 3, predecessors: The link type must be one of"),
            ("id,text,predecessors\n1,a,1 e2s\n", "line 2, predecessors: A link may not join a task with itself"),
            ("id,text,predecessors\n1,a,2\n2,b,1\n", "predecessors: The links close a cycle through the tasks 1, 2"),
            ("id,text,predecessors\n1,a,\n2,b,1; 1 e2s 3\n", "line 3, predecessors: The link 1 e2s 2 comes twice"),
            ('id,text\n1,"a\n', "line 2: No CSV"),
        ],
    )
    def test_it_names_line_and_column_of_what_is_wrong(self, text, message):
        with pytest.raises(PlanError, match=message):
            self.plan(text)

    def test_it_refuses_bytes_that_are_no_text(self):
        with pytest.raises(PlanError, match="byte 12: The file is not UTF-8"):
            read_plan(b"id,text\n1,a\xff\n", FORMATS["csv"])


class TestJson:
    def plan(self, document) -> Plan:
        return read_plan(json.dumps(document).encode(), FORMATS["json"])

    def test_it_reads_the_array_that_the_chart_gets(self):
        rows = [
            {"id": 1, "text": "Survey", "start": "2024-04-02 00:00:00", "end": "2024-04-05 00:00:00", "duration": 3,
             "progress": 10, "parent": 0, "type": "summary", "lazy": False, "open": True, "details": "", "$x": 1},
            {"id": 10, "text": "Visit", "start": "2024-04-02 00:00:00", "duration": 2, "parent": 1, "color": "red"},
        ]  # fmt: skip
        plan = self.plan(rows)
        assert plan.tasks[1] == PlanTask(
            "10", "1", "Visit", start=datetime(2024, 4, 2), end=datetime(2024, 4, 4), extra={"color": "red"}
        )
        assert plan.tasks[0].extra == {}

    def test_keys_with_a_meaning_of_their_own_are_no_keys_of_the_chart(self):
        row = {
            "id": 1,
            "operation": "move",
            "mode": "up",
            "lazy": True,
            "$x": 1,
            "base_start": "2024-04-01",
            "css": "a",
        }
        assert self.plan([row]).tasks[0].extra == {"base_start": "2024-04-01 00:00:00", "css": "a"}

    @pytest.mark.parametrize(
        ("document", "message"),
        [
            (5, "tasks: The file must hold a list of tasks"),
            ({"tasks": {}}, "tasks: The file must hold a list of tasks"),
            ({"tasks": [], "version": 2}, "version: Only version 1"),
            ({"tasks": [3]}, r"tasks\[0\]: Must be an object"),
            ({"tasks": [{"id": None}]}, r"tasks\[0\].id: Must be an id"),
            ({"tasks": [{"id": 1, "text": 5}]}, r"tasks\[0\].text: Must be text"),
            ({"tasks": [{"id": 1, "progress": "5"}]}, r"tasks\[0\].progress: Must be a number"),
            ({"tasks": [{"id": 1, "progress": True}]}, r"tasks\[0\].progress: Must be a number"),
            ({"tasks": [{"id": 1, "start": "2024-13-01"}]}, r"tasks\[0\].start: '2024-13-01' is no date"),
            ({"tasks": [{"id": 1, "start": "2024-04-01T00:00:00Z"}]}, "has no zone"),
            ({"tasks": [{"id": 1, "type": "x" * 65}]}, "type: Must be at most 64"),
            ({"tasks": [{"id": 1, "text": "a\0b"}]}, "text: Must be at most"),
            ({"tasks": [{"id": 1, "type": "a\0b"}]}, "type: Must be at most"),
            ({"tasks": [{"id": 1, "color": {"a": ["\0"]}}]}, "extra: Must not hold a NUL"),
            ({"tasks": [{"id": 1, "color": {"\0": 1}}]}, "extra: Must not hold a NUL"),
            ({"tasks": [{"id": 1, "deep": json.loads("[" * 60 + "]" * 60)}]}, "extra: Must not be nested"),
            ({"tasks": [{"id": 1, "base_start": "soon"}]}, "base_start: 'soon' is no date"),
            ({"tasks": [], "resources": [{"id": 1, "name": " "}]}, "name: A resource needs a name"),
            ({"tasks": [], "resources": [{"id": 1, "name": "A", "color": "x" * 33}]}, "color: Must be at most 32"),
            ({"tasks": [], "resources": [{"id": 1, "name": "A", "parent": 2}]}, "There is no resource 2"),
            (
                {"tasks": [], "resources": [{"id": 1, "name": "A", "parent": 2}, {"id": 2, "name": "B", "parent": 1}]},
                "a member of itself",
            ),
            ({"tasks": [], "links": [{"source": 1, "target": 2}]}, r"links\[0\]: There is no task 1"),
            ({"tasks": [], "links": 1}, "links: Must be a list"),
            ({"tasks": [], "assignments": [{"task": 1, "resource": 1}]}, "no task 1 or no resource 1"),
            ({"tasks": [], "project": {"working_days": [8]}}, "calendar: working_days must be"),
            ({"tasks": [], "project": {"working_days": [1], "holidays": ["x"]}}, "calendar: holidays must be"),
            ({"tasks": [], "project": {"working_days": [1], "working_hours": [["9"]]}}, "calendar: working_hours"),
        ],
    )
    def test_it_names_the_path_of_what_is_wrong(self, document, message):
        with pytest.raises(PlanError, match=message):
            self.plan(document)

    def test_it_names_the_line_where_the_text_is_no_json(self):
        with pytest.raises(PlanError, match="line 2: No JSON"):
            read_plan(b'{"tasks": [\n}', FORMATS["json"])


class TestFiles:
    def test_the_end_of_the_name_tells_the_format(self):
        assert format_of("Plan.XML") is FORMATS["mspdi"]
        assert format_of("a.csv") is FORMATS["csv"]
        with pytest.raises(PlanError, match=r"\.xml, \.csv, \.json"):
            format_of("plan.mpp")

    def test_a_huge_file_is_refused(self, monkeypatch):
        monkeypatch.setattr("gantt.exchange.MAX_FILE_BYTES", 10)
        with pytest.raises(PlanError, match="larger than"):
            read_plan(b"0123456789a", FORMATS["json"])

    def test_too_many_tasks_are_refused(self, monkeypatch):
        monkeypatch.setattr(checks, "MAX_TASKS", 2)
        with pytest.raises(PlanError, match="more than 2 tasks"):
            checks.checked(Plan(tasks=[PlanTask(str(key)) for key in range(3)]))

    def test_tasks_are_ordered_depth_first(self):
        rows = [PlanTask("2", "1"), PlanTask("3"), PlanTask("1"), PlanTask("4", "1")]
        assert [task.key for task in checks.checked(Plan(tasks=rows)).tasks] == [
            "3",
            "1",
            "2",
            "4",
        ]


@pytest.mark.soak
@pytest.mark.parametrize("name", ["mspdi", "csv", "json"])
def test_thousands_of_plans_read_back_as_the_same_tree(name):
    @settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))
    @given(projects())
    def check(plan):
        assert tree(read_plan(FORMATS[name].write(plan), FORMATS[name])) == tree(plan)

    check()

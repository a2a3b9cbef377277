"""Reading a folder of TOML into an installation: what is understood. What is refused: test_installation_refused.py."""

from datetime import date, time
from pathlib import Path

from servicedesk.core.facts import CalendarVersion, Interval, Membership, Rung, Target
from servicedesk.core.installations.file import parse_installation, read_installation, slug_of
from servicedesk.core.vocabulary import Channel, Level, Metric, Role, Tier
from tests.core.installation_small import SMALL, faults_of, small, small_installation

MORNING, AFTERNOON = Interval(time(8), time(12)), Interval(time(13), time(16, 30))


def write(folder: Path, documents: dict[str, str]) -> Path:
    for name, text in documents.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_folder_is_read_whole(tmp_path: Path) -> None:
    installation = read_installation(write(tmp_path, dict(SMALL)))
    assert installation == small_installation()
    assert list(installation.organisations) == ["boden", "board", "maker"]
    assert installation.teams["boden-desk"].channels == (Channel.PHONE, Channel.VISIT)
    assert installation.people["first-line"].memberships == (
        Membership("boden-desk", Role.FIRST_LINE_STAFF, lead=True),
    )
    assert installation.priorities[Level.HIGH, Level.LOW] == 3
    assert installation.ladder == (Rung(50, ("holder",)), Rung(100, ("it_service_manager", "system_owner")))


def test_a_table_may_be_spread_over_several_files() -> None:
    documents = small(people=("[person.manager]", "[person.other]"))
    documents["more.toml"] = """
[person.manager]
name = "Manager"
email = "another@boden.example"
memberships = [{ team = "boden-managers", role = "administrator" }]
"""
    assert set(parse_installation(documents).people) == {"first-line", "other", "manager"}


def test_opening_hours_are_read_for_ranges_of_days_with_exceptions_and_closed_days() -> None:
    (version,) = small_installation().calendars["office"].versions
    assert version.week == ((MORNING, AFTERNOON),) * 4 + ((Interval(time(8), time(15)),), (), ())
    assert version.exceptions == {date(2026, 12, 23): (MORNING,), date(2026, 12, 28): ()}
    assert (version.zone, version.holidays, version.holiday_categories, version.valid_from) == (
        "Europe/Stockholm",
        "SE",
        ("public", "de_facto"),
        None,
    )


def test_hours_until_midnight_end_with_the_day() -> None:
    installation = small_installation(calendars=('"08:00-15:00"', '"18:00-24:00"'))
    assert installation.calendars["office"].versions[0].week[4] == (Interval(time(18), time(0)),)


def test_a_calendar_may_have_several_versions() -> None:
    text = """
[[calendar.shop.version]]
week = { mon = ["08:00-12:00"] }

[[calendar.shop.version]]
valid_from = 2026-06-01
zone = "Europe/Helsinki"
week = { tue = ["08:00-12:00"] }
"""
    calendar = parse_installation({**SMALL, "shop.toml": text}).calendars["shop"]
    assert calendar.versions == (
        CalendarVersion(week=((MORNING,), (), (), (), (), (), ())),
        CalendarVersion(week=((), (MORNING,), (), (), (), (), ()), zone="Europe/Helsinki", valid_from=date(2026, 6, 1)),
    )


def test_the_calendar_always_is_there_undeclared_and_any_calendar_may_be_always_open() -> None:
    installation = parse_installation({**SMALL, "more.toml": "[calendar.watch]\nalways = true"})
    whole_day = (Interval(time(0), time(0)),)
    assert installation.calendars["always"].versions[0].week == (whole_day,) * 7
    assert installation.calendars["watch"].versions == installation.calendars["always"].versions


def test_calendars_without_a_zone_are_in_the_installations() -> None:
    installation = parse_installation({**SMALL, "zone.toml": '[installation]\nzone = "Europe/Helsinki"'})
    assert installation.zone == "Europe/Helsinki"
    assert {version.zone for c in installation.calendars.values() for version in c.versions} == {"Europe/Helsinki"}


def test_targets_tell_metric_seconds_calendar_priorities_and_tier() -> None:
    agreements = small_installation().agreements
    assert agreements["boden-sla"].targets == (Target(Metric.RESOLUTION, 4 * 3600, "office", (1, 2)),)
    assert agreements["board-ola"].targets == (Target(Metric.HOLDING, 2 * 3600, "office", tier=Tier.JOINT),)
    assert agreements["maker-uc"].targets == (Target(Metric.CONTRACT, 5400, "always"),)


def test_all_services_are_every_service_and_for_a_supplier_those_it_runs() -> None:
    more = small(agreements=('services = ["platform"]', 'services = "all"'))
    more["services.toml"] += '\n[service.archive]\nname = "Archive"\nowner = "board"\n'
    agreements = parse_installation(more).agreements
    assert agreements["boden-sla"].services == ("archive", "platform")
    assert agreements["maker-uc"].services == ("platform",)


def test_keys_and_names_may_be_as_long_as_that() -> None:
    documents = small(people=("[person.manager]", f"[person.{'m' * 80}]"), services=('"Platform"', f'"{"P" * 200}"'))
    assert faults_of(documents) == ()


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    write(tmp_path, dict(SMALL))
    (tmp_path / "people.toml").write_text(SMALL["people.toml"], encoding="utf-8-sig")
    assert set(read_installation(tmp_path).people) == {"first-line", "manager"}


def test_slugs_are_made_of_names() -> None:
    assert slug_of("Överkalix växel") == "overkalix-vaxel"

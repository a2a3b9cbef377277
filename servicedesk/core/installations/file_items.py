"""Organisations, teams, people and services as they are written in the files."""

from servicedesk.core.facts import EService, Known, Membership, Organisation, Person, Service, Team, Template
from servicedesk.core.inputs import LONGEST_TEXT
from servicedesk.core.installations.entry import Entry
from servicedesk.core.people import LONGEST_PHONE, is_address
from servicedesk.core.vocabulary import Channel, KnownKind, Language, OrganisationKind, ResolutionCode, Role, Tier


def read_organisation(slug: str, entry: Entry) -> Organisation:
    return Organisation(
        key=slug,
        kind=entry.choice("kind", OrganisationKind),
        name=entry.line("name"),
        code=entry.line("code", ""),
        population=entry.whole("population", 0),
    )


def read_team(slug: str, entry: Entry) -> Team:
    return Team(
        key=slug,
        organisation=entry.reference("organisation", "organisation"),
        tier=entry.choice("tier", Tier),
        name=entry.line("name"),
        calendar=entry.reference(
            "calendar", "calendar", remedy="Every team needs its opening hours: a calendar's key."
        ),
        role=entry.choice("role", Role),
        channels=entry.choices("channels", Channel),
        sample=entry.flag("sample"),
    )


def read_person(slug: str, entry: Entry) -> Person:
    return Person(
        key=slug,
        name=entry.line("name"),
        email=_email(entry),
        memberships=_memberships(entry),
        employer=entry.reference("employer", "organisation", default=""),
        language=entry.choice("language", Language, Language.SWEDISH),
        sample=entry.flag("sample"),
        phone=entry.line("phone", "", most=LONGEST_PHONE),
    )


def read_template(slug: str, entry: Entry) -> Template:
    return Template(
        key=slug,
        organisation=entry.reference("organisation", "organisation"),
        title=entry.line("title"),
        text=entry.text("text"),
        team=entry.reference("team", "team", default=""),
    )


def read_service(slug: str, entry: Entry) -> Service:
    return Service(
        key=slug,
        name=entry.line("name"),
        owner=entry.reference("owner", "organisation"),
        supplier=entry.reference("supplier", "organisation", default=""),
    )


def read_e_service(slug: str, entry: Entry) -> EService:
    return EService(
        key=slug,
        municipality=entry.reference("municipality", "organisation"),
        service=entry.reference("service", "service"),
        name=entry.line("name"),
    )


def read_known(slug: str, entry: Entry) -> Known:
    return Known(
        key=slug,
        kind=entry.choice("kind", KnownKind),
        title=entry.line("title"),
        answer=_answer(entry),
        service=entry.reference("service", "service"),
        symptoms=entry.texts("symptoms", ()),
        municipality=entry.reference("municipality", "organisation", default=""),
        e_service=entry.reference("e_service", "e_service", default=""),
        resolution_code=entry.choice("resolution_code", ResolutionCode, ResolutionCode.INFORMATION_GIVEN),
    )


def _answer(entry: Entry) -> str:
    """It becomes a ticket's solution, so it has to fit in one."""
    answer = entry.text("answer").strip()
    if len(answer) > LONGEST_TEXT:
        entry.fault("answer", f"has {len(answer)} characters.", f"Shorten it to at most {LONGEST_TEXT}.")
    return answer


def _email(entry: Entry) -> str:
    email = entry.line("email")
    if email and not is_address(email):
        entry.fault("email", f'"{email}" is not an e-mail address.', 'Write email = "name@municipality.example".')
    return email.lower()


def _memberships(entry: Entry) -> tuple[Membership, ...]:
    """Who has none must be somebody's employee: else they could neither see nor do anything."""
    if "employer" in entry and "memberships" not in entry:
        return ()
    lack = "is missing: the person belongs to no organisation. Of an employee who only asks, name the employer instead."
    rows = entry.entries("memberships", lack=lack)
    return tuple(_membership(row) for row in rows)


def _membership(row: Entry) -> Membership:
    membership = Membership(row.reference("team", "team"), row.choice("role", Role), row.flag("lead"))
    row.finish()
    return membership

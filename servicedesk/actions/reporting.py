"""What an employee reports themselves, signed in: logged as what it is, a matter that its requester has written down.

Whoever works at the desk gets it as any other; the one who reports it is its requester and sees it as such.
"""

from dataclasses import dataclass

from servicedesk.actions.attachments import attach
from servicedesk.actions.attempts import count_writing
from servicedesk.actions.desk import Desk
from servicedesk.actions.entries import Files
from servicedesk.actions.log import NewTicket, log, next_number
from servicedesk.actions.once import Once
from servicedesk.actions.work import unit_of_work
from servicedesk.core.errors import Invalid, Refusal
from servicedesk.core.facts import Actor
from servicedesk.core.inputs import clean_text
from servicedesk.core.requesters import reports_to, requester
from servicedesk.core.vocabulary import Audience, Channel, Language, Level, RequesterKind

# The process of what employees ask; an installation that has none takes no reports.
WORKFLOW = "internal_incident"


@dataclass(frozen=True, slots=True)
class Report:
    """Municipality, service and e-service are keys; `e_service` may be ''. `language`: they read this one."""

    municipality: str
    service: str
    subject: str
    description: str
    e_service: str = ""
    impact: Level = Level.LOW
    urgency: Level = Level.MEDIUM
    language: Language | None = None


def report_matter(desk: Desk, report: Report, *, actor: Actor, files: Files = (), once: Once | None = None) -> str:
    """The number. Invalid names every field; Refusal `not_yours` for a municipality that is not theirs to report to."""
    with unit_of_work(desk, once) as work:
        installation = work.book.installation
        person = installation.people.get(actor.key) if actor.kind == "person" else None
        if person is None or report.municipality not in reports_to(actor, installation):
            raise Refusal("You can report only to a municipality you work in.", code="not_yours")
        if not clean_text(report.description):
            raise Invalid({"description": ["Say what happens, and what you expected."]})
        number = next_number(work, work.began)
        new = NewTicket(
            municipality=report.municipality,
            service=report.service,
            e_service=report.e_service,
            subject=report.subject,
            description=report.description,
            workflow=WORKFLOW,
            channel=Channel.WEB,
            requester_kind=RequesterKind.EMPLOYEE,
            requester_name=person.name,
            requester_contact=", ".join(filter(None, (person.email, person.phone))),
            impact=report.impact,
            urgency=report.urgency,
            requester_person=person.key,
            language=report.language if report.language is not person.language else None,
        )
        # By themselves as the requester: who they are is the municipality's to know, and nobody's above it.
        held = log(work, new, actor=requester(number), at=work.began, number=number)
        count_writing(desk, work.connection, actor.key)
        attach(work, held, files, Audience.REQUESTER, "", actor=requester(number))
        return number

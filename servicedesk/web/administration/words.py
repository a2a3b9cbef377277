"""What the things of an installation, their values and what is done with them are called."""

from servicedesk.core.vocabulary import KnownKind, Language, OrganisationKind, Role
from servicedesk.web.speech import Words, _, _l

# In the order in which they are looked for.
KINDS: dict[str, Words] = {
    "person": _l("People"),
    "team": _l("Teams"),
    "template": _l("Reply templates"),
    "calendar": _l("Opening hours"),
    "organisation": _l("Organisations"),
    "service": _l("Services"),
    "e_service": _l("E-services"),
    "known": _l("Known errors and answers"),
    "agreement": _l("Agreements"),
    "routing": _l("Routing rules"),
}
ABOUT: dict[str, Words] = {
    "person": _l("Who works here, in which roles, and who is away."),
    "team": _l("Members and opening hours."),
    "template": _l("Texts to begin a reply with."),
    "calendar": _l("Hours, closed days and days with other hours."),
    "organisation": _l("Municipalities, the joint board and suppliers."),
    "service": _l("Shared services, who owns them and who runs them."),
    "e_service": _l("The municipality's own e-services."),
    "known": _l("What the first line can tell who asks."),
    "agreement": _l("What has been promised to whom."),
    "routing": _l("Which team gets which tickets."),
}
ROLES: dict[Role, Words] = {
    Role.FIRST_LINE_STAFF: _l("First line"),
    Role.BUSINESS_SYSTEM_MANAGER: _l("Business system manager"),
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.E_SERVICE_DEVELOPER: _l("E-service developer"),
    Role.LOCAL_IT: _l("Local IT"),
    Role.IT_SERVICE_MANAGER: _l("IT service manager"),
    Role.SYSTEM_OWNER: _l("System owner"),
    Role.SUPPLIER_AGENT: _l("Supplier's technician"),
}
ORGANISATIONS: dict[OrganisationKind, Words] = {
    OrganisationKind.MUNICIPALITY: _l("Municipality"),
    OrganisationKind.JOINT: _l("Joint organisation"),
    OrganisationKind.SUPPLIER: _l("Supplier"),
}
LANGUAGES: dict[Language, Words] = {Language.SWEDISH: _l("Swedish"), Language.ENGLISH: _l("English")}
KNOWN_KINDS: dict[KnownKind, Words] = {KnownKind.ERROR: _l("Known error"), KnownKind.ANSWER: _l("Answer")}
LABELS: dict[str, Words] = {
    "name": _l("Name"),
    "email": _l("E-mail"),
    "phone": _l("Telephone"),
    "language": _l("Language"),
    "memberships": _l("Roles"),
    "former": _l("Roles until then"),
    "employer": _l("Employee of"),
    "ended": _l("Has left"),
    "absences": _l("Away"),
    "calendar": _l("Opening hours"),
    "organisation": _l("Organisation"),
    "team": _l("Team"),
    "title": _l("Title"),
    "text": _l("Text"),
    "withdrawn": _l("Withdrawn"),
    "handed_on": _l("Tickets handed on"),
    "kind": _l("Kind"),
    "answer": _l("Answer"),
    "symptoms": _l("Found by"),
    "service": _l("Service"),
    "e_service": _l("E-service"),
    "municipality": _l("Municipality"),
    "resolution_code": _l("How it is solved"),
    "versions": _l("Opening hours"),
    "week": _l("Week"),
    "seat": _l("Role"),
    "to": _l("Who takes over the tickets?"),
    "reason": _l("Why?"),
}
WHAT: dict[str, Words] = {
    "added": _l("Added."),
    "changed": _l("Changed."),
    "seat_given": _l("Gave a role."),
    "seat_taken": _l("Took a role away."),
    "ended": _l("Closed the account: the person is signed out, and in no team."),
    "invited": _l("Made a link to set a password by."),
    "password_set": _l("Set a password by the link."),
    "away": _l("Wrote down an absence."),
    "back": _l("Ended an absence."),
    "day_set": _l("Gave a day hours of its own."),
    "day_cleared": _l("Gave a day its usual hours again."),
    "week_set": _l("Set new hours for the week."),
    "withdrawn": _l("Withdrew the template."),
    "restored": _l("Offered the template again."),
}
SOURCES: dict[str, Words] = {"files": _l("from files"), "pages": _l("in pages")}


def role_words(role: Role, *, lead: bool) -> str:
    return _("%(role)s, leads the team", role=ROLES[role]) if lead else str(ROLES[role])

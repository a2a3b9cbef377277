"""Whether and when the requester has been told, and has looked: said to those who speak with them."""

from dataclasses import dataclass

from flask import url_for

from servicedesk.core.letters import Occasion, address_in, is_overtaken, masked, may_be_mailed
from servicedesk.core.undelivered import Cause, Failure
from servicedesk.core.vocabulary import Language, RequesterKind
from servicedesk.extensions import desk
from servicedesk.store.mails import DROPPED, FAILED, SENT
from servicedesk.store.queries.mails import SentMail, contact_with_requester
from servicedesk.store.queries.tickets import TicketView
from servicedesk.web import identity, times
from servicedesk.web.administration.words import LANGUAGES
from servicedesk.web.reading import Reading
from servicedesk.web.speech import Words, _, _l, sentence


@dataclass(frozen=True, slots=True)
class MailLine:
    """`tone`: sent, waiting, failed. `again`: where one that failed is sent once more, '' where nothing would come of
    it."""

    words: str
    tone: str
    why: str
    again: str = ""


@dataclass(frozen=True, slots=True)
class RequesterTold:
    """`no_mail`: why nothing goes out by mail, '' where it does. `opened`: whether they have looked; '' where they have
    no page. `reads`: which language, where it is not the usual one."""

    no_mail: str
    address: str
    mails: list[MailLine]
    opened: str
    has_link: bool
    reads: str


WHAT: dict[Occasion, Words] = {
    Occasion.LOGGED: _l("The receipt"),
    Occasion.ASKED: _l("The question"),
    Occasion.REMINDED: _l("The reminder"),
    Occasion.ANSWERED: _l("That you have written"),
    Occasion.SOLVED: _l("That it is solved"),
    Occasion.CLOSED: _l("That it is closed"),
}


def requester_told(view: TicketView, reading: Reading) -> RequesterTold:
    """For a viewer of the ticket's municipality."""
    contact = contact_with_requester(reading.connection, identity.viewer(), view.number)
    address = address_in(view.requester.contact) if view.requester else ""
    opened = ""
    if contact.has_link:
        opened = _("The requester has not opened their page.")
    if contact.opened_at:
        when = times.near(contact.opened_at, reading.now)
        opened = _("The requester last opened their page %(when)s.", when=when)
    no_mail = _no_mail(view, address)
    return RequesterTold(
        no_mail=no_mail,
        address=address,
        mails=[
            _line(mail, reading, _again(mail, view) if not no_mail else "")
            for mail in contact.mails
            if mail.state != DROPPED
        ],
        opened=opened,
        has_link=contact.has_link,
        reads=_reads(contact.language or (view.requester.language if view.requester else "")),
    )


def _again(mail: SentMail, view: TicketView) -> str:
    if mail.state != FAILED or is_overtaken(mail.occasion, mail.seq, view.ticket):
        return ""
    return url_for("web.send_mail_again", number=view.number, mail=mail.id)


def _reads(language: str) -> str:
    if not language or language == Language.SWEDISH:
        return ""
    return _(
        "The requester reads %(language)s: mail and page are in it.",
        language=str(LANGUAGES[Language(language)]).lower(),
    )


def will_be_told(view: TicketView) -> str:
    """Said to whoever writes to the requester, before it is sent; '' to those who do not speak with them."""
    if view.requester is None:
        return ""
    address = address_in(view.requester.contact)
    return _no_mail(view, address) or _("A mail says so to %(address)s.", address=masked(address))


def _no_mail(view: TicketView, address: str) -> str:
    if view.ticket.requester_kind is RequesterKind.PROTECTED:
        return _("Protected identity: nothing is sent by mail.")
    if not may_be_mailed(view.ticket) or not address:
        return _("There is no mail address to the requester, so they are not told by mail. Tell them yourself.")
    if not desk().mails:
        return _("This service desk sends no mail, so the requester is not told by it. Tell them yourself.")
    return ""


def _line(mail: SentMail, reading: Reading, again: str) -> MailLine:
    what, when = str(WHAT[mail.occasion]), times.near(mail.at, reading.now)
    why = _why(mail.failure) if mail.failure else ""
    if mail.state == SENT:
        return MailLine(_("%(what)s: mailed %(when)s", what=what, when=when), "sent", "")
    if mail.state == FAILED:
        words = _("%(what)s: could not be mailed. Tell the requester some other way.", what=what)
        return MailLine(words, "failed", why, again)
    return MailLine(_("%(what)s: on its way by mail since %(when)s", what=what, when=when), "waiting", why)


def _why(failure: Failure) -> str:
    if failure.cause is Cause.ANSWERED:
        return _("The mail server did not take it (%(code)s).", code=failure.detail)
    return sentence(failure.sentence)

"""What a requester is told by mail, in their language: that something has happened, and where to read it.

More than one pair of eyes may read a mail on its way. It names the ticket and what is asked, nothing else: what was
answered or done is read on the page.
"""

from flask import Flask, g

from servicedesk.actions.mailing import Envelope
from servicedesk.core.letters import Letter, Occasion
from servicedesk.core.requesters import may_rate
from servicedesk.web import language, names, times
from servicedesk.web.requester.doors import ADDRESS
from servicedesk.web.requester.standing import standing
from servicedesk.web.speech import _


class LetterWriter:
    """`public_url` is where people reach the pages."""

    def __init__(self, public_url: str) -> None:
        self.public_url = public_url.rstrip("/")
        self.app = Flask("servicedesk")
        language.init_app(self.app)

    def write(self, envelope: Envelope) -> tuple[Letter, str]:
        """The letter, and the name that it comes from."""
        with self.app.app_context():
            g.page_language = envelope.language
            times.use_zone(envelope.installation.zone)
            ours = names.organisation(envelope.installation, envelope.view.ticket.municipality)
            return self._letter(envelope, ours), ours

    def _letter(self, envelope: Envelope, ours: str) -> Letter:
        ticket, news = envelope.view.ticket, _news(envelope)
        return Letter(
            subject=f"{news} ({ticket.number})",
            paragraphs=(f"{news}.", *_matter(envelope), *_next(envelope)),
            quote=(envelope.view.question or "") if envelope.occasion in ASKING else "",
            link=(_asked(envelope), f"{self.public_url}{ADDRESS.replace('<link>', envelope.token)}"),
            foot=_foot(ours),
            language=str(envelope.language),
        )


ASKING = (Occasion.ASKED, Occasion.REMINDED)


def _news(envelope: Envelope) -> str:
    if envelope.occasion is Occasion.CLOSED:
        return standing(envelope.view, envelope.now).headline
    return {
        Occasion.LOGGED: _("We have received your ticket"),
        Occasion.ASKED: _("We have a question for you"),
        Occasion.REMINDED: _("We are still waiting for your answer"),
        Occasion.ANSWERED: _("We have written to you"),
        Occasion.SOLVED: _("Your ticket is solved"),
    }[envelope.occasion]


def _matter(envelope: Envelope) -> list[str]:
    number, subject = envelope.view.ticket.number, envelope.view.subject
    if subject:
        return [_("Ticket %(number)s: %(subject)s", number=number, subject=subject)]
    return [_("Ticket %(number)s", number=number)]


def _next(envelope: Envelope) -> list[str]:
    """As the page says it, which is where they go on."""
    if envelope.occasion is Occasion.ANSWERED:
        return [_("Read it on your page, and answer there if you want to.")]
    told = standing(envelope.view, envelope.now).next
    if envelope.occasion is Occasion.CLOSED and may_rate(envelope.view.ticket, envelope.now):
        return [*told, _("We have one question to you: how did it go?")]
    return told


def _asked(envelope: Envelope) -> str:
    """The words of the link: what there is to do."""
    if envelope.occasion in ASKING:
        return _("Answer the question")
    if envelope.occasion is Occasion.SOLVED:
        return _("Tell us whether it works")
    if envelope.occasion is Occasion.CLOSED and may_rate(envelope.view.ticket, envelope.now):
        return _("Tell us how it went")
    return _("See your ticket")


def _foot(ours: str) -> tuple[str, ...]:
    return (
        _("%(municipality)s sends this because you have a ticket with us.", municipality=ours),
        _("Nobody reads answers to this mail: use the link. Whoever has it can answer for you, so do not pass it on."),
    )

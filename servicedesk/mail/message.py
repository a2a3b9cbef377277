"""A letter as a mail: plain text and simple HTML of the same words, and headers that keep machines from answering."""

from collections.abc import Iterator
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

from servicedesk.core.letters import Letter


def message_of(
    letter: Letter, *, sender: str, name: str, address: str, message_id: str, first_id: str, at: datetime
) -> EmailMessage:
    """`message_id` of this mail and of the ticket's first, each without its domain. ValueError for what would break
    out of its header."""
    domain = sender.rpartition("@")[2]
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(name, addr_spec=sender)
    mail["To"] = Address(addr_spec=address)
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{message_id}@{domain}>"
    if first_id != message_id:
        mail["In-Reply-To"] = mail["References"] = f"<{first_id}@{domain}>"
    # RFC 3834: nobody's holiday message answers this. RFC 2919 and the last two say it to those that do not know it.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["List-Id"] = f"<tickets.{domain}>"
    mail["X-Loop"] = sender
    mail.set_content(_plain(letter), cte="quoted-printable")
    mail.add_alternative(_html(letter), subtype="html", cte="quoted-printable")
    mail["Content-Language"] = letter.language  # last: a new content takes what was said of the old one with it
    return mail


def _plain(letter: Letter) -> str:
    return "\n\n".join(_blocks(letter)) + "\n"


def _blocks(letter: Letter) -> Iterator[str]:
    yield from letter.paragraphs
    if letter.quote:
        yield "\n".join(f"    {line}" for line in letter.quote.splitlines())
    yield "\n".join(letter.link)
    yield "-- \n" + "\n".join(letter.foot)


def _html(letter: Letter) -> str:
    """Of words alone, each escaped: no picture, no script, nothing from elsewhere."""
    words, address = letter.link
    parts = [
        *(f"<p>{escape(text)}</p>" for text in letter.paragraphs),
        *([f"<blockquote>{_lines(letter.quote)}</blockquote>"] if letter.quote else []),
        f'<p><a href="{escape(address)}"><strong>{escape(words)}</strong></a></p>',
        "<hr>",
        *(f"<p><small>{escape(text)}</small></p>" for text in letter.foot),
    ]
    head = f'<meta charset="utf-8"><title>{escape(letter.subject)}</title>'
    body = "".join(f"{part}\n" for part in parts)
    return f'<!doctype html>\n<html lang="{escape(letter.language)}"><head>{head}</head><body>\n{body}</body></html>\n'


def _lines(text: str) -> str:
    return "<br>".join(map(escape, text.splitlines()))

"""The requester's own link to a ticket, for the municipality to give them."""

from urllib.parse import quote, urlencode

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from servicedesk.actions.links import give_link as give
from servicedesk.actions.links import withdraw_link as withdraw
from servicedesk.extensions import desk
from servicedesk.store.queries.tickets import view_ticket
from servicedesk.web import identity, names
from servicedesk.web.blueprint import bp
from servicedesk.web.reading import reading
from servicedesk.web.rendering import render
from servicedesk.web.requester.told import requester_told
from servicedesk.web.speech import _


@bp.post("/tickets/<number>/requester-link")
def give_link(number: str) -> ResponseReturnValue:
    token = give(desk(), number, actor=identity.viewer())
    address = url_for("web.link_ticket", link=token, _external=True)
    with reading() as now:
        view = view_ticket(now.connection, now.book, identity.viewer(), number)
        told = requester_told(view, now)
        return render(
            "web/requester_link.html",
            now,
            number=number,
            address=address,
            told=told,
            municipality=names.organisation(now.installation, view.ticket.municipality),
            mailto=_mailto(told.address, number, address),
        )


def _mailto(to: str, number: str, address: str) -> str:
    """For a mail of one's own: who it is to if that is known, and the link; nothing of the matter."""
    subject = _("Your ticket %(number)s", number=number)
    body = _("Here you see where your ticket stands: %(address)s", address=address)
    return f"mailto:{quote(to)}?{urlencode({'subject': subject, 'body': body}, quote_via=quote)}"


@bp.post("/tickets/<number>/requester-link/withdrawal")
def withdraw_link(number: str) -> ResponseReturnValue:
    withdraw(desk(), number, actor=identity.viewer())
    flash(_("The link is out of use."), "success")
    return redirect(url_for("web.show_ticket", number=number), 303)

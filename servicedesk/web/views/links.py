"""The requester's own link to a ticket, for the municipality to give them."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from servicedesk.actions.links import give_link as give
from servicedesk.actions.links import withdraw_link as withdraw
from servicedesk.extensions import desk
from servicedesk.web import identity
from servicedesk.web.blueprint import bp
from servicedesk.web.reading import reading
from servicedesk.web.rendering import render
from servicedesk.web.speech import _


@bp.post("/tickets/<number>/requester-link")
def give_link(number: str) -> ResponseReturnValue:
    token = give(desk(), number, actor=identity.viewer())
    address = url_for("web.link_ticket", link=token, _external=True)
    with reading() as now:
        return render("web/requester_link.html", now, number=number, address=address)


@bp.post("/tickets/<number>/requester-link/withdrawal")
def withdraw_link(number: str) -> ResponseReturnValue:
    withdraw(desk(), number, actor=identity.viewer())
    flash(_("The link is out of use."), "success")
    return redirect(url_for("web.show_ticket", number=number), 303)

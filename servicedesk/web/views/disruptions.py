"""Telling the public of what does not work: the list of what has been told, and the forms."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.actions.disruptions import declare_disruption, tell_disruption
from servicedesk.core.disruptions import speaks_for
from servicedesk.core.errors import AlreadyDone, Invalid, NotFound
from servicedesk.extensions import desk
from servicedesk.store.queries.disruptions import told_disruptions
from servicedesk.web import identity
from servicedesk.web.blueprint import bp
from servicedesk.web.disruptions.forms import new_disruption, new_fields, sent_once, text_field, typed
from servicedesk.web.disruptions.told import named
from servicedesk.web.forms import fields
from servicedesk.web.forms.drafts import look_through_first
from servicedesk.web.reading import Reading, reading
from servicedesk.web.rendering import render
from servicedesk.web.speech import _, sentence


@bp.get("/disruptions")
def disruptions() -> ResponseReturnValue:
    return _page()


@bp.post("/disruptions")
def declare() -> ResponseReturnValue:
    try:
        look_through_first()
        declare_disruption(desk(), new_disruption(), actor=identity.viewer(), once=sent_once())
    except AlreadyDone:
        pass
    except Invalid as error:
        return _page(error), 422
    flash(_("The public is told."), "success")
    return redirect(url_for("web.disruptions"), 303)


@bp.post("/disruptions/<key>/messages")
def tell(key: str) -> ResponseReturnValue:
    ends = bool(request.form.get("ends"))
    try:
        look_through_first()
        tell_disruption(desk(), key, request.form.get("text", ""), actor=identity.viewer(), ends=ends, once=sent_once())
    except AlreadyDone:
        pass
    except Invalid as error:
        return _page(error, key), 422
    flash(_("The public is told that it is over.") if ends else _("The public is told."), "success")
    return redirect(url_for("web.disruptions"), 303)


def _page(error: Invalid | None = None, at: str = "") -> str:
    """`at`: the disruption whose form was at fault; '' is the form for a new one."""
    with reading() as now:
        mine = _require_speaker(now)
        found = told_disruptions(now.connection, now.now)
        new = new_fields(now)
        faults = {name: [sentence(text) for text in texts] for name, texts in error.fields.items()} if error else {}
        again = fields.again((text_field(),) if at else new, typed(), faults) if error else new
        return render(
            "web/disruptions.html",
            now,
            told=[named(each, now) for each in found],
            mine=mine,
            new=new if at else again,
            message=(text_field(),),
            at=at,
            again=again if at else (),
        )


def _require_speaker(now: Reading) -> frozenset[str]:
    """NotFound for those who speak to nobody's public."""
    mine = speaks_for(identity.viewer(), now.installation)
    if not mine:
        raise NotFound("There is no such page, or it is not yours to see.")
    return mine

"""Teams and opening hours, changed in pages; and who is away."""

from datetime import date

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from servicedesk.actions.administering import absences, hours
from servicedesk.core.errors import NotFound
from servicedesk.extensions import desk
from servicedesk.web import identity
from servicedesk.web.administration import absence_forms, hours_forms
from servicedesk.web.administration.hours_forms import day_of, hours_of, week_of
from servicedesk.web.administration.seeing import require_administration
from servicedesk.web.administration.sending import seen, send, sent_once, show, typed
from servicedesk.web.blueprint import bp
from servicedesk.web.forms import drafts
from servicedesk.web.speech import _


@bp.get("/administration/team/<key>/change")
def edit_team(key: str) -> ResponseReturnValue:
    return show(lambda now: hours_forms.team_form(key, now))


@bp.post("/administration/team/<key>/change")
def change_team(key: str) -> ResponseReturnValue:
    def act() -> str:
        said = typed()
        name, calendar = said.get("name", ""), said.get("calendar", "")
        hours.change_team(desk(), key, name, calendar, actor=identity.viewer(), seen=seen())
        return _page_of("team", key)

    return send(lambda now: hours_forms.team_form(key, now), act, _("Saved."))


@bp.get("/administration/team/<key>/own-hours")
def offer_own_hours(key: str) -> ResponseReturnValue:
    return show(lambda now: hours_forms.own_hours_form(key, now))


@bp.post("/administration/team/<key>/own-hours")
def give_own_hours(key: str) -> ResponseReturnValue:
    def act() -> str:
        once, name = sent_once(), typed().get("name", "")
        made = hours.give_own_hours(desk(), key, name, actor=identity.viewer(), seen=seen(), once=once)
        return _page_of("calendar", made)

    words = _("The hours are your own now. Close days in them, or give the week new hours.")
    return send(lambda now: hours_forms.own_hours_form(key, now), act, words)


@bp.get("/administration/calendar/<key>/days")
def edit_days(key: str) -> ResponseReturnValue:
    return show(lambda now: hours_forms.days_form(key, now))


@bp.post("/administration/calendar/<key>/days")
def set_days(key: str) -> ResponseReturnValue:
    def act() -> str:
        said = typed()
        first = day_of(said, "first")
        last, open_then, why = day_of(said, "last", first), hours_of(said, "hours"), said.get("reason", "")
        hours.set_days(desk(), key, first, last, open_then, why, actor=identity.viewer(), seen=seen())
        return _page_of("calendar", key)

    words = _("Saved. Promises of open tickets have been reckoned by it.")
    return send(lambda now: hours_forms.days_form(key, now), act, words)


@bp.post("/administration/calendar/<key>/days/<day>/usual")
def clear_day(key: str, day: str) -> ResponseReturnValue:
    require_administration()
    if not drafts.is_brought_back():
        hours.clear_day(desk(), key, _day(day), actor=identity.viewer())
        flash(_("The day has its usual hours again."), "success")
    return redirect(_page_of("calendar", key), 303)


@bp.get("/administration/calendar/<key>/week")
def edit_week(key: str) -> ResponseReturnValue:
    return show(lambda now: hours_forms.week_form(key, now))


@bp.post("/administration/calendar/<key>/week")
def set_week(key: str) -> ResponseReturnValue:
    def act() -> str:
        said = typed()
        since, week, why = day_of(said, "since"), week_of(said), said.get("reason", "")
        hours.set_week(desk(), key, since, week, why, actor=identity.viewer(), seen=seen())
        return _page_of("calendar", key)

    words = _("Saved. Promises of open tickets have been reckoned by it.")
    return send(lambda now: hours_forms.week_form(key, now), act, words)


@bp.get("/administration/person/<key>/absence")
def edit_absence(key: str) -> ResponseReturnValue:
    return show(lambda now: absence_forms.absence_form(key, now))


@bp.post("/administration/person/<key>/absence")
def add_absence(key: str) -> ResponseReturnValue:
    def act() -> str:
        _send_away(key)
        return _page_of("person", key)

    return send(lambda now: absence_forms.absence_form(key, now), act, _("Saved."))


@bp.post("/administration/person/<key>/absence/<first>/end")
def end_absence(key: str, first: str) -> ResponseReturnValue:
    require_administration()
    if not drafts.is_brought_back():
        absences.end_absence(desk(), key, _day(first), actor=identity.viewer())
        flash(_("The absence is ended."), "success")
    return redirect(_page_of("person", key), 303)


@bp.get("/away")
def own_absence() -> ResponseReturnValue:
    return show(absence_forms.own_absence_form, by_all=True)


@bp.post("/away")
def add_own_absence() -> ResponseReturnValue:
    def act() -> str:
        _send_away(identity.viewer().key)
        return url_for("web.own_absence")

    return send(absence_forms.own_absence_form, act, _("Saved."), by_all=True)


@bp.post("/away/<first>/end")
def end_own_absence(first: str) -> ResponseReturnValue:
    if not drafts.is_brought_back():
        absences.end_absence(desk(), identity.viewer().key, _day(first), actor=identity.viewer())
        flash(_("The absence is ended."), "success")
    return redirect(url_for("web.own_absence"), 303)


def _send_away(key: str) -> None:
    said = typed()
    first, last = day_of(said, "first"), day_of(said, "last")
    stand_in = said.get("stand_in", "")
    absences.add_absence(desk(), key, first, last, stand_in, actor=identity.viewer(), seen=seen())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound("There is no such day.") from None


def _page_of(kind: str, key: str) -> str:
    return url_for("web.show_part", kind=kind, key=key)

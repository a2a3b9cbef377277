"""Steps of the workflow: whatever a definition lets a person do, by one pair of views."""

from collections.abc import Mapping

from flask.typing import ResponseReturnValue

from servicedesk.actions.steps import perform
from servicedesk.core.errors import NotFound
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Need
from servicedesk.extensions import desk
from servicedesk.store.queries.tickets import TicketView, view_ticket
from servicedesk.web import identity, times
from servicedesk.web.blueprint import bp
from servicedesk.web.forms.form import Form, step_form
from servicedesk.web.forms.nonce import sent_once
from servicedesk.web.forms.submission import submit
from servicedesk.web.reading import Reading, reading
from servicedesk.web.rendering import render
from servicedesk.web.speech import _
from servicedesk.web.ticket.drafts import begun, going_on
from servicedesk.web.ticket.presence import polled, tell_open


@bp.get("/tickets/<number>/steps/<transition>")
def show_step(number: str, transition: str) -> ResponseReturnValue:
    """The step's form. A step that this person does not have now leads to what they do have."""
    with reading() as now:
        view = view_ticket(now.connection, now.book, identity.viewer(), number)
        form = _form(transition, view, now)
        if form is None:
            raise NotFound("You do not have this step now. Open the ticket and choose one of those you have.")
        form = going_on(form, begun(view, now), view, now)
        beside = polled(view.ticket, view.version, now)
        page = render("web/form.html", now, view=view, form=form, trouble=None, kept=[], foreseen=None, **beside)
    tell_open(number)
    return page


@bp.post("/tickets/<number>/steps/<transition>")
def take_step(number: str, transition: str) -> ResponseReturnValue:
    def act(typed: Mapping[str, str], version: int) -> TicketState:
        given = {**typed, Need.UNTIL: times.with_zone(typed[Need.UNTIL])} if Need.UNTIL in typed else typed
        return perform(
            desk(), number, transition, actor=identity.viewer(), given=given, expected=version, once=sent_once()
        )

    return submit(number, lambda view, now: _form(transition, view, now), act, _("Done."))


def _form(transition: str, view: TicketView, now: Reading) -> Form | None:
    """None when the step cannot be taken from where the ticket is now."""
    step = next((o.step for o in view.options if o.step.step == transition and not o.refusal), None)
    return step_form(step, view, now) if step else None

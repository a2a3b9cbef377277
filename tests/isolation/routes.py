"""Every route of the application and what kind it is. A route that is not here fails the suite."""

from dataclasses import dataclass, field

from servicedesk.api.v1.resources import RESOURCES


@dataclass(frozen=True)
class Route:
    """kind: `open` (nothing of any ticket in it), `own` (a person's own things and lists), `ticket` (one ticket).

    `form` is sent with a POST. `edge`: pages by session, api by token.
    """

    kind: str
    edge: str = "web"
    query: str = ""
    values: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)


PUBLIC = ("public_disruptions", "disruptions_fragment", "disruptions_feed", "disruptions_data")
LINKED = ("ticket", "answer", "confirm", "reopen", "message", "rate", "language")

# Whoever does not see a ticket may still name it.
NAMED = [f"2026-{number:05}" for number in range(1, 20)]

ROUTES: dict[str, Route] = {
    "static": Route("open", values={"filename": "nothing.css"}),
    "healthz": Route("open"),
    "readyz": Route("open"),
    "metrics": Route("open"),
    "web.static": Route("open", values={"filename": "nothing.css"}),
    "web.brand_style": Route("open"),
    "web.brand_mark": Route("open"),
    "web.accessibility": Route("open"),
    "web.sign_in": Route("open"),
    "web.check_sign_in": Route("open", form={"email": "nobody@lulea.example", "password": "wrong"}),
    "web.sign_out": Route("own"),
    "web.set_preferences": Route("open", form={"language": "en"}),
    "web.home": Route("own"),
    "web.queue": Route("own"),
    # The address would be in the page; naming others' tickets in it: tests/web/test_selection.py.
    "web.selection": Route("own"),
    "web.act_on_selection": Route("own", form={"tickets": ":1 ".join((*NAMED, "")), "do": "assign", "assignee": ""}),
    "web.show_batch": Route("own", values={"batch": "1"}),
    "web.undo_batch": Route("own", values={"batch": "1"}),
    "web.triage": Route("own"),
    "web.search": Route("own"),
    "web.commands": Route("own", query="q=MARK"),
    "web.management": Route("own"),
    "web.management_tickets": Route("own"),
    "web.what_if": Route("own"),
    "web.try_file": Route("own", form={"text": "[calendar.leverantor-plattform]\nalways = true\n"}),
    "web.notices": Route("own"),
    "web.read_notices": Route("own"),
    "web.open_from_notices": Route("ticket"),
    "web.new_ticket": Route("own"),
    "web.log": Route("own"),
    "web.keep_draft": Route("own", form={"subject": "Halvskrivet"}),
    "web.let_draft_go": Route("own", form={"form": "nobody's"}),
    "web.show_ticket": Route("ticket"),
    # The file that came with the municipality's own note: tests/isolation/world.py.
    "web.show_attachment": Route("ticket", values={"seq": "3"}),
    "web.receipt": Route("ticket"),
    "web.show_step": Route("ticket", values={"transition": "take"}),
    "web.take_step": Route("ticket", values={"transition": "take"}),
    "web.add_reply": Route("ticket", form={"body": "hej"}),
    "web.write": Route("ticket", values={"to": "note"}, form={"body": "hej [senast]"}),
    "web.add_note": Route("ticket", form={"body": "hej", "audience": "municipality"}),
    "web.add_supplier_note": Route("ticket", form={"body": "hej"}),
    "web.add_supplier_description": Route("ticket", form={"body": "hej"}),
    "web.assign_ticket": Route("ticket", form={"assignee": ""}),
    "web.set_priority": Route("ticket", form={"impact": "high", "urgency": "high", "reason": "ja"}),
    "web.set_classification": Route("ticket", form={"fault": "platform", "service": "e-arkiv", "reason": "ja"}),
    "web.set_agreement": Route("ticket", form={"agreement": "lulea-sla", "reason": "ja"}),
    "web.set_municipality": Route("ticket", form={"municipality": "pajala", "reason": "ja"}),
    "web.add_link": Route("ticket", form={"relation": "follows", "number": "2026-00001"}),
    "web.add_merge": Route("ticket", form={"into": "2026-00001", "reason": "ja"}),
    "web.correct_priority": Route("ticket", form={"event": "1", "impact": "high", "urgency": "high", "reason": "ja"}),
    "web.correct_moment": Route("ticket", form={"event": "2", "at": "2026-03-02T09:00", "reason": "ja"}),
    "web.tell_wait": Route(
        "ticket", form={"step": "ask_requester_from_first_line", "at": "2026-03-02T09:00", "reason": "ja"}
    ),
    "web.give_link": Route("ticket"),
    "web.withdraw_link": Route("ticket"),
    # A requester's link, here one that opens nothing: what one that does shows is in test_what_a_requester_reads.py.
    **{f"web.link_{name}": Route("open", values={"link": "x" * 43}) for name in LINKED},
    # The same signed in, here of a ticket that none of them has asked: tests/web/test_own_tickets.py.
    **{f"web.own_{name}": Route("own", values={"number": "2026-00001"}) for name in LINKED if name != "language"},
    "web.own_attachment": Route("own", values={"number": "2026-00001", "seq": "3"}),
    "web.personal_data": Route("open", values={"municipality": "lulea"}),
    "web.own_tickets": Route("own"),
    "web.new_report": Route("own"),
    "web.send_report": Route("own", form={"subject": "Prov"}),
    "web.link_attachment": Route("open", values={"link": "x" * 43, "seq": "3"}),
    "web.disruptions": Route("own"),
    "web.declare": Route("own", form={"service": "e-arkiv"}),
    "web.tell": Route("own", values={"key": "nothing"}, form={"text": "hej"}),
    **{f"web.{name}": Route("open") for name in PUBLIC},
    "web.majors": Route("own"),
    "web.new_major": Route("own"),
    "web.declare_major_incident": Route("own", form={"service": "e-arkiv"}),
    "web.show_major": Route("own", values={"key": "nothing"}),
    "web.attach_to_major": Route("own", values={"key": "nothing"}, form={"tickets": "2026-00001"}),
    "web.tell_affected": Route("own", values={"key": "nothing"}, form={"text": "hej", "audience": "requester"}),
    "web.resolve_major": Route("own", values={"key": "nothing"}, form={"solution": "hej", "resolution_code": "solved"}),
    "web.try_major_again": Route("own", values={"key": "nothing", "act": "1"}),
    "web.attach_ticket": Route("ticket", form={"incident": "nothing"}),
    "web.detach_ticket": Route("ticket"),
    "web.workflows": Route("own"),
    "web.show_workflow": Route("own", values={"key": "citizen_incident"}),
    "web.workflow_tickets": Route("own", values={"key": "citizen_incident", "state": "first_new"}),
    "web.webhooks": Route("own"),
    "web.show_webhook": Route("own", values={"webhook": "1"}),
    "web.enable_webhook": Route("own", values={"webhook": "1"}),
    "web.resend_delivery": Route("own", values={"webhook": "1", "delivery": "1"}),
    "web.administration": Route("own", query="q=a"),
    "web.administration_kind": Route("own", values={"kind": "person"}),
    "web.show_part": Route("own", values={"kind": "person", "key": "lulea-administrator"}),
    "web.new_person": Route("own"),
    "web.create_person": Route("own", form={"name": "Prov", "email": "prov@lulea.example", "seat": "-/-"}),
    "web.edit_person": Route("own", values={"key": "nobody"}),
    "web.change_person": Route("own", values={"key": "nobody"}, form={"name": "Prov"}),
    "web.offer_seat": Route("own", values={"key": "nobody"}),
    "web.give_seat": Route("own", values={"key": "nobody"}, form={"seat": "-/-"}),
    "web.ask_take_seat": Route("own", values={"key": "nobody", "team": "-", "role": "-"}),
    "web.take_seat": Route("own", values={"key": "nobody", "team": "-", "role": "-"}, form={"reason": "ja"}),
    "web.ask_end_person": Route("own", values={"key": "nobody"}),
    "web.end_person": Route("own", values={"key": "nobody"}, form={"reason": "ja"}),
    "web.invite_person": Route("own", values={"key": "nobody"}),
    "web.rules": Route("own"),
    "web.new_template": Route("own"),
    "web.create_template": Route("own", form={"title": "Prov", "text": "Hej", "place": "pajala"}),
    "web.edit_template": Route("own", values={"key": "nobody"}),
    "web.change_template": Route("own", values={"key": "nobody"}, form={"title": "Prov"}),
    "web.withdraw_template": Route("own", values={"key": "nobody"}),
    "web.restore_template": Route("own", values={"key": "nobody"}),
    "web.edit_team": Route("own", values={"key": "lulea-kundcenter"}),
    "web.change_team": Route("own", values={"key": "lulea-kundcenter"}, form={"name": "Prov", "calendar": "-"}),
    "web.offer_own_hours": Route("own", values={"key": "lulea-it"}),
    "web.give_own_hours": Route("own", values={"key": "lulea-it"}, form={"name": ""}),
    "web.edit_days": Route("own", values={"key": "lulea-kundcenter"}),
    "web.set_days": Route("own", values={"key": "lulea-kundcenter"}, form={"first": "2020-01-01"}),
    "web.clear_day": Route("own", values={"key": "lulea-kundcenter", "day": "2020-01-01"}),
    "web.edit_week": Route("own", values={"key": "lulea-kundcenter"}),
    "web.set_week": Route("own", values={"key": "lulea-kundcenter"}, form={"since": "2020-01-01"}),
    "web.edit_absence": Route("own", values={"key": "nobody"}),
    "web.add_absence": Route("own", values={"key": "nobody"}, form={"first": "2026-03-02", "last": "2026-03-03"}),
    "web.end_absence": Route("own", values={"key": "nobody", "first": "2026-03-02"}),
    "web.own_absence": Route("own"),
    "web.add_own_absence": Route("own", form={"first": "2020-01-01", "last": "2020-01-01"}),
    "web.end_own_absence": Route("own", values={"first": "2026-03-02"}),
    "web.invitation": Route("open", values={"token": "nobody"}),
    "web.accept_invitation": Route("open", values={"token": "nobody"}, form={"password": "x", "again": "x"}),
    "web.clients": Route("own"),
    "web.new_client": Route("own"),
    "web.create_client": Route("own", form={"organisation": "lulea", "name": "Prov", "scopes": "tickets:read"}),
    "web.show_client": Route("own", values={"key": "nobody"}),
    "web.edit_client": Route("own", values={"key": "nobody"}),
    "web.change_client": Route("own", values={"key": "nobody"}, form={"name": "Prov", "scopes": "tickets:read"}),
    "web.suspend_client": Route("own", values={"key": "nobody"}),
    "web.resume_client": Route("own", values={"key": "nobody"}),
    "web.make_token": Route("own", values={"key": "nobody"}, form={"kind": "token", "name": "Prov"}),
    "web.rotate_token": Route("own", values={"key": "nobody", "token": "1"}, form={"overlap": "7"}),
    "web.revoke_token": Route("own", values={"key": "nobody", "token": "1"}),
    "api_openapi": Route("open", edge="api"),
    "api_docs.reference": Route("open", edge="api"),
    "api_docs.problems": Route("open", edge="api"),
    "api_docs.tmf621": Route("open", edge="api"),
    "api_docs.text": Route("open", edge="api", values={"name": "guide"}),
    "oauth.token": Route("open", edge="api", form={"grant_type": "client_credentials"}),
    "oauth.authorization_server": Route("open", edge="api"),
    "problems.kind": Route("open", edge="api", values={"code": "not_found"}),
    "tickets.tickets": Route("own", edge="api"),
    "tickets.log": Route("own", edge="api", form={"subject": "Ett fel", "service": "e-tjansteplattform"}),
    "changes.changes": Route("own", edge="api"),
    "webhooks.webhooks": Route("own", edge="api"),
    "webhooks.create": Route("own", edge="api", form={"url": "https://127.0.0.1/"}),
    "webhooks.webhook": Route("own", edge="api", values={"webhook_id": "1"}),
    "webhooks.change": Route("own", edge="api", values={"webhook_id": "1"}, form={"description": "hej"}),
    "webhooks.remove": Route("own", edge="api", values={"webhook_id": "1"}),
    "webhooks.rotate": Route("own", edge="api", values={"webhook_id": "1"}),
    "webhooks.ping": Route("own", edge="api", values={"webhook_id": "1"}),
    "webhooks.deliveries": Route("own", edge="api", values={"webhook_id": "1"}),
    "webhooks.resend": Route("own", edge="api", values={"webhook_id": "1", "delivery_id": "1"}),
    "tickets.ticket": Route("ticket", edge="api"),
    "actions.actions": Route("ticket", edge="api"),
    "tickets.timeline": Route("ticket", edge="api"),
    "attachments.list_attachments": Route("ticket", edge="api"),
    "attachments.add_attachment": Route("ticket", edge="api", query="name=a.txt"),
    # The file that came with the municipality's own note: tests/isolation/world.py.
    "attachments.read_attachment": Route("ticket", edge="api", values={"attachment": "3"}),
    "reference.set_reference": Route("ticket", edge="api", form={"reference": "MITT-1"}),
    **{
        f"actions.{each.act.name.replace('-', '_')}": Route("ticket", edge="api", form=dict(each.example))
        for each in RESOURCES
    },
    "tmf.list_tickets": Route("own", edge="api"),
    "tmf.create_ticket": Route(
        "own", edge="api", form={"description": "Ett fel", "severity": "Minor", "ticketType": "incident"}
    ),
    "tmf.read_ticket": Route("ticket", edge="api"),
    "tmf.patch_ticket": Route("ticket", edge="api", form={"status": "inProgress", "statusChangeReason": "ja"}),
    "tmf.delete_ticket": Route("ticket", edge="api"),
    "tmf.register_listener": Route("own", edge="api", form={"callback": "https://there.example/hook"}),
    "tmf.listen": Route("own", edge="api", values={"event": "troubleTicketCreateEvent"}),
    "tmf.unregister_listener": Route("own", edge="api", values={"listener": "1"}),
}

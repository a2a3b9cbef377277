"""The OpenAPI document says what the API does: every route, every schema, every example."""

import re
from typing import Any

import pytest
from flask import Flask
from marshmallow import Schema, fields
from marshmallow.validate import OneOf

from servicedesk.api.fields import Given, ProblemKindSchema, ProblemSchema, Text
from servicedesk.api.v1 import examples, examples_changes, examples_webhooks, given, schemas, webhooks
from servicedesk.api.v1.changes import FeedSchema
from servicedesk.api.v1.resources import RESOURCES
from servicedesk.api.v1.webhooks import DeliverySchema, WebhookGiven, WebhookSchema
from servicedesk.core.vocabulary import Verb

UNDESCRIBED = ("/api/openapi.json", "/api/docs")


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    response = app.test_client().get("/api/openapi.json")
    assert response.mimetype == "application/json"
    found: dict[str, Any] = response.json  # type: ignore[assignment]
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    ]


def test_every_route_of_the_api_is_described(app: Flask, document: dict[str, Any]) -> None:
    described = {(path, method.upper()) for path, method, _ in operations(document)}
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and not rule.rule.startswith(UNDESCRIBED)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == routes


def test_the_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert {"title", "version", "description"} <= set(document["info"])
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_every_operation_has_a_name_of_its_own_a_summary_and_problem_responses(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names))
    for path, method, operation in operations(document):
        assert operation["summary"], (path, method)
        assert {"200", "201", "202", "204"} & operation["responses"].keys()
        assert all(re.fullmatch(r"[1-5]\d\d|default", status) for status in operation["responses"])
    for name, response in document["components"]["responses"].items():
        assert list(response["content"]) == ["application/problem+json"], name
        example = response["content"]["application/problem+json"]["example"]
        assert not ProblemSchema().validate(example), name


def test_every_operation_of_v1_needs_a_token_with_one_scope(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        scope = "read" if method == "get" else "log" if path == "/api/v1/tickets" else "act"
        needed = "changes:read" if path == "/api/v1/changes" else f"tickets:{scope}"
        needed = "webhooks:manage" if path.startswith("/api/v1/webhooks") else needed
        expected = [{scheme: [needed]} for scheme in ("bearer", "oauth2")]
        assert operation["security"] == (expected if path.startswith("/api/v1/") else []), path


def test_every_path_parameter_is_declared(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        declared = [*document["paths"][path].get("parameters", []), *operation.get("parameters", [])]
        in_path = [parameter["name"] for parameter in declared if parameter["in"] == "path"]
        assert sorted(in_path) == sorted(re.findall(r"{(\w+)}", path)), (path, method)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    found = list(references(document))
    assert found
    for reference in found:
        target: Any = document
        for part in reference.removeprefix("#/").split("/"):
            target = target[part]
        assert target


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [reference for item in value.values() for reference in references(item)]
    if isinstance(value, list):
        return [reference for item in value for reference in references(item)]
    return []


def test_only_what_is_accepted_is_closed(document: dict[str, Any]) -> None:
    """Answers may have more one day; what is not described is not accepted, save what a step asks for that no shipped
    workflow's does."""
    steps = {f"{resource.schema.__name__}" for resource in RESOURCES if resource.act.verb}
    for name, schema in document["components"]["schemas"].items():
        assert schema["type"] == "object", name
        closed = None if not name.endswith("Given") else name in steps
        assert schema.get("additionalProperties") is closed, name


def schemas_of(module: Any) -> list[type[Schema]]:
    return [each for each in vars(module).values() if isinstance(each, type) and issubclass(each, Given)]


@pytest.mark.parametrize("schema", [*schemas_of(given), *schemas_of(webhooks)])
def test_what_the_document_forbids_of_a_text_is_refused_before_anything_is_cleaned(schema: type[Schema]) -> None:
    """Spaces at the ends are taken away later: here they count, as they do to whoever checks against the document."""
    for name, field in schema().fields.items():
        if isinstance(field, Text):
            choices = [choice for each in field.validators if isinstance(each, OneOf) for choice in each.choices]
            for forbidden in ("x" + " " * field.metadata["maxLength"], *(f" {choice}" for choice in choices)):
                assert name in schema().validate({name: forbidden}), name


@pytest.mark.parametrize(
    ("schema", "example"),
    [
        (schemas.PageSchema, examples.PAGE),
        (schemas.TicketSchema, examples.TICKET),
        (schemas.TimelineSchema, examples.TIMELINE),
        (schemas.ActionsSchema, examples.ACTIONS),
        (ProblemKindSchema, examples.KIND),
        (schemas.TicketSchema, examples.LOGGED),
        (given.NewTicketGiven, examples.NEW_TICKET),
        (FeedSchema, examples_changes.FEED),
        (WebhookSchema, examples_webhooks.WEBHOOK),
        (WebhookGiven, examples_webhooks.GIVEN),
        (DeliverySchema, examples_webhooks.DELIVERY),
        *((resource.schema, dict(resource.example)) for resource in RESOURCES),
    ],
)
def test_every_example_has_exactly_the_fields_of_its_schema(schema: type[Schema], example: dict[str, Any]) -> None:
    assert_fits(schema(), example)


def assert_fits(schema: Schema, example: dict[str, Any]) -> None:
    names = {field.data_key or name: field for name, field in schema.fields.items()}
    required = {name for name, field in names.items() if field.required or field.dump_only}
    assert required <= set(example) <= set(names), schema
    for name, value in example.items():
        field = names[name]
        if isinstance(field, fields.Nested) and value is not None:
            assert_fits(field.schema, value)
        elif isinstance(field, fields.List) and isinstance(field.inner, fields.Nested):
            for item in value:
                assert_fits(field.inner.schema, item)


def test_every_resource_is_a_fact_with_its_verb() -> None:
    assert {each.act.name: each.act.called for each in RESOURCES} == {
        "acknowledgements": "accept",
        "information-requests": "ask",
        "answers": "answer",
        "solutions": "resolve",
        "returns": "return",
        "handovers": "hand_over",
        "resumptions": "resume",
        "waits": "wait",
        "takeovers": "take",
        "verifications": "verify",
        "rejections": "reject",
        "recalls": "recall",
        "confirmations": "confirm",
        "reopenings": "reopen",
        "cancellations": "cancel",
        "closures": "close",
        "steps": "step",
        "notes": "note",
        "updates": "update",
        "replies": "reply",
    }
    assert {each.act.verb for each in RESOURCES} - {None} == set(Verb) - {Verb.REMIND}, "time alone reminds"

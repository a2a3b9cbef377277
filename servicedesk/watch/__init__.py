"""The operator's edge: is it alive, is it ready, what is it doing. It speaks English, to machines and to operators."""

from flask import Flask

from servicedesk.watch import health, metrics, requests


def init_app(app: Flask) -> None:
    """Before all other edges: a request's id is there from its first moment, and its line is the last thing written."""
    for part in (requests, health, metrics):
        part.init_app(app)

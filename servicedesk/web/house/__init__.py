"""What an installation says of itself by files of its own in the instance folder: its name and colours, and how
accessible it is. Read once, when a process starts; what cannot be used is refused then, in a sentence."""

from flask import Flask

from servicedesk.web.house.brand import read_brand
from servicedesk.web.house.statement import read_statement


def init_app(app: Flask) -> None:
    instance = app.config["INSTANCE"]
    app.extensions["brand"] = brand = read_brand(instance)
    app.config["BRAND_NAME"] = brand.name
    app.extensions["statement"] = read_statement(instance)
    app.jinja_env.globals["brand"] = brand

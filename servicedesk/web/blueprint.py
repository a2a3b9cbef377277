"""The pages' blueprint: routes, templates and static files. What is shared by all pages is set up in `init_app`."""

from flask import Blueprint

bp = Blueprint("web", __name__, template_folder="templates", static_folder="static", static_url_path="/assets")

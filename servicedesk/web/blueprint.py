"""The pages' blueprint: routes, templates and static files. What is shared by all pages is set up in `init_app`."""

from flask import Blueprint, Response, request

from servicedesk.web import assets


class Pages(Blueprint):
    def get_send_file_max_age(self, filename: str | None) -> int | None:
        """An address that carries the content's hash never changes what it leads to."""
        return assets.FOR_EVER if "v" in request.args else None

    def send_static_file(self, filename: str) -> Response:
        found = assets.bundle(filename) if filename in assets.BUNDLES else super().send_static_file(filename)
        return assets.packed(found, filename)


bp = Pages("web", __name__, template_folder="templates", static_folder="static", static_url_path="/assets")

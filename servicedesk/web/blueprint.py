"""The pages' blueprint: routes, templates and static files. What is shared by all pages is set up in `init_app`."""

from flask import Blueprint, request

FOR_EVER = 365 * 24 * 3600


class Pages(Blueprint):
    def get_send_file_max_age(self, filename: str | None) -> int | None:
        """An address that carries the content's hash never changes what it leads to."""
        return FOR_EVER if "v" in request.args else None


bp = Pages("web", __name__, template_folder="templates", static_folder="static", static_url_path="/assets")

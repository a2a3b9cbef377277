"""gunicorn's own log through ours: `logger_class = "servicedesk.watch.gunicorn.Logger"`."""

from typing import Any

from gunicorn.glogging import Logger as GunicornLogger

from servicedesk.config import read_settings
from servicedesk.watch.logs import write_logs


class Logger(GunicornLogger):  # type: ignore[misc]
    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        settings = read_settings()
        write_logs(settings.log_format, debug=settings.debug, quiet=cfg.loglevel == "warning")

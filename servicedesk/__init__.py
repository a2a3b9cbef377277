"""servicedesk: a service-desk workflow engine for municipalities that share an e-service platform."""

__version__ = "0.1.0"

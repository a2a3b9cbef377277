"""Systems that use the API, as the IT service manager looks after them."""

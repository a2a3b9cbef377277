"""E-services as people pick them: by a few letters of a name, of which there can be a thousand."""

from collections import Counter
from collections.abc import Iterator

from servicedesk.core.facts import EService, Installation
from servicedesk.core.inputs import clean_line
from servicedesk.web import names
from servicedesk.web.forms.fields import Choice


def offered(installation: Installation, municipalities: list[str]) -> Iterator[Choice]:
    """The municipalities' own, each by the words that pick it; beside these, where there are several, whose it is."""
    for municipality in municipalities:
        beside = names.organisation(installation, municipality) if len(municipalities) > 1 else ""
        for words in _by_words(installation, municipality):
            yield Choice(words, beside)


def picked(installation: Installation, municipality: str, letters: str) -> tuple[str, EService] | None:
    """The one of the municipality's that these letters mean, and the words that pick it: all of them, in capitals or
    not, or its key; else a part that stands in no other."""
    wanted = clean_line(letters).casefold()
    own = _by_words(installation, municipality)
    if not wanted:
        return None
    whole = [(words, each) for words, each in own.items() if wanted in (words.casefold(), each.key)]
    found = whole or [(words, each) for words, each in own.items() if wanted in words.casefold()]
    return found[0] if len(found) == 1 else None


def service_named(installation: Installation, letters: str) -> str:
    """The key of the one shared service that these letters mean in the same way; '' for none, or several."""
    wanted = clean_line(letters).casefold()
    names = {service.key: service.name.casefold() for service in installation.services.values()}
    whole = [key for key, name in names.items() if wanted in (name, key)]
    found = whole or [key for key, name in names.items() if wanted and wanted in name]
    return found[0] if len(found) == 1 else ""


def _by_words(installation: Installation, municipality: str) -> dict[str, EService]:
    """Its name; where two share one, with the service too."""
    own = [each for each in installation.e_services.values() if each.municipality == municipality]
    shared = Counter(each.name.casefold() for each in own)
    return {_words(each, shared, installation): each for each in own}


def _words(own: EService, shared: Counter[str], installation: Installation) -> str:
    if shared[own.name.casefold()] == 1:
        return own.name
    return f"{own.name} ({names.service(installation, own.service)})"

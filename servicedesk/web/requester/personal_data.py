"""How a requester's data is handled, said to themselves: the municipality answers for it."""

from servicedesk.web.speech import _


def paragraphs(municipality: str) -> list[str]:
    """In plain words, in the order in which people wonder."""
    return [
        _(
            "%(municipality)s is responsible for the personal data in your ticket (the data controller).",
            municipality=municipality,
        ),
        _(
            "We keep what you tell us, and your name and how to reach you if you have given them. "
            "We use it to help you with your ticket and to see how well our services work."
        ),
        _(
            "Those who work with your ticket at the municipality see it. "
            "If somebody else has to help, they see what the fault is. A supplier never sees who you are."
        ),
        _(
            "A ticket is a public record. Somebody may ask to read it, and we then try whether anything in it is "
            "secret. It is kept for as long as our rules say, and then destroyed or archived."
        ),
        _(
            "You have the right to know what we have about you, to have errors corrected and to complain to the "
            "Swedish Authority for Privacy Protection (IMY). Contact the municipality and ask for its data protection "
            "officer."
        ),
    ]

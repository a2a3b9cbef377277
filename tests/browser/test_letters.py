"""The typeface that we serve has the letters of the languages written here."""

import pytest

from servicedesk.web.assets import address
from tests.browser.conftest import Open

SWEDISH = "ÅåÄäÖöÉé"
SAMI = "ÁáČčĐđŊŋŠšŦŧŽžÏïÑñ"
SKOLT = "ǤǥǦǧǨǩƷʒǮǯ"
AROUND = "ÆæØøÕõÜüŒœŁłŃńŚśŻżĄąĘęČčŘřĚěŮůŐőŰűİıĞğŞşȘșȚțĀāĒēĪīŪū"
FILES = ("vendor/inter/inter-latin-wght-normal.woff2", "vendor/inter/inter-latin-ext-wght-normal.woff2")
# Laid out with the files as they are, each of which is fetched only where a letter of its range stands.
WRITE = """async ([text, files]) => {
    const written = document.createElement("p");
    written.id = "written";
    written.textContent = text;
    document.body.append(written);
    const asked = await document.fonts.load("1em Inter", text);
    for (const file of files) {
        document.fonts.add(await new FontFace("Served", `url(/assets/${file})`, { unicodeRange: "U+20-FFFF" }).load());
    }
    written.style.fontFamily = "Served";
    return asked.length;
}"""


@pytest.mark.parametrize(("text", "files"), [(SWEDISH, 1), (SAMI, 2), (SKOLT, 1), (AROUND, 2)])
def test_every_letter_is_drawn_by_our_own_typeface(browse: Open, text: str, files: int) -> None:
    page = browse()
    page.goto("/driftinfo")
    assert page.evaluate(WRITE, [text, [address(one) for one in FILES]]) == files, "no more is fetched than is needed"
    devtools = page.context.new_cdp_session(page)
    devtools.send("DOM.enable")
    devtools.send("CSS.enable")
    root = devtools.send("DOM.getDocument")["root"]["nodeId"]
    node = devtools.send("DOM.querySelector", {"nodeId": root, "selector": "#written"})["nodeId"]
    drawn = devtools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    assert {font["isCustomFont"] for font in drawn} == {True}, drawn

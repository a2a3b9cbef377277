// The reference: drawn by Swagger UI from this desk's own document, with nothing fetched from elsewhere.
"use strict";

const place = document.getElementById("reference");
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);

dark.addEventListener("change", follow);
follow();

SwaggerUIBundle({
  url: place.dataset.document,
  domNode: place,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  persistAuthorization: false,
  validatorUrl: null,
  // Letters in several colours on one ground: some of them are too faint to read.
  syntaxHighlight: { activated: false },
});

// What the viewer leaves without a name or out of reach of the keys, each time that it has drawn.
const named = (field) => field.closest("tr")?.dataset.paramName ?? field.closest("label, .servers")?.textContent.trim();
const mend = () => {
  for (const field of place.querySelectorAll("select:not([aria-label])")) field.ariaLabel = named(field) || "Server";
  for (const code of place.querySelectorAll("pre:not([tabindex])")) code.tabIndex = 0;
  // A link within the button that unfolds what it leads to; the address changes as that is pressed.
  for (const link of place.querySelectorAll("button a[href]")) link.removeAttribute("href");
  for (const button of place.querySelectorAll(".close-modal:not([aria-label])")) button.ariaLabel = "Close";
  for (const button of place.querySelectorAll(".modal-btn.auth[aria-label]")) button.removeAttribute("aria-label");
  place.querySelector("main")?.setAttribute("role", "none");
};
new MutationObserver(mend).observe(place, { childList: true, subtree: true });

// Nothing here is needed: every page works without it. Without a network a form stays where it is, and what is written in
// it; pressed once more it goes, for a browser may be wrong about its network.
const staysUnplugged = (form) => {
  if (navigator.onLine || form.method !== "post" || form.dataset.unplugged) return false;
  form.dataset.unplugged = "yes";
  const words = Object.assign(document.createElement("p"), { className: "trouble", textContent: document.body.dataset.unplugged });
  words.setAttribute("role", "alert");
  form.append(words);
  return true;
};
window.addEventListener("online", () => {
  for (const form of document.querySelectorAll("form[data-unplugged]")) {
    delete form.dataset.unplugged;
    form.querySelector(":scope > .trouble[role=alert]")?.remove();
  }
});

// A second click on a form that is on its way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (staysUnplugged(form)) {
    event.preventDefault();
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button[type=submit]")) button.setAttribute("aria-busy", "true");
});

// A page that comes back from the browser's memory can be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
  }
});

// How the page looks changes where it stands: whatever is being written stays as it is.
const SHOWN_BY = { scheme: "colorScheme", density: "size" };
document.addEventListener(
  "submit",
  (event) => {
    const button = event.submitter;
    const attribute = event.target.matches(".settings") && button && SHOWN_BY[button.name];
    if (!attribute) return;
    event.preventDefault();
    const data = new FormData(event.target, button);
    // Also when one has gone on to another page before it arrives.
    fetch(event.target.action, { method: "POST", body: data, redirect: "manual", keepalive: true });
    document.documentElement.dataset[attribute] = button.value;
    for (const one of event.target.querySelectorAll(`[name=${button.name}]`)) {
      one.setAttribute("aria-pressed", String(one === button));
    }
  },
  { capture: true },
);

// What was chosen a moment ago goes along with the next choice, which may be answered first.
document.addEventListener("formdata", (event) => {
  if (!event.target.matches(".settings")) return;
  for (const chosen of event.target.querySelectorAll("[aria-pressed=true]")) {
    if (SHOWN_BY[chosen.name] && !event.formData.has(chosen.name)) event.formData.append(chosen.name, chosen.value);
  }
});

// The exact moments that a row shows are put away by Escape, until one turns to another row.
document.addEventListener("keydown", (event) => {
  document.documentElement.toggleAttribute("data-exact-away", event.key === "Escape");
});
for (const turned of ["focusin", "pointerover"]) {
  document.addEventListener(turned, () => document.documentElement.removeAttribute("data-exact-away"));
}

// A menu that hangs over the page goes away when one turns to something else.
const HANGING = "details.person, details.menu-more";
const close = (except) => {
  for (const menu of document.querySelectorAll(HANGING)) if (menu !== except) menu.open = false;
};
document.addEventListener("click", (event) => close(event.target.closest(HANGING)));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement.closest(HANGING);
  if (menu && menu.open) menu.querySelector("summary").focus();
  close();
});

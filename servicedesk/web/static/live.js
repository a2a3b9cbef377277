// What htmx renews on its own, when it cannot: a quiet line, and everything on the page stays as it was.
(() => {
  const line = document.getElementById("live-line");
  if (!line) return;

  const say = (words) => {
    line.textContent = words;
    line.hidden = !words;
  };

  // Something typed that has not been sent yet.
  const isTyped = (field) => !field.readOnly && field.type !== "hidden" && field.value !== field.defaultValue;
  const hasTyped = () => [...document.querySelectorAll("textarea, input:not([type=checkbox], [type=radio])")].some(isTyped);

  // The session has ended. The answer leads to sign-in, unless that would lose what is typed here.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const answer = event.detail.xhr;
    if (answer.status !== 401 || !hasTyped()) return;
    event.preventDefault();
    say(line.dataset.signedOut);
  });

  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failure, () => say(line.dataset.failed));
  }
  document.addEventListener("htmx:afterOnLoad", (event) => {
    if (event.detail.successful) say("");
  });

  // The list renews itself, unless nobody looks at it or somebody is in the middle of something there.
  const EVERY = 25_000;
  const part = () => document.getElementById("live");
  const isBusy = (list) =>
    list.matches(":active") ||
    list.contains(document.activeElement?.closest("input:not([type=checkbox]), select, textarea")) ||
    (!getSelection().isCollapsed && list.contains(getSelection().anchorNode));
  const renew = () => {
    const list = part();
    if (list && !document.hidden && !isBusy(list)) htmx.trigger(list, "renew");
  };
  setInterval(renew, EVERY);
  document.addEventListener("visibilitychange", renew);

  // What the person has before them stays where it is: the row in focus, else under the pointer, else the topmost seen.
  let held = null;
  const rows = (list) => [...list.querySelectorAll("[data-row]")];
  const top = (row) => row.getBoundingClientRect().top;
  const anchor = (all) =>
    all.find((row) => row === document.activeElement) ??
    all.find((row) => row.closest("tr, li")?.matches(":focus-within")) ??
    all.find((row) => row.closest("tr, li")?.matches(":hover")) ??
    (window.scrollY > 0 ? all.find((row) => top(row) > 0) : null);

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== part()) return;
    const all = rows(event.detail.target);
    const row = anchor(all);
    held = row && { id: row.id, top: top(row), focused: row === document.activeElement, at: all.indexOf(row) };
  });
  document.addEventListener("htmx:afterSwap", () => {
    if (!held) return;
    const all = rows(part());
    const row = document.getElementById(held.id);
    if (row) window.scrollBy(0, top(row) - held.top);
    else if (held.focused) all[Math.min(held.at, all.length - 1)]?.focus({ preventScroll: true });
    held = null;
  });
})();

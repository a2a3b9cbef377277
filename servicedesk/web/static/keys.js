// One's place in a list is kept while one looks at a ticket: back in the list, the row is in focus again.
(() => {
  const here = () => `row ${location.pathname}${location.search}`;
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-row]");
    if (row) sessionStorage.setItem(here(), row.id);
  });
  if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") {
    const row = document.getElementById(sessionStorage.getItem(here()) ?? "");
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  }
})();

// Shortcuts, for those who have them on. They rest while one writes, and no key that the browser uses is taken.
(() => {
  const list = document.getElementById("keys");
  if (!list) return;
  const WRITES = "input, textarea, select, [contenteditable]";
  const AFTER_G = 1500;
  let waiting = 0;

  // On a ticket the rows are what has happened.
  const ROWS = "[data-row], #happened .event";
  const rows = () => [...document.querySelectorAll(ROWS)].filter((one) => one.checkVisibility());
  const row = () => document.activeElement.closest("[data-row]");

  const move = (step) => {
    const all = rows();
    if (!all.length) return;
    const next = all[Math.min(Math.max(all.indexOf(document.activeElement.closest(ROWS)) + step, 0), all.length - 1)];
    if (!next.matches("a, [tabindex]")) next.tabIndex = -1;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };

  // A key goes where a link leads. To a button or a field it only goes: what acts at once takes Enter, too.
  const go = (keys) => {
    const all = [...document.querySelectorAll("[data-key]")].filter((one) => one.dataset.key === keys);
    const one = all.find((each) => each.checkVisibility()) ?? all.find((each) => each.closest("a, [popover]"));
    if (!one) return false;
    if (one.matches("a")) one.click();
    else {
      if (!one.checkVisibility()) one.closest("[popover]").showPopover();
      one.focus();
    }
    return true;
  };

  const opener = document.querySelector(".keys-open");
  if (opener) {
    opener.hidden = false;
    opener.addEventListener("click", () => layers.open(list));
  }

  const letters = {
    j: () => move(1),
    k: () => move(-1),
    "?": () => layers.open(list),
    g: () => (waiting = Date.now()),
    q: () => (document.activeElement.closest(".event") ?? document.getElementById("happened"))?.querySelector("a.quote")?.click(),
  };

  const press = (key) => {
    const afterG = Date.now() - waiting < AFTER_G;
    waiting = 0;
    if (afterG && go(`g ${key}`)) return true;
    if (!(key in letters)) return go(key);
    letters[key]();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (arrow && row()) {
      event.preventDefault();
      move(arrow);
    } else if (event.key.length === 1 && document.body.dataset.keys === "on" && !event.target.closest(WRITES)) {
      if (press(event.key)) event.preventDefault();
    }
  });
})();

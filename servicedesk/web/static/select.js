// Selecting tickets in a list by keyboard and pointer. Without it the ticks and the button work all the same.
(() => {
  const list = () => document.getElementById("live");
  const bar = () => document.getElementById("selection-bar");
  if (!bar()) return;
  const ticks = () => [...list().querySelectorAll("input[name=ticket]")];
  const all = () => list().querySelector("[data-select-all]");
  const rowOf = (element) => element?.closest("tr");
  const tickOf = (element) => rowOf(element)?.querySelector("input[name=ticket]");
  let last = null;

  const show = () => {
    const chosen = ticks().filter((tick) => tick.checked).length;
    bar().hidden = chosen === 0;
    bar().dataset.counted = chosen;
    const said = bar().querySelector("[data-chosen]");
    const words = chosen ? said.dataset[chosen === 1 ? "one" : "chosen"].replace("{count}", chosen) : "";
    if (said.textContent !== words) said.textContent = words;
    const every = all();
    if (!every) return;
    every.closest("label").hidden = false;
    every.checked = chosen > 0 && chosen === ticks().length;
    every.indeterminate = chosen > 0 && chosen < ticks().length;
  };

  const set = (tick, checked) => {
    if (tick) tick.checked = checked;
    last = tick?.value ?? last;
    show();
  };

  // With shift, everything between the last one ticked and this one.
  document.addEventListener("click", (event) => {
    const tick = event.target.closest?.("input[name=ticket]");
    if (!tick || !list().contains(tick)) return;
    const every = ticks();
    const from = every.findIndex((one) => one.value === last);
    const to = every.indexOf(tick);
    if (event.shiftKey && from >= 0)
      every.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((one) => (one.checked = tick.checked));
    set(tick, tick.checked);
  });
  document.addEventListener("change", (event) => {
    if (event.target === all()) {
      const { checked } = event.target;
      ticks().forEach((tick) => (tick.checked = checked));
    }
    show();
  });

  // keys.js moves the focus on an arrow; where it comes from is seen before, where it goes after.
  let leaves = null;
  const isArrow = (event) => event.shiftKey && (event.key === "ArrowDown" || event.key === "ArrowUp");
  document.addEventListener("keydown", (event) => (leaves = isArrow(event) ? tickOf(document.activeElement) : null), true);
  document.addEventListener("keydown", (event) => {
    const here = document.activeElement;
    if (isArrow(event) && leaves && here.matches("[data-row]")) {
      leaves.checked = true;
      set(tickOf(here), true);
      return;
    }
    const writes = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (writes || event.ctrlKey || event.metaKey || event.altKey || document.body.dataset.keys !== "on") return;
    if (event.key === "x" && here.matches("[data-row]")) set(tickOf(here), !tickOf(here).checked);
    if (event.key === "b" && !bar().hidden) bar().querySelector("button").click();
  });

  // What is ticked stays ticked when the list renews itself, and when one comes back to it.
  let kept = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target === list()) kept = ticks().filter((tick) => tick.checked).map((tick) => tick.value);
  });
  // Captured, to be done before live.js puts the list back where it was: the bar takes room.
  const restore = () => {
    ticks().forEach((tick) => (tick.checked = kept.includes(tick.value)));
    show();
  };
  document.addEventListener("htmx:afterSwap", restore, true);
  window.addEventListener("pageshow", show);
  show();
})();

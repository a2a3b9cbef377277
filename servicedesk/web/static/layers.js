// What is laid over the whole page: the palette, the list of keys. A popover and no modal dialog, since that makes all
// behind it inert, for which a browser reckons every row of a long list anew: longer than a key may take. What inertness
// gave is given here: the focus stays within, keys act there alone, and a press beside it only puts it away.
const layers = (() => {
  const STOPS = "a[href], button, input, select, textarea, [tabindex]";
  const all = [...document.querySelectorAll(".layer")];
  const isOpen = (layer) => layer.matches(":popover-open");
  const stops = (layer) => [...layer.querySelectorAll(STOPS)].filter((one) => one.checkVisibility());

  const open = (layer) => {
    // First, so that the focus is back where it was, and is given back there again.
    document.querySelector(":popover-open")?.hidePopover();
    layer.showPopover();
  };

  const turn = (layer, step) => {
    const there = stops(layer);
    (there.at((there.indexOf(document.activeElement) + step) % there.length) ?? there[0]).focus();
  };

  document.addEventListener(
    "keydown",
    (event) => {
      const layer = all.find(isOpen);
      if (!layer) return;
      const isWithin = layer.contains(event.target);
      if (!isWithin) event.stopPropagation();
      if (event.key === "Tab") {
        event.preventDefault();
        turn(layer, event.shiftKey ? -1 : 1);
      } else if (!isWithin) turn(layer, 1);
    },
    { capture: true },
  );
  document.addEventListener("focusin", (event) => {
    const layer = all.find(isOpen);
    if (layer && !layer.contains(event.target)) turn(layer, 1);
  });
  for (const layer of all) {
    layer.addEventListener("keydown", (event) => event.stopPropagation());
    // Or the press would take the focus away before it can be given back.
    layer.addEventListener("mousedown", (event) => event.target === layer && event.preventDefault());
    layer.addEventListener("click", (event) => event.target === layer && layer.hidePopover());
    // Where no element had the focus, none gets it back: the next key is the page's, also before it is drawn.
    layer.addEventListener("toggle", () => !isOpen(layer) && layer.contains(document.activeElement) && document.activeElement.blur());
  }
  return { open, isOpen };
})();

// From the field down into what was found, and "/" back to the field. Moving among the tickets is what keys.js does.
(() => {
  const field = document.getElementById("q");
  if (!field) return;

  field.addEventListener("keydown", (event) => {
    const first = document.querySelector("#results [data-row]");
    if (event.key !== "ArrowDown" || !first) return;
    event.preventDefault();
    event.stopPropagation();
    first.focus();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || document.body.dataset.keys !== "on") return;
    if (event.target.closest("input, textarea, select, dialog")) return;
    event.preventDefault();
    field.select();
  });
})();

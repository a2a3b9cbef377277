// "/" leads to the field from anywhere, for those who have shortcuts on, and the arrow from the search page's field down
// into what was found. Moving among the tickets is what keys.js does.
(() => {
  const page = document.getElementById("q");
  const field = page ?? document.getElementById("search-box");
  if (!field) return;

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.body.dataset.keys !== "on" || event.target.closest("input, textarea, select")) return;
    event.preventDefault();
    if (field.checkVisibility()) field.select();
    else document.querySelector(".search-link").click();
  });

  page?.addEventListener("keydown", (event) => {
    const first = document.querySelector("#results [data-row]");
    if (event.key !== "ArrowDown" || !first) return;
    event.preventDefault();
    event.stopPropagation();
    first.focus();
  });
})();

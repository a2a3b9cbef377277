// A card that is dragged to another column: the same page as the card's own form leads to, which says what it means.
(() => {
  let dragged = null;
  const board = () => document.querySelector("[data-board]");
  const columnAt = (event) => event.target.closest?.("[data-column]");

  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-number]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.number);
    dragged.classList.add("is-dragged");
  });

  const mark = (column) => {
    for (const each of document.querySelectorAll("[data-column].is-over")) each.classList.remove("is-over");
    column?.classList.add("is-over");
  };

  document.addEventListener("dragover", (event) => {
    const column = dragged && columnAt(event);
    mark(column && !column.contains(dragged) ? column : null);
    if (column) event.preventDefault();
  });

  document.addEventListener("drop", (event) => {
    const column = dragged && columnAt(event);
    if (!column || column.contains(dragged)) return;
    event.preventDefault();
    const address = new URL(board().dataset.move.replace("/-?", `/${dragged.dataset.number}?`), location.href);
    address.searchParams.set("to", column.dataset.column);
    location.assign(address);
  });

  document.addEventListener("dragend", () => {
    dragged?.classList.remove("is-dragged");
    dragged = null;
    mark(null);
  });
})();

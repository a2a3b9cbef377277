// A ticket's page renews itself when something has happened, but never under the hands of somebody who writes, reads
// further down or has something unfolded: they are told, and choose when.
(() => {
  const bar = document.getElementById("news-bar");
  if (!bar) return;

  const drafts = () => [...document.querySelectorAll(".composer textarea")];
  // Also somebody whose focus stands on a step, about to press it.
  const isAtWork = () =>
    drafts().some((field) => field.value) || document.activeElement?.matches("form *, main :is(a, button, summary)");
  const isReading = () => {
    const story = document.getElementById("happened");
    const unfolded = "#happened details[open], #ticket-chain details[open], #ticket-clocks details[open], :popover-open";
    return story.getBoundingClientRect().top < 0 || document.querySelector(unfolded) !== null;
  };

  // Nothing is asked for while nobody looks.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && event.detail.elt.matches("[hx-trigger^=every]")) event.preventDefault();
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { elt } = event.detail.requestConfig;
    if (elt.id !== "news" || event.detail.xhr.status !== 200) return;
    if (!isAtWork() && !isReading()) return;
    event.detail.shouldSwap = false;
    bar.hidden = false;
  });

  // Asked for by hand: shown, and the reader is where it is.
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful || !bar.contains(event.detail.elt)) return;
    bar.hidden = true;
    document.getElementById("happened-title").focus();
  });

  // A text follows whoever thinks again about whom it is for, unless there is one already.
  document.querySelector(".whom")?.addEventListener("change", (event) => {
    const field = document.getElementById(`${event.target.value}-body`);
    const written = drafts().find((each) => each.value);
    if (!written || field.value) return;
    field.value = written.value;
    written.value = "";
  });
})();

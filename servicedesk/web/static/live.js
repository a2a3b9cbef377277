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
})();

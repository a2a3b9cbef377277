// A colleague's change comes into the page by itself. What shows the ticket is made to agree with it, element by element,
// so that the focus, the caret, a selection, what is unfolded and what is before one's eyes stay as they are; forms that
// somebody is in are left alone. What has changed and by whom is said, in a bar that also leads there.
(() => {
  const poll = () => document.getElementById("news");
  if (!poll()) return;

  const isPoll = (element) => element?.id === "news";
  // What stands around the ticket comes when somebody comes to it, and is then taller.
  const isRenewed = (element) => isPoll(element) || element?.id === "beside";
  const holdsFocus = (part) => part.contains(document.activeElement);
  const fields = (form) => [...form.elements].filter((field) => field.type !== "hidden" && field.matches("input, textarea, select"));
  const isChanged = (field) => {
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.type === "file") return field.files.length > 0;
    if (field.options) return field.selectedIndex !== Math.max([...field.options].findIndex((one) => one.defaultSelected), 0);
    return field.value !== field.defaultValue;
  };

  // ---- Who writes -----------------------------------------------------------------------------------------------
  const LATELY = 60_000;
  let wrote = null;
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.method !== "post" || !event.target.matches("textarea, input, select")) return;
    const isFirst = !wrote || Date.now() - wrote.at > LATELY;
    wrote = { at: Date.now(), what: form.dataset.audience || "step" };
    // The others need not wait for the next look.
    if (isFirst) htmx.trigger(poll(), "renew");
  });

  // ---- Asking for news ------------------------------------------------------------------------------------------
  const isLookedAt = () => !document.hidden;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (isPoll(event.detail.elt) && !isLookedAt()) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => isLookedAt() && htmx.trigger(poll(), "renew"));

  document.addEventListener("htmx:configRequest", (event) => {
    if (!isPoll(event.detail.elt)) return;
    if (wrote && Date.now() - wrote.at < LATELY) event.detail.headers["X-Writes"] = wrote.what;
    const filter = document.querySelector("#happened .filters [aria-current]");
    if (filter) event.detail.parameters.show = filter.dataset.show;
  });

  // ---- Merging what has changed ---------------------------------------------------------------------------------
  // A form that is on its way, or that somebody has begun: sent as it is, it is answered with what has changed since.
  const isInUse = (part) =>
    part.querySelector("form[data-sent]") !== null ||
    (part.matches("[data-forms]") && (holdsFocus(part) || [...part.querySelectorAll("form")].some((form) => fields(form).some(isChanged))));

  // What somebody has written stays, with all that has been said of it; also where it can no longer be sent.
  const THEIRS = "textarea, select, input:not([name=version]), .files, .doubts, .preview, .mentions, [data-draft-line]";
  const isTheirs = (node) => node.nodeType === Node.ELEMENT_NODE && node.matches(`.composer :is(${THEIRS})`);
  const isBegun = (form) => fields(form).some((field) => (field.type === "file" ? field.files.length : field.matches("textarea") && field.value.trim()));
  const formOf = (node) => (node.matches("form.write") ? node : document.querySelector(`form.write-${node.querySelector("input").value}`));
  const staysBegun = (node) => node.nodeType === Node.ELEMENT_NODE && node.matches("form.write, .whom label") && isBegun(formOf(node));

  const KEPT = { DETAILS: ["open"], DIALOG: ["open"], FORM: ["data-sent"] };
  const merge = (part, fresh) => {
    const focused = holdsFocus(part);
    const [chosen, likely] = [part, fresh].map((one) => one.querySelector(".whom :checked")?.id);
    Idiomorph.morph(part, fresh, {
      morphStyle: "outerHTML",
      ignoreActiveValue: true,
      callbacks: {
        beforeAttributeUpdated: (name, element) => !KEPT[element.tagName]?.includes(name),
        beforeNodeMorphed: (node) => !isTheirs(node),
        beforeNodeRemoved: (node) => !isTheirs(node) && !staysBegun(node),
      },
    });
    const now = document.getElementById(part.id);
    htmx.process(now);
    const whom = document.getElementById(chosen) ?? document.getElementById(likely);
    if (whom && now.contains(whom)) whom.checked = true;
    // What had the focus is gone, as a step that can no longer be taken: the reader is where it stood.
    if (focused && !holdsFocus(now)) {
      const title = [...now.querySelectorAll("h1, h2")].find((one) => one.checkVisibility()) ?? now;
      title.tabIndex = -1;
      title.focus({ preventScroll: true });
    }
  };

  // What is before one's eyes stays there: the focus if it can be seen, else what stands a little below the top.
  const isSeen = (element) => {
    const box = element.getBoundingClientRect();
    return box.height > 0 && box.bottom > 0 && box.top < innerHeight;
  };
  const heldPlace = () => {
    const main = document.getElementById("main");
    const active = document.activeElement;
    const isFixed = (element) => element.closest(".news-bar, .actions.in-bar, [popover]");
    if (active.closest("main, .foot") && active !== main && isSeen(active) && !isFixed(active)) return active;
    if (scrollY === 0) return null;
    const box = main.getBoundingClientRect();
    return document.elementsFromPoint(box.left + Math.min(box.width, innerWidth) / 3, innerHeight / 4).find((one) => main.contains(one) && !isFixed(one));
  };
  let held = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { requestConfig, xhr } = event.detail;
    if (!isRenewed(requestConfig.elt) || xhr.status !== 200) return;
    const element = heldPlace();
    held = element && { element, top: element.getBoundingClientRect().top };
  });
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    const fresh = fragment.firstElementChild;
    if (!fresh || !target.closest("main")) return;
    event.detail.shouldSwap = false;
    if (!isInUse(target)) merge(target, fresh);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!isRenewed(event.detail.elt) || !held) return;
    if (held.element.isConnected) scrollBy({ top: held.element.getBoundingClientRect().top - held.top, behavior: "instant" });
    held = null;
  });

  // ---- What was said of it --------------------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const bar = event.target.closest("#news-bar");
    const pressed = event.target.closest("a, button");
    if (!bar || !pressed) return;
    if (pressed.matches("a")) {
      if (pressed.pathname !== location.pathname) return; // from a form's own page to the ticket
      event.preventDefault();
      const place = document.getElementById(pressed.hash.slice(1)) ?? document.getElementById("happened-title") ?? document.getElementById("main");
      place.closest("details:not([open])")?.setAttribute("open", "");
      place.tabIndex = -1;
      place.focus();
      place.scrollIntoView({ block: "center" });
    } else {
      document.getElementById("main").focus({ preventScroll: true });
    }
    bar.replaceChildren();
  });

  // A text follows whoever thinks again about whom it is for, unless there is one already.
  document.addEventListener("change", (event) => {
    if (!event.target.matches(".whom input")) return;
    const field = document.getElementById(`${event.target.value}-body`);
    const written = [...document.querySelectorAll(".composer textarea")].find((each) => each.value);
    if (!written || field.value) return;
    field.value = written.value;
    written.value = "";
    for (const one of [field, written]) one.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();

// Everything written in a form that says where it is kept (data-draft) is kept there at each pause; what could not be
// sent, in this window until it can. Nothing here is needed: a form that nobody keeps is sent as any other.
(() => {
  const PAUSE = 800;
  const AGAIN = 15_000;
  const NOT_KEPT = new Set(["csrf_token", "nonce", "saves", "show", "version"]);
  const WHY_NOT = { 400: "signedOut", 401: "signedOut", 413: "tooLong", 422: "tooLong" };

  const attempt = (what) => {
    try {
      return what() ?? null;
    } catch {
      return null; // a browser that keeps nothing, or a form too large to keep
    }
  };
  // Under the number of its form: what was written once is one form, on whichever page it comes back.
  const numbers = ({ elements }) => ({ nonce: elements.nonce.value, saves: elements.saves.value });
  // Stands for the words where the words themselves are not to be kept.
  const sum = (fields) => String([...JSON.stringify(fields)].reduce((all, letter) => (all * 31 + letter.codePointAt(0)) | 0, 0));
  const here = (form) => ({
    put: (fields) => attempt(() => sessionStorage.setItem(form.dataset.keptAs, JSON.stringify({ person: form.dataset.person, fields, sent: numbers(form) }))),
    get: () => attempt(() => JSON.parse(sessionStorage.getItem(form.dataset.keptAs))),
    drop: () => attempt(() => sessionStorage.removeItem(form.dataset.keptAs)),
    // What went last: a browser that goes back puts it into the form again, where it is not to stand.
    went: (fields) => attempt(() => sessionStorage.setItem(`went ${form.dataset.keptAs}`, sum(fields))),
    takeAwayIfGone: () => {
      const isPutBack = written(form).some((field) => field.value !== field.defaultValue);
      if (isPutBack && attempt(() => sessionStorage.getItem(`went ${form.dataset.keptAs}`)) === sum(content(form))) form.reset();
    },
  });
  for (const sent of document.querySelectorAll("[data-logged]")) attempt(() => sessionStorage.removeItem(sent.dataset.logged || "call"));

  let isLeaving = false;
  window.addEventListener("beforeunload", () => (isLeaving = true));

  const state = new WeakMap();
  const of = (form) => {
    if (!state.has(form)) state.set(form, { timer: 0, isSending: false, isOver: false, last: null });
    return state.get(form);
  };
  const line = (form) => form.querySelector("[data-draft-line]");
  const content = (form) =>
    Object.fromEntries([...new FormData(form)].filter(([name, value]) => !NOT_KEPT.has(name) && typeof value === "string"));
  // What is written, not what is chosen.
  const written = (form) => [...form.querySelectorAll("textarea, input[type=text], input[type=tel], input[type=email], input:not([type])")];
  const isEmpty = (form) => written(form).every((field) => !field.value.trim() || field.value === field.dataset.given);
  const wasKept = (form) => form.elements.saves.value > 0;

  const changed = (form) => {
    const it = of(form);
    clearTimeout(it.timer);
    it.timer = setTimeout(keep, PAUSE, form);
  };

  async function keep(form) {
    const it = of(form);
    clearTimeout(it.timer);
    const now = JSON.stringify(content(form));
    if (it.isOver || form.dataset.sent || now === it.last || !form.isConnected || (isEmpty(form) && !wasKept(form))) return;
    here(form).put(JSON.parse(now));
    if (it.isSending) return changed(form);
    it.isSending = true;
    try {
      const body = new FormData(form);
      for (const [name, value] of [...body]) if (name === "show" || typeof value !== "string") body.delete(name);
      const answer = await fetch(form.dataset.draft, { method: "POST", body, headers: { "HX-Request": "true" } });
      if (it.isOver) return;
      if (!answer.ok) {
        line(form).textContent = form.dataset[WHY_NOT[answer.status] ?? "failed"];
        return;
      }
      const kept = await answer.json();
      form.elements.nonce.value = kept.form;
      form.elements.saves.value = kept.saves;
      line(form).textContent = kept.words;
      it.last = now;
      // The page that comes instead of this one may have been made before it arrived: it asks.
      if (isLeaving) here(form).put(content(form));
      else if (JSON.stringify(content(form)) === now) here(form).drop();
    } catch {
      line(form).textContent = form.dataset.failed;
      it.timer = setTimeout(keep, AGAIN, form);
    } finally {
      it.isSending = false;
    }
  }

  const forms = () => [...document.querySelectorAll("form[data-draft]")];
  const begun = () => forms().filter((form) => state.has(form));
  for (const what of ["input", "change"]) {
    document.addEventListener(what, (event) => {
      const form = event.target.form ?? event.target;
      if (form.matches?.("form[data-draft]")) changed(form);
    });
  }
  window.addEventListener("online", () => begun().forEach(keep));
  document.addEventListener("visibilitychange", () => document.hidden && begun().forEach(keep));
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-draft]") || event.submitter?.hasAttribute("formaction")) return;
    const it = of(form);
    it.isOver = !event.defaultPrevented; // else it is sent from where it stands, and may have to stay
    clearTimeout(it.timer);
    // Whether it arrives nobody knows yet: the next page that shows the form asks.
    if (!isEmpty(form)) here(form).put(content(form));
  });
  window.addEventListener("pageshow", (event) => {
    isLeaving = false;
    for (const form of forms()) {
      if (event.persisted) of(form).isOver = false;
      here(form).takeAwayIfGone();
    }
  });

  // ---- What this window kept because it could not be sent -------------------------------------------------------
  const giveBack = (form, fields) => {
    for (const [name, value] of Object.entries(fields)) {
      const there = name && form.elements[name];
      if (!there) continue;
      if (there.type === "checkbox") there.checked = there.value === value;
      else there.value = value;
    }
    form.dispatchEvent(new CustomEvent("draft:back"));
    changed(form);
  };
  // Of a form that may have been sent: kept again under its number, unless something has come of that.
  const giveBackUnsent = async (form, kept) => {
    const body = new FormData();
    for (const [name, value] of Object.entries({ ...kept.fields, ...kept.sent })) body.set(name, value);
    body.set("csrf_token", form.elements.csrf_token.value);
    const answer = await fetch(form.dataset.draft, { method: "POST", body, headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok) return;
    const { form: nonce, saves } = await answer.json();
    here(form).drop();
    if (!saves) {
      here(form).went(kept.fields);
      here(form).takeAwayIfGone();
    }
    if (!saves || !isEmpty(form)) return;
    form.elements.nonce.value = nonce;
    form.elements.saves.value = saves;
    giveBack(form, kept.fields);
  };
  for (const form of forms()) {
    const box = document.querySelector(`[data-kept-for="${form.dataset.keptAs}"]`);
    const kept = here(form).get();
    if (kept && (kept.person !== form.dataset.person || JSON.stringify(kept.fields) === JSON.stringify(content(form)))) here(form).drop();
    else if (kept?.fields && isEmpty(form)) {
      if (box) box.hidden = false;
      else giveBackUnsent(form, kept);
    }
    // Shown with something in it that is kept nowhere yet, as after a refusal.
    if (!isEmpty(form) && !wasKept(form)) changed(form);
    box?.addEventListener("click", (event) => {
      const what = event.target.dataset.kept;
      if (!what) return;
      box.hidden = true;
      if (what === "away") here(form).drop();
      else giveBack(form, kept.fields);
    });
  }
})();

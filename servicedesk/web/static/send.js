// What is written is sent from the page it stands on, so that nothing of it, and no file, is lost on the way: without a
// connection, too large, signed out, or when somebody was faster. Without this the form is sent as forms are.
(() => {
  const says = document.getElementById("write-says");
  if (!says) return;
  const place = (form) => form.querySelector(".doubts");
  const hasFiles = (form) => Boolean(form.querySelector("input[type=file]")?.files.length);

  const say = (form, words) => place(form).replaceChildren(Object.assign(document.createElement("p"), { textContent: words }));

  const rest = (form) => {
    delete form.dataset.sent;
    form.querySelector(".send-now").removeAttribute("aria-busy");
  };

  // What is wrong with it, in the sentences of the page that would have come.
  const wrong = async (form, answer) => {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const list = document.createElement("ul");
    for (const line of page.querySelectorAll(".ds-validation-message")) {
      list.append(Object.assign(document.createElement("li"), { textContent: line.textContent }));
    }
    const box = page.querySelector("[name=as_it_stands]");
    const label = document.createElement("label");
    label.className = "seen";
    if (box) {
      const words = page.querySelector(`label[for="${box.id}"]`)?.textContent ?? "";
      box.removeAttribute("id");
      box.removeAttribute("class");
      label.append(box, ` ${words}`);
    }
    place(form).replaceChildren(list, ...(box ? [label] : []));
  };

  // After signing in again in another window the form needs that session's marks.
  const renewed = async (form) => {
    if (!form.dataset.stale) return;
    const answer = await fetch(form.dataset.ticket);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(form.elements.body.id)?.form;
    if (!fresh) return;
    for (const name of ["csrf_token", "nonce", "version"]) form.elements[name].value = fresh.elements[name].value;
    delete form.dataset.stale;
  };

  const send = async (form) => {
    let answer, sent;
    try {
      await renewed(form);
      sent = new FormData(form);
      answer = await fetch(form.action, { method: "POST", body: sent, redirect: "manual" });
    } catch {
      rest(form);
      return say(form, says.dataset.offline);
    }
    if (answer.type === "opaqueredirect") return location.assign(form.dataset.ticket);
    rest(form);
    if (answer.status === 422) return wrong(form, answer);
    // The page that comes says it better, and gives back every word; files it cannot give back. It is asked about what was
    // sent: news that has come in meanwhile has been read by nobody.
    if (!hasFiles(form)) {
      form.elements.version.value = sent.get("version");
      return HTMLFormElement.prototype.submit.call(form);
    }
    if (answer.status === 400 || answer.status === 401) {
      form.dataset.stale = "yes";
      return say(form, says.dataset.signedOut);
    }
    if (answer.status === 409 && window.htmx) htmx.trigger("#news", "renew");
    say(form, answer.status === 409 ? says.dataset.changed : says.dataset.failed);
  };

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!form.matches("form.write") || event.submitter?.hasAttribute("formaction")) return;
      event.preventDefault();
      if (form.dataset.sent) return;
      form.dataset.sent = "yes";
      form.querySelector(".send-now").setAttribute("aria-busy", "true");
      send(form);
    },
    { capture: true },
  );
})();

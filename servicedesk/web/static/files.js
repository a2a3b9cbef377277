// Pictures are pasted and files dropped where one writes. What cannot go with it is said at once, and nothing else is
// lost. Nothing here is needed: the field for files takes the same.
(() => {
  const says = (name, what = "") => document.getElementById("write-says").dataset[name].replace("%s", what);
  const THUMB = 96;
  const inputOf = (form) => form.querySelector("input[type=file]");

  const say = (form, lines) => {
    const list = document.createElement("ul");
    list.append(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
    form.querySelector(".doubts[data-of=files]").replaceChildren(...(lines.length ? [list] : []));
  };

  const put = (input, files) => {
    const held = new DataTransfer();
    for (const file of files) held.items.add(file);
    input.files = held.files;
    show(input);
  };

  const add = (form, files) => {
    const input = inputOf(form);
    if (!input) return;
    const kept = [...input.files];
    const refused = [];
    for (const file of files) {
      if (!file.size) refused.push(says("empty", file.name));
      else if (file.size > Number(input.dataset.largest)) refused.push(says("large", file.name));
      else if (kept.length >= Number(input.dataset.most)) refused.push(says("many", file.name));
      else kept.push(file);
    }
    put(input, kept);
    say(form, refused);
  };

  const size = (count) =>
    new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: count < 1e6 ? "kilobyte" : "megabyte", maximumFractionDigits: 1 }).format(
      count < 1e6 ? Math.ceil(count / 1e3) : count / 1e6,
    );

  const drawn = async (file, canvas) => {
    try {
      const picture = await createImageBitmap(file);
      const share = Math.min(THUMB / picture.width, THUMB / picture.height, 1);
      canvas.width = Math.max(1, picture.width * share);
      canvas.height = Math.max(1, picture.height * share);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
    } catch {
      canvas.remove();
    }
  };

  const show = (input) => {
    const list = input.form.querySelector(".files");
    const files = [...input.files];
    list.hidden = !files.length;
    list.replaceChildren(
      ...files.map((file) => {
        const item = document.createElement("li");
        if (file.type.startsWith("image/")) {
          const canvas = document.createElement("canvas");
          canvas.setAttribute("aria-hidden", "true");
          item.append(canvas);
          drawn(file, canvas);
        }
        const name = document.createElement("bdi");
        name.append(file.name);
        const told = Object.assign(document.createElement("span"), { className: "quiet", textContent: size(file.size) });
        const away = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
        away.setAttribute("aria-label", says("remove", file.name));
        away.addEventListener("click", () => {
          put(input, [...input.files].filter((one) => one !== file));
          (list.querySelector("button") ?? input.form.elements.body).focus();
        });
        item.append(name, " ", told, " ", away);
        return item;
      }),
    );
  };

  // A picture that is pasted has no name of its own.
  const named = (file) => {
    if (!/^image\.\w+$/.test(file.name)) return file;
    const at = new Date().toLocaleTimeString("sv-SE").replaceAll(":", ".");
    return new File([file], `${says("picture")} ${at}.${file.name.split(".").pop()}`, { type: file.type });
  };

  const formOf = (event) => event.target.closest?.("form.write") ?? null;
  document.addEventListener("paste", (event) => {
    const form = formOf(event);
    const files = [...(event.clipboardData?.files ?? [])];
    if (!form || !files.length || !inputOf(form)) return;
    event.preventDefault();
    add(form, files.map(named));
  });
  const brings = (event) => event.dataTransfer?.types.includes("Files") && formOf(event) && inputOf(formOf(event));
  document.addEventListener("dragover", (event) => {
    if (!brings(event)) return;
    event.preventDefault();
    formOf(event).classList.add("is-over");
  });
  for (const over of ["dragleave", "drop"]) {
    document.addEventListener(over, (event) => formOf(event)?.classList.remove("is-over"));
  }
  document.addEventListener("drop", (event) => {
    if (!brings(event)) return;
    event.preventDefault();
    add(formOf(event), [...event.dataTransfer.files]);
  });
  document.addEventListener("change", (event) => {
    const form = formOf(event);
    if (form && event.target === inputOf(form)) {
      const chosen = [...event.target.files];
      put(event.target, []);
      add(form, chosen);
    }
    // Files follow whoever thinks again about whom it is for, as the text does.
    if (!event.target.matches(".whom input")) return;
    const to = document.getElementById(`${event.target.value}-file`);
    const from = [...document.querySelectorAll("form.write input[type=file]")].find((one) => one !== to && one.files.length);
    if (!to || !from || to.files.length) return;
    put(to, [...from.files]);
    put(from, []);
  });
})();

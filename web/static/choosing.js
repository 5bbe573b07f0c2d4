// Fields in which colleagues and records are chosen, and @mentions in texts: a list below the field, all of it by keyboard.
// A field for one record (data-one) holds its name; others hold chips.
// Without this script names are typed, and the server finds whom they mean.
"use strict";

(() => {
  const DELAY = 140;
  const CHOICES = '[data-choices] > input:not([type="hidden"])';
  const FIELDS = `[data-mentions], ${CHOICES}`;
  let open = null; // { field, list, words }: the list for these words
  let asking = 0;
  let timer = 0;

  const listOf = (field) => field.closest(".picker")?.querySelector(".options");
  const lines = () => [...open.list.querySelectorAll('[role="option"]')];

  // What is being typed: behind the last comma of a field, behind an @ before the cursor of a text.
  function typed(field) {
    if (field.matches("textarea")) return /(?:^|[^\w@.+-])@([\w.-]{0,40})$/.exec(field.value.slice(0, field.selectionStart))?.[1];
    return isOne(field) ? field.value.trim() : field.value.split(/[,;]/).pop().trim();
  }

  const isOne = (field) => field.parentElement.matches("[data-one]");
  const beside = (field, ending) => field.parentElement.querySelector(`[name="${field.name.replace(/_words$/, ending)}"]`);

  document.addEventListener("focusin", (event) => event.target.matches?.(CHOICES) && prepare(event.target));

  // Without script it is a plain field, so what it is with script is said here.
  function prepare(field) {
    const list = listOf(field);
    list.id ||= `options-${Math.random().toString(36).slice(2)}`;
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", list.id);
    if (!field.hasAttribute("aria-expanded")) field.setAttribute("aria-expanded", "false");
  }

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches?.(FIELDS)) return;
    if (isOne(field)) tellApart(field);
    const words = typed(field);
    clearTimeout(timer);
    if (words === undefined || (!words && !field.matches("textarea"))) return shut();
    timer = setTimeout(() => ask(field, words), DELAY);
  });

  // `first`: its first line is wanted, whatever that will be. `most`: so many lines, of which those up to `at` were there before.
  async function ask(field, words, { first = false, most = "", at = 0 } = {}) {
    const mine = ++asking;
    const from = new URL(field.dataset.mentions ?? field.parentElement.dataset.choices, location.href);
    from.searchParams.set("words", words);
    if (most) from.searchParams.set("most", most);
    let html;
    try {
      const answer = await fetch(from, { headers: { "HX-Request": "true" } });
      if (!answer.ok || answer.redirected) return;
      html = await answer.text();
    } catch {
      return; // Typed names are found by the server, too.
    }
    if (mine !== asking || document.activeElement !== field) return;
    show(field, words, html);
    mark(at);
    if (first && lines().length) take(lines()[0]);
  }

  function show(field, words, html) {
    const list = listOf(field);
    list.innerHTML = html;
    open = { field, list, words };
    list.hidden = !list.children.length;
    for (const [at, line] of lines().entries()) line.id = `${list.id}-${at}`;
    prepare(field);
    field.setAttribute("aria-expanded", String(!list.hidden));
  }

  // The list is for what stood there some letters ago: nobody means its first line by what they have typed since.
  const isOld = () => typed(open.field) !== open.words;

  function askAtOnce() {
    clearTimeout(timer);
    ask(open.field, typed(open.field) ?? "", { first: true });
  }

  function mark(at) {
    const all = lines();
    if (!all.length) return;
    const next = all[(at + all.length) % all.length];
    for (const line of all) line.setAttribute("aria-selected", String(line === next));
    open.field.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  }

  function shut() {
    asking += 1;
    if (!open) return;
    open.list.hidden = true;
    open.field.setAttribute("aria-expanded", "false");
    open.field.removeAttribute("aria-activedescendant");
    open = null;
  }

  function take(line) {
    const { field, words } = open;
    if (line.dataset.most) return void ask(field, words, { most: line.dataset.most, at: lines().length - 1 });
    if (isOne(field)) name(field, line.dataset);
    else if (field.matches("textarea")) mention(field, line.dataset.handle);
    else chip(field, line);
    shut();
    field.focus();
  }

  function name(field, { value, name: called, detail }) {
    [field.value, beside(field, "").value, beside(field, "_asked").value] = [called, value, called];
    field.parentElement.querySelector(".possible")?.remove();
    field.removeAttribute("aria-invalid");
    field.setAttribute("aria-describedby", `${field.id.replace(/-words$/, "")}-detail`);
    field.parentElement.querySelector(".chooser-detail").textContent = detail;
    tellApart(field);
  }

  // What tells people of one name apart is said of who is chosen only, and typing is choosing among the ways of a form.
  function tellApart(field) {
    field.parentElement.querySelector(".chooser-detail").hidden = typed(field) !== beside(field, "_asked").value.trim();
    const way = field.closest("[data-way]")?.querySelector('[type="radio"]');
    if (way) way.checked = true;
  }

  function mention(field, handle) {
    if (!handle) return;
    const end = field.selectionStart;
    const start = field.value.lastIndexOf("@", end - 1);
    field.setRangeText(`@${handle} `, start, end, "end");
  }

  function chip(field, line) {
    const picked = field.parentElement.querySelector(".picked");
    const there = [...picked.querySelectorAll("input")].find((box) => box.value === line.dataset.value);
    if (there) there.checked = true;
    else {
      const box = Object.assign(document.createElement("input"), { type: "checkbox", name: picked.dataset.name, className: "sr" });
      [box.value, box.checked] = [line.dataset.value, true];
      const label = document.createElement("label");
      label.append(box, line.querySelector(".chip").cloneNode(true));
      const item = document.createElement("li");
      item.append(label);
      picked.append(item);
    }
    const before = field.value.split(/([,;])/).slice(0, -1).join("");
    field.value = before;
  }

  document.addEventListener(
    "keydown",
    (event) => {
      if (!open || event.target !== open.field || open.list.hidden) return;
      const at = lines().findIndex((line) => line.getAttribute("aria-selected") === "true");
      if (event.key === "ArrowDown" || event.key === "ArrowUp") mark(at + (event.key === "ArrowDown" ? 1 : -1));
      else if (event.key === "Enter" && isOld()) askAtOnce();
      else if (event.key === "Tab" && (isOld() || lines()[at]?.dataset.most)) return; // What was typed stays, and the server finds it.
      else if ((event.key === "Enter" || event.key === "Tab") && at >= 0) take(lines()[at]);
      else if (event.key === "Escape") shut();
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );

  // Arrow down in a field without a list opens it: of what stands there, or the newest.
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "ArrowDown" || open || !field.matches?.(CHOICES)) return;
    event.preventDefault();
    ask(field, isOne(field) && typed(field) === beside(field, "_asked").value.trim() ? "" : typed(field));
  });

  // The last chip goes with Backspace in an empty field.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Backspace" || !event.target.matches?.(CHOICES) || event.target.value) return;
    event.target.parentElement.querySelector(".picked li:last-child")?.remove();
  });

  document.addEventListener("pointerdown", (event) => {
    const line = event.target.closest?.('.options [role="option"]');
    if (line && open?.list.contains(line)) {
      event.preventDefault(); // The field keeps the focus.
      take(line);
    } else if (open && !open.list.contains(event.target)) shut();
  });
  document.addEventListener("focusout", (event) => open && event.target === open.field && setTimeout(() => open && document.activeElement !== open.field && shut(), 120));
})();

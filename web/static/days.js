// A day is typed, or chosen from a month: in the order of figures and with the first day of the week that the reader has chosen.
// What is sent is ISO 8601 where it can be read, so that an address means the same to whoever it is given to.
"use strict";

(() => {
  const { dates, weekBegins } = document.documentElement.dataset;
  const MONTH_FIRST = dates === "12/31/2026";
  const two = (number) => String(number).padStart(2, "0");
  const iso = (day) => `${String(day.getFullYear()).padStart(4, "0")}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
  const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

  const written = (day) =>
    dates
      .replace("2026", String(day.getFullYear()).padStart(4, "0"))
      .replace("31", "{day}")
      .replace("12", two(day.getMonth() + 1))
      .replace("{day}", two(day.getDate()));

  // The day at the beginning of what was typed, and what stands behind it; null where there is none.
  function read(text) {
    const found = text.trim().match(/^(\d{1,4})([./ -])(\d{1,2})\2(\d{4}|\d{1,2})(.*)$/);
    if (!found) return null;
    const [first, second, third] = [found[1], found[3], found[4]].map(Number);
    if (found[1].length < 4 && found[4].length < 4) return null;
    const [month, day] = MONTH_FIRST ? [first, second] : [second, first];
    const parts = found[1].length === 4 ? [first, second, third] : [third, month, day];
    const made = new Date(parts[0], parts[1] - 1, parts[2]);
    const there = made.getMonth() === parts[1] - 1 && made.getDate() === parts[2];
    return there ? { day: made, behind: found[5] } : null;
  }

  document.addEventListener("formdata", (event) => {
    for (const input of event.target.querySelectorAll("input[data-day='']")) {
      const found = read(input.value);
      if (found && !found.behind.trim() && event.formData.has(input.name)) event.formData.set(input.name, iso(found.day));
    }
  });

  function dress(within) {
    for (const input of within.querySelectorAll("input[data-day]")) {
      if (input.nextElementSibling || input.closest("fieldset:disabled")) continue;
      const button = element("button", { type: "button", className: "button button-quiet day-open", title: "Choose a day" });
      button.setAttribute("aria-label", "Choose a day");
      const label = input.closest("label")?.textContent.trim();
      if (label && !input.ariaLabel) input.ariaLabel = label; // Without the button that stands inside the label too.
      button.innerHTML = '<svg class="icon" aria-hidden="true"><use></use></svg>';
      button.querySelector("use").setAttribute("href", `${sprite()}#calendar`);
      input.after(button);
    }
  }
  const sprite = () => document.querySelector("use[href]")?.getAttribute("href").split("#")[0] ?? "";
  const element = (name, properties) => Object.assign(document.createElement(name), properties);

  function show(holder, day, focused = true) {
    const input = holder.querySelector("input");
    holder.querySelector(".month")?.remove();
    const box = element("div", { className: "month" });
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", "Choose a day");
    const title = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric" }).format(day);
    box.append(head(holder, day, title), month(day, read(input.value)?.day, title));
    holder.append(box);
    if (focused) box.querySelector("td button[tabindex='0']").focus();
  }

  function head(holder, day, title) {
    const row = element("div", { className: "month-head" });
    const heading = element("b", { textContent: title });
    heading.setAttribute("aria-live", "polite");
    const [back, on] = [[-1, "‹", "The month before"], [1, "›", "The month after"]].map(([by, sign, label]) => {
      const button = element("button", { type: "button", className: "button button-quiet", textContent: sign, title: label });
      button.setAttribute("aria-label", label);
      button.addEventListener("click", () => {
        show(holder, byMonths(day, by), false);
        holder.querySelectorAll(".month-head button")[by > 0 ? 1 : 0].focus();
      });
      return button;
    });
    row.append(back, heading, on);
    return row;
  }

  function month(day, chosen, title) {
    const table = element("table", {});
    table.setAttribute("role", "grid");
    table.setAttribute("aria-label", title);
    const first = new Date(day.getFullYear(), day.getMonth(), 1);
    const begin = new Date(first);
    begin.setDate(1 - ((first.getDay() - Number(weekBegins) + 7) % 7));
    const names = table.createTHead().insertRow();
    for (let at = 0; at < 7; at += 1) {
      const name = new Intl.DateTimeFormat("en-GB", { weekday: "long" }).format(new Date(2026, 10, 1 + Number(weekBegins) + at));
      names.append(element("th", { scope: "col", abbr: name, textContent: name.slice(0, 2) }));
    }
    const body = table.createTBody();
    for (const at = begin; at <= new Date(day.getFullYear(), day.getMonth() + 1, 0); ) {
      const row = body.insertRow();
      for (let column = 0; column < 7; column += 1, at.setDate(at.getDate() + 1)) row.append(cell(new Date(at), day, chosen));
    }
    return table;
  }

  function cell(at, day, chosen) {
    const inside = document.createElement("td");
    const button = element("button", { type: "button", textContent: at.getDate(), tabIndex: iso(at) === iso(day) ? 0 : -1 });
    button.dataset.iso = iso(at);
    button.setAttribute("aria-label", new Intl.DateTimeFormat("en-GB", { dateStyle: "full" }).format(at));
    button.classList.toggle("other-month", at.getMonth() !== day.getMonth());
    if (iso(at) === iso(new Date())) button.setAttribute("aria-current", "date");
    if (chosen && iso(at) === iso(chosen)) inside.setAttribute("aria-selected", "true");
    inside.append(button);
    return inside;
  }

  function byMonths(day, by) {
    const last = new Date(day.getFullYear(), day.getMonth() + by + 1, 0).getDate();
    return new Date(day.getFullYear(), day.getMonth() + by, Math.min(day.getDate(), last));
  }

  function close(holder, focus = true) {
    holder.querySelector(".month")?.remove();
    if (focus) holder.querySelector("input").focus();
  }

  function choose(holder, day) {
    const input = holder.querySelector("input");
    const behind = input.dataset.day === "time" ? read(input.value)?.behind ?? "" : "";
    input.value = written(day) + behind;
    close(holder);
    for (const name of ["input", "change"]) input.dispatchEvent(new Event(name, { bubbles: true }));
  }

  document.addEventListener("click", (event) => {
    // By its way, for a month that was left is not in the page any more.
    const holder = event.composedPath().find((one) => one.classList?.contains("day-input")) ?? null;
    for (const other of document.querySelectorAll(".day-input .month")) if (other.parentElement !== holder) other.remove();
    if (!holder) return;
    const picked = event.target.closest("[data-iso]");
    if (picked) choose(holder, new Date(`${picked.dataset.iso}T12:00`));
    else if (event.target.closest(".day-open")) {
      event.preventDefault();
      if (holder.querySelector(".month")) close(holder);
      else show(holder, read(holder.querySelector("input").value)?.day ?? new Date());
    }
  });

  document.addEventListener(
    "keydown",
    (event) => {
      const holder = event.target.closest?.(".day-input");
      if (!holder?.querySelector(".month")) return;
      const at = event.target.closest("[data-iso]") && new Date(`${event.target.dataset.iso}T12:00`);
      if (event.key === "Escape") close(holder);
      else if (at && event.key in STEPS) show(holder, new Date(at.getFullYear(), at.getMonth(), at.getDate() + STEPS[event.key]));
      else if (at && event.key === "PageUp") show(holder, byMonths(at, -1));
      else if (at && event.key === "PageDown") show(holder, byMonths(at, 1));
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );

  document.addEventListener("focusin", (event) => {
    for (const box of document.querySelectorAll(".day-input .month")) {
      if (!box.parentElement.contains(event.target)) box.remove();
    }
  });
  document.addEventListener("DOMContentLoaded", () => dress(document));
  document.addEventListener("htmx:load", (event) => dress(event.detail.elt));
})();

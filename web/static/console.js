// The console's few lines of script: keyboard, overlays, theme, live counters, mail frames. htmx does the rest.
"use strict";

const find = (selector, from = document) => from.querySelector(selector);
const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

// --- requests: every one that changes something carries the page's token

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-Token"] = find('meta[name="csrf"]').content;
});

document.addEventListener("htmx:sendError", () => toast("The server can not be reached. Nothing was lost; try again."));

// A refused form stays as it is: the sentence goes into it, and where it has nothing to type in, below the page.

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig: { elt } } = event.detail;
  const form = xhr.getResponseHeader("x-refused") && (elt.matches("form") ? elt : elt.form);
  if (!form?.isConnected || !find("input:not([type=hidden]), textarea, select", form)) return;
  event.detail.shouldSwap = false;
  find(".refused", form)?.remove();
  const part = new DOMParser().parseFromString(xhr.responseText, "text/html");
  const note = document.createElement("p");
  note.className = "notice notice-bad refused";
  note.setAttribute("role", "alert");
  note.tabIndex = -1;
  note.append(find(".toast span", part));
  form.prepend(note);
  note.focus();
  note.scrollIntoView({ block: "nearest" });
});

function toast(words) {
  const note = document.createElement("p");
  note.className = "toast";
  note.textContent = words;
  find("#toasts")?.append(note);
}

const leaveLater = (note) => setTimeout(() => note.remove(), Number(note.dataset.stays || 6000));
for (const note of document.querySelectorAll(".toast")) leaveLater(note);
new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.addedNodes) {
      if (node.classList?.contains("toast")) leaveLater(node);
      for (const note of node.querySelectorAll?.(".toast") ?? []) leaveLater(note);
    }
  }
}).observe(document.documentElement, { childList: true, subtree: true });

// --- overlays and menus

// htmx looks for `autofocus` again when it settles, and would take the focus from whoever has begun to write elsewhere.
function focusFirst(part) {
  const field = find("[autofocus]", part);
  field?.focus();
  field?.removeAttribute("autofocus");
}

document.addEventListener("htmx:afterSwap", (event) => {
  const target = event.detail.target ?? event.target; // Without one where the browser went back.
  if (target.id === "overlay-body") {
    closeMenus();
    find("#overlay").showModal();
    focusFirst(target);
  }
  if (target.id === "reading") {
    const opened = find("#reading .conversation")?.dataset.thread;
    for (const line of document.querySelectorAll(".thread")) {
      const current = line.dataset.thread === opened;
      if (current) line.setAttribute("aria-current", "true");
      else line.removeAttribute("aria-current");
      if (current) line.classList.remove("unread");
    }
    showFirstOpen();
  }
  if (target.id === "answer") {
    focusFirst(target);
    find("#answer textarea")?.setSelectionRange(0, 0);
    find("#answer").scrollIntoView({ block: "nearest" });
  }
});

function showFirstOpen() {
  const pane = find("#reading");
  if (!pane) return;
  const open = find(".message[data-wanted]", pane) ?? find(".message:not(.message-closed)", pane);
  const head = find(".conversation-head", pane);
  pane.scrollTop = open && head && open !== find(".message", pane) ? open.offsetTop - head.offsetHeight - 8 : 0;
}
addEventListener("load", showFirstOpen);

/** Where a phone shows the sections of the settings in one line, the one that is open is within it. */
function showSection() {
  const open = find(".settings > nav [aria-current]");
  if (!open) return;
  const sections = open.parentElement, before = sections.getBoundingClientRect().left;
  const middle = (sections.clientWidth - open.offsetWidth) / 2;
  sections.scrollLeft += open.getBoundingClientRect().left - before - middle;
}
addEventListener("load", showSection);

document.addEventListener("click", (event) => {
  const menu = event.target.closest("details.menu");
  closeMenus(event.target.closest("summary") ? menu : null);
  if (event.target.closest("[data-closes]") || event.target.nodeName === "DIALOG") event.target.closest("dialog").close();
  const opens = event.target.closest("[data-opens]");
  if (opens) document.getElementById(opens.dataset.opens).showModal();
  const theme = event.target.closest("[data-theme-choice]");
  if (theme) chooseTheme(theme.dataset.themeChoice);
  const copies = event.target.closest("[data-copies]");
  if (copies) navigator.clipboard.writeText(copies.dataset.copies).then(() => toast("Copied."));
  const inserts = event.target.closest("[data-inserts-template]");
  if (inserts) insertTemplate(inserts.closest(".template-preview"));
  const pictures = event.target.closest("[data-remote-pictures]");
  if (pictures) loadPictures(pictures.closest(".designed"));
});

function closeMenus(except = null) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-names-files]")) {
    const names = [...event.target.files].map((file) => file.name).join(", ");
    find("[data-file-names]", event.target.form).textContent = names;
  }
  if (event.target.matches("[data-sends]")) event.target.form.requestSubmit();
});

// --- a template goes in where the cursor is: before the signature, as long as nobody has moved it

function insertTemplate(preview) {
  const form = preview.closest("form");
  const [subject, text] = [form.elements.subject, form.elements.text];
  const own = find("[data-template-subject]", preview)?.textContent;
  if (own && !subject.value) subject.value = own;
  const put = find("[data-template-text]", preview).textContent;
  text.setRangeText(text.value ? `${put}\n` : put, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
  form.elements.template.value = "";
  preview.remove();
  text.focus();
}

// --- a mail that is being written is kept as a draft: after a pause, and when its page is left

const PAUSE = 3000;
const [AT_MOST_EVERY, WITH_FILES] = [15000, 60000];
const OUTLIVES_PAGE = 60000; // Bytes: browsers let 64 KiB be on their way when a page is left.
const writings = new WeakMap();

function writingOf(form) {
  if (!writings.has(form)) writings.set(form, { changed: false, saving: null, timer: 0, last: 0 });
  return writings.get(form);
}

function noteWriting(event) {
  const form = event.target.closest?.("[data-keeps-draft]");
  if (!form || event.target.name === "template") return;
  const writing = writingOf(form);
  writing.changed = true;
  keepSoon(form, writing);
}
document.addEventListener("input", noteWriting);
document.addEventListener("change", noteWriting);

function keepSoon(form, writing) {
  clearTimeout(writing.timer);
  const every = find("[name=stored]", form) ? WITH_FILES : AT_MOST_EVERY;
  const wait = Math.max(PAUSE, writing.last + every - Date.now());
  writing.timer = setTimeout(() => keep(form), wait);
}

async function keep(form, leaving = false) {
  const writing = writingOf(form);
  if (writing.saving) await writing.saving;
  clearTimeout(writing.timer);
  if (!writing.changed) return;
  writing.changed = false;
  writing.last = Date.now();
  writing.saving = send(form, leaving);
  const kept = await writing.saving;
  writing.saving = null;
  if (!kept) writing.changed = true;
  if (writing.changed && form.isConnected) keepSoon(form, writing);
}

// Whether all of it is kept. What is too large to outlive its page goes without new files, and then without the quote.
async function send(form, leaving) {
  const [chosen, ticked, whole] = [form.elements.files.value, tickedFiles(form), new FormData(form)];
  const body = leaving ? (shortened(whole).find((one) => sizeOf(one) <= OUTLIVES_PAGE) ?? whole) : whole;
  const keepalive = leaving && sizeOf(body) <= OUTLIVES_PAGE;
  try {
    const answer = await fetch("/mail/drafts", { method: "POST", body, headers: { "HX-Request": "true" }, keepalive });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    const html = await answer.text();
    const cleared = ticked.filter((name) => !tickedFiles(form).includes(name));
    find(".draft-spot", form).innerHTML = html;
    for (const box of form.querySelectorAll("[name=stored]")) if (cleared.includes(nameOf(box))) box.checked = false;
    if (body !== whole) {
      find("[data-draft-said]", form).textContent = "Kept in part: the rest follows.";
      return false;
    }
    if (chosen && form.elements.files.value === chosen) {
      form.elements.files.value = "";
      find("[data-file-names]", form).textContent = "";
    }
    find("[data-draft-said]", form).textContent = "Kept as a draft.";
    return true;
  } catch {
    find("[data-draft-said]", form).textContent = "Not kept yet: it is tried again.";
    return false;
  }
}

function shortened(whole) {
  const [bare, own] = [copyOf(whole), copyOf(whole)];
  for (const one of [bare, own]) one.delete("files");
  const lines = String(own.get("text")).split("\n");
  own.set("text", lines.filter((line) => !line.startsWith(">")).join("\n"));
  return [whole, bare, own];
}

function copyOf(data) {
  const copy = new FormData();
  for (const [name, value] of data) copy.append(name, value);
  return copy;
}

function sizeOf(data) {
  const around = 250; // A boundary and the part's own header.
  const bytes = (value) => value.size ?? new Blob([value.replace(/\r?\n/g, "\r\n")]).size;
  return [...data].reduce((sum, [, value]) => sum + around + bytes(value), 0);
}

const nameOf = (box) => find("span", box.parentElement).textContent;
const tickedFiles = (form) => [...form.querySelectorAll("[name=stored]:checked")].map(nameOf);

document.addEventListener(
  "submit",
  (event) => {
    if (!event.target.matches("[data-keeps-draft]")) return;
    const [form, writing] = [event.target, writingOf(event.target)];
    clearTimeout(writing.timer);
    if (!writing.saving) {
      writing.changed = false; // What is sent now is not left behind as a draft.
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    writing.changed = false;
    writing.saving.then(() => setTimeout(() => form.requestSubmit(event.submitter)));
  },
  true,
);

// One that did not get through is still being written.
document.addEventListener("htmx:afterRequest", (event) => {
  const [form, status] = [event.detail.elt, event.detail.xhr.status];
  if ((status >= 200 && status < 400) || !form.matches?.("[data-keeps-draft]") || !form.isConnected) return;
  const writing = writingOf(form);
  writing.changed = true;
  keepSoon(form, writing);
});

function keepAll(within, leaving) {
  for (const form of within.querySelectorAll("[data-keeps-draft]")) if (writings.has(form)) keep(form, leaving);
}
document.addEventListener("visibilitychange", () => document.hidden && keepAll(document, true));
document.addEventListener("htmx:beforeRequest", (event) => {
  const replaced = event.detail.target; // Only what is about to take the form's place: counters come all the time.
  if (replaced && !event.target.closest("[data-keeps-draft]")) keepAll(replaced);
});

// --- light and dark: the server reads the cookie, so no page flashes

function chooseTheme(theme) {
  const root = document.documentElement;
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  document.cookie = `mailsync_theme=${theme}; path=/; max-age=${theme ? 31536000 : 0}; samesite=lax`;
}

// --- keyboard

const GO = { t: "/", m: "/mail", s: "/stream", d: "/deals", c: "/contacts", k: "/tasks", f: "/feed" };
let going = false;

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus();
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || find("dialog[open]")) return;
  if (going && GO[event.key]) {
    going = false;
    location.assign(GO[event.key]);
    return;
  }
  going = event.key === "g";
  if (event.key === "j" || event.key === "k") walk(event.key === "j" ? 1 : -1);
  else if (event.key === "n" || event.key === "p") step(event.key === "n" ? 1 : -1);
  else if (event.key === "o") openAt(event.target);
  else if (event.key === "?") find("#help")?.showModal();
  else if (!press(event.key)) return;
  event.preventDefault();
});

function press(key) {
  if (key === "x") return tick();
  const named = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)];
  const target = named.find((one) => one.offsetParent !== null) ?? named.find((one) => !one.closest(".bulk"));
  if (!target) return false;
  if (target.matches("input")) target.focus();
  else {
    htmx.process(target.form ?? target); // A key may come before htmx has looked at what it just put in.
    target.click();
    if (target.matches("summary")) find("button, a", target.parentElement)?.focus();
  }
  return true;
}

// --- ticking conversations or leads: what is done then is done to all of them

const TICKS = ".pick input, td.tick-cell input";

function tick() {
  const line = document.activeElement?.closest(".threads li, .list tr") ?? find(".threads [aria-current]")?.closest("li");
  const box = line && find(TICKS, line);
  box?.click();
  return Boolean(box);
}

function countTicked() {
  const count = [...document.querySelectorAll(TICKS)].filter((box) => box.checked).length;
  const spot = find(".bulk-count");
  if (spot) spot.textContent = count ? `${count} ticked` : (spot.dataset.none ?? "");
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-ticks-all]")) {
    for (const box of document.querySelectorAll(TICKS)) box.checked = event.target.checked;
  }
  if (event.target.matches(`${TICKS}, [data-ticks-all]`)) countTicked();
});
document.addEventListener("reset", () => setTimeout(countTicked));

function walk(step) {
  const lines = [...document.querySelectorAll("[data-walk] a[href], [data-walk] [data-line]")].filter(
    (line) => line.offsetParent !== null && line.parentElement.matches("li, td, article, article h2"),
  );
  const now = lines.findIndex((line) => line === document.activeElement || line.matches("[aria-current]"));
  const focused = lines.indexOf(document.activeElement);
  const next = lines[Math.min(Math.max((focused >= 0 ? focused : now) + step, 0), lines.length - 1)];
  if (!next) return;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  if (next.matches(".thread") && matchMedia("(min-width: 48.01rem)").matches) next.click();
}

// --- inside a conversation: from message to message, and opening the closed ones

function step(by) {
  const messages = [...document.querySelectorAll(".conversation .message")];
  const now = messages.findIndex((message) => message.contains(document.activeElement));
  const next = messages[now < 0 ? (by > 0 ? 0 : messages.length - 1) : now + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function openAt(at) {
  const line = at.closest(".message") ? find(".message-to a", at.closest(".message")) : at.closest(".thread, [data-walk] a");
  (line ?? find(".threads [aria-current]"))?.click();
}

// --- the body of a mail: its frame is as high as what it holds; pictures from elsewhere only when asked

const fits = new ResizeObserver((entries) => {
  for (const entry of entries) fit(entry.target.ownerDocument.defaultView?.frameElement);
});

function fit(frame) {
  if (!frame?.contentDocument?.body) return;
  const [root, box] = [frame.contentDocument.documentElement, frame.parentElement];
  box.style.minBlockSize = `${box.offsetHeight}px`; // What stands around it must not jump.
  // Measured without height: a short mail would never shrink it, and one as high as its window make it grow for ever.
  root.style.overflowY = "hidden";
  frame.style.blockSize = "0";
  frame.style.blockSize = `${Math.max(root.scrollHeight, 48)}px`;
  box.style.minBlockSize = "";
  frame.classList.add("fitted");
}

document.addEventListener(
  "load",
  (event) => {
    if (!event.target.matches?.("iframe[data-fits]")) return;
    const frame = event.target;
    fit(frame);
    fits.observe(frame.contentDocument.body);
    tellAbout(frame);
  },
  true,
);

function tellAbout(frame) {
  const box = frame.closest(".designed");
  const note = find(".designed-remote", box);
  if (!note) return;
  const [remote, tracking, misleading] = ["remote", "tracking", "misleading"].map((name) =>
    Number(frame.contentDocument.body.dataset[name]),
  );
  find(".designed-misleading", box).hidden = misleading === 0;
  note.hidden = remote === 0 || frame.src.includes("pictures=1");
  find(".designed-tracking", note).hidden = tracking === 0;
  find(".designed-tracking b", note).textContent = tracking;
  find("button", note).hidden = remote === tracking; // There is nothing to see.
}

function loadPictures(box) {
  const frame = find("iframe", box);
  frame.src = `${frame.src.split("?")[0]}?pictures=1`;
}

// --- cards of a board: dragged by mouse; the menu in each card does the same by keyboard, and is what a drop presses

let dragged = null;
document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-card]") ?? null;
});
document.addEventListener("dragover", (event) => {
  const lane = event.target.closest?.("[data-stage]");
  if (!dragged || !lane) return;
  event.preventDefault();
  for (const other of document.querySelectorAll(".lane.drop")) if (other !== lane) other.classList.remove("drop");
  lane.classList.add("drop");
});
document.addEventListener("drop", (event) => {
  const lane = event.target.closest?.("[data-stage]");
  if (!dragged || !lane) return;
  event.preventDefault();
  find(`button[name="stage"][value="${CSS.escape(lane.dataset.stage)}"]`, dragged)?.click();
  dragged = null;
});

// --- files for a record: dropped anywhere on their card, or chosen, they go off at once

for (const [name, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(name, (event) => {
    const form = dropForm(event);
    if (!form) return;
    event.preventDefault();
    form.classList.toggle("drop", over);
    if (name === "drop" && event.dataTransfer.files.length) {
      find('input[type="file"]', form).files = event.dataTransfer.files;
      sendFiles(form);
    }
  });
}

function dropForm(event) {
  const carriesFiles = event.dataTransfer?.types.includes("Files");
  return carriesFiles ? find("[data-drop-files]", event.target.closest?.(".record-files") ?? document.createElement("i")) : null;
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-drop-files]");
  if (form && event.target.files.length) sendFiles(form);
});

function sendFiles(form) {
  form.classList.add("sending");
  form.requestSubmit();
}

// --- live counters

let source = null;
function listen() {
  if (!document.body.dataset.live || source) return;
  source = new EventSource(document.body.dataset.live);
  source.addEventListener("counters", (event) => showCounters(JSON.parse(event.data)));
  source.addEventListener("stream", (event) => tellNews(Number(event.data)));
  source.addEventListener("talk", (event) => tellTalk(Number(event.data)));
  source.addEventListener("receipts", (event) => document.dispatchEvent(new CustomEvent("mailsync:receipts", { detail: event.data })));
}

function showCounters(counters) {
  for (const [name, number] of Object.entries(counters)) {
    for (const spot of document.querySelectorAll(`[data-counter="${name}"]`)) {
      const badge = document.createElement("span");
      badge.className = "counter";
      badge.textContent = number < 100 ? number : "99+";
      spot.replaceChildren(...(number ? [badge] : []));
    }
  }
  document.dispatchEvent(new CustomEvent("mailsync:live"));
}

// The newest entry's number, also for a page that htmx has put here since.
let news = -1;
function tellNews(number) {
  news = number;
  document.dispatchEvent(new CustomEvent("mailsync:stream", { detail: news }));
}
// The same for what is said under posts, tasks and entries.
let talk = -1;
function tellTalk(number) {
  talk = number;
  document.dispatchEvent(new CustomEvent("mailsync:talk", { detail: talk }));
}
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target === document.body) showSection();
  if (news >= 0) tellNews(news);
  if (talk >= 0) tellTalk(talk);
});

addEventListener("pagehide", () => {
  source?.close();
  source = null;
});
addEventListener("pageshow", listen);
listen();

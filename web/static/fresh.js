// A list that others add to while it is open: what is new is announced in a line that has its place already, and put on top when
// somebody asks for it, so that nothing moves under the eyes or the cursor of whoever reads.
"use strict";

(() => {
  const PAUSE = 1500; // A flood of mail is one look.
  let known = null;
  let timer = 0;
  let waiting = [];

  const list = () => document.querySelector("[data-fresh]");
  const line = () => document.querySelector("[data-news]");

  document.addEventListener("mailsync:stream", (event) => {
    const target = list();
    if (!target) return;
    const first = known !== target; // This page is new: it may have been made before the stream began.
    known = target;
    if (first && Number(target.dataset.newest) >= event.detail) return;
    clearTimeout(timer);
    timer = setTimeout(look, first ? 0 : PAUSE / 5, target);
  });

  async function look(target) {
    let html;
    try {
      const answer = await fetch(target.dataset.fresh, { headers: { "HX-Request": "true" } });
      if (!answer.ok || answer.redirected) return;
      html = await answer.text();
    } catch {
      return; // The next news asks again.
    }
    if (!target.isConnected) return;
    const page = new DOMParser().parseFromString(`<ul>${html}</ul>`, "text/html");
    waiting = [];
    for (const item of page.querySelectorAll("li.event")) {
      if (!document.getElementById(item.id)) waiting.push(item);
      else if (!shownAgain(target)) break; // From here on it is known.
    }
    announce();
  }

  function announce() {
    const spot = line();
    if (!spot || !waiting.length) return;
    const said = document.createElement("span");
    const who = waiting[0].querySelector(".event-facts span")?.textContent.trim();
    const words = waiting[0].matches(".event-comment") && waiting[0].querySelector(".event-text");
    const what = (words || waiting[0].querySelector(".event-title")).textContent.trim();
    said.textContent = [waiting.length > 1 ? `${waiting.length} new` : "New", who, what].filter(Boolean).join(" · ");
    const show = Object.assign(document.createElement("button"), { type: "button", className: "button button-small", textContent: "Show" });
    show.dataset.key = ".";
    show.title = "Show what is new (.)";
    spot.replaceChildren(said, show);
    spot.classList.add("has-news");
  }

  // What is planned stands above what happened, in an order of its own: such a list comes anew as a whole.
  const shownAgain = (target) => "again" in target.dataset;

  async function showAgain(target, id) {
    const place = `#${target.id}`;
    await htmx.ajax("GET", location.href, { target: place, select: place, swap: "outerHTML" });
    const item = document.getElementById(id);
    item?.querySelector("a")?.focus({ preventScroll: true });
    item?.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("click", (event) => {
    const spot = line();
    if (!spot || !event.target.closest("[data-news] button")) return;
    const target = list();
    const items = waiting;
    const [top] = items;
    waiting = [];
    if (shownAgain(target)) {
      showAgain(target, top?.id);
      return;
    }
    target.prepend(...items);
    htmx.process(target);
    spot.replaceChildren(Object.assign(document.createElement("span"), { textContent: spot.dataset.quiet }));
    spot.classList.remove("has-news");
    document.querySelector(".stream-empty")?.remove();
    const link = top?.querySelector("a");
    link?.focus({ preventScroll: true });
    top?.scrollIntoView({ block: "nearest" });
  });
})();

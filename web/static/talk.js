// Below an open post, task or entry others go on talking. What they say comes by itself as long as nobody is writing there; else a
// line tells of it, and nothing moves under the cursor. What was edited or deleted meanwhile is shown so at once, also in lists.
"use strict";

(() => {
  const GONE = "This was deleted, or is not yours to see any more.";
  let known = null;
  let looked = null;
  let waiting = [];

  document.addEventListener("mailsync:talk", (event) => {
    const talk = document.querySelector("[data-talk]");
    const isNew = talk && looked !== talk; // This page may have been made before the stream began.
    if (!isNew && known === event.detail) return;
    const first = known === null;
    known = event.detail;
    if (talk) lookAtTalk(talk);
    if (!first) lookAtEntries();
  });

  // Somebody opened a mail of ours, or followed its link: entries of mails that tell so look again.
  let receipts = null;
  document.addEventListener("mailsync:receipts", (event) => {
    const first = receipts === null;
    receipts = event.detail;
    if (!first) lookAtEntries("li.event[data-receipt]");
  });

  async function ask(address) {
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true" } });
      if (answer.status === 404) return { gone: true };
      if (!answer.ok || answer.redirected) return null;
      return { page: new DOMParser().parseFromString(await answer.text(), "text/html") };
    } catch {
      return null; // The next news asks again.
    }
  }

  async function lookAtTalk(talk) {
    looked = talk;
    const answer = await ask(talk.dataset.talk);
    if (!answer || !talk.isConnected) return;
    if (answer.gone) {
      say(GONE);
      return;
    }
    const head = answer.page.querySelector("#talk-head");
    if (head) put(document.querySelector("#talk-head"), head);
    const [here, there] = [talk.querySelector("#comments"), answer.page.querySelector("#comments")];
    for (const comment of here.querySelectorAll(".comment")) {
      const now = there.querySelector(`#${comment.id}`);
      if (now) put(comment, now);
      else comment.remove();
    }
    waiting = [...there.querySelectorAll(".comment")].filter((one) => !document.getElementById(one.id));
    if (waiting.length && isWriting(talk)) announce();
    else if (waiting.length) show(talk);
    else if (talk.querySelector(".has-news")) say("");
  }

  function isWriting(talk) {
    const form = talk.parentElement.querySelector(".comment-form");
    return Boolean(form && (form.contains(document.activeElement) || form.elements.text.value.trim()));
  }

  function summary() {
    const who = waiting.at(-1).querySelector("b").textContent;
    return waiting.length > 1 ? `${waiting.length} new comments` : `New comment · ${who}`;
  }

  function announce() {
    const words = waiting.at(-1).querySelector(".post-text")?.textContent.trim();
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button button-small", textContent: "Show" });
    say([summary(), words].filter(Boolean).join(" · "), button);
  }

  function show(talk) {
    const list = talk.querySelector("#comments");
    const words = summary();
    list.querySelector(":scope > .quiet")?.remove();
    for (const comment of waiting) htmx.process(list.appendChild(comment));
    waiting = [];
    say(words);
  }

  function say(words, ...more) {
    const line = document.querySelector("[data-talk-news]");
    if (!line) return;
    line.replaceChildren(...(words ? [Object.assign(document.createElement("span"), { textContent: words })] : []), ...more);
    line.classList.toggle("has-news", Boolean(more.length));
  }

  // The same place with what stands there now; whoever has the focus in it keeps it.
  function put(old, now) {
    if (!old || old.innerHTML === now.innerHTML) return;
    const inside = [...old.querySelectorAll("a, button")].indexOf(document.activeElement);
    const copy = document.adoptNode(now);
    old.replaceWith(copy);
    htmx.process(copy);
    if (inside >= 0) copy.querySelectorAll("a, button")[inside]?.focus({ preventScroll: true });
  }

  async function lookAtEntries(which = "li.event") {
    for (const list of document.querySelectorAll("[data-entries]")) {
      const items = [...list.querySelectorAll(which)];
      if (!items.length) continue;
      const ids = items.map((item) => item.id.replace("entry-", ""));
      const query = new URLSearchParams({ ids, here: list.dataset.entries });
      const answer = await ask(`/stream/again?${query}`);
      if (!answer?.page || !list.isConnected) continue;
      for (const item of items) {
        const now = answer.page.getElementById(item.id);
        if (now) put(item, now);
        else item.replaceChildren(Object.assign(document.createElement("p"), { className: "quiet", textContent: GONE }));
      }
    }
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-talk-news] button")) show(event.target.closest("[data-talk]"));
  });
})();

// What would take less memory: asked for while its fold is open, and once the plan has come to rest.

import { tell } from "../live/dom.js";

const REST_MILLISECONDS = 400;

export class Savings {
  constructor(element, root, url) {
    this.element = element;
    this.root = root;
    this.url = url;
    this.found = "";
    this.foundOf = null;
    root.addEventListener("toggle", ({ target }) => target.matches(".savings") && this.look(), true);
    root.addEventListener("click", ({ target }) => this.take(target.closest(".savings button")));
  }

  // Called when there is another plan, or the fold was opened.
  look() {
    const box = this.root.querySelector(".planned");
    const place = box?.querySelector(".savings[open] .found");
    const settings = box?.dataset.settings;
    if (!place || place.dataset.of === settings) return;
    place.dataset.of = settings;
    // What was found for the plan before stands there, marked as such, until there is something newer.
    place.innerHTML = this.found;
    clearTimeout(this.timer);
    if (settings === this.foundOf) return;
    place.setAttribute("aria-busy", "true");
    this.timer = setTimeout(() => this.ask(settings), REST_MILLISECONDS);
  }

  async ask(settings) {
    const body = `{"settings": ${settings}, "moved": {}}`;
    const answer = await fetch(this.url, { method: "POST", body }).catch(() => null);
    if (!answer?.ok) return;
    this.found = await answer.text();
    this.foundOf = settings;
    const place = this.root.querySelector(".savings[open] .found");
    if (place?.dataset.of !== settings) return;
    place.innerHTML = this.found;
    place.removeAttribute("aria-busy");
  }

  take(button) {
    if (button) tell(this.element, "take-saving", { settings: JSON.parse(button.dataset.settings) });
  }

  show() {
    const fold = this.root.querySelector(".savings");
    if (!fold) return;
    fold.open = true;
    fold.scrollIntoView({ block: "nearest" });
    fold.querySelector("summary").focus();
  }
}

// The latest blending: how far it is, how it ended, and what came of it. It goes on without the page.

import { make, setText } from "../live/dom.js";

const POLL_MILLISECONDS = 700;

export class Latest {
  constructor(blend) {
    this.blend = blend;
    this.slots = blend.slots;
    this.goesOn = this.wasSeen = false;
    this.slots.cancel.addEventListener("click", () => this.ask("blend_cancel"));
    this.slots.talk.addEventListener("click", () => blend.talkTo(this.made.run));
  }

  // Asked again and again only while something is being blended.
  async ask(name) {
    clearTimeout(this.timer);
    const latest = await this.blend.call(name, {});
    if (!this.blend.root.isConnected) return;
    if (latest.problem) setText(this.slots.message, latest.problem.message);
    else this.draw(latest);
    if (latest.problem && this.goesOn) this.askSoon();
  }

  askSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask("blend_state"), POLL_MILLISECONDS);
  }

  draw(latest) {
    const hasEnded = this.goesOn && !latest.goes_on;
    this.goesOn = Boolean(latest.goes_on);
    this.made = latest.made;
    this.wasSeen ||= this.goesOn;
    this.slots.latest.hidden = !this.isNews(latest);
    this.slots.cancel.hidden = !this.goesOn;
    this.slots.talk.hidden = this.slots.origin.hidden = !this.made;
    setText(this.slots.message, [latest.message, latest.hint].filter(Boolean).join(" ") || "Starting.");
    this.slots.message.classList.toggle("blend-done", Boolean(this.made));
    this.slots.latest.classList.toggle("blend-trouble", ["failed", "interrupted"].includes(latest.phase));
    this.drawBar(latest);
    if (this.made) this.drawOrigin(this.made);
    if (this.goesOn) this.askSoon();
    if (hasEnded) this.blend.visit();
  }

  // A blend that was deleted since is none, nor one that was cancelled before this page was opened.
  isNews({ phase }) {
    if (phase === "finished") return Boolean(this.made);
    return Boolean(phase) && (phase !== "stopped" || this.wasSeen);
  }

  drawBar({ percent }) {
    const { bar } = this.slots;
    bar.hidden = !this.goesOn;
    bar.setAttribute("aria-valuenow", percent ?? 0);
    bar.firstElementChild.style.width = (percent ?? 0) + "%";
  }

  drawOrigin({ way, exactness, parts, notes }) {
    setText(this.slots["origin-way"], way + ". " + exactness);
    this.slots.parts.replaceChildren(...parts.map(partLine));
    this.slots["origin-notes"].replaceChildren(...notes.map((note) => make("li", {}, note)));
  }
}

function partLine({ name, weight, share }) {
  const percent = Math.round(100 * share) + " %";
  const bar = make("span", { class: "blend-bar", "aria-hidden": "true" }, make("i", { style: "width: " + percent.replace(" ", "") }));
  return make("li", {}, make("span", { class: "blend-weight" }, weight + " ×"), make("span", {}, name), bar, make("small", {}, percent + " of the change"));
}

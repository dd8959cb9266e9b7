// What is under way, an export or its upload: how far it is, and how it ended. It goes on without the page.

import { setText } from "../live/dom.js";

const POLL_MILLISECONDS = 700;

export class Progress {
  // The server is asked for `kind`_state and `kind`_cancel.
  constructor(part, kind) {
    this.part = part;
    this.kind = kind;
    this.slots = part.slots;
    this.state = null;
    this.slots.cancel.addEventListener("click", () => this.ask("cancel"));
  }

  get goesOn() {
    return Boolean(this.state?.goes_on);
  }

  // What the page finds when it is looked at: the latest one, which another page may have begun.
  meet(latest) {
    if (latest && (latest.goes_on || latest.id === this.state?.id || latest.phase !== "stopped")) this.draw(latest);
  }

  follow(state) {
    this.draw(state);
    this.slots.job.scrollIntoView({ block: "nearest" });
  }

  // Asked again and again only while it goes on and somebody can see it.
  async ask(what) {
    clearTimeout(this.timer);
    const state = await this.part.call(this.kind + "_" + what, { id: this.state.id });
    if (!this.part.root.isConnected) return;
    if (!state.problem) return this.draw(state);
    setText(this.slots.message, state.problem.message + " " + state.problem.hint);
    this.askSoon();
  }

  askSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.part.root.offsetParent && !document.hidden ? this.ask("state") : this.askSoon()), POLL_MILLISECONDS);
  }

  draw(state) {
    const hasEnded = this.goesOn && !state.goes_on && state.id === this.state.id;
    this.state = state;
    const { goes_on: goesOn, phase } = state;
    // What is done stands in the list below.
    this.slots.job.hidden = phase === "finished";
    this.slots.job.classList.toggle("export-trouble", ["failed", "interrupted"].includes(phase));
    setText(this.slots.title, state.title);
    setText(this.slots.message, [state.message || "Starting.", goesOn ? "" : state.hint].filter(Boolean).join(" "));
    setText(this.slots.figures, goesOn ? state.figures : "");
    setText(this.slots.log, state.log);
    this.slots["log-fold"].hidden = !state.log;
    this.slots.cancel.hidden = !goesOn;
    this.drawBar(state);
    this.part.settle();
    if (goesOn) this.askSoon();
    if (hasEnded) this.part.arrive(state.id);
  }

  drawBar({ goes_on: goesOn, percent }) {
    const { bar } = this.slots;
    bar.hidden = !goesOn;
    bar.setAttribute("aria-valuenow", percent ?? 0);
    bar.firstElementChild.style.width = (percent ?? 0) + "%";
  }
}

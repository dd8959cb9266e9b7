// A run that ran out of memory: what it could be started again with, so that it takes less.

import { make, tell } from "./dom.js";

const TITLE = "Start again with less memory";
const BUTTON = "Start again with this";
const NOT_ASKED = "The workbench could not be reached. Reload the page to see what would take less memory.";
const WAIT_SECONDS = 2;

export class Again {
  // `ask` gives what would take less memory than the run with an id.
  constructor(slots, ask) {
    this.box = slots.again;
    this.ask = ask;
    this.shown = "";
  }

  show({ run, message, lacked_memory }) {
    const ending = lacked_memory ? run.id + " " + message : "";
    if (ending === this.shown) return;
    this.shown = ending;
    this.box.hidden = !ending;
    if (ending) this.fill(run.id, ending);
  }

  async fill(runId, ending) {
    // Where the server cannot be reached, gradio answers with nothing instead of failing.
    const { savings, waiting, problem } = (await this.ask(runId).catch(() => null)) ?? { problem: NOT_ASKED };
    if (ending !== this.shown) return;
    const told = savings ? make("ul", {}, ...savings.map((saving) => this.offer(runId, saving))) : make("p", {}, waiting || problem);
    this.box.replaceChildren(make("h3", {}, TITLE), told);
    if (waiting) setTimeout(() => ending === this.shown && this.fill(runId, ending), 1000 * WAIT_SECONDS);
  }

  offer(runId, { settings, sentence, then }) {
    const button = make("button", { type: "button", class: "live-button", "aria-label": BUTTON + ": " + sentence }, BUTTON);
    button.addEventListener("click", () => tell(this.box, "start-again", { run: runId, settings, sentence }));
    return make("li", {}, make("span", {}, sentence + " ", make("span", { class: "live-quiet" }, then)), button);
  }
}

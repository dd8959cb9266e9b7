// “Not what you wanted?”: five complaints, each with one cause in the run's own numbers and one thing to do about it.

import { make, tell } from "./dom.js";

const TITLE = "Not what you wanted?";
const QUESTION = "What is it like?";
const NOT_ASKED = "The workbench could not be reached. Close this and open it again.";

export class Advice {
  // `ask` gives the advice on the run with an id.
  constructor(runId, ask) {
    this.runId = runId;
    this.ask = ask;
    this.asked = false;
    this.body = make("div");
    this.fold = make("details", { class: "live-advice" }, make("summary", {}, TITLE), this.body);
    this.fold.addEventListener("toggle", () => this.open());
  }

  async open() {
    if (!this.fold.open || this.asked) return;
    this.asked = true;
    // Where the server cannot be reached, gradio answers with nothing instead of failing.
    const { advice, problem } = (await this.ask(this.runId).catch(() => null)) ?? { problem: NOT_ASKED };
    this.asked = !problem;
    this.body.replaceChildren(...(problem ? [make("p", { role: "alert" }, problem)] : this.complaints(advice)));
  }

  complaints(advice) {
    const said = make("div", { class: "live-advice-said", role: "status" });
    const choices = advice.map((one) => {
      const input = make("input", { type: "radio", name: "complaint" });
      input.addEventListener("change", () => said.replaceChildren(...this.answer(one)));
      return make("label", {}, input, one.label);
    });
    // A form of its own, since the same run may be on show twice in the page.
    return [make("form", {}, make("fieldset", {}, make("legend", { class: "live-label" }, QUESTION), ...choices)), said];
  }

  answer({ complaint, cause, change, rows }) {
    const words = make("p", {}, cause);
    if (!change) return [words, make("p", { class: "live-advice-rows" }, rows)];
    const button = make("button", { type: "button", class: "live-button" }, "New run with " + change);
    button.addEventListener("click", () => tell(this.fold, "try-change", { run: this.runId, complaint }));
    return [words, make("p", {}, button)];
  }
}

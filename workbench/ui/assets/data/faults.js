// The states in which there is nothing to see yet: nothing chosen, being read, refused.

import { make, setText } from "../live/dom.js";
import { button } from "./button.js";

const EMPTY = "Choose a set above, or add your own below: type, paste, upload, or fetch it from Hugging Face.";

export class Faults {
  constructor(view) {
    this.view = view;
    this.slots = view.slots;
    this.slots.cancel.addEventListener("click", () => view.call("cancel", {}));
  }

  show(answer) {
    this.slots.waiting.hidden = answer.state !== "waiting";
    this.slots.refused.hidden = !["refused", "empty"].includes(answer.state);
    this.slots.encodings.hidden = !answer.encodings?.length;
    if (answer.state === "waiting") this.showWaiting(answer.waiting);
    if (answer.state === "refused") this.showProblem(answer.problem);
    if (answer.state === "empty") this.slots.refused.replaceChildren(make("p", {}, EMPTY));
    this.slots.refused.classList.toggle("data-empty", answer.state === "empty");
    this.slots.encodings.replaceChildren(...(answer.encodings ?? []).map((offer) => this.offer(offer)));
  }

  showWaiting({ message, done, total }) {
    const rows = total ? done.toLocaleString("en") + " of " + total.toLocaleString("en") : done.toLocaleString("en");
    setText(this.slots["waiting-words"], done ? message + " " + rows + " rows so far." : message);
    const percent = total ? Math.round((100 * done) / total) : 0;
    this.slots["waiting-bar"].setAttribute("aria-valuenow", String(percent));
    this.slots["waiting-bar"].classList.toggle("data-unknown", !total);
    this.slots["waiting-bar"].firstElementChild.style.width = percent + "%";
  }

  showProblem({ message, hint }) {
    this.slots.refused.replaceChildren(make("p", {}, make("strong", {}, message)), make("p", {}, hint));
  }

  offer({ encoding, sample }) {
    const take = button("Read as " + encoding, () => this.view.put({ "data.encoding": encoding }));
    return make("li", {}, take, make("blockquote", {}, sample));
  }
}

// Already on this machine: every folder that was found, also those that cannot be tuned, with the reason.

import { make } from "../live/dom.js";
import { button, cell, fitWords, row, short, small, table } from "./parts.js";

const TITLES = ["Model", "Size", "Reads", "Licence", "Stored as", "Tuning it here", ""];
const NOTHING = "There is no model on this machine yet. Download one, or copy one from another computer.";

export class Found {
  constructor(models) {
    this.models = models;
    this.slots = models.slots;
    this.slots["look-again"].addEventListener("click", () => this.lookAgain());
  }

  async lookAgain() {
    this.models.tellChanged();
    const count = await this.show();
    if (count != null) this.models.say("Looked again: " + count + (count === 1 ? " model." : " models."));
  }

  // How many there are, if that could be told.
  async show() {
    const { rows, folder, problem } = await this.models.call("models_here");
    if (problem) return this.models.say(problem);
    this.slots.places.replaceChildren("Looked for in ", make("code", {}, folder), " and in the Hugging Face cache of this computer.");
    const list = table("Models on this machine", TITLES, rows.map((model) => this.draw(model)));
    this.slots.found.replaceChildren(rows.length ? list : make("p", { class: "models-quiet" }, NOTHING));
    return rows.length;
  }

  draw(model) {
    const { name, reason } = model;
    const title = [name, small(model.about)];
    if (reason) {
      const words = make("td", { colspan: TITLES.length - 1, class: "models-reason" }, make("b", {}, "Cannot be tuned. "), reason);
      return row(title, words);
    }
    return row(
      title,
      short("Size", model.parameters, small(model.size)),
      short("Reads", model.context),
      cell("Licence", model.licence),
      short("Stored as", model.dtype),
      cell("Tuning it here", fitWords(model.fit)),
      cell("", button("Use", () => this.models.use(name), "Use " + name)),
    );
  }
}

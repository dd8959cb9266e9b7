// Copied from another computer: the exact folder, the files that are needed, and what is still missing.

import { make } from "../live/dom.js";
import { button } from "./parts.js";

export class Copying {
  constructor(models) {
    this.models = models;
    this.slots = models.slots;
    this.slots.name.addEventListener("submit", (event) => {
      event.preventDefault();
      this.look();
    });
  }

  // What is suggested can be chosen here too, without the network.
  async show() {
    if (this.slots.names.children.length) return;
    const { offers = [] } = await this.models.call("model_offers");
    this.slots.names.replaceChildren(...offers.map(({ id }) => make("option", { value: id })));
  }

  async lookAgain() {
    await this.look();
    this.slots.guide.querySelector("button")?.focus();
  }

  async look() {
    const { typed } = Object.fromEntries(new FormData(this.slots.name));
    const answer = await this.models.call("copy_guide", { typed });
    this.slots.guide.hidden = false;
    this.slots.guide.replaceChildren(...(answer.problem ? [make("p", { class: "models-reason" }, answer.problem)] : this.draw(answer)));
  }

  draw({ name, folder, cached, files, words, complete }) {
    const place = make("p", {}, "Its files go to ", make("code", {}, folder));
    const instead = cached ? [make("p", { class: "models-quiet" }, "Or bring its whole folder of a Hugging Face cache to ", make("code", {}, cached))] : [];
    const list = make("ul", { class: "models-files", "aria-label": "Files that are needed" }, ...files.map(fileLine));
    const state = make("p", { class: complete ? "models-good" : "models-missing" }, words);
    const use = complete ? button("Use", () => this.models.use(name), "Use " + name) : "";
    return [place, ...instead, list, state, make("p", { class: "models-buttons" }, button("Look again", () => this.lookAgain()), use)];
  }
}

function fileLine({ name, purpose, is_there: isThere, is_optional: isOptional }) {
  const word = isThere ? "✓ there" : isOptional ? "optional" : "missing";
  const kind = isThere ? "models-good" : isOptional ? "models-quiet" : "models-missing";
  return make("li", {}, make("span", { class: kind }, word), " ", make("code", {}, name), " ", make("small", {}, purpose));
}

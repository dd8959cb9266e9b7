// Models to download: those that are suggested, and any other of the hub, of which the size is shown first.

import { make } from "../live/dom.js";
import { button, cell, fitWords, row, short, small, table } from "./parts.js";

const TITLES = ["Model", "Languages", "Licence", "Download", "Tuning it here", ""];
const ASKING = "Asking the hub…";

export class Offers {
  constructor(models) {
    this.models = models;
    this.slots = models.slots;
    this.asked = 0;
    this.slots.ask.addEventListener("submit", (event) => this.weigh(event));
  }

  async show() {
    const { offers, problem } = await this.models.call("model_offers");
    if (problem) return this.models.say(problem);
    this.slots.offers.replaceChildren(table("Suggested models", TITLES, offers.map((offer) => this.draw(offer))));
  }

  draw(offer) {
    const mark = offer.suggested ? make("span", { class: "models-mark" }, "suggested") : "";
    return row(
      [offer.name, " ", mark, small(offer.purpose)],
      cell("Languages", offer.languages),
      short("Licence", offer.licence),
      short("Download", offer.size),
      cell("Tuning it here", fitWords(offer.fit)),
      cell("", this.button(offer)),
    );
  }

  button({ id, revision, name, here }) {
    if (here) return button("Use", () => this.models.use(here), "Use " + name);
    return button("Download", () => this.models.download.fetch({ id, revision }), "Download " + name);
  }

  // Another question meanwhile makes this answer stale.
  async weigh(event) {
    event.preventDefault();
    const asked = Object.fromEntries(new FormData(this.slots.ask));
    const number = ++this.asked;
    this.tell(ASKING);
    const answer = await this.models.call("weigh_model", asked);
    if (number !== this.asked) return;
    if (answer.problem) return this.tell(answer.problem);
    const fetch = () => this.models.download.fetch({ id: answer.id, revision: answer.revision });
    const act = answer.here
      ? button("Use", () => this.models.use(answer.here), "Use " + answer.id)
      : button("Download " + answer.missing, fetch, "Download " + answer.id + ", " + answer.missing);
    this.tell(answer.words, small(answer.about), fitWords(answer.fit), act);
  }

  tell(words, ...more) {
    this.slots.offer.hidden = false;
    this.slots.offer.replaceChildren(make("p", {}, words), ...more);
  }
}

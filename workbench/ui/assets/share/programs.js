// The address for programs: where it is, its key once it is asked for, and an example for the chosen model.

import { setText } from "../live/dom.js";
import { copyOnClick } from "./copying.js";

const HIDDEN = "••••••••••••";
const ADDRESS = location.origin + "/v1";

export class Programs {
  constructor(share) {
    this.share = share;
    this.slots = share.slots;
    this.language = "curl";
    this.isShown = false;
    this.told = null;
    setText(this.slots.address, ADDRESS);
    copyOnClick(this.slots["copy-address"], () => ADDRESS);
    copyOnClick(this.slots["copy-key"], async () => (await this.tell()).key);
    copyOnClick(this.slots["copy-example"], async () => this.write((await this.tell()).key));
    this.slots["show-key"].addEventListener("click", () => this.turn());
    this.slots.model.addEventListener("change", () => this.draw());
    this.languages = [...share.root.querySelectorAll("[data-language]")];
    for (const button of this.languages) button.addEventListener("click", () => this.choose(button.dataset.language));
  }

  // Nothing is asked for before it is looked at.
  async tell() {
    if (!this.told) {
      const told = await this.share.call("tell_programs");
      if (told.problem) this.share.say(told.problem);
      else this.told = told;
    }
    return this.told ?? { key: "", curl: "", python: "" };
  }

  async draw() {
    const { key } = await this.tell();
    setText(this.slots.key, this.isShown ? key : HIDDEN);
    setText(this.slots.example, this.write(this.isShown ? key : HIDDEN));
  }

  write(key) {
    const words = { address: ADDRESS, key, model: this.slots.model.value };
    return (this.told?.[this.language] ?? "").replace(/\[(address|key|model)\]/g, (_, name) => words[name]);
  }

  turn() {
    this.isShown = !this.isShown;
    this.slots["show-key"].textContent = this.isShown ? "Hide" : "Show";
    this.slots["show-key"].setAttribute("aria-pressed", String(this.isShown));
    this.draw();
  }

  choose(language) {
    this.language = language;
    for (const button of this.languages) button.setAttribute("aria-pressed", String(button.dataset.language === language));
    this.draw();
  }
}

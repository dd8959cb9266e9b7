// How strongly a result answers: from the original to half as much again as it was trained. Moved, it answers anew.

import { make, setText } from "../live/dom.js";
import { ORIGINAL } from "./conversation.js";

const KEYS_MILLISECONDS = 350;

export class Strength {
  constructor(talk, name) {
    this.talk = talk;
    this.name = name;
    this.slider = make("input", { type: "range", min: "0", max: "150", step: "5", id: "strength-" + name, "aria-label": "Strength of the tuning" });
    this.told = make("output", { for: "strength-" + name });
    this.reason = make("p", { class: "talk-reason" });
    const label = make("label", {}, make("span", {}, "Strength"), this.slider, this.told);
    this.root = make("div", { class: "talk-strength" }, label, this.reason);
    this.slider.addEventListener("input", () => this.tellStrength());
    this.slider.addEventListener("change", () => this.askSoon());
  }

  draw(isHidden) {
    const reason = this.whyNone();
    this.root.firstChild.hidden = isHidden || Boolean(reason);
    this.reason.hidden = !isHidden && !reason;
    setText(this.reason, isHidden ? "Who this is, you learn when you have voted." : reason);
    if (document.activeElement !== this.slider) this.slider.value = Math.round(this.answerer.strength * 100);
    this.tellStrength();
  }

  whyNone() {
    if (this.name === ORIGINAL) return "As it came. It is never changed.";
    if (this.answerer.file && !this.answerer.lora) return "A whole model in one file, read by llama.cpp.";
    return this.talk.here.runs.find(({ id }) => id === this.name)?.no_strength ?? "";
  }

  get answerer() {
    return this.talk.conversation.answerers[this.name];
  }

  tellStrength() {
    const percent = Number(this.slider.value);
    const meaning = { 0: "the original", 100: "as trained" }[percent] ?? (percent > 100 ? "more than trained" : "");
    setText(this.told, percent + " %" + (meaning ? " · " + meaning : ""));
    this.slider.style.setProperty("--share", percent / 150);
  }

  // Released, or moved by keys: these come one after another.
  askSoon() {
    this.answerer.strength = Number(this.slider.value) / 100;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), KEYS_MILLISECONDS);
  }

  ask() {
    if (!this.answerer) return;
    if (this.talk.conversation.exchanges.length) this.talk.asking.ask([this.name]);
    else this.talk.settle();
  }
}

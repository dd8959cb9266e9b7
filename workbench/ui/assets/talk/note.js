// What was just done, with a way to take it back; and what went wrong, with what to do.

import { make } from "../live/dom.js";

export class Note {
  constructor({ slots }) {
    this.slots = slots;
  }

  say(words) {
    this.slots.note.hidden = !words;
    this.slots.note.replaceChildren(words);
  }

  clear() {
    this.say("");
    this.mend();
  }

  mend() {
    this.slots.problem.hidden = true;
  }

  offer(words, act) {
    const button = make("button", { type: "button", class: "talk-link" }, "Undo this");
    button.addEventListener("click", act);
    this.say(words + " ");
    this.slots.note.append(button);
  }

  fail({ message, hint }) {
    this.slots.problem.hidden = false;
    this.slots.problem.replaceChildren(make("b", {}, message), make("span", {}, hint));
  }
}

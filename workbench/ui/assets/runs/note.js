// One line above the list about what was just done, with a button to take it back.

import { make } from "../live/dom.js";

const OFFLINE = "The workbench cannot be reached.";

export class Note {
  constructor(list) {
    this.list = list;
    this.place = list.slots.note;
  }

  say(...words) {
    this.place.hidden = false;
    this.place.replaceChildren(...words);
  }

  // Ask the server for something and say what came of it; `undo` is a button, if there is one.
  async act(name, arg, words, undo = "") {
    const done = (await this.list.call(name, arg)) ?? { problem: OFFLINE };
    this.say(...(done.problem ? [done.problem] : [words + " ", undo]));
    this.list.ask();
  }

  // A button whose press asks for something.
  button(label, name, arg, words) {
    const button = make("button", { type: "button", class: "runs-button" }, label);
    button.addEventListener("click", () => this.act(name, arg, words));
    return button;
  }
}

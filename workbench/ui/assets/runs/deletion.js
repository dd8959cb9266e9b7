// One line about the run that was just deleted, with a button to take it back.

import { make } from "../live/dom.js";

const OFFLINE = "The workbench cannot be reached.";

export class Deletion {
  constructor(list) {
    this.list = list;
    this.note = list.slots.note;
  }

  tell(value) {
    if (!value) return;
    const { run, name } = JSON.parse(value);
    const undo = make("button", { type: "button", class: "runs-button" }, "Undo");
    undo.addEventListener("click", () => this.bringBack(run, name));
    this.say("“" + name + "” is deleted. ", undo);
    this.list.ask();
  }

  async bringBack(run, name) {
    const done = (await this.list.call("undelete", run)) ?? { problem: OFFLINE };
    this.say(done.problem ?? "“" + name + "” is back.");
    this.list.ask();
  }

  say(...words) {
    this.note.hidden = false;
    this.note.replaceChildren(...words);
  }
}

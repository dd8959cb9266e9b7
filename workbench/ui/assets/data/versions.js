// The versions of a set: how each came to be, to be looked at or brought back.

import { make, setText } from "../live/dom.js";
import { button } from "./button.js";

const HOW = { typed: "typed", pasted: "pasted", uploaded: "uploaded", hub: "fetched", edited: "edited", restored: "restored" };

export class Versions {
  constructor(view) {
    this.view = view;
    this.slots = view.slots;
  }

  show({ set, version, versions = [] }) {
    this.slots["versions-fold"].hidden = versions.length === 0;
    setText(this.slots["versions-fold"].querySelector("summary"), versions.length === 1 ? "1 version" : versions.length + " versions");
    const newest = versions.at(-1)?.number;
    this.slots.versions.replaceChildren(make("ul", {}, ...versions.toReversed().map((one) => this.line(set, one, version, newest))));
  }

  line(set, { number, how, source, at, files }, shown, newest) {
    const when = new Date(at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
    const words = [(HOW[how] ?? how) + (source ? " from " + source : ""), when, files.join(", ")].join(" · ");
    const line = make("li", {}, make("b", {}, "Version " + number), " ", make("span", { class: "data-quiet" }, words), " ");
    if (number !== shown) line.append(button("Look at it", () => this.view.choose(number === newest ? set : set + "@" + number)));
    if (number !== newest) line.append(" ", button("Make it the newest", () => this.restore(set, number)));
    return line;
  }

  async restore(set, number) {
    const done = await this.view.call("change_set", { action: "restore", name: set, version: number });
    if (!done || done.problem) return this.view.note(done ? done.problem.message : "The workbench cannot be reached.");
    this.view.tell("put-settings", {});
    this.view.note(`Version ${number} is back, as version ${done.version}.`);
    this.view.choose(set);
  }
}

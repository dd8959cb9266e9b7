// The panes: one for each answerer, in the order of the conversation, or mixed while nobody may know who is who.

import { Pane } from "./pane.js";

const LOW_SHARE = 0.45;

export class Panes {
  constructor(talk) {
    this.talk = talk;
    this.place = talk.slots.panes;
    this.panes = new Map();
    this.changed = new Set();
  }

  draw() {
    const names = this.talk.blind.order(Object.keys(this.talk.conversation.answerers));
    for (const name of this.panes.keys()) if (!names.includes(name)) this.panes.delete(name);
    for (const name of names) if (!this.panes.has(name)) this.panes.set(name, new Pane(this.talk, name));
    const nodes = names.map((name) => this.panes.get(name).root);
    const stand = [...this.place.children];
    // Whoever moves a slider in a pane must not lose it, so only what has another place is moved.
    if (nodes.length !== stand.length || nodes.some((node, index) => node !== stand[index])) this.place.replaceChildren(...nodes);
    this.place.dataset.count = names.length;
    names.forEach((name, index) => this.panes.get(name).draw(index));
  }

  // On a telephone the answers begin below the fold.
  bringIntoView() {
    const isLow = this.place.getBoundingClientRect().top > innerHeight * LOW_SHARE;
    if (isLow) this.place.scrollIntoView({ block: "start" });
  }

  // Pieces of an answer come faster than a screen is drawn.
  redraw(name) {
    if (!this.changed.size) requestAnimationFrame(() => this.drawChanged());
    this.changed.add(name);
  }

  drawChanged() {
    for (const name of this.changed) this.panes.get(name)?.drawLast();
    this.changed.clear();
  }
}

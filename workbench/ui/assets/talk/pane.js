// One answerer: its name, how strongly it is tuned, and its side of the conversation.

import { make, setText } from "../live/dom.js";
import { ORIGINAL, describe, leaderOf } from "./conversation.js";
import { Strength } from "./strength.js";
import { Turn } from "./turn.js";

const NEAR_PIXELS = 40;
const LETTERS = "ABCDEFG";

export class Pane {
  constructor(talk, name) {
    this.talk = talk;
    this.name = name;
    this.title = make("h3");
    this.about = make("small");
    this.remove = make("button", { type: "button", class: "talk-remove" }, "×");
    this.remove.addEventListener("click", () => this.leave());
    this.strength = new Strength(talk, name);
    this.list = make("ol", { class: "talk-turns", tabindex: "0" });
    this.hint = make("p", { class: "talk-hint" });
    const head = make("header", {}, make("span", { class: "talk-name" }, this.title, this.about), this.remove, this.strength.root);
    this.root = make("article", { class: "talk-pane", id: "pane-" + name }, head, this.list, this.hint);
    this.turns = [];
  }

  draw(index) {
    const { conversation, blind } = this.talk;
    const { title, about } = blind.isOn ? { title: "Answer " + LETTERS[index], about: "" } : describe(this.name, this.talk.here);
    setText(this.title, title);
    setText(this.about, about);
    this.root.setAttribute("aria-label", title);
    this.root.classList.toggle("talk-original", this.name === ORIGINAL || blind.isOn);
    this.list.setAttribute("aria-label", "Conversation with " + title);
    this.remove.hidden = blind.isOn || this.name === leaderOf(conversation);
    this.remove.setAttribute("aria-label", "Remove " + title);
    this.strength.draw(blind.isOn);
    this.drawTurns(blind.isOn ? conversation.exchanges.slice(-1) : conversation.exchanges);
  }

  // What was drawn of a question stays, so that a selection or an opened fold in it stays too.
  drawTurns(exchanges) {
    const isNew = exchanges.length && exchanges.at(-1) !== this.turns.at(-1)?.exchange;
    const known = new Map(this.turns.map((turn) => [turn.exchange, turn]));
    this.turns = exchanges.map((exchange) => known.get(exchange) ?? new Turn(this.talk, this.name, exchange));
    const nodes = this.turns.map(({ root }) => root);
    if (nodes.length !== this.list.children.length || nodes.some((node, index) => node !== this.list.children[index])) {
      this.list.replaceChildren(...nodes);
    }
    this.list.hidden = !nodes.length;
    this.hint.hidden = Boolean(nodes.length);
    setText(this.hint, this.name === ORIGINAL ? "Answers as it always has." : "Answers as it was taught.");
    this.stay(isNew, () => this.turns.forEach((turn) => turn.draw()));
  }

  drawLast() {
    this.stay(false, () => this.turns.at(-1)?.draw());
  }

  // Whoever reads the end goes on reading it while it grows.
  stay(atEnd, draw) {
    const { list } = this;
    const isNear = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_PIXELS;
    draw();
    if (atEnd || isNear) list.scrollTop = list.scrollHeight;
  }

  leave() {
    delete this.talk.conversation.answerers[this.name];
    for (const round of this.talk.asking.rounds) this.talk.asking.withdraw(round, [this.name]);
    this.talk.settle();
  }
}

// The Blend view: what is chosen, checked after each change, and the blending that is under way.

import { findSlots, make, setText, tell } from "./live/dom.js";
import { Latest } from "./blend/latest.js";
import { Shares } from "./blend/shares.js";
import { Way } from "./blend/way.js";

const OFFLINE = { message: "The workbench cannot be reached.", hint: "Start it again; this page goes on by itself." };
const CHECK_MILLISECONDS = 200;

export function start(element, bridge) {
  const blend = new Blend(element, bridge);
  new IntersectionObserver(([seen]) => seen.isIntersecting && blend.visit()).observe(element);
}

class Blend {
  constructor(element, { server }) {
    this.element = element;
    this.server = server;
    this.root = element.querySelector(".blend");
    this.slots = findSlots(this.root);
    this.asked = 0;
    this.shares = new Shares(this);
    this.way = new Way(this);
    this.latest = new Latest(this);
    this.slots.train.addEventListener("click", () => tell(this.element, "train", {}));
    this.slots.bring.addEventListener("click", () => tell(this.element, "bring", {}));
    this.slots.name.addEventListener("input", () => this.change());
    this.slots.body.addEventListener("submit", (event) => {
      event.preventDefault();
      this.begin();
    });
  }

  // The list of runs is as new as the last look at the tab.
  async visit() {
    const here = await this.call("blend_look", {});
    if (here.problem) return this.refuse(here.problem);
    const able = here.runs.filter(({ reason }) => !reason);
    const isEmpty = !pairs(able).length;
    this.root.dataset.state = isEmpty ? "empty" : "ready";
    this.slots.empty.hidden = !isEmpty;
    this.slots.body.hidden = isEmpty;
    this.slots.name.placeholder = here.next_name;
    this.way.draw(here);
    this.shares.draw(able, pairs(able), here.limits);
    this.drawOthers(here.runs.filter(({ reason }) => reason));
    this.latest.draw(here.latest);
    if (!isEmpty) this.check();
  }

  // Whatever cannot be blended is named, with the reason.
  drawOthers(others) {
    this.slots.others.hidden = !others.length;
    setText(this.slots.others.firstElementChild, others.length === 1 ? "One result cannot be blended" : others.length + " results cannot be blended");
    this.slots.reasons.replaceChildren(...others.map(({ reason }) => make("li", {}, reason)));
  }

  change() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), CHECK_MILLISECONDS);
  }

  get wish() {
    return { shares: this.shares.chosen(), name: this.slots.name.value, ...this.way.settings() };
  }

  // Only the answer to the last question counts.
  async check() {
    clearTimeout(this.timer);
    const number = ++this.asked;
    const answer = await this.call("blend_check", this.wish);
    if (number !== this.asked) return;
    if (answer.problem) this.refuse(answer.problem);
    else this.allow(answer);
  }

  refuse({ message, hint }) {
    this.slots.problem.hidden = false;
    this.slots.problem.replaceChildren(make("b", {}, message), make("span", {}, hint));
    this.slots.fine.hidden = this.slots["command-fold"].hidden = true;
    this.slots.start.disabled = true;
  }

  allow({ made, notes, command }) {
    this.slots.problem.hidden = true;
    this.slots.fine.hidden = this.slots["command-fold"].hidden = false;
    setText(this.slots.made, made);
    this.slots.notes.replaceChildren(...notes.map((note) => make("li", {}, note)));
    setText(this.slots.command, command);
    this.slots.start.disabled = this.latest.goesOn;
  }

  async begin() {
    this.slots.start.disabled = true;
    const latest = await this.call("blend_start", this.wish);
    if (latest.problem) return this.refuse(latest.problem);
    this.slots.name.value = "";
    this.latest.draw(latest);
  }

  talkTo(run) {
    tell(this.element, "talk", { run });
  }

  // What the server answers; a server that is not there answers nothing at all.
  async call(name, arg) {
    return (await this.server[name](arg).catch(() => null)) ?? { problem: OFFLINE };
  }
}

// The newest two of one model, if there are two.
function pairs(runs) {
  const second = runs.find(({ model }, index) => runs.slice(0, index).some((earlier) => earlier.model === model));
  return second ? [runs.find(({ model }) => model === second.model), second] : [];
}

// The Export view: what is chosen, checked after each change; the export that is under way; and all that are done.

import { Author } from "./export/author.js";
import { Choices } from "./export/choices.js";
import { List } from "./export/list.js";
import { Progress } from "./export/progress.js";
import { findSlots, make, setText, tell } from "./live/dom.js";

const OFFLINE = { message: "The workbench cannot be reached.", hint: "Start it again; this page goes on by itself." };
const PLAN_MILLISECONDS = 200;
const RETRY_MILLISECONDS = 2000;

export function start(element, bridge) {
  const part = new Export(element, bridge);
  bridge.watch("value", () => part.take(bridge.props.value));
  part.take(bridge.props.value);
  new IntersectionObserver(([seen]) => seen.isIntersecting && part.visit()).observe(element);
}

class Export {
  constructor(element, { server }) {
    this.server = server;
    this.root = element.querySelector(".export");
    this.slots = findSlots(this.root);
    this.asked = this.visits = 0;
    this.taken = "";
    this.choices = new Choices(this);
    this.author = new Author(this);
    this.progress = new Progress(this, "export");
    this.list = new List(this);
    this.slots.train.addEventListener("click", () => tell(element, "train", {}));
    this.slots.bring.addEventListener("click", () => tell(element, "bring", {}));
    this.slots.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.begin();
    });
  }

  // What Python sets: a run to be taken home. It stays set when it has long been done.
  take(value) {
    const { run, at } = JSON.parse(value || "{}");
    if (!at || at === this.taken) return;
    this.taken = at;
    this.choose(run);
  }

  async choose(run) {
    // What was said of the run before belongs to that.
    await this.author.keep();
    this.choices.run = run;
    this.visit();
  }

  // The lists are as new as the last look at the tab; what is chosen stays.
  async visit() {
    const number = ++this.visits;
    const here = await this.call("export_look", { run: this.choices.run });
    if (number !== this.visits) return;
    if (here.problem) return this.refuse(here.problem);
    this.root.dataset.state = here.run ? "ready" : "empty";
    // What was taken from runs that are gone is still here.
    this.slots.empty.hidden = Boolean(here.run);
    this.slots.form.hidden = !here.run;
    this.slots.body.hidden = !here.run && !here.made.length;
    this.list.draw(here.made);
    this.progress.meet(here.latest);
    if (!here.run) return;
    this.choices.draw(here);
    this.author.draw(here.run, here.author);
    this.plan();
  }

  visitSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.root.isConnected && this.visit(), RETRY_MILLISECONDS);
  }

  change() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.plan(), PLAN_MILLISECONDS);
  }

  // Only the answer to the last question counts.
  async plan() {
    clearTimeout(this.timer);
    const number = ++this.asked;
    const answer = await this.call("export_plan", this.choices.wish());
    if (number !== this.asked) return;
    if (answer.problem) this.refuse(answer.problem);
    else this.allow(answer);
  }

  refuse(problem) {
    const { message, hint } = problem;
    this.isSound = false;
    if (problem === OFFLINE) this.visitSoon();
    this.slots.problem.hidden = false;
    this.slots.problem.replaceChildren(make("b", {}, message), make("span", {}, hint));
    this.slots["command-fold"].hidden = true;
    setText(this.slots.place, "");
    this.settle();
  }

  allow({ name, place, command }) {
    this.isSound = true;
    this.slots.problem.hidden = true;
    this.slots["command-fold"].hidden = false;
    this.slots.name.placeholder = name;
    setText(this.slots.place, "It will lie in " + place);
    setText(this.slots.command, command);
    this.settle();
  }

  // One at a time.
  settle() {
    this.slots.start.disabled = !this.isSound || this.progress.goesOn;
    setText(this.slots.start, this.progress.goesOn ? "Exporting …" : "Export");
  }

  async begin() {
    this.slots.start.disabled = true;
    // What was typed last is kept first: it belongs to the card.
    if (!(await this.author.keep())) return this.settle();
    const state = await this.call("export_start", this.choices.wish());
    if (state.problem) return this.refuse(state.problem);
    this.slots.name.value = "";
    this.choices.keep();
    this.progress.follow(state);
  }

  // An export has ended: what it made stands in the list, and is opened.
  async arrive(id) {
    await this.visit();
    this.list.open(id);
  }

  // What the server answers; a server that is not there answers nothing at all.
  async call(name, arg) {
    return (await this.server[name](arg).catch(() => null)) ?? { problem: OFFLINE };
  }
}

// The Check view: what is to be checked, the check under way, and what came of it.

import { findSlots, make, setText } from "./live/dom.js";
import { Form } from "./check/form.js";
import { drawForgetting, drawScores } from "./check/results.js";
import { Sheet } from "./check/sheet.js";

const OFFLINE = { message: "The workbench cannot be reached.", hint: "Start it again; this page goes on by itself." };
const POLL_MILLISECONDS = 1000;

export function start(element, bridge) {
  const check = new Check(element.querySelector(".check"), bridge.server);
  new IntersectionObserver(([seen]) => seen.isIntersecting && check.visit()).observe(element);
}

class Check {
  constructor(root, server) {
    this.root = root;
    this.server = server;
    this.slots = findSlots(root);
    this.job = null;
    this.form = new Form(this);
    this.sheet = new Sheet(this);
    this.slots.cancel.addEventListener("click", () => this.act("check_cancel"));
    this.slots["go-on"].addEventListener("click", () => this.act("check_go_on"));
  }

  // The lists are as new as the last look at the tab; what is chosen stays.
  async visit(run = this.slots.run.value) {
    const known = await this.call("check_look", { run });
    if (known.problem) return this.say(known.problem);
    this.root.dataset.state = known.run ? "ready" : "empty";
    this.slots.empty.hidden = Boolean(known.run);
    this.slots.body.hidden = !known.run;
    if (!known.run) return;
    const isOther = known.run !== this.run;
    this.run = known.run;
    this.form.draw(known);
    this.drawEarlier(known.earlier);
    const here = known.earlier.some(({ id }) => id === this.job?.id);
    if (isOther || !here) await this.open(known.earlier[0]?.id);
  }

  // One of the run's checks, or none.
  async open(id) {
    clearTimeout(this.timer);
    this.job = id ? { id } : null;
    this.sheet.reset();
    for (const name of ["job", "forgot", "scored", "sheet"]) this.slots[name].hidden = true;
    if (id) await this.act("check_state");
  }

  async begin(wish) {
    this.say(null);
    const state = await this.call("check_start", wish);
    if (state.problem) return this.say(state.problem);
    this.job = { id: state.id };
    this.sheet.reset();
    this.draw(state);
    this.visit();
  }

  // Asked again and again only while the check goes on and somebody can see it.
  async act(name) {
    clearTimeout(this.timer);
    const { id } = this.job;
    const state = await this.call(name, { run: this.run, id });
    if (!this.root.isConnected || this.job?.id !== id) return;
    if (!state.problem) return this.draw(state);
    this.say(state.problem);
    if (state.problem === OFFLINE) this.later();
  }

  later() {
    this.timer = setTimeout(() => (this.root.offsetParent && !document.hidden ? this.act("check_state") : this.later()), POLL_MILLISECONDS);
  }

  draw(state) {
    const hasEnded = this.job.goes_on && !state.goes_on;
    this.job = state;
    this.say(null);
    this.drawJob(state);
    drawForgetting(this.slots, state);
    drawScores(this.slots, state);
    this.sheet.draw(state);
    this.form.allow(!state.goes_on);
    if (state.goes_on) this.later();
    if (hasEnded) this.visit();
  }

  drawJob(state) {
    const { job, message, bar, cancel } = this.slots;
    job.hidden = !state.goes_on && !state.can_go_on;
    job.classList.toggle("check-trouble", state.trouble);
    setText(message, [state.message || "Starting.", state.hint].filter(Boolean).join(" "));
    bar.hidden = cancel.hidden = !state.goes_on;
    bar.setAttribute("aria-valuenow", state.percent);
    bar.firstElementChild.style.width = state.percent + "%";
    this.slots["go-on"].hidden = !state.can_go_on;
  }

  drawEarlier(earlier) {
    this.slots.before.hidden = !earlier.length;
    this.slots.earlier.replaceChildren(...earlier.map((one) => this.earlierLine(one)));
  }

  earlierLine({ id, words, marks }) {
    const button = make("button", { type: "button", class: "talk-link", "data-check": id }, words);
    button.addEventListener("click", () => this.open(id));
    return make("li", {}, button, make("small", {}, marks));
  }

  say(problem) {
    this.slots.problem.hidden = !problem;
    if (problem) this.slots.problem.replaceChildren(make("b", {}, problem.message), make("span", {}, problem.hint));
  }

  // What the server answers; a server that is not there answers nothing at all.
  async call(name, arg) {
    return (await this.server[name](arg).catch(() => null)) ?? { problem: OFFLINE };
  }
}

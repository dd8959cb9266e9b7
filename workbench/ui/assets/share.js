// Sharing results: starts and ends showcases, and tells programs how to ask.

import { findSlots, make, setText } from "./live/dom.js";
import { drawCards } from "./share/cards.js";
import { Programs } from "./share/programs.js";

const OFFLINE = "The workbench cannot be reached.";
const POLL_MILLISECONDS = 2000;

export function start(element, { server }) {
  new Share(element.querySelector(".share"), server).watch();
}

class Share {
  constructor(root, server) {
    this.root = root;
    this.server = server;
    this.slots = findSlots(root);
    this.programs = new Programs(this);
    this.slots.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.begin();
    });
  }

  // A server that is not there answers nothing at all.
  async call(name, arg = {}) {
    return (await this.server[name](arg).catch(() => null)) ?? { problem: OFFLINE };
  }

  // Asked again and again only while somebody can see it; what runs there are, whenever it comes into sight.
  async watch() {
    if (!this.root.isConnected) return;
    const isSeen = Boolean(this.root.offsetParent) && !document.hidden;
    if (isSeen) await this.look();
    else this.isListed = false;
    setTimeout(() => this.watch(), POLL_MILLISECONDS);
  }

  async look() {
    if (!this.isListed) await this.list();
    const state = await this.call("share_state");
    if (state.problem) return this.say(state.problem);
    if (this.slots.problem.textContent === OFFLINE) this.say("");
    drawCards(this.slots.list, state.showcases, (id) => this.end(id));
    this.slots.empty.hidden = this.slots.run.options.length > 0 || state.showcases.length > 0;
    this.slots.body.hidden = !this.slots.empty.hidden;
  }

  async list() {
    const { runs, problem } = await this.call("share_runs");
    if (problem) return this.say(problem);
    this.isListed = true;
    offer(this.slots.run, runs);
    offer(this.slots.model, runs);
    this.programs.draw();
  }

  async begin() {
    const { run, title, prompts, lan, start } = this.slots;
    start.disabled = true;
    this.say("");
    const answer = await this.call("start_showcase", {
      run: run.value, title: title.value, prompts: prompts.value, lan: lan.checked,
    });
    start.disabled = false;
    if (answer.problem) return this.say(answer.problem);
    await this.look();
  }

  async end(id) {
    const answer = await this.call("end_showcase", { id });
    if (answer.problem) this.say(answer.problem);
    await this.look();
  }

  say(words) {
    this.slots.problem.hidden = !words;
    setText(this.slots.problem, words);
  }
}

// The choice stays where it is while the list is the same.
function offer(menu, runs) {
  const known = [...menu.options].map((option) => option.value + option.textContent).join("\n");
  if (known === runs.map((run) => run.id + run.name).join("\n")) return;
  const chosen = menu.value;
  menu.replaceChildren(...runs.map((run) => make("option", { value: run.id }, run.name)));
  if (runs.some((run) => run.id === chosen)) menu.value = chosen;
}

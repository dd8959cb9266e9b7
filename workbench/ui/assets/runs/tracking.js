// The chosen run in other programs: buttons that send it there, and what was sent with the command that shows it.

import { findSlots, make, setText } from "../live/dom.js";

const POLL_MILLISECONDS = 1500;
const OFFLINE = "The workbench cannot be reached.";

export function start(element, bridge) {
  const tracking = new Tracking(element, bridge);
  bridge.watch("value", () => tracking.choose(bridge.props.value));
  tracking.choose(bridge.props.value);
}

class Tracking {
  constructor(element, { server }) {
    this.server = server;
    this.fold = element.querySelector(".runs-tracking");
    this.slots = findSlots(this.fold);
    this.run = "";
    this.fold.addEventListener("toggle", () => this.ask());
  }

  choose(run) {
    if (run === this.run) return;
    this.run = run;
    this.ask();
  }

  // Asked again and again only while something is on its way.
  async ask(name = "tracking", arg = this.run) {
    clearTimeout(this.timer);
    const { run } = this;
    if (!run || !this.fold.open || !this.fold.isConnected) return;
    const answer = (await this.server[name](arg).catch(() => null)) ?? { problem: OFFLINE };
    if (run !== this.run) return;
    this.draw(answer);
    if (answer.busy) this.timer = setTimeout(() => this.ask(), POLL_MILLISECONDS);
  }

  draw({ offered, none, sent, problem }) {
    this.slots.problem.hidden = !problem;
    setText(this.slots.problem, problem ?? "");
    if (!offered) return;
    this.slots.offer.hidden = offered.length === 0;
    this.slots.none.hidden = offered.length > 0;
    this.slots.none.replaceChildren(none.words, " ", make("code", {}, none.command));
    this.offer(offered);
    this.slots.sent.replaceChildren(...sent.map(({ words, look, where }) => line(words, look, where)));
  }

  // Drawn once, so that no focus is lost.
  offer(offered) {
    if (this.slots.buttons.children.length === offered.length) return;
    this.slots.buttons.replaceChildren(...offered.map((tracker) => this.button(tracker)));
  }

  button({ name, label }) {
    const button = make("button", { type: "button", class: "runs-button", "data-to": name }, label);
    button.addEventListener("click", () => this.ask("send_run", { run: this.run, to: name }));
    return button;
  }
}

function line(words, look, where) {
  const detail = look ? [make("span", { class: "runs-quiet" }, "To look at it:"), make("code", {}, look)] : [where];
  return make("li", {}, words, ...detail);
}

// The latest download. It goes on without the page; whoever sees it end here has the model chosen.

import { setText } from "../live/dom.js";

const POLL_MILLISECONDS = 1000;

export class Download {
  constructor(models) {
    this.models = models;
    this.slots = models.slots;
    this.wasGoing = false;
    this.said = "";
    this.slots.cancel.addEventListener("click", () => this.ask("cancel_fetch"));
    this.slots["go-on"].addEventListener("click", () => this.fetch(this.latest));
  }

  fetch({ id, revision }) {
    if (this.latest?.goes_on) return this.models.say("One at a time: wait for " + this.latest.id + ", or cancel it first.");
    this.wasGoing = true;
    this.slots.offer.hidden = true;
    return this.ask("fetch_model", { id, revision });
  }

  look() {
    return this.ask("fetch_state");
  }

  // Asked again and again only while something is on its way.
  async ask(name, arg) {
    clearTimeout(this.timer);
    const answer = await this.models.call(name, arg);
    if (!this.models.fold.isConnected) return;
    clearTimeout(this.timer);
    this.say(answer.problem ?? "");
    if (!answer.problem) this.draw(answer);
    if (this.latest?.goes_on) this.timer = setTimeout(() => this.look(), POLL_MILLISECONDS);
  }

  // What was said here goes when it is over, such as a server that was away; what others said stays.
  say(problem) {
    if (problem || this.said) this.models.say(problem);
    this.said = problem;
  }

  draw(latest) {
    this.latest = latest;
    const { phase, goes_on: goesOn, name } = latest;
    this.slots.progress.hidden = !phase || phase === "finished";
    setText(this.slots["progress-id"], latest.id ?? "");
    setText(this.slots["progress-message"], latest.message ?? "");
    setText(this.slots["progress-figures"], latest.figures ?? "");
    this.drawBar(latest);
    this.offer(goesOn ? "cancel" : "go-on");
    this.models.brief(goesOn ? latest.brief : "");
    const isNew = this.wasGoing && phase === "finished" && name;
    this.wasGoing = goesOn;
    if (isNew) this.arrive(name);
  }

  // One of two buttons in the same place; whoever stood on the other one stands on this one then.
  offer(wanted) {
    const [shown, other] = wanted === "cancel" ? ["cancel", "go-on"] : ["go-on", "cancel"];
    const hadFocus = document.activeElement === this.slots[other];
    this.slots[shown].hidden = false;
    this.slots[other].hidden = true;
    if (hadFocus) this.slots[shown].focus();
  }

  // How much there is to come is not known at once.
  drawBar({ percent }) {
    const bar = this.slots["progress-bar"];
    bar.hidden = percent == null;
    bar.setAttribute("aria-valuenow", percent ?? 0);
    bar.firstElementChild.style.width = (percent ?? 0) + "%";
  }

  async arrive(name) {
    await this.models.ways.download.show();
    this.models.use(name);
  }
}

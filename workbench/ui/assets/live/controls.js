// The buttons that pause, continue, stop and cancel a run. What cannot be taken back asks once more.

import { setText, tell } from "./dom.js";

const LIVE = ["preparing", "training", "saving"];
const QUESTIONS = {
  stop: { label: "Confirm stopping", words: "Stop and keep what it learned?", yes: "Stop" },
  leave: { label: "Confirm leaving the line", words: "Take it out of the line? It can be resumed.", yes: "Take it out", no: "Keep waiting" },
  wait: { label: "Confirm stopping", words: "Stop waiting for room? Its last checkpoint is kept.", yes: "Stop", no: "Keep waiting" },
  cancel: { label: "Confirm cancelling", words: "End it now, without saving more?", yes: "Cancel run" },
};
const ON_THE_WAY = { pause: "pausing", continue: "starting", stop: "stopping", cancel: "cancelling" };

export class Controls {
  // `act` does what a button says, and answers with the problem where it cannot.
  constructor(slots, act) {
    this.slots = slots;
    this.act = act;
    this.refused = "";
    this.further = false;
    this.moment = "";
    this.asking = "";
    for (const action of ["pause", "continue"]) slots[action].addEventListener("click", () => this.send(action));
    for (const action of ["stop", "cancel"]) slots[action].addEventListener("click", () => this.ask(action));
    slots.further.addEventListener("click", () => tell(slots.further, "train-further", { run: this.run }));
    slots["confirm-no"].addEventListener("click", () => this.close());
    slots["confirm-yes"].addEventListener("click", () => this.send(this.asking));
    slots.confirm.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  // `stopping` is what was asked for already; what `lacks_room` is paused until the disk has some.
  show({ run, phase, stopping, lacks_room }) {
    this.forgetRefusal(run.id + " " + phase);
    this.run = run.id;
    this.slots.further.hidden = !this.further && run.origin === "trained";
    this.stopAs = phase === "queued" ? "leave" : lacks_room ? "wait" : "stop";
    const offered = offers(phase, stopping, lacks_room);
    for (const action of Object.keys(ON_THE_WAY)) this.slots[action].hidden = !offered.includes(action);
    if (this.asking && !offered.includes(this.asking)) this.close();
    this.slots.actions.hidden = !offered.length;
  }

  // What was said about one run in one phase is not true of the next.
  forgetRefusal(moment) {
    if (this.moment !== moment) {
      this.refused = "";
      this.further = false;
    }
    this.moment = moment;
  }

  ask(action) {
    const { label, words, yes, no = "Keep training" } = QUESTIONS[action === "stop" ? this.stopAs : action];
    this.slots.confirm.setAttribute("aria-label", label);
    setText(this.slots["confirm-words"], words);
    setText(this.slots["confirm-yes"], yes);
    setText(this.slots["confirm-no"], no);
    this.open(action);
    this.slots["confirm-no"].focus();
  }

  close() {
    const button = this.slots[this.asking];
    this.open("");
    button.focus();
  }

  open(action) {
    this.asking = action;
    this.slots.confirm.hidden = !action;
    this.slots.choices.hidden = Boolean(action);
  }

  async send(action) {
    this.open("");
    setText(this.slots.phase, ON_THE_WAY[action]);
    const answer = await this.act(action);
    this.refused = answer.problem || "";
    this.further = Boolean(answer.further);
  }
}

function offers(phase, stopping, lacksRoom) {
  if (lacksRoom) return ["continue", "stop"];
  if (phase === "paused" || phase === "interrupted") return ["continue"];
  if (phase === "queued") return stopping ? [] : ["pause", "stop"];
  if (!LIVE.includes(phase) || stopping === "cancel") return [];
  return stopping ? ["cancel"] : ["pause", "stop", "cancel"];
}

// Giving one export to the hub: what would go and to whom is said first, and nothing goes before the button is pressed.

import { make, setText } from "../live/dom.js";
import { Progress } from "./progress.js";

const PLAN_MILLISECONDS = 200;

export class Push {
  constructor(part, exportId) {
    this.part = part;
    this.exportId = exportId;
    this.asked = 0;
    this.slots = makeSlots();
    this.root = build(this.slots);
    this.progress = new Progress(this, "export_push");
    this.root.addEventListener("toggle", () => this.root.open && this.look());
    this.slots.to.addEventListener("input", () => this.change());
    this.slots.public.addEventListener("change", () => this.change());
    this.slots.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.begin();
    });
  }

  call(name, arg) {
    return this.part.call(name, arg);
  }

  wish() {
    return { export: this.exportId, to: this.slots.to.value, public: this.slots.public.checked };
  }

  async look() {
    const here = await this.call("export_push_look", { export: this.exportId });
    this.isBlocked = Boolean(here.problem);
    this.say(here.problem);
    if (here.latest) this.progress.draw(here.latest);
    else this.settle();
    if (!this.isBlocked) this.change();
  }

  change() {
    clearTimeout(this.timer);
    this.isSound = false;
    this.settle();
    this.timer = setTimeout(() => this.plan(), PLAN_MILLISECONDS);
  }

  // Only the answer to the last question counts; who has written nothing yet has made no mistake.
  async plan() {
    const number = ++this.asked;
    const answer = this.slots.to.value.trim() ? await this.call("export_push_plan", this.wish()) : {};
    if (number !== this.asked) return;
    this.isSound = Boolean(answer.says);
    this.say(answer.problem);
    setText(this.slots.says, answer.says ?? "");
    setText(this.slots.command, answer.command ?? "");
    this.slots["command-fold"].hidden = !answer.command;
    this.settle();
  }

  async begin() {
    this.isSound = false;
    this.settle();
    const state = await this.call("export_push_start", this.wish());
    if (state.problem) this.say(state.problem);
    else this.progress.follow(state);
  }

  say(problem) {
    this.slots.problem.hidden = !problem;
    this.slots.problem.replaceChildren(...(problem ? [make("b", {}, problem.message), make("span", {}, problem.hint)] : []));
  }

  // What has ended well stays told: it says where the files are now.
  settle() {
    const { goesOn, state } = this.progress;
    this.slots.job.hidden = !state;
    this.slots.to.disabled = this.slots.public.disabled = this.isBlocked || goesOn;
    this.slots.push.disabled = this.isBlocked || goesOn || !this.isSound;
    setText(this.slots.push, goesOn ? "Pushing …" : "Push");
  }

  arrive() {
    this.change();
  }
}

function makeSlots() {
  return {
    form: make("form", { class: "export-push" }),
    to: make("input", { type: "text", maxlength: "120", placeholder: "user/name", autocomplete: "off", spellcheck: "false" }),
    public: make("input", { type: "checkbox" }),
    says: make("p", { role: "status" }),
    problem: make("section", { class: "talk-problem", role: "alert", hidden: "" }),
    push: make("button", { type: "submit", class: "talk-button talk-primary", disabled: "" }, "Push"),
    command: make("code", { class: "export-code" }),
    "command-fold": make("details", { class: "talk-more", hidden: "" }),
    job: make("section", { class: "export-job", "aria-label": "The upload", hidden: "" }),
    title: make("p", { class: "export-title" }),
    message: make("p", { role: "status" }),
    bar: make("div", { class: "export-bar", role: "progressbar", "aria-label": "How far the upload is", "aria-valuemin": "0", "aria-valuemax": "100" }, make("i")),
    figures: make("small"),
    cancel: make("button", { type: "button", class: "talk-button talk-small" }, "Cancel"),
    "log-fold": make("details", { class: "talk-more" }),
    log: make("pre", { tabindex: "0", "aria-label": "Log of the upload" }),
  };
}

function build(slots) {
  const name = make("label", { class: "talk-field" }, make("span", {}, "Name on the hub"), slots.to);
  const seen = make("label", { class: "export-tick" }, slots.public, " Everyone can see it");
  slots["command-fold"].append(make("summary", {}, "Command that does the same"), slots.command);
  slots["log-fold"].append(make("summary", {}, "Log"), slots.log);
  slots.job.append(slots.title, slots.message, slots.bar, slots.figures, slots.cancel, slots["log-fold"]);
  slots.form.append(name, seen, slots.says, slots.problem, make("p", { class: "talk-buttons" }, slots.push), slots["command-fold"]);
  return make("details", { class: "talk-more" }, make("summary", {}, "Push to the hub"), slots.form, slots.job);
}

// One question and one answerer's answer to it: the words, the figures, and what can be done with it.

import { make, setText, tell } from "../live/dom.js";
import { copyOnClick } from "../share/copying.js";
import { format } from "./formatted.js";

const STATES = {
  sent: "Asking.",
  waiting: "Waiting for another answer.",
  loading: "Loading the model.",
  reading: "Reading.",
  writing: "Writing.",
};
const ENDINGS = {
  context: "The conversation is longer than this model can read. Press Clear.",
  length: "Cut at the longest answer set.",
  stopped: "Stopped.",
};
const SILENT = "It gave no answer: it ended its turn at once.";

export class Turn {
  constructor(talk, name, exchange) {
    this.talk = talk;
    this.name = name;
    this.exchange = exchange;
    this.answer = make("div", { class: "talk-answer" });
    this.facts = make("p", { class: "talk-facts", role: "status" });
    this.better = button("Better", "This answer is the better one.", () => talk.blind.vote(exchange, name));
    this.copy = button("Copy", "Copy this answer as it was written.");
    copyOnClick(this.copy, () => exchange.answers[name].text);
    this.correct = button("Write a better answer", "Add the question, with the answer you would want, to your examples.", () => this.offerBetter());
    this.sent = make("pre", { tabindex: "0" });
    this.fold = make("details", { class: "talk-sent" }, make("summary", {}, "Prompt as sent"), this.sent);
    this.actions = make("p", { class: "talk-actions" }, this.better, this.copy, this.correct);
    this.root = make("li", {}, make("div", { class: "talk-question" }, exchange.prompt), this.answer, this.facts, this.actions, this.fold);
    this.drawn = null;
  }

  draw() {
    const answer = this.exchange.answers[this.name];
    const isLast = this.exchange === this.talk.conversation.exchanges.at(-1);
    const state = isLast ? this.talk.asking.stateOf(this.name) : "";
    this.drawText(answer?.text ?? "");
    this.root.classList.toggle("talk-going", Boolean(state));
    this.answer.hidden = !answer?.text;
    setText(this.facts, state ? STATES[state] : answer ? this.tell(answer) : "Was not asked.");
    this.drawActions(Boolean(answer) && !state);
    this.fold.hidden = !answer?.prompt || this.talk.blind.isOn;
    setText(this.sent, answer?.prompt ?? "");
  }

  drawText(text) {
    const { formatted } = this.talk.kept;
    if (this.drawn?.text === text && this.drawn.formatted === formatted) return;
    this.drawn = { text, formatted };
    this.answer.classList.toggle("talk-formatted", formatted);
    if (formatted) this.answer.replaceChildren(format(text));
    else setText(this.answer, text);
  }

  // The speed of an answer, or its reason to stand alone, would tell who wrote it.
  tell(answer) {
    const ending = ENDINGS[answer.reason] ?? (answer.text.trim() ? "" : SILENT);
    if (this.talk.blind.isOn || !answer.tokens) return ending;
    const rate = answer.seconds ? Math.round(answer.tokens / answer.seconds) : 0;
    const aside = this.talk.asking.asides.get(answer) ?? "";
    const first = answer.first_seconds.toFixed(answer.first_seconds < 0.1 ? 2 : 1);
    const strength = answer.strength === 1 ? "" : ` · at ${Math.round(answer.strength * 100)} %`;
    const figures = `${answer.tokens} tokens · ${rate} tokens/s · ${first} s to the first${strength}.`;
    return [figures, ending, aside].filter(Boolean).join(" ");
  }

  drawActions(isDone) {
    const { vote } = this.exchange;
    const { lead, answerers } = this.talk.conversation;
    const isOne = Object.keys(answerers).length < 2;
    this.actions.hidden = !isDone;
    this.better.hidden = !lead || isOne || (Boolean(vote) && vote !== this.name) || this.talk.asking.isGoing;
    this.better.setAttribute("aria-pressed", vote === this.name);
    setText(this.better, vote === this.name ? "✓ Better" : "Better");
    this.root.classList.toggle("talk-chosen", vote === this.name);
    this.correct.hidden = !lead || this.talk.blind.isOn;
  }

  offerBetter() {
    const { conversation } = this.talk;
    tell(this.root, "better", { conversation, exchange: conversation.exchanges.indexOf(this.exchange), name: this.name });
  }
}

function button(label, title, act = null) {
  const node = make("button", { type: "button", class: "talk-button talk-small", title }, label);
  node.addEventListener("click", act);
  return node;
}

// Questions on their way: each is a stream of lines from the server, and several may run at once.

import { setText } from "../live/dom.js";
import { makeToken, newAnswer } from "./conversation.js";

const TALK_URL = "/chat/talk";
const STOP_URL = "/chat/stop";
const OFFLINE = { message: "The workbench stopped answering.", hint: "Ask again. If that does not help, look at the terminal that shows the page." };

export class Asking {
  constructor(talk) {
    this.talk = talk;
    this.rounds = new Set();
    // Why an answer was not written in one batch with the others.
    this.asides = new WeakMap();
  }

  get isGoing() {
    return this.rounds.size > 0;
  }

  // How far an answerer's answer to the last question is: a word, "" when nothing is on its way.
  stateOf(name) {
    for (const round of this.rounds) if (round.names.has(name)) return round.states[name];
    return "";
  }

  // Put the last question to some answerers. An answer of theirs that is still being written is given up.
  ask(names) {
    for (const round of this.rounds) this.withdraw(round, names);
    this.talk.note.mend();
    const { answerers } = this.talk.conversation;
    // Two processes answer: one for models, and one for GGUF files, of which it holds one at a time.
    for (const isFile of [false, true]) {
      const together = names.filter((name) => Boolean(answerers[name].file) === isFile);
      if (together.length) this.askTogether(together);
    }
  }

  async askTogether(names) {
    const { conversation } = this.talk;
    const states = Object.fromEntries(names.map((name) => [name, "sent"]));
    const round = { asker: makeToken(), names: new Set(names), states, conversation, exchange: conversation.exchanges.at(-1) };
    this.rounds.add(round);
    this.talk.draw();
    try {
      const body = JSON.stringify({ conversation, names, asker: round.asker });
      const response = await fetch(TALK_URL, { method: "POST", headers: { "Content-Type": "application/json" }, body });
      for await (const line of linesOf(response)) this.take(round, line);
      if (!round.isOver) throw new Error("The stream broke off.");
    } catch {
      this.talk.note.fail(OFFLINE);
    }
    this.rounds.delete(round);
    this.talk.settle();
    this.talk.keeper.save();
  }

  stop() {
    for (const round of this.rounds) stopRound(round);
  }

  withdraw(round, names) {
    for (const name of names) round.names.delete(name);
    if (!round.names.size) stopRound(round);
  }

  take(round, event) {
    round.isOver ||= Boolean(event.problem) || event.kind === "end";
    if (event.problem) return this.talk.note.fail(event.problem);
    if (!event.target) return this.follow(round, event);
    if (!round.names.has(event.target)) return;
    const { exchange, states } = round;
    const answer = exchange.answers[event.target];
    if (event.kind === "begun") {
      exchange.answers[event.target] = newAnswer(event.text, this.talk.conversation.answerers[event.target]?.strength ?? 1);
      this.asides.set(exchange.answers[event.target], event.reason ?? "");
      states[event.target] = "reading";
    } else {
      answer.text += event.text ?? "";
      if (event.kind === "text") states[event.target] = "writing";
      else finish(answer, event, states);
    }
    this.talk.panes.redraw(event.target);
  }

  // What concerns all answers that are still to come: they wait, or a model is loaded.
  follow(round, { kind, reason }) {
    if (!["waiting", "loading", "loaded"].includes(kind)) return;
    for (const name of round.names) if (round.states[name]) round.states[name] = kind === "loaded" ? "reading" : kind;
    if (kind === "loaded") setText(this.talk.slots.freed, reason ? "Loaded without the fast path. " + reason : "");
    this.talk.panes.draw();
  }
}

function finish(answer, event, states) {
  for (const fact of ["tokens", "seconds", "first_seconds"]) answer[fact] = event[fact] ?? 0;
  answer.reason = event.reason ?? "";
  states[event.target] = "";
}

function stopRound({ asker }) {
  fetch(STOP_URL + "?asker=" + asker, { method: "POST" }).catch(() => null);
}

async function* linesOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + part.value).split("\n");
    rest = lines.pop();
    yield* lines.filter(Boolean).map((line) => JSON.parse(line));
  }
}

// Votes, and the blind way to them: names hidden and places mixed until one answer was called the better one.

import { setText } from "../live/dom.js";

const HELP = "Blind hides the names until you have voted.";
const NO_VOTES = "Votes are counted for results of runs.";

export class Blind {
  constructor(talk) {
    this.talk = talk;
    this.mixed = { exchange: null, names: [] };
    talk.slots.blind.addEventListener("change", () => this.turn(talk.slots.blind.checked));
  }

  // Whether nobody may know now who is who: from a question on until a vote on its answers.
  get isOn() {
    const { blind, conversation } = this.talk.kept;
    const last = conversation.exchanges.at(-1);
    return blind && Boolean(conversation.lead) && Object.keys(conversation.answerers).length > 1 && Boolean(last) && !last.vote;
  }

  turn(isOn) {
    this.talk.kept.blind = isOn;
    this.talk.settle();
  }

  // Where the panes stand: mixed anew for each question.
  order(names) {
    if (!this.isOn) return names;
    const exchange = this.talk.conversation.exchanges.at(-1);
    const { mixed } = this;
    const isSame = mixed.exchange === exchange && [...mixed.names].sort().join() === [...names].sort().join();
    if (!isSame) this.mixed = { exchange, names: mix(names) };
    return this.mixed.names;
  }

  // Pressed once more, the vote is taken back.
  async vote(exchange, name) {
    const blind = this.isOn;
    const { kept, here, note } = this.talk;
    exchange.vote = exchange.vote === name ? "" : name;
    this.talk.settle();
    this.talk.keeper.save();
    const place = kept.conversation.exchanges.indexOf(exchange);
    const { votes, problem } = await this.talk.call("vote", { ...kept, place, about: `${kept.mark}-${place}`, blind });
    if (problem) return note.fail(problem);
    here.votes = votes;
    this.draw();
  }

  draw() {
    const { slots, kept, here, conversation } = this.talk;
    slots.blind.checked = kept.blind;
    slots.blind.disabled = !conversation.lead;
    setText(slots.tally, !conversation.lead ? NO_VOTES : here.votes ? "Better so far: " + here.votes : HELP);
  }
}

function mix(names) {
  const places = names.map((name) => ({ name, at: Math.random() }));
  return places.sort((one, other) => one.at - other.at).map(({ name }) => name);
}

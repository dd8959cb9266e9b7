// The Talk view: holds the conversation, and tells every part of each change.

import { findSlots, setText, tell } from "./live/dom.js";
import { Asking } from "./talk/asking.js";
import { Blind } from "./talk/blind.js";
import { Choice } from "./talk/choice.js";
import { begin, beginWithFile, leaderOf, makeToken, withoutExchanges } from "./talk/conversation.js";
import { Keeper, recall } from "./talk/keeper.js";
import { Note } from "./talk/note.js";
import { Panes } from "./talk/panes.js";
import { Prompt } from "./talk/prompt.js";
import { Settings } from "./talk/settings.js";
import { Steps } from "./talk/steps.js";

const OFFLINE = { message: "The workbench cannot be reached.", hint: "Start it again; this page goes on by itself." };

export function start(element, bridge) {
  const talk = new Talk(element, bridge);
  bridge.watch("value", () => talk.take(bridge.props.value));
  talk.take(bridge.props.value);
  new IntersectionObserver(([seen]) => seen.isIntersecting && talk.visit()).observe(element);
}

class Talk {
  constructor(element, { server }) {
    this.element = element;
    this.server = server;
    this.root = element.querySelector(".talk");
    this.slots = findSlots(this.root);
    // `kept` is what a reload brings back; `here` is what the server told of the runs and files that can answer.
    this.kept = { conversation: null, reference: "", mark: "", formatted: false, blind: false, taken: "", ...recall() };
    this.here = { runs: [], files: [] };
    this.keeper = new Keeper(this);
    this.note = new Note(this);
    this.asking = new Asking(this);
    this.blind = new Blind(this);
    this.settings = new Settings(this);
    this.panes = new Panes(this);
    this.prompt = new Prompt(this);
    this.parts = [new Choice(this), this.settings, this.blind, this.panes, this.prompt, new Steps(this)];
  }

  get conversation() {
    return this.kept.conversation;
  }

  // Whether nobody can be asked now: somebody is, or whose conversation it was is gone.
  get isBusy() {
    return this.asking.isGoing || !this.isLed;
  }

  // Whether the run is there that the conversation is about, or the file that it began with.
  get isLed() {
    const { here, conversation } = this;
    if (!conversation || conversation.lead) return here.lead === conversation?.lead;
    return this.files.some(({ id }) => id === leaderOf(conversation));
  }

  // Those that can answer.
  get files() {
    return this.here.files.filter(({ apart }) => !apart);
  }

  // With whom a conversation begins where nobody was chosen.
  get usual() {
    return this.here.lead || this.files[0]?.id;
  }

  // What Python sets: a run or a file to talk to, or a conversation to go on with. It stays set when it has long been done.
  take(value) {
    const { run, conversation, reference, at } = JSON.parse(value || "{}");
    if (!at || at === this.kept.taken) return;
    this.kept.taken = at;
    if (conversation) this.replace({ conversation, reference, mark: makeToken() }, "This conversation is open now.");
    if (run?.includes("/")) return this.meetFile(run);
    if (run && run !== this.conversation?.lead) this.begin(run);
    this.visit();
  }

  // What a file is, is known once the list of files is here.
  async meetFile(name) {
    await this.visit();
    this.meet(name);
  }

  // The list of runs is as new as the last look at the tab.
  async visit() {
    const here = await this.call("look", { lead: this.conversation?.lead ?? "" });
    if (here.problem) return this.note.fail(here.problem);
    this.here = here;
    if (this.conversation) this.conversation.sampling = { ...this.settings.defaults(), ...this.conversation.sampling };
    this.root.dataset.state = this.usual ? "ready" : "empty";
    this.slots.empty.hidden = Boolean(this.usual);
    setText(this.slots["no-files"], `${here.no_files.message} ${here.no_files.hint}`);
    this.slots.body.hidden = !this.usual;
    const isGone = this.usual && !this.isLed;
    if (isGone && !this.conversation?.exchanges.length) return this.begin(this.usual);
    if (isGone) this.note.say("The result that this was about is gone: it can be read, but not gone on with.");
    this.draw();
  }

  // Talk to a run's result, beside its original, or to a file.
  begin(name) {
    const { system = "", sampling = this.settings.defaults() } = this.conversation ?? {};
    const file = this.files.find(({ id }) => id === name);
    const conversation = file ? beginWithFile(file, system, sampling) : begin(name, system, sampling);
    this.replace({ conversation, reference: "", mark: makeToken() }, "A new conversation begins.");
  }

  meet(name) {
    this.begin(name);
    this.visit();
  }

  // Put a question to all who answer.
  ask(prompt) {
    const { conversation } = this;
    conversation.exchanges.push({ prompt, answers: {}, vote: "" });
    this.settle();
    this.panes.bringIntoView();
    this.asking.ask(Object.keys(conversation.answerers));
  }

  askInstead(prompt, words) {
    this.replace({ conversation: withoutExchanges(this.conversation, 1) }, words);
    this.ask(prompt);
  }

  // Go on with another conversation; the one before can be had back.
  replace(next, words) {
    const { conversation, reference, mark } = this.kept;
    this.asking.stop();
    Object.assign(this.kept, next);
    this.note.clear();
    if (conversation?.exchanges.length) this.note.offer(words, () => this.replace({ conversation, reference, mark }, "That is taken back."));
    this.settle();
  }

  // Something of the conversation has changed, and is to be kept.
  settle() {
    this.keeper.keep();
    tell(this.element, "talked", { conversation: this.conversation });
    this.draw();
  }

  draw() {
    if (this.conversation && this.usual) for (const part of this.parts) part.draw();
  }

  // What the server answers; a server that is not there answers nothing at all.
  async call(name, arg) {
    return (await this.server[name](arg).catch(() => null)) ?? { problem: OFFLINE };
  }
}

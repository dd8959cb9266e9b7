// A visitor's page: one question, two answers as they are written, and a vote when the room is asked.
// Whatever a model wrote is text and stays text.

import { askOnEnter, eventsOf, send, watchRoom } from "/stream.js";

const at = (id) => document.getElementById(id);
const [form, box, button, note] = [at("ask"), at("prompt"), at("send"), at("note")];
const answers = { original: at("original"), tuned: at("tuned") };
let asking = null;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const prompt = box.value.trim();
  if (asking) asking.abort();
  else if (prompt) ask(prompt);
  else tell("Type a question first.");
});
askOnEnter(form, box);
at("examples").addEventListener("click", (event) => {
  const example = event.target.closest("button");
  if (!example || asking) return;
  box.value = example.textContent;
  form.requestSubmit();
});

async function ask(prompt) {
  asking = new AbortController();
  button.textContent = "Stop";
  tell("");
  try {
    const response = await fetch("/ask", { method: "POST", body: prompt, signal: asking.signal });
    if (response.status === 401) return location.reload();
    if (!response.ok) return tell(await response.text(), true);
    begin(prompt);
    for await (const event of eventsOf(response)) take(event);
  } catch (error) {
    if (error.name !== "AbortError") tell("The connection was lost. Ask again.", true);
  } finally {
    asking = null;
    button.textContent = "Ask";
    for (const name of Object.keys(answers)) write(name, false);
  }
}

function begin(prompt) {
  box.value = "";
  at("asked").textContent = prompt;
  at("answers").hidden = true;
  for (const answer of Object.values(answers)) answer.textContent = "";
}

function take(event) {
  if (event.kind === "place" || event.kind === "note") tell(event.words);
  if (event.kind === "problem") tell(event.words, true);
  if (event.kind === "turn") start();
  if (event.kind === "begun") tell("");
  if (event.kind === "text" || event.kind === "done") {
    answers[event.who].append(event.text ?? "");
    if (event.kind === "done") write(event.who, false);
  }
}

function start() {
  tell("");
  at("answers").hidden = false;
  for (const name of Object.keys(answers)) write(name, true);
}

/** A reader of screens is told an answer when it is whole, not word by word. */
function write(name, isWriting) {
  answers[name].classList.toggle("writing", isWriting);
  answers[name].setAttribute("aria-busy", String(isWriting));
}

function tell(words, isFault = false) {
  note.textContent = words;
  note.classList.toggle("fault", isFault);
}

let shown = null;

watchRoom((room) => {
  shown = room;
  at("vote").hidden = !room.number;
  if (!room.number) return;
  at("vote-prompt").textContent = room.prompt;
  for (const ballot of document.querySelectorAll("[data-vote]")) showBallot(ballot, ballot.dataset.vote, room);
  at("vote-note").textContent = voteNote(room);
});

function showBallot(ballot, letter, room) {
  const name = room.names[letter];
  at(`vote-text-${letter}`).textContent = room.texts[letter];
  ballot.disabled = !room.written || Boolean(name);
  ballot.setAttribute("aria-pressed", String(room.vote === letter));
  ballot.textContent = name ? `${letter} was ${name === "tuned" ? "tuned" : "the original"}` : `${letter} is better`;
}

function voteNote(room) {
  if (room.problem) return room.problem;
  if (!room.written) return "Vote when both answers are there.";
  const { A, B } = room.counts;
  if (room.names.A) return `${A} for A, ${B} for B.`;
  return room.vote ? `You chose ${room.vote}. You may change it until the names are shown.` : "Which one is better?";
}

for (const ballot of document.querySelectorAll("[data-vote]")) {
  ballot.addEventListener("click", () => send("/vote", { number: shown.number, letter: ballot.dataset.vote }));
}

// The presenter's page: asks the room, counts hands by key, and shows the names. What a model wrote stays text.

import { askOnEnter, send, watchRoom } from "/stream.js";

const at = (id) => document.getElementById(id);
const LETTERS = ["A", "B"];
const NAMES = { original: "The original model", tuned: "The tuned model" };
const KEYS = "Keys: A and B add a hand, Shift takes it back, R shows the names, N asks the next question.";
const [form, box] = [at("ask"), at("prompt")];
let room = { number: 0 };
let isNext = false;

watchRoom((seen) => {
  if (seen.number !== room.number) isNext = false;
  room = seen;
  draw();
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const prompt = box.value.trim();
  if (!prompt) return;
  const response = await fetch("/room/ask", { method: "POST", body: prompt });
  if (response.ok) {
    box.value = "";
    box.blur();
  } else at("keys").textContent = response.status === 404 ? "Open the presenter's link again." : await response.text();
});
askOnEnter(form, box);
at("examples").addEventListener("click", (event) => {
  const example = event.target.closest("button");
  if (!example) return;
  box.value = example.textContent;
  form.requestSubmit();
});
for (const button of document.querySelectorAll("[data-hand]")) {
  button.addEventListener("click", () => raise(button.dataset.hand, 1));
}
at("reveal").addEventListener("click", reveal);
at("next").addEventListener("click", next);

document.addEventListener("keydown", (event) => {
  if (event.target === box || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toUpperCase();
  if (LETTERS.includes(key)) raise(key, event.shiftKey ? -1 : 1);
  else if (key === "R") reveal();
  else if (key === "N") next(event);
});

function stage() {
  if (!room.number) return "welcome";
  if (isNext) return "asking";
  if (!room.written) return "writing";
  return room.names.A ? "revealed" : "voting";
}

function draw() {
  const now = stage();
  document.body.dataset.stage = now;
  at("here").textContent = room.here > 1 ? `${room.here - 1} joined` : "Join with your phone";
  at("keys").textContent = room.problem || (now === "voting" || now === "revealed" ? KEYS : "");
  if (!room.number) return;
  at("asked").textContent = room.prompt;
  for (const letter of LETTERS) drawAnswer(letter, now);
  at("said").textContent = now === "revealed" ? LETTERS.map((letter) => said(letter)).join(" ") : "";
}

function drawAnswer(letter, now) {
  const { A, B } = room.counts;
  const name = room.names[letter];
  at(`text-${letter}`).textContent = room.texts[letter];
  at(`text-${letter}`).classList.toggle("writing", now === "writing");
  at(`count-${letter}`).textContent = room.counts[letter];
  at(`bar-${letter}`).style.width = `${(100 * room.counts[letter]) / Math.max(A + B, 1)}%`;
  at(`name-${letter}`).textContent = name ? NAMES[name] : "";
  document.querySelector(`[data-letter="${letter}"]`).classList.toggle("is-tuned", name === "tuned");
}

function said(letter) {
  return `${letter}: ${NAMES[room.names[letter]]}, ${room.counts[letter]} votes.`;
}

function raise(letter, by) {
  if (stage() === "voting") send("/room/hand", { number: room.number, letter, by });
}

function reveal() {
  if (stage() === "voting") send("/room/reveal", { number: room.number });
}

function next(event) {
  if (stage() !== "revealed") return;
  event.preventDefault();
  isNext = true;
  draw();
  box.focus();
}

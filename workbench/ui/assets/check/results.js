// Scores and what was forgotten: numbers in small tables, verdicts in words.

import { make } from "../live/dom.js";
import { drawScatter } from "./scatter.js";

const LARGEST = 1e6;

export function drawScores(slots, { parts, labels, points }) {
  slots.scored.hidden = !parts.length;
  slots.tables.replaceChildren(...parts.map(({ label, examples, lines }) => table(`${label}: ${examples}`, labels, lines)));
  slots.plot.hidden = points.length < 2;
  slots.plot.replaceChildren(...(points.length < 2 ? [] : drawScatter(points)));
}

export function drawForgetting(slots, { forgetting, labels }) {
  slots.forgot.hidden = !forgetting;
  if (!forgetting) return;
  slots.verdicts.replaceChildren(...forgetting.verdicts.map((verdict) => told(verdict, forgetting.verdicts.length > 1)));
  slots.texts.replaceChildren(table("Perplexity", labels, forgetting.texts));
}

function told({ name, word, sentence }, isNamed) {
  const mood = { kept: "good", improved: "good", "a little": "caution", noticeably: "fault", much: "fault" }[word] ?? "plain";
  return make("p", { class: "check-verdict check-" + mood }, (isNamed ? name + ": " : "") + sentence);
}

function table(caption, labels, lines) {
  const head = make("tr", {}, make("td"), ...labels.map((label) => make("th", { scope: "col" }, label)));
  const rows = lines.map(({ label, values }) => make("tr", {}, make("th", { scope: "row" }, label), ...values.map(cell)));
  return make("table", {}, make("caption", {}, caption), make("thead", {}, head), make("tbody", {}, ...rows));
}

function cell(value) {
  return make("td", {}, value > LARGEST ? "over a million" : value.toLocaleString("en", { maximumFractionDigits: value < 100 ? 2 : 0 }));
}

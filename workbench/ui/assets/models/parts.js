// What the three ways are drawn of: buttons, tables that fold into cards on a telephone, and the word on the memory.

import { make } from "../live/dom.js";

export function button(words, act, label = "") {
  const node = make("button", { type: "button", class: "models-button", ...(label && { "aria-label": label }) }, words);
  node.addEventListener("click", act);
  return node;
}

export function table(caption, titles, rows) {
  const head = make("tr", {}, ...titles.map((title) => make("th", { scope: "col" }, title)));
  const words = make("caption", { class: "sr" }, caption);
  return make("table", {}, words, make("thead", {}, head), make("tbody", {}, ...rows));
}

export function row(name, ...cells) {
  return make("tr", {}, make("th", { scope: "row" }, ...name), ...cells);
}

// On a telephone, where there is no head, the title stands before the value.
export function cell(title, ...children) {
  const label = title ? [make("span", { class: "models-label", "aria-hidden": "true" }, title + " ")] : [];
  return make("td", {}, ...label, ...children);
}

// One of a few words, that stay on one line.
export function short(title, ...children) {
  const node = cell(title, ...children);
  node.className = "models-short";
  return node;
}

export function small(words) {
  return words ? make("small", {}, words) : "";
}

export function fitWords({ kind, word, figure }) {
  return make("span", { class: "fit " + kind }, make("b", {}, word), " ", make("small", {}, figure));
}

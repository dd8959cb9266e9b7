// An answer with its headings, lists and emphasis drawn. Every piece goes in as text: of what a model writes, nothing
// becomes HTML, nothing is a link, and nothing is fetched. What is too long or too deep to draw stays as it was written.

import { make } from "../live/dom.js";
import { inline } from "./inline.js";

const MOST_CHARACTERS = 20_000;
const MOST_LINES = 1000;
const DEEPEST = 3;

export function format(text) {
  const lines = text.split("\n");
  const place = document.createDocumentFragment();
  if (text.length > MOST_CHARACTERS || lines.length > MOST_LINES) place.append(make("p", { class: "talk-plain" }, text));
  else place.append(...blocks(lines, 0));
  return place;
}

// Each kind takes as many lines as are its own from the front, and gives the element that they make.
const KINDS = [
  [/^\s*(```|~~~)/, fence],
  [/^#{1,6} /, heading],
  [/^\s*([-*_])( ?\1){2,}\s*$/, rule],
  [/^\s*> ?/, quote],
  [/^\s*([-*+]|\d{1,9}[.)]) /, list],
  [/^\s*\|.*\|\s*$/, table],
];

function blocks(lines, depth) {
  const made = [];
  const rest = [...lines].reverse();
  while (rest.length) {
    const kind = KINDS.find(([pattern]) => pattern.test(rest.at(-1)));
    if (!rest.at(-1).trim()) rest.pop();
    else made.push((kind?.[1] ?? paragraph)(rest, depth));
  }
  return made;
}

function takeWhile(rest, belongs) {
  const taken = [];
  while (rest.length && belongs(rest.at(-1))) taken.push(rest.pop());
  return taken;
}

function paragraph(rest) {
  const first = rest.pop();
  const more = takeWhile(rest, (line) => line.trim() && !KINDS.some(([pattern]) => pattern.test(line)));
  return make("p", {}, ...inline([first, ...more].join("\n")));
}

function fence(rest) {
  const mark = rest.pop().trim().slice(0, 3);
  const code = takeWhile(rest, (line) => !line.trim().startsWith(mark));
  rest.pop();
  return make("pre", { tabindex: "0" }, code.join("\n"));
}

function heading(rest) {
  return make("h4", {}, ...inline(rest.pop().replace(/^#{1,6} /, "")));
}

function rule(rest) {
  rest.pop();
  return make("hr");
}

function quote(rest, depth) {
  const inner = takeWhile(rest, (line) => /^\s*>/.test(line)).map((line) => line.replace(/^\s*> ?/, ""));
  return make("blockquote", {}, ...deeper(inner, depth));
}

function list(rest, depth) {
  const [, mark] = rest.at(-1).match(/^\s*([-*+]|\d+)/);
  const indent = indentOf(rest.at(-1));
  const node = make(/\d/.test(mark) ? "ol" : "ul", /\d/.test(mark) ? { start: mark } : {});
  while (rest.length && isItem(rest.at(-1)) && indentOf(rest.at(-1)) >= indent) {
    const first = rest.pop().replace(/^\s*([-*+]|\d{1,9}[.)]) /, "");
    const inner = takeWhile(rest, (line) => line.trim() && indentOf(line) > indent).map((line) => line.slice(indent + 2));
    node.append(make("li", {}, ...inline(first), ...deeper(inner, depth)));
  }
  return node;
}

function table(rest) {
  const rows = takeWhile(rest, (line) => /^\s*\|.*\|\s*$/.test(line)).map((line) => line.trim().slice(1, -1).split("|"));
  const isRule = (cells) => cells.every((cell) => /^\s*:?-+:?\s*$/.test(cell));
  const drawn = rows.filter((cells) => !isRule(cells)).map((cells) => make("tr", {}, ...cells.map((cell) => make("td", {}, ...inline(cell.trim())))));
  return make("div", { class: "talk-table" }, make("table", {}, make("tbody", {}, ...drawn)));
}

function deeper(lines, depth) {
  if (!lines.length) return [];
  return depth < DEEPEST ? blocks(lines, depth + 1) : [make("p", { class: "talk-plain" }, lines.join("\n"))];
}

function isItem(line) {
  return /^\s*([-*+]|\d{1,9}[.)]) /.test(line);
}

function indentOf(line) {
  return line.length - line.trimStart().length;
}

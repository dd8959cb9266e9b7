// A button of the Data tab.

import { make } from "../live/dom.js";

export function button(words, act, kind = "") {
  const node = make("button", { type: "button", class: ("data-button " + kind).trim() }, words);
  node.addEventListener("click", act);
  return node;
}

// The words of one row in boxes, to be changed.

import { make } from "../live/dom.js";
import { button } from "./button.js";

const ROLES = { system: "System", user: "Question", assistant: "Answer" };
const NEXT = { system: "user", user: "assistant", assistant: "user" };

// `mapping` says which columns hold question and answer, by which the excerpt of a rejected row is taken apart.
export function editor({ row, change, mapping }, keep, cancel) {
  const form = make("form", { class: "data-editor" });
  const text = change?.text ?? row.text;
  const boxes = make("div", {});
  if (text) boxes.append(box("text", "Text", text));
  else boxes.append(...turnsOf(row, change, mapping).map(([role, content]) => box(role, ROLES[role], content)));
  const actions = make("div", { class: "data-actions" }, make("button", { type: "submit", class: "data-button data-primary" }, "Keep this change"));
  if (!text) actions.append(button("Add a turn", () => addTurn(boxes)));
  actions.append(button("Cancel", cancel));
  form.append(boxes, actions);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    keep(read(boxes));
  });
  return form;
}

function turnsOf({ turns, excerpt = "" }, change, mapping) {
  if (change?.messages) return change.messages;
  if (turns.length) return turns;
  const [asked, answered] = [mapping.question + ": ", ", " + mapping.answer + ":"];
  const end = excerpt.indexOf(answered);
  if (!excerpt.startsWith(asked) || end < 0) return [["user", excerpt], ["assistant", ""]];
  return [["user", excerpt.slice(asked.length, end)], ["assistant", excerpt.slice(end + answered.length).trim()]];
}

function box(role, name, content) {
  const area = make("textarea", { rows: String(Math.min(12, 2 + Math.ceil(content.length / 70))), "data-role": role });
  area.value = content;
  return make("label", {}, make("span", {}, name), area);
}

function addTurn(boxes) {
  const role = NEXT[boxes.querySelector("label:last-child textarea").dataset.role];
  boxes.append(box(role, ROLES[role], ""));
  boxes.querySelector("label:last-child textarea").focus();
}

// A turn that was emptied is taken out.
function read(boxes) {
  const areas = [...boxes.querySelectorAll("textarea")];
  if (areas[0].dataset.role === "text") return { text: areas[0].value };
  return { messages: areas.filter((area) => area.value.trim()).map((area) => [area.dataset.role, area.value]) };
}

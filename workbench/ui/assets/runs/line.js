// The runs that wait: buttons that change a run's place, or take it out of the line.

import { make } from "../live/dom.js";

const STAYS = " is out of the line. It stays in the list as stopped; open it to resume or delete it.";

export class Line {
  constructor(list) {
    this.list = list;
    list.slots.rows.addEventListener("click", (event) => this.onClick(event.target.closest("[data-act]")));
  }

  onClick(button) {
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    const { run } = button.closest("[data-run]").dataset;
    const name = "“" + button.closest("[data-name]").dataset.name + "”";
    if (button.dataset.act === "leave") this.leave(run, name);
    else this.list.note.act("move_run", { run, to: button.dataset.act }, name + " has moved " + button.dataset.act + ".");
  }

  leave(run, name) {
    const { note } = this.list;
    const back = note.button("Put it back", "join_line", run, name + " waits again, as the last.");
    note.act("leave_line", run, name + STAYS, back);
  }
}

// The buttons of one run that waits; nothing for any other.
export function placeButtons({ name, place, waiting }) {
  if (!place) return "";
  const tools = { "data-name": name, class: "runs-line", role: "group", "aria-label": "Place of " + name + " in the line" };
  return make(
    "span",
    tools,
    button("up", "↑", "Move " + name + " up", place === 1),
    button("down", "↓", "Move " + name + " down", place === waiting),
    button("leave", "Remove", "Take " + name + " out of the line", false),
  );
}

// One that can do nothing here keeps the focus, so that it is not lost at the end of the line.
function button(act, words, label, useless) {
  const attributes = { type: "button", "data-act": act, "aria-label": label, title: label, "aria-disabled": String(useless) };
  return make("button", attributes, words);
}

// What the data is as a whole: the figures, how long the rows are, and what to look at, each a filter.

import { make, setPairs, setText } from "../live/dom.js";
import { drawHistogram } from "./histogram.js";

export class Overview {
  constructor(view) {
    this.view = view;
    this.slots = view.slots;
  }

  show(answer) {
    if (answer.state !== "ready") return;
    const { report, histogram, warnings } = answer;
    setText(this.slots.guidance, report.guidance);
    this.slots.language.hidden = !report.language;
    setText(this.slots.language, report.language);
    this.slots.language.classList.toggle("data-foreign", !report.language.startsWith("Your data"));
    setPairs(this.slots.facts, facts(histogram.longest, report));
    this.slots.notes.hidden = !report.notes.length;
    this.slots.notes.replaceChildren(...report.notes.map((note) => make("li", {}, note)));
    this.slots.histogram.replaceChildren(...drawHistogram(histogram, report));
    this.showFilters(report, warnings);
  }

  showFilters(report, warnings) {
    const all = { filter: "", label: "All", count: report.accepted + report.rejected };
    const held = { filter: "held_out", label: "Kept for checking", count: report.held_out };
    const gone = { filter: "excluded", label: "Excluded by you", count: report.excluded };
    const offered = [all, ...warnings, held, gone].filter(({ count }) => count > 0);
    const { rowList } = this.view;
    if (!offered.some(({ filter }) => filter === rowList.filter)) rowList.filter = "";
    const chosen = offered.find(({ filter }) => filter === rowList.filter);
    this.slots.why.hidden = !chosen?.sentence;
    setText(this.slots.why, chosen?.sentence ?? "");
    this.slots.filters.replaceChildren(...offered.map((one) => this.chip(one, one === chosen)));
  }

  chip({ filter, label, count, sentence }, isChosen) {
    const kind = sentence ? "data-chip data-warns" : "data-chip";
    const chip = make("button", { type: "button", class: kind, "aria-pressed": String(isChosen) }, label, " ", make("b", {}, number(count)));
    chip.dataset.filter = filter;
    chip.addEventListener("click", () => this.choose(filter));
    return chip;
  }

  choose(filter) {
    this.view.rowList.choose(filter);
    this.show(this.view.answer);
    this.slots.filters.querySelector("[aria-pressed=true]")?.focus();
  }
}

function facts(longest, { accepted, rejected, excluded, held_out: held, tokens, cut, dropped, nothing_to_learn: nothing, longest_share: share, format }) {
  const rest = [
    [excluded, "excluded by you"],
    [cut, "cut"],
    [dropped, "too long, left out"],
    [nothing, "with nothing to learn"],
  ].filter(([count]) => count);
  return [
    ["Rows", number(accepted) + " accepted, " + number(rejected) + " left out" + rest.map(([count, words]) => ", " + number(count) + " " + words).join("")],
    ["Kept for checking", number(held)],
    ["Tokens", number(tokens.learned) + " learned of " + number(tokens.total)],
    ["Length", "half up to " + number(tokens.p50) + ", nine in ten up to " + number(tokens.p90) + ", longest " + number(longest) + (cut ? ", cut to " + number(tokens.max) : "")],
    ["Longest 1 %", "hold " + (100 * share).toFixed(share < 0.1 ? 1 : 0) + " % of all tokens"],
    ["Read as", format],
  ];
}

function number(count) {
  return count.toLocaleString("en");
}

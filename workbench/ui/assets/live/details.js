// Findings, log, settings and command: below the view, most of it folded.

import { make, setText } from "./dom.js";

const NEAR_END_PIXELS = 40;
const LONGEST_LOG = 60000;

export class Details {
  constructor(slots) {
    this.slots = slots;
    this.findings = "";
    slots.copy.addEventListener("click", () => this.copy());
    slots["log-fold"].addEventListener("toggle", () => this.scrollLog());
  }

  show({ findings, log, log_start, log_bytes, settings, command }) {
    this.showFindings(findings);
    if (log !== undefined) this.showLog(log, log_start, log_bytes);
    if (settings !== undefined) this.slots.settings.replaceChildren(table(settings));
    if (command !== undefined) setText(this.slots.command, command);
  }

  showFindings(findings) {
    const state = JSON.stringify(findings);
    if (state === this.findings) return;
    this.findings = state;
    this.slots.findings.replaceChildren(...findings.map(finding));
  }

  // What follows on what is shown is added to it; of a very long log the beginning goes.
  showLog(log, start, end) {
    const pre = this.slots.log;
    const following = pre.scrollHeight - pre.scrollTop - pre.clientHeight < NEAR_END_PIXELS;
    const before = start > 0 && start === this.logEnd ? pre.textContent.slice(-LONGEST_LOG) : "";
    this.logEnd = end;
    setText(pre, before + log || "Nothing yet.");
    if (following) this.scrollLog();
  }

  scrollLog() {
    this.slots.log.scrollTop = this.slots.log.scrollHeight;
  }

  async copy() {
    const words = await copyText(this.slots.command);
    setText(this.slots.copy, words);
    setTimeout(() => setText(this.slots.copy, "Copy"), 2000);
  }
}

function finding({ level, sentence }) {
  const mark = make("span", { class: "live-mark", "aria-hidden": "true" }, level === "warning" ? "!" : "✓");
  const word = make("span", { class: "sr" }, level === "warning" ? "Warning: " : "");
  return make("li", { class: "live-" + level }, mark, word, sentence);
}

function table(settings) {
  const rows = settings.map(({ label, setting, value, why, changed }) => {
    const name = make("th", { scope: "row" }, label, " ", make("code", {}, setting));
    return make("tr", {}, name, make("td", {}, value), make("td", { class: "live-quiet" }, why || (changed ? "changed by you" : "")));
  });
  const head = ["Setting", "Value", "Why"].map((words) => make("th", { scope: "col" }, words));
  return make("table", {}, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows));
}

// Browsers give the clipboard only to pages on this computer or over https; elsewhere the text is marked for Ctrl+C.
async function copyText(node) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(node.textContent);
    return "Copied";
  }
  getSelection().selectAllChildren(node);
  return "Press Ctrl+C";
}

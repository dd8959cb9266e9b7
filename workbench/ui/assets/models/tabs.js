// The three ways, of which one is open: by mouse, or with the arrow keys as in any list of tabs.

const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

export class Tabs {
  constructor(root, onChoose) {
    this.tabs = [...root.querySelectorAll("[role=tab]")];
    this.panels = this.tabs.map((tab) => root.querySelector("#" + tab.getAttribute("aria-controls")));
    this.onChoose = onChoose;
    this.mark(this.tabs[0]);
    for (const tab of this.tabs) {
      tab.addEventListener("click", () => this.choose(tab));
      tab.addEventListener("keydown", (event) => this.onKey(event, tab));
    }
  }

  choose(tab) {
    this.mark(tab);
    this.onChoose(this.chosen);
  }

  mark(chosen) {
    this.chosen = chosen.id.replace("models-tab-", "");
    this.tabs.forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(tab === chosen));
      tab.tabIndex = tab === chosen ? 0 : -1;
      this.panels[index].hidden = tab !== chosen;
    });
  }

  onKey(event, tab) {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const { length } = this.tabs;
    const next = this.tabs[(this.tabs.indexOf(tab) + step + length) % length];
    next.focus();
    this.choose(next);
  }
}

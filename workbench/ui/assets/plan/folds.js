// Whether the folds of the plan are open: gradio closes them with each plan, and here they stay as they were left.

const WIDE = "(min-width: 1000px)";

export class Folds {
  constructor(root) {
    this.root = root;
    this.left = {};
    // Before the click has moved it. A key pressed on it is a click, too.
    root.addEventListener("click", ({ target }) => this.leave(target.closest("details[data-fold] > summary")));
  }

  leave(summary) {
    if (summary) this.left[summary.parentElement.dataset.fold] = !summary.parentElement.open;
  }

  restore() {
    for (const fold of this.root.querySelectorAll("details[data-fold]")) {
      const isWanted = this.isWanted(fold);
      // Opened by something else, such as a search in the page: so it is left.
      if (fold.open && !isWanted) this.left[fold.dataset.fold] = true;
      if (isWanted && !fold.open) fold.open = true;
    }
  }

  isWanted(fold) {
    return this.left[fold.dataset.fold] ?? isOpenAtFirst(fold);
  }
}

function isOpenAtFirst(fold) {
  return "needed" in fold.dataset || (fold.dataset.fold === "terms" && matchMedia(WIDE).matches);
}

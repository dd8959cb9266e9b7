// Whether the folds of the plan are open: they are made anew with each plan, and stay as they were left.

const WIDE = "(min-width: 1000px)";

export class Folds {
  constructor(root) {
    this.root = root;
    this.left = {};
    this.set = new WeakMap();
    // The event does not bubble, but it is seen on its way down.
    root.addEventListener("toggle", ({ target }) => this.remember(target), true);
  }

  remember(fold) {
    if (!fold.dataset.fold || this.set.get(fold) === fold.open) return;
    this.left[fold.dataset.fold] = fold.open;
    this.set.set(fold, fold.open);
  }

  restore() {
    for (const fold of this.root.querySelectorAll("details[data-fold]")) {
      if (this.set.has(fold)) continue;
      fold.open = this.left[fold.dataset.fold] ?? isOpenAtFirst(fold);
      this.set.set(fold, fold.open);
    }
  }
}

function isOpenAtFirst(fold) {
  return "needed" in fold.dataset || (fold.dataset.fold === "terms" && matchMedia(WIDE).matches);
}

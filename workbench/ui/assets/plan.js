// The plan beside the form: it follows a setting while that is moved, and its folds stay as they were left.

import { Folds } from "./plan/folds.js";
import { Follower } from "./plan/follower.js";
import { Savings } from "./plan/savings.js";
import { Sliders, valueOf } from "./plan/sliders.js";

export function start(element, url, savingsUrl) {
  // All listeners hang below this, and go with it.
  const root = element.closest("#setup-columns");
  const { fields, slider } = element.querySelector("[data-fields]").dataset;
  const moved = JSON.parse(fields);
  const follower = new Follower(root.querySelector("#plan"), url);
  const folds = new Folds(root);
  const savings = new Savings(element, root, savingsUrl);
  const sliders = new Sliders(moved, slider, (path, value) => follower.move(path, value, true));

  root.addEventListener("input", ({ target }) => {
    const field = moved[target.closest("[id^=set-]")?.id];
    if (field) follower.move(field.path, valueOf(target), false);
    if (field) sliders.sync();
  });
  // What a button does to the form counts more than what was moved before.
  root.addEventListener("click", ({ target }) => {
    if (target.closest("button")) follower.forget();
    if (target.closest("#show-what-fits")) savings.show();
  });

  const look = () => {
    sliders.place();
    follower.notice();
    sliders.sync();
    folds.restore();
    savings.look();
  };
  const changes = { childList: true, characterData: true, attributeFilter: ["open", "data-settings"] };
  new MutationObserver(look).observe(root, { ...changes, subtree: true });
  look();
}

// Buttons that copy, and say that they did.

import { make } from "../live/dom.js";

const SAID_MILLISECONDS = 1500;

export function copyButton(label, textOf) {
  const button = make("button", { type: "button", class: "share-button share-small" }, label);
  copyOnClick(button, textOf);
  return button;
}

export function copyOnClick(button, textOf) {
  const label = button.textContent;
  button.addEventListener("click", async () => {
    button.textContent = (await copy(await textOf())) ? "Copied" : "Select and copy it";
    setTimeout(() => { button.textContent = label; }, SAID_MILLISECONDS);
  });
}

// Browsers give the clipboard only to pages of this computer or behind encryption.
async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return false;
  }
}

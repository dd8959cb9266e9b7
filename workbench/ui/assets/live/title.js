// The title of the browser's tab, which the views of several runs may want at once: a run that goes on comes first.

const pageTitle = document.title;
const claims = new Map();

export function claimTitle(owner, words, live) {
  claims.set(owner, { words, live });
  write();
}

export function releaseTitle(owner) {
  claims.delete(owner);
  write();
}

function write() {
  const wishes = [...claims.values()];
  const chosen = wishes.find((wish) => wish.live) ?? wishes.at(-1);
  document.title = chosen ? chosen.words : pageTitle;
}

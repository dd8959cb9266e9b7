// A conversation as the server reads it: who answers, and each question with its answers by name.

export const ORIGINAL = "original";
export const MOST_TUNED = 6;

export function begin(lead, system, sampling) {
  const answerers = { [ORIGINAL]: { run_id: "", strength: 1 }, [lead]: { run_id: lead, strength: 1 } };
  return { lead, answerers, system, sampling, exchanges: [] };
}

// Without a run there is nothing to vote on or to teach, only to talk to.
export function beginWithFile(file, system, sampling) {
  return { lead: "", answerers: { [file.id]: answererOf(file) }, system, sampling, exchanges: [] };
}

export function answererOf({ file, lora }) {
  return { run_id: "", strength: 1, file, lora };
}

// Who cannot be removed: the run's result, or the file that the conversation began with.
export function leaderOf({ lead, answerers }) {
  return lead || Object.keys(answerers)[0];
}

// By which the server tells a question, or the votes on a conversation, from others.
export function makeToken() {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("-");
}

export function withoutExchanges(conversation, count = conversation.exchanges.length) {
  return { ...conversation, exchanges: conversation.exchanges.slice(0, conversation.exchanges.length - count) };
}

export function newAnswer(prompt, strength) {
  return { text: "", tokens: 0, seconds: 0, first_seconds: 0, reason: "", prompt, strength };
}

export function tunedCount({ answerers }) {
  return Object.keys(answerers).filter((name) => name !== ORIGINAL).length;
}

// What an answerer is called on the page, and what it is.
export function describe(name, { base = "", runs, files }) {
  if (name === ORIGINAL) return { title: "Original", about: base };
  const file = files.find(({ id }) => id === name);
  if (file) return file;
  const run = runs.find(({ id }) => id === name);
  return { title: run?.name ?? name, about: run ? run.method : "gone" };
}

// Events from our own server, as they come; what else the pages of a showcase share.

export async function* eventsOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) yield JSON.parse(part.slice("data: ".length));
  }
}

/** Calls `show` with each new view of the room. The browser connects again by itself. */
export function watchRoom(show) {
  new EventSource("/live").addEventListener("message", (event) => show(JSON.parse(event.data)));
}

export function send(path, words) {
  return fetch(path, { method: "POST", body: JSON.stringify(words) });
}

/** Enter asks, Shift+Enter makes a new line. */
export function askOnEnter(form, box) {
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
}

// Gradio tells what a person did wrong only for what goes through its queue. What is answered at once fails in silence
// there, with the words in the answer; here they are shown.

{
  const ASKED = "/gradio_api/run/predict";
  const SHOWN_MILLISECONDS = 12000;
  const ask = window.fetch.bind(window);

  // The words are HTML with everything of a person's escaped; a page that is only parsed is never run.
  const parse = (html) => new DOMParser().parseFromString(html, "text/html").body.textContent;

  const tell = async (answer) => {
    const { error } = await answer.json().catch(() => ({}));
    if (!error) return;
    const box = document.createElement("div");
    box.className = "refusal";
    box.setAttribute("role", "alert");
    for (const line of error.split("<br>"))
      box.append(Object.assign(document.createElement("p"), { textContent: parse(line) }));
    document.body.append(box);
    box.addEventListener("click", () => box.remove());
    setTimeout(() => box.remove(), SHOWN_MILLISECONDS);
  };

  window.fetch = async (...asked) => {
    const answer = await ask(...asked);
    if (answer.status === 500 && answer.url.endsWith(ASKED)) tell(answer.clone());
    return answer;
  };
}

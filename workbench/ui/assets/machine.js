// The report of what was found on this machine, from what is shown of it.

// Returns what the button says then. Browsers give the clipboard only to pages of this computer or behind encryption;
// elsewhere the report is marked for Ctrl+C.
export async function copyReport() {
  const shown = document.querySelector("#this-machine");
  const words = [...shown.querySelectorAll("[data-report]")].map((part) => part.dataset.report).join("\n\n");
  try {
    await navigator.clipboard.writeText(words);
    return "Copied";
  } catch {
    getSelection().selectAllChildren(shown.querySelector("#machine-findings"));
    return "Press Ctrl+C";
  }
}

// Keeps the list of runs fresh while it is in view. Scope: element, server, trigger (see gr.HTML's js_on_load).
const list = element.querySelector(".run-list");
let chosen = "";
let shown = "";
let phase = "";

function chosenPhase() {
  const row = list.querySelector(`[data-run="${CSS.escape(chosen)}"]`);
  return row ? row.querySelector(".phase").className : "";
}

function mark() {
  for (const row of list.querySelectorAll("[data-run]")) {
    row.classList.toggle("chosen", row.dataset.run === chosen);
    row.querySelector("button").setAttribute("aria-pressed", String(row.dataset.run === chosen));
  }
}

// Also when the chosen run enters another phase, since other things can be done with it then.
function choose(run) {
  chosen = run;
  phase = chosenPhase();
  mark();
  trigger("select", { run });
}

function draw(rows) {
  const focused = list.contains(document.activeElement) && document.activeElement.closest("[data-run]");
  shown = rows;
  list.innerHTML = rows;
  mark();
  if (phase && phase !== chosenPhase()) choose(chosen);
  if (focused) list.querySelector(`[data-run="${CSS.escape(focused.dataset.run)}"] button`)?.focus();
}

async function refresh() {
  if (!element.isConnected) { clearInterval(timer); return; }
  if (document.hidden || !list.offsetParent) return;
  try {
    const rows = await server.rows({});
    if (rows !== shown) draw(rows);
  } catch (error) {
    shown = "";
  }
}

element.addEventListener("click", (event) => {
  const row = event.target.closest("[data-run]");
  if (row) choose(row.dataset.run);
});

const timer = setInterval(refresh, 2000);
refresh();

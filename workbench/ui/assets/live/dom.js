// Building and filling elements. Text always goes in as text: answers and logs may hold anything.

export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// Tells the page of a press that leads elsewhere in it.
export function tell(node, name, detail) {
  node.dispatchEvent(new CustomEvent("workbench:" + name, { bubbles: true, detail }));
}

// The elements with a data-slot, by name.
export function findSlots(root) {
  return Object.fromEntries([...root.querySelectorAll("[data-slot]")].map((node) => [node.dataset.slot, node]));
}

// Fills a dl with [term, value] pairs; the elements stay, so that a selection in them stays too.
export function setPairs(list, pairs) {
  while (list.children.length > pairs.length) list.lastChild.remove();
  while (list.children.length < pairs.length) list.append(make("div", {}, make("dt"), make("dd")));
  pairs.forEach(([term, value], index) => {
    const [dt, dd] = list.children[index].children;
    setText(dt, term);
    setText(dd, value);
  });
}

// A card for each showcase: how to come in, who came, and its end. A card stays while its showcase does.

import { make, setText } from "../live/dom.js";
import { copyButton } from "./copying.js";

export function drawCards(list, showcases, onEnd) {
  const known = new Map([...list.children].map((card) => [card.dataset.key, card]));
  const cards = showcases.map((showcase) => {
    const key = showcase.id + (showcase.link ? " open" : "") + (showcase.goes_on ? " on" : "");
    const card = known.get(key) ?? makeCard(showcase, key, onEnd);
    setText(card.querySelector("[data-words]"), showcase.words);
    return card;
  });
  if (cards.length !== list.children.length || cards.some((card, place) => card !== list.children[place])) {
    list.replaceChildren(...cards);
  }
}

function makeCard(showcase, key, onEnd) {
  const words = make("div", {}, make("h4", {}, showcase.title));
  if (showcase.link) words.append(...wayIn(showcase));
  words.append(make("small", { "data-words": "" }), makeButtons(showcase, onEnd));
  const picture = make("img", { src: showcase.picture ?? "", alt: "The link as a QR code" });
  const parts = showcase.lan && showcase.link ? [picture, words] : [words];
  return make("article", { class: "share-card", "data-key": key, "data-showcase": showcase.id }, ...parts);
}

function wayIn({ link, address, code, lan }) {
  const open = make("a", { class: "share-link", href: link, target: "_blank", rel: "noreferrer" }, link);
  const half = code.length / 2;
  const spaced = make("span", { class: "share-code" }, code.slice(0, half) + " " + code.slice(half));
  return lan ? [open, make("small", {}, "or " + address + " and the code"), spaced] : [open];
}

function makeButtons({ id, link, room, goes_on: goesOn }, onEnd) {
  const end = make("button", { type: "button", class: "share-button share-small", "data-end": "" }, goesOn ? "End" : "Remove");
  end.addEventListener("click", () => {
    end.disabled = true;
    onEnd(id);
  });
  if (!link) return make("span", { class: "share-buttons" }, end);
  const hint = "Large type for a room, with votes. Keep this link to yourself.";
  const show = make("a", { class: "share-button share-small", href: room, target: "_blank", rel: "noreferrer", title: hint }, "Present to a room");
  return make("span", { class: "share-buttons" }, show, copyButton("Copy link", () => link), end);
}

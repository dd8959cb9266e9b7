// Other models: downloaded, found on this machine, or copied here. Tells the page which one to choose.

import { findSlots, setText, tell } from "./live/dom.js";
import { Copying } from "./models/copying.js";
import { Download } from "./models/download.js";
import { Found } from "./models/found.js";
import { Offers } from "./models/offers.js";
import { Tabs } from "./models/tabs.js";

const OFFLINE = "The workbench cannot be reached.";

// What has arrived is chosen in the form, so nothing is looked for before the form is there.
export function start(element, bridge) {
  const models = new Models(element, bridge);
  const look = () => bridge.props.value && models.download.look();
  bridge.watch("value", look);
  look();
}

class Models {
  constructor(element, { server }) {
    this.element = element;
    this.server = server;
    this.fold = element.querySelector(".models");
    this.slots = findSlots(this.fold);
    this.download = new Download(this);
    this.ways = { download: new Offers(this), found: new Found(this), copying: new Copying(this) };
    this.tabs = new Tabs(this.fold, (way) => this.show(way));
    this.fold.addEventListener("toggle", () => this.fold.open && this.show(this.tabs.chosen));
  }

  // What is listed may have changed since it was looked at last.
  show(way) {
    this.say("");
    this.ways[way].show();
  }

  // A server that is not there answers nothing at all.
  async call(name, arg = {}) {
    return (await this.server[name](arg).catch(() => null)) ?? { problem: OFFLINE };
  }

  say(words) {
    this.slots.note.hidden = !words;
    setText(this.slots.note, words);
  }

  brief(words) {
    setText(this.slots.brief, words ? " · " + words : "");
  }

  use(name) {
    tell(this.element, "use-model", { model: name });
    this.say("“" + name + "” is chosen.");
  }

  // The menu of the page is to be listed anew.
  tellChanged() {
    tell(this.element, "look-again", {});
  }
}

// One line about the run that was just deleted, with a button to take it back.

export class Deletion {
  constructor(list) {
    this.list = list;
  }

  tell(value) {
    if (!value) return;
    const { run, name } = JSON.parse(value);
    const { note } = this.list;
    note.say("“" + name + "” is deleted. ", note.button("Undo", "undelete", run, "“" + name + "” is back."));
    this.list.ask();
  }
}

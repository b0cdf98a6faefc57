// Rows that are ticked: how many are told, all of a page are ticked at its head or with Shift from one to another, and x
// ticks the row that the keys stand on. Without scripts the ticks and the buttons beneath do their work alone.
customElements.define("chosen-bar", class extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.told = this.querySelector("[role=status]");
    this.quiet = this.told.textContent;
    this.hear = (event) => this.changed(event);
    this.press = (event) => this.pressed(event);
    document.addEventListener("click", this.hear);
    document.addEventListener("keydown", this.press);
    this.addAll();
    this.tell();
  }

  disconnectedCallback() {
    document.removeEventListener("click", this.hear);
    document.removeEventListener("keydown", this.press);
  }

  get boxes() {
    return [...document.querySelectorAll(`input[name=chosen][form="${this.form.id}"]`)];
  }

  addAll() {
    const head = this.boxes[0]?.closest("table")?.tHead?.querySelector(".pick-all");
    if (!head) return;
    const label = Object.assign(document.createElement("label"), { className: "pick" });
    this.all = Object.assign(document.createElement("input"), { type: "checkbox", ariaLabel: this.dataset.all });
    this.all.addEventListener("change", () => {
      for (const box of this.boxes) box.checked = this.all.checked;
      this.tell();
    });
    label.append(this.all);
    head.replaceChildren(label);
  }

  changed({ target, shiftKey }) {
    const boxes = this.boxes;
    const at = boxes.indexOf(target);
    if (at < 0) return;
    const from = shiftKey ? boxes.indexOf(this.last) : -1;
    if (from >= 0) for (const box of boxes.slice(Math.min(from, at), Math.max(from, at) + 1)) box.checked = target.checked;
    this.last = target;
    this.tell();
  }

  pressed(event) {
    if (event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input:not([type=checkbox]), select, textarea, dialog, [popover]")) return;
    const box = document.activeElement?.closest?.("tr")?.querySelector(`input[form="${this.form.id}"]`);
    if (box) box.click();
  }

  tell() {
    const boxes = this.boxes;
    const ticked = boxes.filter((box) => box.checked).length;
    this.toggleAttribute("data-any", ticked > 0);
    const words = ticked ? this.dataset.count.replace("#", ticked) : this.quiet;
    if (this.told.textContent !== words) this.told.textContent = words;
    if (!this.all) return;
    this.all.checked = ticked > 0 && ticked === boxes.length;
    this.all.indeterminate = ticked > 0 && ticked < boxes.length;
  }
});

// Ctrl/Cmd-K, or the button, opens the palette; what is found is made by the house. Focus stays in the field, and the
// chosen option is told to screen readers by its id. Without scripts the button leads to a plain page of search.
customElements.define("command-palette", class extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.field = this.querySelector("input");
    this.list = this.querySelector("[role=listbox]");
    this.opener = this.previousElementSibling;
    this.hear = (event) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      this.open();
    };
    document.addEventListener("keydown", this.hear);
    this.opener?.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.open();
    });
    this.field.addEventListener("keydown", (event) => this.press(event));
    this.field.form.addEventListener("submit", (event) => this.follow(event));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    new MutationObserver(() => this.choose(0)).observe(this.list, { childList: true });
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.hear);
  }

  open() {
    if (this.dialog.open) return;
    this.dialog.showModal();
    this.field.select();
    this.field.focus();
    this.field.dispatchEvent(new CustomEvent("palette"));
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  choose(at) {
    const { options } = this;
    options.forEach((each, nth) => {
      each.id = `palette-${nth}`; // given here: htmx would carry the old one's attributes over to a new one of its name
      each.setAttribute("aria-selected", String(nth === at));
    });
    this.at = at;
    const chosen = options[at];
    if (chosen) this.field.setAttribute("aria-activedescendant", chosen.id);
    else this.field.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }

  press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const { length } = this.options;
    if (!step || !length) return;
    event.preventDefault();
    this.choose(((this.at ?? 0) + step + length) % length);
  }

  follow(event) {
    const chosen = this.options[this.at ?? 0];
    if (!chosen) return;
    event.preventDefault();
    location.assign(chosen.href);
  }
});

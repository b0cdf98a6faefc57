// j k (or the arrows) go along the rows of the first list, Enter opens the row's page, / goes to the search, ? opens the
// palette, which tells the keys. Keys typed into a field, or with Ctrl, Alt and Cmd, belong to whoever typed them.
const FIELDS = "input, select, textarea, button, summary, [contenteditable]";

customElements.define("desk-keys", class extends HTMLElement {
  connectedCallback() {
    this.hear = (event) => this.press(event);
    document.addEventListener("keydown", this.hear);
    // Where the menu is longer than its room, the place where one is stands in sight.
    document.querySelector(".desk-side nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.hear);
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest?.(FIELDS)) return;
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (step) this.go(step, event);
    else if (event.key === "/") this.search(event);
    else if (event.key === "?") document.querySelector("command-palette")?.open();
  }

  go(step, event) {
    const links = [...document.querySelectorAll(".desk-main .table tbody tr")]
      .map((row) => row.querySelector("a[href]"))
      .filter((link) => link && link.offsetParent);
    if (!links.length) return;
    event.preventDefault();
    const row = document.activeElement?.closest?.("tr");
    const at = links.findIndex((link) => link.closest("tr") === row);
    const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1);
    links[next].focus();
    links[next].closest("tr").scrollIntoView({ block: "nearest" });
  }

  search(event) {
    const field = document.querySelector(".desk-main input[type=search], .filter-bar input:not([type=hidden])");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  }
});

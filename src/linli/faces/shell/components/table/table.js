// At a desk a list is sorted by its headings, and columns are put away. Both stand in the address, so that a link and
// the way back keep them. A list that goes on elsewhere is sorted by the house, whose headings are links. Without scripts the list stands as the house ordered it.
const fewest = 8; // a shorter list needs no choice of columns
const figure = /^[+-]?[¥]?[\d,]+(\.\d+)?/;

function keyOf(cell) {
  const text = (cell?.dataset.sort ?? cell?.textContent ?? "").trim();
  const found = cell?.dataset.sort === undefined && text.match(figure);
  return found ? Number(found[0].replace(/[¥,]/g, "")) : text;
}

function compare(one, other) {
  if (typeof one === "number" && typeof other === "number") return one - other;
  if (typeof one !== typeof other) return typeof one === "number" ? -1 : 1;
  return one.localeCompare(other, document.documentElement.lang, { numeric: true });
}

function remember(name, value) {
  const address = new URL(location.href);
  if (value) address.searchParams.set(name, value);
  else address.searchParams.delete(name);
  history.replaceState(history.state, "", address);
}

class DeskTable {
  constructor(room, nth) {
    [this.room, this.table, this.nth] = [room, room.querySelector("table"), nth ? `.${nth}` : ""];
    this.heads = [...this.table.tHead.rows[0].cells];
    const asked = new URL(location.href).searchParams;
    const isWhole = room.dataset.part === undefined && !asked.has("after") && !this.table.tHead.querySelector("a");
    if (isWhole) this.heads.forEach((head, at) => head.localName === "th" && this.addButton(head, at));
    if (this.room.dataset.columns && this.heads.length > 4 && this.table.tBodies[0].rows.length >= fewest) this.addChoice((asked.get("without" + this.nth) ?? "").split("-").map(Number).filter(Boolean));
    const [at, way] = (asked.get("sort" + this.nth) ?? "").split("-");
    if (isWhole && at && this.heads[at - 1]) this.sort(at - 1, way === "down");
  }

  addButton(head, at) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "table-sort";
    button.append(...head.childNodes);
    button.addEventListener("click", () => this.sort(at, head.getAttribute("aria-sort") === "ascending", true));
    head.append(button);
  }

  sort(at, down, keep = false) {
    const body = this.table.tBodies[0];
    const rows = [...body.rows].map((row) => [keyOf(row.cells[at]), row]);
    rows.sort(([one], [other]) => (down ? compare(other, one) : compare(one, other)));
    body.append(...rows.map(([, row]) => row));
    this.heads.forEach((head) => head.removeAttribute("aria-sort"));
    this.heads[at].setAttribute("aria-sort", down ? "descending" : "ascending");
    if (keep) remember("sort" + this.nth, `${at + 1}-${down ? "down" : "up"}`);
  }

  addChoice(without) {
    const choice = document.createElement("details");
    choice.className = "table-columns";
    choice.append(Object.assign(document.createElement("summary"), { textContent: this.room.dataset.columns }));
    this.heads.slice(1).forEach((head, nth) => head.textContent && choice.append(this.tick(head, nth + 1, without)));
    this.room.after(choice);
  }

  tick(head, at, without) {
    const label = document.createElement("label");
    const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: !without.includes(at + 1) });
    box.addEventListener("change", () => {
      this.show(at, box.checked);
      const gone = this.heads.map((each, n) => (each.hidden ? n + 1 : 0)).filter(Boolean);
      remember("without" + this.nth, gone.join("-"));
    });
    label.append(box, head.textContent);
    if (!box.checked) this.show(at, false);
    return label;
  }

  show(at, shown) {
    for (const row of this.table.rows) if (row.cells[at]) row.cells[at].hidden = !shown;
  }
}

function canBeSorted(room) {
  const body = room.querySelector("table")?.tBodies[0];
  return room.querySelector("thead") && body?.rows.length > 2 && !body.querySelector("[colspan]");
}

if (document.body.classList.contains("desk")) {
  [...document.querySelectorAll(".table-room")].filter(canBeSorted).forEach((room, nth) => new DeskTable(room, nth));
}

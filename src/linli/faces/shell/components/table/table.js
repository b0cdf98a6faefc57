// At a desk a list is sorted by its headings, and columns are put away. Both stand in the address, so that a link and
// the way back keep them; the house makes the page without those columns. A list that goes on elsewhere is sorted by the
// house, whose headings are links. Without scripts the list stands as the house ordered it.
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
    if (room.dataset.columns) this.addChoice(room.nextElementSibling);
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

  addChoice(choice) {
    choice.dataset.ready = "";
    this.heads.slice(1).forEach((head, nth) => head.textContent && choice.append(this.tick(head, nth + 2)));
  }

  tick(head, at) {
    const label = document.createElement("label");
    const away = () => (this.table.dataset.away ?? "").split(" ").filter(Boolean);
    const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: !away().includes(`${at}`) });
    box.addEventListener("change", () => {
      const gone = away().filter((each) => each !== `${at}`).concat(box.checked ? [] : [`${at}`]);
      this.table.dataset.away = gone.sort((one, other) => one - other).join(" ");
      remember(this.room.dataset.columns, gone.join("-"));
    });
    label.append(box, head.textContent);
    return label;
  }
}

function canBeSorted(room) {
  const body = room.querySelector("table")?.tBodies[0];
  return room.querySelector("thead") && body?.rows.length > 2 && !body.querySelector("[colspan]");
}

if (document.body.classList.contains("desk")) {
  [...document.querySelectorAll(".table-room")].filter(canBeSorted).forEach((room, nth) => new DeskTable(room, nth));
}

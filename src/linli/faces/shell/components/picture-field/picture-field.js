// What was chosen is shown, made small enough to send from a phone, and can be taken out again before it is sent.
const MOST_SIDE = 2048;

async function lighter(file) {
  try {
    const drawn = await createImageBitmap(file);
    const scale = Math.min(1, MOST_SIDE / Math.max(drawn.width, drawn.height));
    if (scale === 1 && file.size < 1_000_000) return file;
    const canvas = Object.assign(document.createElement("canvas"), {
      width: Math.round(drawn.width * scale), height: Math.round(drawn.height * scale),
    });
    canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height);
    const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return made ? new File([made], file.name.replace(/\.\w+$/, "") + ".jpg", { type: made.type }) : file;
  } catch {
    return file;  // not a picture this browser can draw: the house says what is wrong with it
  }
}

customElements.define("picture-field", class extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    this.list = this.querySelector("ul");
    this.most = Number(this.dataset.most);
    this.chosen = [];
    this.input.addEventListener("change", async () => {
      const added = await Promise.all([...this.input.files].slice(0, this.most).map(lighter));
      this.chosen = (this.most === 1 ? added : [...this.chosen, ...added]).slice(0, this.most);
      this.show();
    });
  }

  show() {
    const held = new DataTransfer();
    this.chosen.forEach((file) => held.items.add(file));
    this.input.files = held.files;
    this.list.replaceChildren(...this.chosen.map((file) => this.tile(file)));
    this.classList.toggle("picture-field-full", this.most > 1 && this.chosen.length >= this.most);
  }

  tile(file) {
    const item = document.createElement("li");
    const image = Object.assign(new Image(), { alt: file.name, src: URL.createObjectURL(file) });
    image.onload = () => URL.revokeObjectURL(image.src);
    const remove = Object.assign(document.createElement("button"), { type: "button" });
    remove.setAttribute("aria-label", `${this.dataset.remove}: ${file.name}`);
    remove.onclick = () => {
      this.chosen = this.chosen.filter((other) => other !== file);
      this.show();
      this.input.focus();
    };
    item.append(image, remove);
    return item;
  }
});

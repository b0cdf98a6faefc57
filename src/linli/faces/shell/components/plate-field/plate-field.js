// Keys for plates under the thumb: provinces first, then letters and figures. Without scripts the field is typed into.
const PROVINCES = "浙京沪苏粤皖赣闽鲁津渝冀晋蒙辽吉黑豫鄂湘桂琼川贵云藏陕甘青宁新";
const CHARACTERS = "1234567890QWERTYUPASDFGHJKLZXCVBNM学警挂港澳领";
customElements.define("plate-field", class extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    this.keys = this.querySelector(".plate-keys");
    if (!this.input || !this.keys) return;
    if (matchMedia("(pointer: coarse)").matches) this.input.setAttribute("inputmode", "none");
    this.keys.hidden = false;
    this.keys.addEventListener("click", (event) => this.press(event.target.closest("button")?.dataset.key));
    this.input.addEventListener("input", () => this.draw());
    this.draw();
  }
  press(key) {
    if (key === undefined) return;
    this.input.value = key === "back" ? this.input.value.slice(0, -1) : (this.input.value + key).slice(0, 8);
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    this.draw();
  }
  draw() {
    const first = this.input.value === "";
    if (this.first === first) return;
    this.first = first;
    const home = this.dataset.province;
    const provinces = home + PROVINCES.replace(home, "");
    const keys = [...(first ? provinces : CHARACTERS), "back"].map((key) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.key = key;
      button.textContent = key === "back" ? "⌫" : key;
      if (key === "back") button.setAttribute("aria-label", document.documentElement.lang === "en" ? "Delete" : "删除");
      return button;
    });
    this.keys.replaceChildren(...keys);
  }
});

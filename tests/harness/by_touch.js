// What a thumb and narrow glass find on the page that is open; see by_touch.py. Tables and tabs may scroll in their own
// room, the page may not; a link within a sentence may be as small as its words.
(least) => {
  const wide = document.documentElement.clientWidth;
  const shown = (one) => one.outerHTML.replace(/\s+/g, " ").slice(0, 160);
  const styleOf = (one, part) => getComputedStyle(one, part);

  function* above(one) {
    for (let up = one.parentElement; up; up = up.parentElement) yield up;
  }

  function sideways() {
    if (document.documentElement.scrollWidth <= wide) return [];
    const sticksOut = (one) => one.getBoundingClientRect().right > wide + 1;
    const hasRoom = (one) => [...above(one)].some((up) => styleOf(up).overflowX !== "visible");
    const first = [...document.querySelectorAll("body *")].filter((one) => sticksOut(one) && !hasRoom(one)).pop();
    return [`${document.documentElement.scrollWidth} px wide by ${first ? shown(first) : "nobody"}`];
  }

  function cut() {
    const isCut = (one) => one.scrollWidth > one.clientWidth + 1 && ["hidden", "clip"].includes(styleOf(one).overflowX);
    const says = (one) => one.children.length === 0 && one.textContent.trim() && one.clientWidth > 1;
    const words = [...document.querySelectorAll("main *, .bottom-bar *, .phone-head *")];
    return words.filter((one) => says(one) && isCut(one) && styleOf(one).textOverflow !== "ellipsis").map((one) => `cut: ${shown(one)}`);
  }

  // A word of letters that stands on two lines was broken, not wrapped: its column is too narrow for it.
  function broken() {
    const found = [];
    const texts = document.createTreeWalker(document.querySelector("main") ?? document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      if (!text.parentElement.checkVisibility({ visibilityProperty: true }) || styleOf(text.parentElement).overflowWrap === "anywhere") continue;
      for (const { 0: word, index } of text.data.matchAll(/\p{Script=Latin}{2,14}|\d{3,8}/gu)) {
        const range = document.createRange();
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        const lines = new Set([...range.getClientRects()].filter(({ width }) => width > 0).map(({ top }) => Math.round(top)));
        if (lines.size > 1) found.push(`broken: ${word} in ${shown(text.parentElement)}`);
      }
    }
    return found;
  }

  // Where a touch counts: a tick with its label, a field with its frame, a link that is stretched over its row with the row.
  function roomOf(one) {
    const label = one.closest("label") ?? (one.id && document.querySelector(`label[for="${CSS.escape(one.id)}"]`));
    if (label && one.matches("[type=checkbox], [type=radio], label [type=file]")) return label.getBoundingClientRect();
    const frame = one.closest(".field-control, .search-field, .stepper");
    if (frame && one.matches("input, select, textarea")) return frame.getBoundingClientRect();
    const after = styleOf(one, "::after");
    if (after.position !== "absolute" || after.content === "none") return one.getBoundingClientRect();
    return ([one, ...above(one)].find((up) => styleOf(up).position !== "static") ?? one).getBoundingClientRect();
  }

  function isTouched(one) {
    if (!one.checkVisibility({ visibilityProperty: true }) || one.matches(".skip-link, .visually-hidden")) return false;
    const isRunning = one.matches("a") && styleOf(one).display === "inline";
    return !isRunning || one.parentElement.textContent.trim().length === one.textContent.trim().length;
  }

  function small() {
    const touched = [...document.querySelectorAll("a[href], button, select, textarea, summary, input:not([type=hidden])")];
    return touched.filter(isTouched).flatMap((one) => {
      const { width, height } = roomOf(one);
      return width < least - 0.5 || height < least - 0.5 ? [`small (${Math.round(width)} x ${Math.round(height)}): ${shown(one)}`] : [];
    });
  }

  return [...sideways(), ...cut(), ...broken(), ...small()];
}

// What somebody sees of the place where the focus is: nothing is wrong, or a sentence; see keyboard.py.
() => {
  const one = document.activeElement;
  if (!one || one === document.body) return "the focus is nowhere";
  const shown = one.outerHTML.replace(/\s+/g, " ").slice(0, 160);
  const isMarked = (each) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);
    return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 1) || boxShadow !== "none";
  };
  const around = [one, ...(one.labels ?? []), one.closest(".field-control, .search-field, label, tr, form")].filter(Boolean);
  if (!around.some(isMarked)) return `the focus cannot be seen at ${shown}`;
  const box = [one, ...(one.labels ?? [])].map((each) => each.getBoundingClientRect()).find(({ width, height }) => width > 4 && height > 4);
  if (!box) return `the focus is at something without a size: ${shown}`;
  if (box.bottom < 0 || box.top > innerHeight || box.right < 0 || box.left > innerWidth) return `the focus is outside the screen at ${shown}`;
  const points = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]].map(([x, y]) => [box.left + box.width * x, box.top + box.height * y]);
  const isSeen = ([x, y]) => {
    const there = document.elementFromPoint(x, y);
    return there && (there.contains(one) || one.contains(there) || [...(one.labels ?? [])].some((label) => label.contains(there)));
  };
  return points.some(isSeen) ? "" : `the focus is covered at ${shown}`;
}

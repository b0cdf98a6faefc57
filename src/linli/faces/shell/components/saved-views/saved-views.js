// Sorting and columns change the address without a new page: a view is kept as the address says when it is saved.
document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("form[data-view]");
  if (form) form.elements.query.value = location.search.slice(1);
});

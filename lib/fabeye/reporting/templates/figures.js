// No button bar on a printed page, and so none that sends data away; dragging zooms, a double click goes back.
// Draws every figure of the page: its data stand in a JSON block, its place is the element the block names.
for (const block of document.querySelectorAll('script[type="application/json"][data-figure]')) {
  const figure = JSON.parse(block.textContent);
  const options = { responsive: true, displayModeBar: false, showSendToCloud: false };
  Plotly.newPlot(block.dataset.figure, figure.data, figure.layout, options);
}
// Paper has no collapsed sections: open them for printing.
window.addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
});

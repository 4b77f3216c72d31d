// Sorts the table of a button by its column: numbers by data-sort, texts as they read.
for (const button of document.querySelectorAll('th button')) {
  button.addEventListener('click', () => {
    const head = button.closest('th');
    const body = head.closest('table').tBodies[0];
    const column = head.cellIndex;
    const upwards = head.getAttribute('aria-sort') === 'descending';
    const rows = [...body.rows].map((row) => {
      const cell = row.cells[column];
      return { row, key: cell.dataset.sort === undefined ? cell.textContent.trim() : Number(cell.dataset.sort) };
    });
    const order = new Intl.Collator(document.documentElement.lang, { numeric: true });
    rows.sort((a, b) => (typeof a.key === 'number' ? a.key - b.key : order.compare(a.key, b.key)));
    if (!upwards) rows.reverse();
    body.append(...rows.map(({ row }) => row));
    for (const other of head.parentElement.cells) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', upwards ? 'ascending' : 'descending');
  });
}

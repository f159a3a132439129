// Tables: real ones, with a caption, headings, and as many rows as can be looked over at once.
const MOST_ROWS = 40;
const whole = new Set();
const standing = new Map();

// columns: [{heading, kind, value}], the one of kind `name` being what a row is called by.
function table(place, title, columns, rows, {footer = null, said = 'nothing', kindOf = () => null} = {}) {
  const host = at(place);
  const content = JSON.stringify([said, whole.has(place), rows, rows.map(kindOf)]);
  if (standing.get(place) === content) {
    retitle(host, title);
    return;
  }
  standing.set(place, content);
  if (rows.length === 0) {
    host.replaceChildren(element('p', {class: 'none'}, say(said)));
    return;
  }
  const shown = whole.has(place) ? rows : rows.slice(0, MOST_ROWS);
  const head = element('tr', {}, ...columns.map((each) => element('th', {scope: 'col', class: each.kind}, each.heading)));
  const body = element('tbody', {}, ...shown.map((row) => tableRow(columns, row, kindOf(row))));
  const made = element('table', {}, element('caption', {class: 'unseen'}, title), element('thead', {}, head), body);
  if (footer !== null) made.append(element('tfoot', {}, footerRow(columns, footer)));
  showIn(host, title, made, rest(place, shown.length, rows.length));
}

// The region that scrolls stays the same: whoever is in it by the keyboard, or has scrolled it, stays there.
function showIn(host, title, made, more) {
  const scroll = host.querySelector('.scroll');
  if (scroll === null) {
    host.replaceChildren(element('div', {class: 'scroll', role: 'region', tabindex: '0', 'aria-label': title}, made), ...more);
    return;
  }
  scroll.replaceChildren(made);
  retitle(host, title);
  scroll.parentNode.querySelector('.more')?.remove();
  scroll.after(...more);
}

// The same rows on another day.
function retitle(host, title) {
  host.querySelector('.scroll')?.setAttribute('aria-label', title);
  host.querySelector('caption')?.replaceChildren(title);
}

const isName = (column) => column.kind.startsWith('name');

function tableRow(columns, row, kind) {
  return element('tr', {class: kind}, ...columns.map((each) => {
    const cell = isName(each) ? element('th', {scope: 'row', class: each.kind}) : element('td', {class: each.kind});
    cell.textContent = written(each, row);
    if (each.kind === 'number' && cell.textContent === '0') cell.classList.add('zero');
    return cell;
  }));
}

function written(column, row) {
  const value = column.value(row);
  if (value === null || value === undefined) return NONE;
  if (column.kind === 'number') return count(value);
  if (column.kind === 'number yen') return yen(value);
  if (column.kind === 'day') return day(value);
  return String(value);
}

function footerRow(columns, values) {
  return element('tr', {}, ...columns.map((each) => {
    const value = values[each.heading];
    const text = value === undefined ? '' : each.kind === 'number' ? count(value) : each.kind === 'number yen' ? yen(value) : value;
    return isName(each) ? element('th', {scope: 'row', class: each.kind}, text) : element('td', {class: each.kind}, text);
  }));
}

function rest(place, shown, all) {
  if (shown === all) return [];
  const button = element('button', {type: 'button'}, say('show_all', {count: count(all)}));
  button.addEventListener('click', () => {
    whole.add(place);
    refresh();
    (at(place).querySelector('.scroll') ?? at(place)).focus();
  });
  return [element('p', {class: 'more'}, `${say('shown_of', {shown: count(shown), count: count(all)})} `, button)];
}

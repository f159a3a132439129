// Drawings: shapes, and a line of time.
function shape(name, values = {}, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function drawing(width, height, says) {
  const made = shape('svg', {
    width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': says,
  });
  made.append(shape('title', {}, says));
  return made;
}

// Where a day lies between two days, in pixels.
function timeline(first, last, left, right) {
  const whole = Math.max(1, last - first);
  const place = (number) => left + ((number - first) / whole) * (right - left);
  return {first, last, left, right, place, inside: (number) => number >= first && number <= last};
}

// Days to write below a line of time: years, or months where it is short; as many as there is room for.
function ticks(line) {
  const room = Math.max(2, Math.floor((line.right - line.left) / 72));
  const months = (line.last - line.first) / 30.4;
  const step = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000].find((each) => months / each <= room) ?? 12000;
  const found = [];
  const from = new Date(line.first * DAY);
  let month = from.getUTCFullYear() * 12 + from.getUTCMonth();
  month += (step - (month % step)) % step;
  for (; found.length <= room + 1; month += step) {
    const number = Math.round(Date.UTC(Math.floor(month / 12), month % 12, 1) / DAY);
    if (number > line.last) break;
    if (number >= line.first) found.push([number, tickText(month, step)]);
  }
  return found;
}

function tickText(month, step) {
  const year = Math.floor(month / 12);
  if (step >= 12) return known.language === 'ja' ? `${year}年` : String(year);
  const within = (month % 12) + 1;
  return known.language === 'ja' ? `${year}年${within}月` : `${year}-${String(within).padStart(2, '0')}`;
}

function axis(svg, line, top, bottom) {
  for (const [number, text] of ticks(line)) {
    const x = line.place(number);
    svg.append(shape('line', {class: 'grid', x1: x, x2: x, y1: top, y2: bottom}));
    const anchor = x > line.right - 20 ? 'end' : x < line.left + 20 ? 'start' : 'middle';
    svg.append(shape('text', {class: 'tick', x, y: bottom + 16, 'text-anchor': anchor}, text));
  }
}

// A line through a day, with a word above it that stays inside.
function mark(svg, line, number, kind, top, bottom, text) {
  if (!line.inside(number)) return;
  const x = line.place(number);
  svg.append(shape('line', {class: kind, x1: x, x2: x, y1: top, y2: bottom}));
  if (text === undefined) return;
  const anchor = x > (line.left + line.right) / 2 ? 'end' : 'start';
  svg.append(shape('text', {class: `${kind}-label`, x: x + (anchor === 'end' ? -4 : 4), y: top + 10, 'text-anchor': anchor}, text));
}

// A text cut where it has no room; all of it can be read in the tables.
const measure = document.createElement('canvas').getContext('2d');

function fitted(text, pixels) {
  measure.font = `600 13px ${getComputedStyle(document.body).fontFamily}`;
  if (measure.measureText(text).width <= pixels) return text;
  let shown = '';
  for (const each of text) {
    if (measure.measureText(`${shown}${each}…`).width > pixels) break;
    shown += each;
  }
  return `${shown}…`;
}

// A drawing stands on one sheet of paper: there it is as wide as the sheet, and long ones are parted.
const paper = {isOn: false, width: 1016};
const widthOf = (place) => (paper.isOn ? paper.width : Math.max(260, Math.floor(place.clientWidth)));

function parted(rows, most) {
  if (!paper.isOn) return [rows];
  return Array.from({length: Math.ceil(rows.length / most)}, (_, number) => rows.slice(number * most, (number + 1) * most));
}

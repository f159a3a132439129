// Windows of holders around the chosen day, as bars.
const BEFORE = 31;
const AFTER = 365;
const MOST_BARS = 40;
const BARS_ON_PAPER = 20;

const compared = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

function drawWindows(answers, wanted) {
  const host = at('windows-chart');
  const rows = answers.eligibility.filter((row) => row.from !== null && isOf(row, wanted));
  rows.sort((one, other) => compared(one.until, other.until) || compared(one.holder, other.holder));
  if (rows.length === 0) {
    host.replaceChildren(element('p', {class: 'none'}, say('no_windows')));
    return;
  }
  const shown = whole.has('windows-chart') ? rows : rows.slice(0, MOST_BARS);
  const drawings = parted(shown, BARS_ON_PAPER).map((part) => windowsDrawing(part, rows.length, widthOf(host), answers));
  host.replaceChildren(...drawings, ...rest('windows-chart', shown.length, rows.length));
}

function windowsDrawing(shown, all, width, answers) {
  const now = numbered(answers.day);
  const isNarrow = width < 560;
  const gutter = isNarrow ? 0 : Math.min(260, Math.floor(width * 0.3));
  const each = isNarrow ? 40 : 26;
  const bottom = 18 + shown.length * each;
  const line = timeline(now - BEFORE, now + AFTER, gutter + 1, width - 1);
  const svg = drawing(width, bottom + 24, say('windows_of', {
    count: all, first: day(isoOf(line.first)), last: day(isoOf(line.last)),
  }));
  axis(svg, line, 14, bottom);
  const labels = shown.flatMap((row, number) => drawWindow(svg, line, row, 18 + number * each, {gutter, isNarrow}));
  const today = numbered(known.today);
  // A line runs beside the bars alone where the labels stand above them.
  const parts = isNarrow ? shown.map((_, number) => [38 + number * each - 4, 38 + number * each + 18]) : [[14, bottom]];
  for (const [from, until] of parts) {
    if (today !== now) mark(svg, line, today, 'today', from, until);
    mark(svg, line, now, 'chosen', from, until);
  }
  svg.append(...labels, shape('text', {class: 'chosen-label', x: line.place(now), y: 10, 'text-anchor': isNarrow ? 'start' : 'middle'},
    today === now ? say('today') : day(answers.day)));
  return svg;
}

function drawWindow(svg, line, row, top, {gutter, isNarrow}) {
  const from = numbered(row.from);
  const until = numbered(row.until) + 1;
  const left = line.place(Math.max(from, line.first));
  const right = Math.max(line.place(Math.min(until, line.last)), left + 3);
  const y = top + (isNarrow ? 20 : 6);
  const series = `${say('column_series')} ${row.series}`;
  const name = `${series} · ${holderOf(row)}`;
  const label = shape('text', {class: 'label', x: 0, y: top + (isNarrow ? 14 : 17)}, labelOf(series, name, (isNarrow ? line.right : gutter) - 12));
  if (from > line.last) {
    svg.append(arrow(line.right, y, 1));
    return [label];
  }
  const bar = shape('rect', {class: row.eligible ? 'bar' : 'bar ahead', x: left, y, width: right - left, height: 14, rx: 2});
  const says = say('window_known', {from: day(row.from), until: day(row.until)});
  bar.append(shape('title', {}, `${name}: ${says}`));
  svg.append(bar);
  if (from < line.first) svg.append(arrow(left, y, -1));
  if (until > line.last) svg.append(arrow(right, y, 1));
  const hasRoom = until <= line.last && right + 8 + says.length * 7.5 < line.right;
  return hasRoom ? [label, shape('text', {class: 'tick', x: right + 8, y: y + 11}, says)] : [label];
}

// The series stays, whatever is cut of the name.
function labelOf(series, name, pixels) {
  const first = fitted(series, pixels * 0.6);
  return first === series ? fitted(name, pixels) : `${first}${fitted(name.slice(series.length), pixels * 0.4)}`;
}

// A point at the end of a bar that goes on.
const arrow = (x, y, way) => shape('path', {class: 'arrow', d: `M${x - way * 9},${y + 2}l${way * 6},5l${-way * 6},5`});

// Outstanding rights by series, as steps over time: one strip a series, on one line of time.
const STRIP = {label: 22, height: 38, gap: 10, top: 6};
const MOST_STRIPS = 16;
const STRIPS_ON_PAPER = 4;

const strips = known.series.map(([series, changes]) => {
  const steps = changes.map((change) => {
    const row = rowOf(known.names.series, change.slice(1));
    return [numbered(known.days[change[0]]), row.outstanding, row.company];
  });
  const most = steps.reduce((so_far, [, value]) => (BigInt(value) > so_far ? BigInt(value) : so_far), 0n);
  return {series, steps, most, company: steps[0][2]};
});

// Heights in thousandths of the most, for counts too long for a number of a drawing.
const heightOf = (value, most) => (most === 0n ? 0 : Number((BigInt(value) * 1000n) / most) / 1000);

function stepsOf(strip, line, top, bottom) {
  const y = (value) => (bottom - heightOf(value, strip.most) * (bottom - top)).toFixed(1);
  const before = strip.steps.filter(([number]) => number <= line.first).at(-1);
  let path = before === undefined ? '' : `M${line.left},${y(before[1])}`;
  let first = before === undefined ? null : line.left;
  for (const [number, value] of strip.steps.filter(([each]) => each > line.first && each <= line.last)) {
    const x = line.place(number).toFixed(1);
    if (first === null) {
      first = x;
      path += `M${x},${bottom}V${y(value)}`;
    } else {
      path += `H${x}V${y(value)}`;
    }
  }
  return first === null ? null : {path: `${path}H${line.right}`, first};
}

function drawRights(answers, span) {
  const host = at('rights-chart');
  if (strips.length === 0) {
    host.replaceChildren(element('p', {class: 'none'}, say('nothing')));
    return;
  }
  const shown = whole.has('rights-chart') ? strips : strips.slice(0, MOST_STRIPS);
  const drawings = parted(shown, STRIPS_ON_PAPER).map((part) => rightsDrawing(part, widthOf(host), answers, span));
  host.replaceChildren(...drawings, ...rest('rights-chart', shown.length, strips.length));
}

function rightsDrawing(shown, width, answers, span) {
  const each = STRIP.label + STRIP.height + STRIP.gap;
  const bottom = STRIP.top + shown.length * each;
  const line = timeline(span.first, span.last, 1, width - 1);
  const svg = drawing(width, bottom + 24, say('chart_of', {
    count: strips.length, first: day(isoOf(span.first)), last: day(isoOf(span.last)),
  }));
  axis(svg, line, STRIP.top, bottom);
  const today = numbered(known.today);
  if (numbered(answers.day) !== today) mark(svg, line, today, 'today', STRIP.top, bottom);
  mark(svg, line, numbered(answers.day), 'chosen', STRIP.top, bottom);
  shown.forEach((strip, number) => {
    const row = answers.series.find(({series}) => series === strip.series);
    drawStrip(svg, line, strip, STRIP.top + number * each, row === undefined ? NONE : count(row.outstanding));
  });
  return svg;
}

function drawStrip(svg, line, strip, top, value) {
  const ceiling = top + STRIP.label;
  const floor = ceiling + STRIP.height;
  const drawn = stepsOf(strip, line, ceiling, floor);
  if (drawn !== null) {
    svg.append(shape('path', {class: 'area', d: `${drawn.path}V${floor}H${drawn.first}Z`}));
    svg.append(shape('path', {class: 'line', d: drawn.path}));
  }
  svg.append(shape('line', {class: 'base', x1: line.left, x2: line.right, y1: floor, y2: floor}));
  drawMarks(svg, line, strip, ceiling, floor);
  const most = say('most', {count: count(strip.most)});
  const name = fitted(`${say('column_series')} ${strip.series}`, line.right - most.length * 8 - value.length * 10 - 40);
  const label = shape('text', {class: 'label', x: line.left, y: top + 15}, `${name}  `);
  label.append(shape('tspan', {class: 'value'}, value), shape('tspan', {class: 'most'}, `  ${most}`));
  svg.append(label);
}

// Whether any were outstanding on a day: a split of no rights is none.
const hasRights = (strip, number) => !isNothing(strip.steps.filter(([each]) => each <= number).at(-1)?.[1] ?? 0);

// What happened to a company while rights of the series were outstanding: its shares changed, or it was restructured.
function marksOf(strip) {
  const splits = known.share_changes.filter(([iso, company]) => company === strip.company && hasRights(strip, numbered(iso)))
    .map(([iso, , , ratio]) => [numbered(iso), `× ${ratio}`]);
  const restructured = known.restructured.filter(([iso, company]) => company === strip.company && hasRights(strip, numbered(iso) - 1))
    .map(([iso]) => [numbered(iso), say('restructured')]);
  return [...splits, ...restructured].sort(([one], [other]) => one - other);
}

const LABEL_LINES = [5, 18, 31];

// Each with its label, on the line of text that has room.
function drawMarks(svg, line, strip, top, bottom) {
  const free = LABEL_LINES.map(() => -Infinity);
  for (const [number, text] of marksOf(strip)) {
    if (!line.inside(number)) continue;
    const x = line.place(number);
    svg.append(shape('line', {class: 'split', x1: x, x2: x, y1: top, y2: bottom}));
    measure.font = `12px ${getComputedStyle(document.body).fontFamily}`;
    const wide = measure.measureText(text).width + 6;
    const start = x + 4 + wide > line.right ? x - wide : x + 4;
    const row = free.findIndex((each) => start >= each);
    if (row < 0) continue;
    free[row] = start + wide;
    svg.append(shape('text', {class: 'split-label', x: start, y: bottom - LABEL_LINES[row]}, text));
  }
}

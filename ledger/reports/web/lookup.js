// The answers of a day: looked up among what Python worked out, and never reckoned.
const KEY = ['series', 'holder', 'inherited_from', 'transferred_from'];

// How many days of change have come by a day; the last of them is the one that counts.
function placeOf(iso) {
  let low = 0;
  let high = known.days.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (known.days[middle] <= iso) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

// The days on which a row changes, or an entry takes effect; on the others of the days only deadlines come and go.
const turnsOf = (which, place) => known[which].flatMap((each) => each[place].map(([number]) => known.days[number]));

function changeDays() {
  const days = new Set(known.days);
  const effective = known.entries.map((each) => rowOf(known.names.entries, each))
    .filter((row) => row.retracted_by === null && days.has(row.on)).map((row) => row.on);
  return [...new Set([...turnsOf('holdings', 4), ...turnsOf('eligibility', 4), ...turnsOf('series', 1), ...effective])].sort();
}

function changeAt(changes, place) {
  let found = null;
  for (const change of changes) {
    if (change[0] > place) break;
    found = change;
  }
  return found !== null && found.length > 1 ? found : null;
}

function rowOf(names, values) {
  const row = {};
  names.forEach((name, number) => { row[name] = values[number]; });
  return row;
}

function ofHoldings(which, place) {
  const rows = [];
  for (const each of known[which]) {
    const change = changeAt(each[4], place);
    if (change !== null) rows.push({...rowOf(KEY, each), ...rowOf(known.names[which], change.slice(1))});
  }
  return rows;
}

function ofSeries(place) {
  const rows = [];
  for (const [series, changes] of known.series) {
    const change = changeAt(changes, place);
    if (change !== null) rows.push({series, ...rowOf(known.names.series, change.slice(1))});
  }
  return rows;
}

function answersOf(iso) {
  const place = placeOf(iso);
  return {
    day: iso,
    place,
    holdings: ofHoldings('holdings', place),
    eligibility: ofHoldings('eligibility', place),
    series: ofSeries(place),
    deadlines: known.deadlines
      .filter(([from, until]) => from <= iso && (until === null || iso <= until))
      .map((each) => rowOf(known.names.deadlines, each.slice(2)))
      .map((row) => ({...row, days_left: numbered(row.on) - numbered(iso)})),
    exercises: known.exercises.map((each) => rowOf(known.names.exercises, each)).filter((row) => row.on <= iso),
  };
}

// What a search compares: without blanks, case and width; hiragana for katakana.
const plainText = (text) => text.normalize('NFKC').toLowerCase().replace(/\s/g, '')
  .replace(/[\u30a1-\u30f6]/g, (each) => String.fromCharCode(each.charCodeAt(0) - 0x60));

const searched = new Map();

// A holder's id and names, as a search compares them.
function namesOf(holder) {
  if (!searched.has(holder)) searched.set(holder, [holder, label(holder), ...(known.spellings[holder] ?? [])].map(plainText));
  return searched.get(holder);
}

const isCalled = (holder, wanted) => namesOf(holder).some((each) => each.includes(wanted));

// Whether a row is of somebody searched for; a row of nobody stays only where nobody is.
function isOf(row, wanted) {
  if (wanted === '') return true;
  return [row.holder, row.inherited_from, row.transferred_from]
    .some((each) => each && isCalled(each, wanted));
}

// Which columns each table has: those of the command line's tables, but for those that say nothing in all the life.
const column = (name, kind = 'text', value = (row) => row[name], heading = name) => (
  {heading: say(`column_${heading}`), kind, value, name});

function used(which, names, changes) {
  return names.filter((name) => {
    const number = known.names[which].indexOf(name) + 1;
    return known[which].some((each) => changes(each).some((change) => change.length > 1 && !isNothing(change[number])));
  });
}

const WAYS = ['exercised', 'lapsed', 'waived', 'acquired', 'extinguished', 'replaced'];
const usedByHoldings = ['allotted', 'received', 'outstanding', ...WAYS, 'passed_on'];
const holdingColumns = used('holdings', usedByHoldings, (each) => each[4]);
const seriesColumns = used('series', usedByHoldings.slice(0, -1), (each) => each[1]);
const isReplaced = known.series.some(([, changes]) => changes.some((change) => {
  const row = rowOf(known.names.series, change.slice(1));
  return row.replaces !== null || row.replaced_by.length > 0;
}));
const isDue = known.exercises.some((each) => !isNothing(rowOf(known.names.exercises, each).shares_still_due));

const counts = (names) => names.map((name) => column(name, 'number'));
const perRight = column('shares_per_right', 'number', (row) => row.shares_per_right, 'per_right');
const shares = column('shares', 'number');
const holder = column('holder', 'name', holderOf);

const inSeries = column('series', 'series');

const COLUMNS = {
  series: [
    column('series', 'name'), column('max_rights', 'number', (row) => row.max_rights, 'maximum'),
    ...counts(seriesColumns), perRight, shares,
  ],
  terms: [
    column('series', 'name'), column('company', 'text', (row) => companyOf(row.company)), column('exercise_price', 'number yen'),
    column('price_per_share', 'number yen'), column('price_per_right', 'number yen'),
    column('exercise_from', 'day', (row) => row.exercise_from, 'from'),
    column('exercise_until', 'day', (row) => row.exercise_until, 'until'),
    ...(isReplaced ? [column('replaces', 'text', (row) => row.replaces ?? ''),
      column('replaced_by', 'text', (row) => row.replaced_by.join(', '))] : []),
  ],
  holdings: [inSeries, holder, ...counts(holdingColumns), perRight, shares],
  eligibility: [
    inSeries, holder, column('rights', 'number'), shares, column('payment', 'number yen'),
    column('may_exercise', 'text', (row) => (row.eligible ? say('yes') : named('reason', row.reason))),
    column('from', 'day'), column('until', 'day'),
  ],
  deadlines: [
    column('on', 'day', (row) => row.on, 'day'), column('days_left', 'number'),
    column('what', 'text', (row) => named('kind', row.kind)), inSeries, holder, column('rights', 'number'), shares,
  ],
  exercises: [
    column('version', 'number'), inSeries, holder, column('on', 'day'), column('rights', 'number'), shares,
    ...(isDue ? [column('shares_still_due', 'number')] : []), column('payment', 'number yen'),
    column('capital', 'number yen'), column('capital_reserve', 'number yen', (row) => row.capital_reserve, 'reserve'),
  ],
};

// The sums below a table, of its columns of counts.
function totals(columns, rows, names) {
  const found = {[say('column_holder')]: say('total')};
  for (const each of columns.filter(({name}) => names.includes(name))) {
    found[each.heading] = sum(rows.map((row) => row[each.name]));
  }
  return found;
}

const oneSeries = (rows) => rows.length > 1 && new Set(rows.map((row) => row.series)).size === 1;

function showTables(answers, wanted) {
  const titled = (name) => say('of_series', {title: at(`${name}-title`).textContent, day: day(answers.day)});
  const mine = (rows) => rows.filter((row) => isOf(row, wanted));
  const said = wanted === '' ? 'nothing' : 'nothing_found';
  table('series-table', titled('series'), COLUMNS.series, answers.series);
  table('terms-table', titled('terms'), COLUMNS.terms, answers.series);
  const held = mine(answers.holdings).filter((row) => !at('only-outstanding').checked || !isNothing(row.outstanding));
  const footer = oneSeries(held) ? totals(COLUMNS.holdings, held, [...holdingColumns, 'shares']) : null;
  table('holdings-table', titled('holdings'), COLUMNS.holdings, held, {footer, said});
  table('eligibility-table', titled('eligibility'), COLUMNS.eligibility, mine(answers.eligibility), {
    said, kindOf: (row) => (row.eligible ? 'open' : null),
  });
  table('deadlines-table', titled('deadlines'), COLUMNS.deadlines, mine(answers.deadlines), {said});
  const done = mine(answers.exercises);
  const summed = ['rights', 'shares', 'shares_still_due', 'payment', 'capital', 'capital_reserve'];
  const sums = done.length > 1 ? totals(COLUMNS.exercises, done, summed) : null;
  table('exercises-table', titled('exercises'), COLUMNS.exercises, done, {footer: sums, said});
}

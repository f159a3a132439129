// What holds on the chosen day in a few figures, and what takes effect on it.
const seen = (row) => !isNothing(row.outstanding);

function tile(name, value, notes = []) {
  return element('div', {}, element('dt', {}, say(name)), element('dd', {}, value,
    ...notes.map((note) => element('small', {}, note))));
}

function figuresOf(answers) {
  const open = answers.eligibility.filter((row) => row.eligible);
  return {
    rights: count(sum(answers.series.map((row) => row.outstanding))),
    shares: count(sum(answers.series.map((row) => row.shares))),
    holders: count(new Set(answers.holdings.filter(seen).map((row) => row.holder)).size),
    open: count(sum(open.map((row) => row.rights))),
    exercised: count(sum(answers.series.map((row) => row.exercised))),
  };
}

// Shares of different companies are no sum: each company's are told.
function sharesByCompany(answers) {
  const by = new Map();
  for (const row of answers.series.filter((each) => !isNothing(each.shares))) {
    by.set(row.company, [...(by.get(row.company) ?? []), row.shares]);
  }
  return by.size < 2 ? [] : [...by].map(([company, values]) => say('of_company', {company, count: count(sum(values))}));
}

function showSummary(answers) {
  const figures = figuresOf(answers);
  const apart = sharesByCompany(answers);
  at('as-of').textContent = say('as_of_day', {day: day(answers.day)});
  at('tiles').replaceChildren(
    tile('rights_outstanding', figures.rights),
    apart.length === 0 ? tile('shares_for_them', figures.shares) : tile('shares_for_them', '', apart),
    tile('holders_with_rights', figures.holders),
    tile('may_be_exercised', figures.open),
    tile('exercised_so_far', figures.exercised),
  );
  showThisDay(answers);
  tell(say('summary', {day: day(answers.day), ...figures, shares: apart.length === 0 ? figures.shares : apart.join(', ')}));
}

function showThisDay(answers) {
  const host = at('this-day');
  const effective = entries.filter((row) => row.on === answers.day && row.retracted_by === null);
  const happened = [
    ...effective.map((row) => element('li', {}, element('strong', {}, typeOf(row)), ` ${row.about}`)),
    ...byThemselves(answers).map((said) => element('li', {}, said)),
  ];
  if (happened.length > 0) {
    const some = happened.slice(0, MOST_ON_A_DAY);
    host.replaceChildren(element('h3', {}, say('on_this_day')), element('ul', {}, ...some),
      ...(some.length < happened.length ? [element('p', {class: 'soft'}, say('shown_of', {shown: count(some.length), count: count(happened.length)}))] : []));
    return;
  }
  const before = changeBefore(answers.day);
  const said = changes.includes(answers.day) ? say('by_itself') : before !== undefined ? say('no_change', {day: day(before)})
    : say(entries.length === 0 ? 'no_entries' : 'before_all');
  host.replaceChildren(element('p', {class: 'soft'}, said));
}

// What no entry says: who lapsed, whose window opened, and whose has closed.
function byThemselves(answers) {
  if (known.days[answers.place] !== answers.day) return [];
  const nameOf = (row) => JSON.stringify(KEY.map((name) => row[name]));
  const earlier = (which) => new Map(ofHoldings(which, answers.place - 1).map((row) => [nameOf(row), row]));
  const [held, could] = [earlier('holdings'), earlier('eligibility')];
  const couldNot = (row) => could.get(nameOf(row))?.eligible !== true;
  const eve = isoOf(numbered(answers.day) - 1);
  const told = (name, row, rights) => say(name, {holder: holderOf(row), series: row.series, rights: count(rights)});
  const lapses = answers.holdings.map((row) => [row, sum([row.lapsed]) - sum([held.get(nameOf(row))?.lapsed ?? 0])]);
  return [
    ...lapses.filter(([, rights]) => rights > 0n).map(([row, rights]) => told('lapse_of', row, rights)),
    ...answers.eligibility.filter((row) => row.eligible && row.from === answers.day && couldNot(row))
      .map((row) => told('opens_for', row, row.rights)),
    ...[...could.values()].filter((row) => row.eligible && row.until === eve).map((row) => told('closed_for', row, row.rights)),
  ];
}

const MOST_ON_A_DAY = 8;
let waiting;

// Said once the slider rests: every step of it would be too much to listen to.
function tell(text) {
  clearTimeout(waiting);
  waiting = setTimeout(() => { at('said').textContent = text; }, 400);
}

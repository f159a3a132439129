// What holds on the chosen day in a few figures, and what takes effect on it.
const seen = (row) => !isNothing(row.outstanding);

function tile(name, value, notes = []) {
  return element('div', {}, element('dt', {}, say(name)), element('dd', {}, value,
    ...notes.map((note) => element('small', {}, note))));
}

function figuresOf(answers, series = answers.series) {
  const names = new Set(series.map((row) => row.series));
  const open = answers.eligibility.filter((row) => row.eligible && names.has(row.series));
  return {
    rights: count(sum(series.map((row) => row.outstanding))),
    shares: count(sum(series.map((row) => row.shares))),
    open: count(sum(open.map((row) => row.rights))),
    exercised: count(sum(series.map((row) => row.exercised))),
  };
}

// Rights and shares of different companies are no sum: where several have rights outstanding, each company's are told.
function figuresApart(answers) {
  const companies = [...new Set(answers.series.filter(seen).map((row) => row.company))];
  return companies.length < 2 ? [] : companies.map((company) => (
    {company: companyOf(company), ...figuresOf(answers, answers.series.filter((row) => row.company === company))}));
}

function showSummary(answers) {
  const figures = figuresOf(answers);
  const apart = figuresApart(answers);
  const told = (name, figure) => (apart.length === 0 ? tile(name, figures[figure])
    : tile(name, '', apart.map((each) => say('of_company', {company: each.company, count: each[figure]}))));
  at('as-of').textContent = say('as_of_day', {day: day(answers.day)});
  at('tiles').replaceChildren(
    told('rights_outstanding', 'rights'),
    told('shares_for_them', 'shares'),
    tile('holders_with_rights', count(new Set(answers.holdings.filter(seen).map((row) => row.holder)).size)),
    told('may_be_exercised', 'open'),
    tile('exercised_so_far', figures.exercised),
  );
  showThisDay(answers);
  tell(apart.length === 0 ? say('summary', {day: day(answers.day), ...figures}) : say('summary_apart', {
    day: day(answers.day), companies: apart.map((each) => say('summary_of', each)).join(say('comma')),
  }));
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

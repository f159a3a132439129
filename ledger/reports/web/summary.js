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
  if (effective.length > 0) {
    const some = effective.slice(0, MOST_ON_A_DAY);
    host.replaceChildren(element('h3', {}, say('on_this_day')), element('ul', {}, ...some.map((row) => (
      element('li', {}, element('strong', {}, typeOf(row)), ` ${row.about}`)))),
    ...(some.length < effective.length ? [element('p', {class: 'soft'}, say('shown_of', {shown: count(some.length), count: count(effective.length)}))] : []));
    return;
  }
  const last = known.days[answers.place];
  const said = last === undefined ? say(known.days.length === 0 ? 'no_entries' : 'before_all')
    : last === answers.day ? say('by_itself') : say('no_change', {day: day(last)});
  host.replaceChildren(element('p', {class: 'soft'}, said));
}

const MOST_ON_A_DAY = 8;
let waiting;

// Said once the slider rests: every step of it would be too much to listen to.
function tell(text) {
  clearTimeout(waiting);
  waiting = setTimeout(() => { at('said').textContent = text; }, 400);
}

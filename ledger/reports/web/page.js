// The page as a whole.
function refresh() {
  const answers = answersOf(chosen.day);
  const span = showControls();
  showSummary(answers);
  showTables(answers, chosen.holder);
  showEntries(answers, chosen.holder);
  drawRights(answers, span);
  drawWindows(answers, chosen.holder);
}

// The companies, those that a merger has dissolved last and with the day.
function titled() {
  const isGone = (company) => known.dissolved[company] !== undefined && known.dissolved[company] <= known.today;
  const companies = Object.keys(known.companies);
  return [
    ...companies.filter((each) => !isGone(each)).map(companyOf),
    ...companies.filter(isGone).map((each) => say('dissolved', {company: companyOf(each), day: day(known.dissolved[each])})),
  ];
}

function introduce() {
  const names = titled();
  const title = say('title', {ledger: known.ledger, version: count(known.version)});
  at('title').textContent = names.length === 0 ? known.ledger : names.slice(0, 3).join(say('comma'));
  const parts = [title, ...known.known.map((each) => each), say('made', {day: day(known.today)})];
  at('stamp').textContent = parts.join(' · ');
  document.title = `${at('title').textContent} · ${title}`;
  at('proof').textContent = say('entries_held', {count: count(known.version), root: known.root});
}

// On paper there is nothing to click: every row is there.
function showAll() {
  for (const place of ['holdings-table', 'eligibility-table', 'deadlines-table', 'exercises-table', 'entries-table',
    'series-table', 'terms-table', 'rights-chart', 'windows-chart']) whole.add(place);
  paper.isOn = true;
  refresh();
}

introduce();
listen();
addEventListener('beforeprint', showAll);
addEventListener('afterprint', () => {
  paper.isOn = false;
  refresh();
});
refresh();
document.documentElement.dataset.ready = 'yes';

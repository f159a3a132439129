// The day: by the slider, by the field, from change to change; and whom the answers are of.
const today = numbered(known.today);
const changes = changeDays();
const numbers = known.days.map(numbered);
const lastEntry = entries.reduce((so_far, row) => (row.on !== null && row.on > so_far ? row.on : so_far), '');
const SPANS = {
  now: {
    first: Math.min(numbers[0] ?? today - 365, today) - 1,
    last: Math.max(today, lastEntry === '' ? today : numbered(lastEntry)) + 30,
  },
};
SPANS.whole = {first: SPANS.now.first, last: Math.max(SPANS.now.last, (numbers.at(-1) ?? today) + 1)};

const chosen = {day: known.as_of, span: 'now', holder: ''};

function spanFor(number) {
  const {first, last} = SPANS[chosen.span];
  return {first: Math.min(first, number), last: Math.max(last, number)};
}

function choose(iso) {
  if (!isDay(iso)) return;
  chosen.day = iso;
  if (numbered(iso) > SPANS.now.last) chosen.span = 'whole';
  refreshSoon();
}

let isWaiting = false;

function refreshSoon() {
  if (isWaiting) return;
  isWaiting = true;
  requestAnimationFrame(() => {
    isWaiting = false;
    refresh();
  });
}

function showControls() {
  const number = numbered(chosen.day);
  const span = spanFor(number);
  const slider = at('slider');
  slider.min = span.first;
  slider.max = span.last;
  slider.value = number;
  slider.setAttribute('aria-valuetext', day(chosen.day));
  if (at('day').value !== chosen.day && document.activeElement !== at('day')) at('day').value = chosen.day;
  at('first-day').textContent = day(isoOf(span.first));
  at('last-day').textContent = day(isoOf(span.last));
  at('until-now').setAttribute('aria-pressed', String(chosen.span === 'now'));
  at('whole-life').setAttribute('aria-pressed', String(chosen.span === 'whole'));
  enable('back', changeBefore(chosen.day) !== undefined);
  enable('forth', changeAfter(chosen.day) !== undefined);
  if (known.is_live) keepAddress();
  return span;
}

// A button that can do nothing stays where the keyboard is.
const enable = (id, isAble) => at(id).setAttribute('aria-disabled', String(!isAble));

// The address shows the day, so that a reload opens at it; everything else in it stays.
function keepAddress() {
  const address = new URL(location.href);
  if (address.searchParams.get('as_of') === chosen.day) return;
  address.searchParams.set('as_of', chosen.day);
  clearTimeout(keepAddress.waiting);
  keepAddress.waiting = setTimeout(() => history.replaceState(null, '', address), 150);
}

const changeBefore = (iso) => changes.findLast((each) => each < iso);
const changeAfter = (iso) => changes.find((each) => each > iso);

function goBack() {
  choose(changeBefore(chosen.day));
}

function goForth() {
  choose(changeAfter(chosen.day));
}

function listen() {
  at('slider').addEventListener('input', (event) => choose(isoOf(Number(event.target.value))));
  at('day').addEventListener('input', (event) => choose(event.target.value));
  at('day').addEventListener('blur', () => { at('day').value = chosen.day; });
  at('back').addEventListener('click', goBack);
  at('forth').addEventListener('click', goForth);
  at('now').addEventListener('click', () => choose(known.today));
  for (const [id, span] of [['until-now', 'now'], ['whole-life', 'whole']]) {
    at(id).addEventListener('click', () => {
      chosen.span = span;
      refreshSoon();
    });
  }
  at('search').addEventListener('input', (event) => {
    chosen.holder = plainText(event.target.value);
    refreshSoon();
  });
  at('only-outstanding').addEventListener('change', refreshSoon);
  let wide = at('answers').clientWidth;
  new ResizeObserver(() => {
    if (wide === at('answers').clientWidth) return;
    wide = at('answers').clientWidth;
    refreshSoon();
  }).observe(at('answers'));
}

// What the page knows, and how it writes it: numbers exactly, days as the language does, texts never as markup.
const known = JSON.parse(document.getElementById('data').textContent);
const NONE = '–';
const SVG = 'http://www.w3.org/2000/svg';
const DAY = 86400000;

const at = (id) => document.getElementById(id);

function element(name, values = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined && value !== null) made.setAttribute(key, value);
  }
  made.append(...inside.map((each) => (typeof each === 'object' ? each : String(each))));
  return made;
}

// A message with its values in their places.
function say(name, values = {}) {
  const message = known.words[name] ?? name;
  return message.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
}

// What a kind is called; one that has no name yet is called what it is.
const named = (what, kind) => known.words[`${what}_${kind}`] ?? kind;

// A count in groups of three digits, however long it is.
const count = (value) => String(value).replace(/^-/, '−').replace(/\B(?=(\d{3})+$)/g, ',');

function yen(value) {
  const [whole, decimals] = String(value).split('.');
  const amount = `${count(whole)}${decimals === undefined ? '' : `.${decimals}`}`;
  return known.language === 'ja' ? `${amount}円` : `¥${amount}`;
}

function day(iso) {
  if (iso === null || known.language !== 'ja') return iso ?? NONE;
  const [year, month, date] = iso.split('-').map(Number);
  return `${year}年${month}月${date}日`;
}

// Days as whole numbers, to be placed along a line.
const numbered = (iso) => Math.round(Date.parse(`${iso}T00:00:00Z`) / DAY);
const isoOf = (number) => new Date(number * DAY).toISOString().slice(0, 10);
const isDay = (text) => text !== undefined && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`))
  && isoOf(numbered(text)) === text && text >= '1868-01-01' && text <= '2999-12-31';

const sum = (values) => values.reduce((so_far, each) => so_far + BigInt(each), 0n);
const isNothing = (value) => value === null || String(value) === '0';

const companyOf = (company) => known.companies[company] ?? company;
const label = (holder) => known.labels[holder] ?? holder;

function holderOf(row) {
  if (row.holder === null) return '';
  if (row.inherited_from !== null) return say('heir_of', {holder: label(row.holder), giver: label(row.inherited_from)});
  if (row.transferred_from !== null) return say('from_giver', {holder: label(row.holder), giver: label(row.transferred_from)});
  return label(row.holder);
}

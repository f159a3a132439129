// Every entry as it was recorded; those that come after the chosen day are dimmed, those retracted struck through.
const entries = known.entries.map((each) => rowOf(known.names.entries, each));
const typeOf = (row) => named('type', row.type);

const entryColumns = [
  column('version', 'name short'),
  column('type', 'text', (row) => (row.retracted_by === null ? typeOf(row)
    : `${typeOf(row)} (${say('retracted_by', {version: row.retracted_by})})`)),
  column('on', 'day', (row) => row.on, 'on'),
  column('recorded', 'day time', (row) => `${day(row.recorded_day)} ${row.recorded_time}`),
  column('actor'), column('about', 'long'), column('source', 'long'), column('note', 'long'),
].filter(({name}) => !['source', 'note'].includes(name) || entries.some((row) => row[name]));

function showEntries(answers, wanted) {
  const rows = entries.filter((row) => wanted === '' || row.holders.some((each) => isCalled(each, wanted)));
  const said = entries.length === 0 ? 'no_entries' : 'nothing_found';
  table('entries-table', at('entries-title').textContent, entryColumns, rows, {
    said, kindOf: (row) => (row.retracted_by !== null ? 'struck' : row.on !== null && row.on > answers.day ? 'dimmed' : null),
  });
}

// The keys at hand, as a table that becomes a list of facts where it is narrow.

import { day, element, icon, printable, roughly, time } from './text.js';

const NEAR_EXPIRY_DAYS = 30;
const DAY = 86_400_000;
const COLUMNS = ['kid', 'Algorithms', 'Size or curve', 'First seen', 'Certificate until', 'Last seen in use'];

/** The table without its rows. Roles are said, because browsers forget them where CSS makes a table something else. */
export function keyTable(headingId, rows) {
  return element(
    'table',
    { role: 'table', 'aria-labelledby': headingId },
    element(
      'thead',
      { role: 'rowgroup' },
      element('tr', { role: 'row' }, ...COLUMNS.map((column) => element('th', { scope: 'col', role: 'columnheader' }, column))),
    ),
    rows,
  );
}

/** One key as a row. */
export function keyRow(key, now) {
  const cell = (column, ...children) =>
    element('td', { role: 'cell' }, element('span', { class: 'label', 'aria-hidden': 'true' }, COLUMNS[column]), element('span', { class: 'value' }, ...children));
  const nothing = (words) => element('span', { class: 'quiet' }, words);
  const kid = key.kid === null ? nothing('none') : element('code', {}, printable(key.kid));
  const kind = key.curve ?? (key.sizeBits === null ? '' : `${key.sizeBits} bits`);
  const head = element(
    'th',
    { scope: 'row', role: 'rowheader', title: `Thumbprint ${printable(key.thumbprint)}` },
    element('span', { class: 'label', 'aria-hidden': 'true' }, COLUMNS[0]),
    element('span', { class: 'value' }, kid),
  );
  return element(
    'tr',
    { role: 'row' },
    head,
    cell(1, key.algorithms.map((algorithm) => printable(algorithm)).join(', ')),
    cell(2, `${printable(key.keyType)} ${printable(kind)}`),
    cell(3, time(key.firstSeen, now)),
    cell(4, certificate(key.certificateExpiry, now) ?? nothing('–')),
    cell(5, key.lastUsed === null ? nothing('not yet') : time(key.lastUsed, now)),
  );
}

/** Until when the certificate beside a key holds, with a warning when that is near. */
function certificate(expiry, now) {
  if (expiry === null) {
    return null;
  }
  const left = (Date.parse(expiry) - now) / DAY;
  const date = time(expiry, now, day(Date.parse(expiry)));
  if (left > NEAR_EXPIRY_DAYS) {
    return date;
  }
  const words = left <= 0 ? 'expired ' : `expires in ${roughly(left * 86_400)}, `;
  return element('span', { class: left <= 0 ? 'bad' : 'warn' }, icon('warning'), ` ${words}`, date);
}

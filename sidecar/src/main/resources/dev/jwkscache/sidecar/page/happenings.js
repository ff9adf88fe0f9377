// What a provider's timeline tells: as marks in lanes for the chart, and in words for the list.

import { plural, printable, took } from './text.js';

/** From the bottom of the chart to its top. */
export const LANES = ['purged', 'withdrawn', 'rotated', 'failed', 'fetched'];

const MOST_NAMES = 4;
/** The thumbprint of a key, which many providers take for its kid, has 43. */
const MOST_LETTERS = 64;

function names(kids) {
  const shown = kids.slice(0, MOST_NAMES).map((kid) => printable(kid, MOST_LETTERS)).join(', ');
  return kids.length > MOST_NAMES ? `${shown} and ${kids.length - MOST_NAMES} more` : shown;
}

function how(entry) {
  const source = entry.stored ? 'from the store' : entry.trigger;
  return entry.tookSeconds === null || entry.tookSeconds === undefined
    ? `(${source})`
    : `(${source}, ${took(entry.tookSeconds)})`;
}

/**
 * Everything that happened, oldest first.
 *
 * @param timeline of a provider
 * @param whole whether the timeline begins with the sidecar, so that its first keys are no rotation
 * @returns list of {at, lane, words, alike}; entries that say the same have the same `alike`
 */
export function happenings(timeline, whole) {
  const all = [];
  let first = whole;
  for (const entry of timeline) {
    const at = Date.parse(entry.at);
    const add = (lane, words, alike = null) => all.push({ at, lane, words, alike });
    if (entry.event === 'purged') {
      add('purged', 'Purged');
      first = true;
    } else if (entry.event === 'refresh-failed') {
      const why = printable(entry.detail || entry.reason);
      add('failed', `Failed: ${why} (${entry.trigger})`, why);
    } else if (entry.event === 'refreshed') {
      const { added = [], removed = [] } = entry;
      if (added.length && first) {
        add('fetched', `Loaded ${plural(added.length, 'key')} ${how(entry)}: ${names(added)}`);
      } else if (added.length) {
        add('rotated', `Rotated ${how(entry)}: added ${names(added)}`);
      }
      if (removed.length) {
        add('withdrawn', `Withdrawn by the provider ${how(entry)}: ${names(removed)}`);
      }
      if (!added.length && !removed.length) {
        add('fetched', `Unchanged ${how(entry)}`, 'unchanged');
      }
      first = false;
    }
  }
  return all;
}

/** Spans in which every fetch failed, as pairs of milliseconds; the last may be open. */
export function outages(timeline, now) {
  const spans = [];
  let since = null;
  for (const entry of timeline) {
    if (entry.event === 'refresh-failed') {
      since ??= Date.parse(entry.at);
    } else if (entry.event === 'refreshed' && since !== null) {
      spans.push([since, Date.parse(entry.at)]);
      since = null;
    }
  }
  return since === null ? spans : [...spans, [since, now]];
}

/** The last things, newest first; rows of the same are one item with how often and since when. */
export function lastOf(all, most) {
  const items = [];
  for (let i = all.length - 1; i >= 0; i--) {
    const one = all[i];
    const newer = items.at(-1);
    if (newer && one.alike !== null && newer.alike === one.alike) {
      newer.times++;
      newer.since = one.at;
    } else if (items.length === most) {
      break;
    } else {
      items.push({ ...one, times: 1, since: one.at });
    }
  }
  return items;
}

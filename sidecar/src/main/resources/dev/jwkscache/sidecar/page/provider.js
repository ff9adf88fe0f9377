// One provider: everything the page says of it.

import { happenings, lastOf, outages } from './happenings.js';
import { keyRow, keyTable } from './keys.js';
import { Timeline } from './timeline.js';
import { clock, day, element, icon, plural, printable, setText, span, time } from './text.js';

const MOST_EVENTS = 10;
const MOST_ENTRIES = 1000;
const DAY = 86_400_000;

const WORDS = {
  empty: ['Empty', 'No keys yet: callers get 503.'],
  fresh: ['Fresh', ''],
  stale: ['Stale', 'Older than the time to live, and still served.'],
  expired: ['Expired', 'Past max staleness: no key is served, callers get 503.'],
};

/** How far keys may be trusted as time goes on without news from the server. */
export function stateAt(provider, age) {
  if (provider.state === 'empty' || age === null) {
    return 'empty';
  }
  if (provider.state === 'expired' || age > provider.maxStalenessSeconds) {
    return 'expired';
  }
  return provider.state === 'stale' || age > provider.timeToLiveSeconds ? 'stale' : 'fresh';
}

/** The section of one provider, kept up to date in place. */
export class ProviderView {
  #parts;
  #data = null;
  #received = 0;
  #keysShown = null;
  #eventsShown = null;
  #timeline;
  #span = 0;
  #happened = [];
  #state = 'empty';
  #busy = false;
  #now = 0;

  /** @param actions refresh(name), purge(name) */
  constructor(name, open, actions) {
    const id = (part) => `provider-${name}-${part}`;
    const part = (tag, attributes, ...children) => element(tag, attributes, ...children);
    const parts = {
      address: part('p', { class: 'address' }),
      stateIcon: part('span', { class: 'state-icon' }),
      stateWord: part('span', { class: 'state-word' }),
      stateText: part('p', { class: 'state-text' }),
      refresh: part('button', { type: 'button', class: 'refresh', 'aria-describedby': id('name') }, 'Refresh'),
      purge: part('button', { type: 'button', class: 'purge', 'aria-describedby': id('name') }, 'Purge…'),
      result: part('p', { class: 'result', hidden: true }),
      meter: part('div', { class: 'meter', role: 'meter', 'aria-label': `Age of the keys of ${name}`, 'aria-valuemin': '0' }),
      fill: part('div', { class: 'fill' }),
      mark: part('div', { class: 'mark' }),
      age: part('span', { class: 'age-text' }),
      scale: part('span', { class: 'scale' }),
      failing: part('p', { class: 'failing', hidden: true }),
      next: part('dd', {}),
      counts: part('dd', {}),
      unknown: part('dd', {}),
      skippedRow: part('div', { hidden: true }),
      skipped: part('dd', {}),
      summary: part('summary', {}),
      keys: part('tbody', { role: 'rowgroup' }),
      noKeys: part('p', { class: 'quiet', hidden: true }, 'There are no keys at hand.'),
      events: part('ol', { class: 'events' }),
      noEvents: part('p', { class: 'quiet', hidden: true }, 'Nothing has happened yet.'),
    };
    parts.meter.append(parts.mark, parts.fill);
    parts.skippedRow.append(part('dt', {}, 'Not used'), parts.skipped);
    parts.table = keyTable(id('keys'), parts.keys);
    this.#timeline = new Timeline(name);
    parts.details = part(
      'details',
      { class: 'more', open },
      parts.summary,
      part('h4', { id: id('timeline') }, 'Timeline'),
      this.#timeline.node,
      part(
        'div',
        { class: 'columns' },
        part('div', { class: 'keys' }, part('h4', { id: id('keys') }, 'Keys at hand'), parts.table, parts.noKeys),
        part('div', {}, part('h4', { id: id('events') }, 'What happened last'), parts.events, parts.noEvents),
      ),
    );
    parts.details.addEventListener('toggle', () => this.#happenings(this.#now));
    parts.root = part(
      'article',
      { class: 'provider', id: `provider-${name}`, 'aria-labelledby': id('name'), tabindex: '-1' },
      part(
        'header',
        {},
        part('div', { class: 'who' }, part('h3', { id: id('name') }, name), parts.address),
        part('p', { class: 'state' }, parts.stateIcon, parts.stateWord, part('span', { class: 'known' }, 'when last heard of')),
        part('div', { class: 'actions' }, parts.refresh, parts.purge),
      ),
      parts.stateText,
      part('div', { class: 'age' }, parts.meter, part('p', { class: 'age-line' }, parts.age, parts.scale)),
      parts.failing,
      parts.result,
      part(
        'dl',
        { class: 'facts' },
        part('div', {}, part('dt', {}, 'Next attempt'), parts.next),
        part('div', {}, part('dt', {}, 'Fetches'), parts.counts),
        part('div', {}, part('dt', {}, 'Unknown kids'), parts.unknown),
        parts.skippedRow,
      ),
      parts.details,
    );
    parts.refresh.addEventListener('click', () => actions.refresh(name));
    parts.purge.addEventListener('click', () => actions.purge(name));
    this.#parts = parts;
  }

  get node() {
    return this.#parts.root;
  }

  get data() {
    return this.#data;
  }

  get state() {
    return this.#state;
  }

  /** Why it needs somebody's attention; null when it does not. */
  get trouble() {
    const failing = this.#data.failing;
    const why = failing ? printable(failing.detail || failing.reason) : null;
    if (this.#state !== 'fresh') {
      return WORDS[this.#state][0].toLowerCase() + (why ? `: ${why}` : '');
    }
    return why ? `fresh, but fetches fail: ${why}` : null;
  }

  /**
   * Takes a new state of the provider.
   *
   * @param since when the sidecar started, in milliseconds
   * @param now the time of the server, in milliseconds
   */
  update(data, since, now) {
    this.#data = data;
    this.#received = performance.now();
    const parts = this.#parts;
    setText(parts.address, `${printable(data.address, 500)} `);
    parts.address.append(element('span', { class: 'kind' }, data.kind));
    const whole = data.timeline.length < MOST_ENTRIES && now - since < DAY;
    this.#happened = happenings(data.timeline, whole);
    setText(parts.counts, `${data.fetches}, ${data.failedRefreshes} failed`);
    setText(parts.unknown, String(data.unknownKeys));
    const skipped = Object.entries(data.skippedKeys ?? {});
    parts.skippedRow.hidden = skipped.length === 0;
    setText(parts.skipped, skipped.map(([reason, count]) => `${count} ${printable(reason)}`).join(', '));
    setText(parts.summary, `${plural(data.keys.length, 'key')}, timeline and last events`);
    this.#keys(now);
    this.#happenings(now);
    this.tick(now);
  }

  /** Shows the span of time in the chart, in seconds; 0 for as far as the timeline goes. */
  span(seconds, now) {
    this.#span = seconds;
    if (this.#data) {
      this.#happenings(now);
    }
  }

  /** Lets time pass. */
  tick(now) {
    const { maxStalenessSeconds: most, timeToLiveSeconds: live } = this.#data;
    const parts = this.#parts;
    const age = this.#age();
    this.#now = now;
    this.#state = stateAt(this.#data, age);
    const [word, text] = WORDS[this.#state];
    if (parts.root.dataset.state !== this.#state) {
      parts.root.dataset.state = this.#state;
      parts.stateIcon.replaceChildren(icon(this.#state));
    }
    setText(parts.stateWord, word);
    setText(parts.stateText, text);
    parts.stateText.hidden = text === '';

    parts.fill.style.width = `${age === null ? 0 : Math.min(100, (age / most) * 100)}%`;
    parts.mark.style.width = `${Math.min(100, (live / most) * 100)}%`;
    setText(parts.age, this.#ageText(age));
    setText(parts.scale, `time to live ${span(live)} · max staleness ${span(most)}`);
    parts.meter.setAttribute('aria-valuemax', String(most));
    parts.meter.setAttribute('aria-valuenow', String(age === null ? 0 : Math.min(most, Math.floor(age))));
    parts.meter.setAttribute('aria-valuetext', `${this.#ageText(age)}; time to live ${span(live)}, max staleness ${span(most)}`);

    this.#failing(now);
    this.#next(now);
    if (parts.details.open) {
      this.#timeline.tick(now);
    }
  }

  /** Whether an action is under way. */
  get busy() {
    return this.#busy;
  }

  /** Says what an action led to; `busy` names the one under way. */
  result(words, busy = null, failed = false) {
    const parts = this.#parts;
    this.#busy = busy !== null;
    setText(parts.result, words);
    parts.result.hidden = words === '';
    parts.result.classList.toggle('bad', failed);
    for (const name of ['refresh', 'purge']) {
      parts[name].setAttribute('aria-disabled', String(busy !== null));
    }
    setText(parts.refresh, busy === 'refresh' ? 'Refreshing' : 'Refresh');
  }

  #age() {
    return this.#data.ageSeconds === null ? null : this.#data.ageSeconds + (performance.now() - this.#received) / 1000;
  }

  #ageText(age) {
    if (age === null) {
      return 'No keys';
    }
    const left = this.#data.maxStalenessSeconds - age;
    return left > 0 && this.#state !== 'expired'
      ? `Age ${span(age)}, trusted for ${span(left)} more`
      : `Age ${span(age)}, expired ${span(-left)} ago`;
  }

  #failing(now) {
    const { failing } = this.#data;
    this.#parts.failing.hidden = !failing;
    if (failing) {
      const since = Date.parse(failing.since);
      const words = `Fetches fail since ${clock(since, now)} (${span((now - since) / 1000)}): ${printable(failing.detail || failing.reason)}`;
      if (this.#parts.failing.dataset.words !== words) {
        this.#parts.failing.dataset.words = words;
        this.#parts.failing.replaceChildren(icon('warning'), element('span', {}, words));
      }
    }
  }

  #next(now) {
    const { nextAttempt } = this.#data;
    if (nextAttempt === null) {
      setText(this.#parts.next, 'none is due');
      return;
    }
    const left = (Date.parse(nextAttempt) - now) / 1000;
    setText(this.#parts.next, left > 0 ? `in ${span(left + 1)}` : 'now');
    this.#parts.next.title = nextAttempt;
  }

  #keys(now) {
    const { keys } = this.#data;
    const shown = JSON.stringify([keys, day(now)]);
    if (shown === this.#keysShown) {
      return;
    }
    this.#keysShown = shown;
    this.#parts.table.hidden = keys.length === 0;
    this.#parts.noKeys.hidden = keys.length > 0;
    this.#parts.keys.replaceChildren(...keys.map((key) => keyRow(key, now)));
  }

  #happenings(now) {
    if (!this.#parts.details.open) {
      return;
    }
    this.#timeline.show(this.#happened, outages(this.#data.timeline, now), this.#span, now);
    const last = lastOf(this.#happened, MOST_EVENTS);
    const shown = JSON.stringify([last, day(now)]);
    if (shown === this.#eventsShown) {
      return;
    }
    this.#eventsShown = shown;
    this.#parts.noEvents.hidden = last.length > 0;
    this.#parts.events.replaceChildren(
      ...last.map((one) =>
        element(
          'li',
          { class: one.lane },
          icon(one.lane),
          time(new Date(one.at).toISOString(), now),
          element('span', {}, one.words, one.times > 1 ? ` — ${one.times} times since ${clock(one.since, now)}` : null),
        ),
      ),
    );
  }
}

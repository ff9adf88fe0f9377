// The section of the demonstration: a provider in your hand, and what its callers meet.

import { clock, element, icon, printable, setText, span } from '../page/text.js';

const BETWEEN = 1000;

/** Figures in the order in which they are shown: path, label, what there is to say, and whether it must stay 0. */
const FIGURES = [
  ['goodRefused', 'Refused though good', 'tokens of keys that could be trusted', true],
  ['forgedAccepted', 'Forged accepted', 'no key of the provider signed them', true],
  ['withdrawnAccepted', 'Withdrawn accepted late', null, true],
  ['verified', 'Verified', 'good tokens, since the start', false],
  ['forgedRefused', 'Forged refused', 'they come in a flood', false],
  ['withdrawnRefused', 'Withdrawn refused', 'their keys are gone', false],
  ['withdrawnNotKnown', 'Withdrawn accepted', 'before anybody could know', false],
  ['untrustedRefused', 'Refused, keys too old', 'when nothing may be trusted', false],
];

const number = (count) => count.toLocaleString('en');

/** A wait, which is mostly far below a millisecond. */
function wait(seconds) {
  const micros = seconds * 1e6;
  if (micros < 1000) {
    return `${micros < 10 ? micros.toFixed(1) : Math.round(micros)} µs`;
  }
  return micros < 1e6 ? `${(micros / 1000).toFixed(micros < 1e4 ? 1 : 0)} ms` : `${seconds.toFixed(1)} s`;
}

/** Adds the section at the top of the page, and keeps it live. */
export default async function show(main, headers) {
  document.head.append(element('link', { rel: 'stylesheet', href: 'demo/demo.css' }));
  const ask = async (path, method = 'GET') => {
    const response = await fetch(`demo/${path}`, {
      method,
      headers: { ...headers(), ...(method === 'POST' ? { 'X-Jwks-Cache': '1' } : {}) },
      cache: 'no-store',
      credentials: 'omit',
    });
    return { ok: response.ok, body: await response.json() };
  };
  const { body: setting } = await ask('setting');
  const view = new DemoView(setting, async (button) => {
    let told;
    try {
      const { ok, body } = await ask(button.path, 'POST');
      if (ok) {
        view.update(body);
        told = `${clock(Date.now())} ${button.label}: done. Watch: ${button.watch}`;
      } else {
        told = `${clock(Date.now())} ${button.label} was not done: ${printable(body.error)}.`;
      }
    } catch {
      told = `${clock(Date.now())} ${button.label} was not done: the demo cannot be reached.`;
    }
    view.tell(told);
  });
  main.prepend(view.node);
  for (;;) {
    try {
      const { ok, body } = await ask('state');
      if (ok) {
        view.update(body);
      }
    } catch {
      view.lost();
    }
    await new Promise((soon) => setTimeout(soon, BETWEEN));
  }
}

class DemoView {
  #parts = {};
  #last = null;
  #keysShown = null;
  #pressed = false;

  constructor(setting, press) {
    const parts = this.#parts;
    const spans = ({ timeToLiveSeconds, refreshIntervalSeconds, maxStalenessSeconds, missCooldownSeconds }) =>
      `time to live ${span(timeToLiveSeconds)}, refresh every ${span(refreshIntervalSeconds)}, max staleness ${span(maxStalenessSeconds)}, miss cooldown ${span(missCooldownSeconds)}`;
    const bound = `${span(setting.callersCaches.maxStalenessSeconds)} after the next fetch, or ${span(setting.sidecar.maxStalenessSeconds + setting.callersCaches.maxStalenessSeconds)} if none is good`;
    parts.conduct = element('strong', { class: 'demo-conduct' });
    parts.flood = element('span', { class: 'demo-flood', hidden: true });
    parts.fetches = element('span', { class: 'demo-fetches' });
    parts.told = element('p', { class: 'demo-told', role: 'status' }, 'Press a button, and watch.');
    parts.keys = element('ul', { class: 'demo-keys' });
    parts.waits = element('dd', {});
    parts.figures = {};
    const figures = FIGURES.map(([name, label, words, zero]) => {
      const value = element('span', { class: 'demo-value' }, '0');
      parts.figures[name] = value;
      return element(
        'div',
        { class: zero ? 'demo-figure demo-zero' : 'demo-figure', id: `demo-${name}` },
        element('dt', {}, label),
        element('dd', {}, value, element('span', { class: 'quiet' }, zero ? `must stay 0${words ? `: ${words}` : `: later than ${bound}`}` : words)),
      );
    });
    parts.buttons = setting.buttons.map((button) => {
      const made = element('button', { type: 'button', 'aria-describedby': `demo-text-${button.path}` }, button.label);
      made.addEventListener('click', () => this.#press(press, button));
      return element(
        'li',
        {},
        made,
        element('p', { id: `demo-text-${button.path}` }, button.does, element('span', { class: 'quiet' }, ` Watch: ${button.watch}`)),
      );
    });
    this.node = element(
      'section',
      { id: 'demo', class: 'demo', 'aria-labelledby': 'demo-heading' },
      element('h2', { id: 'demo-heading' }, 'Demonstration'),
      element(
        'p',
        { class: 'demo-intro' },
        `An identity provider in your hand; this sidecar, which keeps its keys; and ${setting.callers} callers in ${setting.services} services, who verify its tokens all the time with the keys that the sidecar serves. ` +
          `All spans are short, so that you see things happen. Sidecar: ${spans(setting.sidecar)}. Each service has a cache of its own before the sidecar: ${spans(setting.callersCaches)}.`,
      ),
      element(
        'div',
        { class: 'demo-parts' },
        element(
          'div',
          { class: 'demo-provider' },
          element('h3', {}, 'The provider'),
          element('p', { class: 'demo-line' }, element('span', {}, 'It ', parts.conduct), parts.flood, parts.fetches),
          parts.told,
          element('ul', { class: 'demo-buttons' }, ...parts.buttons),
        ),
        element(
          'div',
          { class: 'demo-callers' },
          element('h3', {}, 'Its callers'),
          element('dl', { class: 'demo-figures' }, ...figures),
          element('dl', { class: 'demo-waits' }, element('dt', {}, 'Wait for a key'), parts.waits),
          element('h4', {}, 'Keys of the provider'),
          parts.keys,
        ),
      ),
    );
  }

  async #press(press, button) {
    if (this.#pressed) {
      return;
    }
    this.#pressed = true;
    await press(button);
    this.#pressed = false;
  }

  /** Says what a button led to. */
  tell(words) {
    setText(this.#parts.told, words);
  }

  /** Shows how things stand. */
  update(state) {
    const parts = this.#parts;
    const { provider, score, floodSecondsLeft } = state;
    this.node.dataset.lost = 'false';
    this.node.dataset.healthy = provider.healthy;
    setText(parts.conduct, provider.conduct);
    parts.flood.hidden = floodSecondsLeft === null;
    setText(parts.flood, floodSecondsLeft === null ? '' : `Forged tokens pour in for ${Math.ceil(floodSecondsLeft)} s more`);
    setText(parts.fetches, `${number(provider.fetches)} fetches have reached it`);
    for (const [name, , , zero] of FIGURES) {
      setText(parts.figures[name], number(score[name]));
      if (zero) {
        parts.figures[name].classList.toggle('bad', score[name] > 0);
      }
    }
    setText(
      parts.waits,
      `${wait(score.wait.p50Seconds)} for half of them, ${wait(score.wait.p99Seconds)} or less for 99 of 100 in the last minutes; ${wait(score.wait.maxSeconds)} at most since the start`,
    );
    this.#keys(provider.keys);
    this.#last = Date.now();
  }

  /** The demo does not answer. */
  lost() {
    if (this.node.dataset.lost !== 'true') {
      this.node.dataset.lost = 'true';
      this.tell(this.#last === null ? 'The demo cannot be reached.' : `The demo cannot be reached. The figures are those of ${clock(this.#last)}.`);
    }
  }

  #keys(keys) {
    const shown = JSON.stringify(keys);
    if (shown === this.#keysShown) {
      return;
    }
    this.#keysShown = shown;
    const icons = { coming: 'rotated', signing: 'fresh', withdrawn: 'withdrawn' };
    this.#parts.keys.replaceChildren(
      ...keys.map((key) =>
        element(
          'li',
          { 'data-key': key.state },
          icon(icons[key.state]),
          element('code', { title: printable(key.kid) }, printable(key.kid)),
          element('span', {}, `${printable(key.algorithm)}, ${printable(key.words)}`),
        ),
      ),
    );
  }
}

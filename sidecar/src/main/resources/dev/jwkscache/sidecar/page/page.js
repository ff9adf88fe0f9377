// The status page: connects, and keeps a view of every provider and an overview of all.

import { Actions } from './actions.js';
import { ProviderView } from './provider.js';
import { Stream } from './stream.js';
import { clock, day, element, icon, printable, setText } from './text.js';

const TOKEN = 'jwks-cache-token';
/** With more key sets than this, each shows its keys and timeline when it is opened. */
const MOST_OPEN = 6;
const MOST_UNFILTERED = 8;
const STATES = ['expired', 'empty', 'stale', 'fresh'];

const at = (id) => document.getElementById(id);
const views = new Map();
const sections = new Set();
let startedAt = 0;
let serverAhead = 0;
let connected = false;
let lostAt = null;
let nextTry = 0;
let spanSeconds = 0;
let lastBeat = [performance.now(), Date.now()];
let readinessTimer = null;

const now = () => Date.now() + serverAhead;
const headers = () => {
  const token = sessionStorage.getItem(TOKEN);
  return token ? { Authorization: `Bearer ${token}` } : {};
};

function announce(words) {
  at('announcements').textContent = words;
}

const actions = new Actions({
  view: (name) => views.get(name),
  connected: () => connected,
  headers,
  take(provider) {
    takeProvider(provider);
    overview();
  },
  announce,
});

// What the server tells

const stream = new Stream(headers, {
  event(name, data) {
    if (name === 'status') {
      takeStatus(data);
    } else if (name === 'provider') {
      takeProvider(data);
      readinessSoon();
    } else if (name === 'removed') {
      views.get(data.name)?.node.remove();
      views.delete(data.name);
      readinessSoon();
    }
    overview();
  },
  down(reason, pause) {
    if (connected || lostAt === null) {
      lostAt = Date.now();
    }
    connected = false;
    nextTry = Date.now() + pause;
    const told = views.size ? 'What you see is what was known then.' : '';
    setText(at('notice-text'), `Not connected since ${clock(lostAt)}: ${reason}. ${told}`);
    at('notice').hidden = at('retry').hidden = false;
    at('readiness').hidden = true;
    connection('lost', `Not connected since ${clock(lostAt)}`);
    countDown();
    overview();
  },
  refused(status) {
    connected = false;
    if (status === 401) {
      askForToken();
      return;
    }
    setText(at('notice-text'), 'The management server refuses this address (403): open the page under the host it is configured for.');
    at('notice').hidden = false;
    connection('lost', 'Refused');
  },
});

function takeStatus(status) {
  connected = true;
  lostAt = null;
  serverAhead = Date.parse(status.now) - Date.now();
  startedAt = Date.parse(status.startedAt);
  at('notice').hidden = at('retry').hidden = at('token').hidden = true;
  setText(at('notice-text'), '');
  at('overview').hidden = false;
  at('forget').hidden = !sessionStorage.getItem(TOKEN);
  connection('live', 'Live');
  const names = new Set(status.providers.map((provider) => provider.name));
  for (const [name, view] of views) {
    if (!names.has(name)) {
      view.node.remove();
      views.delete(name);
    }
  }
  const open = status.providers.length <= MOST_OPEN;
  for (const provider of status.providers) {
    takeProvider(provider, open);
  }
  takeReadiness(status);
  addSections(status.sections ?? []);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  setText(
    at('about'),
    `jwks-cache ${printable(status.version)}, running since ${day(startedAt)} ${clock(startedAt, startedAt)}. Times are those of this browser (${zone}).`,
  );
}

/** What this server has beside its key sets: modules of its own, each shown once. */
function addSections(modules) {
  for (const module of modules.filter((one) => !sections.has(one))) {
    sections.add(module);
    import(new URL(module, document.baseURI)).then((section) => section.default(at('main'), headers));
  }
}

function takeProvider(data, open = views.size < MOST_OPEN) {
  let view = views.get(data.name);
  const before = view?.state;
  if (!view) {
    view = new ProviderView(data.name, open, actions);
    view.span(spanSeconds, now());
    views.set(data.name, view);
    at('providers').append(view.node);
  }
  view.update(data, startedAt, now());
  tellChange(view, before);
}

function takeReadiness({ ready, notReady }) {
  const pill = at('readiness');
  pill.hidden = false;
  pill.dataset.ready = ready;
  const reasons = notReady.map((reason) => printable(reason)).join('; ');
  pill.replaceChildren(icon(ready ? 'fresh' : 'expired'), ready ? 'Ready' : 'Not ready');
  pill.title = reasons;
}

/** Readiness is no part of a provider's news; it is asked for when it may have changed. */
function readinessSoon() {
  clearTimeout(readinessTimer);
  readinessTimer = setTimeout(async () => {
    const response = await fetch('api/status', { headers: headers(), cache: 'no-store', credentials: 'omit' }).catch(() => null);
    if (response?.ok && connected) {
      takeReadiness(await response.json());
    }
  }, 300);
}

function connection(state, words) {
  document.documentElement.dataset.connection = state;
  setText(at('connection-text'), words);
}

// Overview

function overview() {
  const all = [...views.values()];
  const by = (state) => all.filter((view) => view.state === state).length;
  const counts = STATES.filter((state) => by(state)).map((state) => [state, by(state)]);
  const shown = JSON.stringify(counts);
  if (at('counts').dataset.shown !== shown) {
    at('counts').dataset.shown = shown;
    at('counts').replaceChildren(
      ...counts.map(([state, count]) => element('li', { 'data-state': state }, icon(state), `${count} ${state}`)),
    );
  }
  const troubled = all
    .filter((view) => view.trouble !== null)
    .sort((one, other) => STATES.indexOf(one.state) - STATES.indexOf(other.state));
  const troubles = JSON.stringify(troubled.map((view) => [view.data.name, view.trouble]));
  if (at('attention').dataset.shown !== troubles) {
    at('attention').dataset.shown = troubles;
    at('attention').hidden = troubled.length === 0 || all.length < 2;
    at('attention-list').replaceChildren(
      ...troubled.map((view) =>
        element('li', { 'data-state': view.state }, icon(view.state), element('a', { href: `#${view.node.id}` }, view.data.name), ` is ${view.trouble}`),
      ),
    );
  }
  const worst = counts.find(([state]) => state !== 'fresh');
  document.title = connected ? `${worst ? `${worst[1]} ${worst[0]} · ` : ''}jwks-cache` : 'Not connected · jwks-cache';
  document.documentElement.dataset.worst = worst?.[0] ?? 'fresh';
  at('controls').hidden = all.length === 0;
  at('providers').dataset.many = all.length > MOST_OPEN;
  at('search').hidden = all.length <= MOST_UNFILTERED;
  filter();
}

function filter() {
  const wanted = at('search').hidden ? '' : at('filter').value.trim().toLowerCase();
  let found = 0;
  for (const { node, data } of views.values()) {
    node.hidden = !`${data.name} ${data.address}`.toLowerCase().includes(wanted);
    found += node.hidden ? 0 : 1;
  }
  at('none').hidden = found > 0;
  setText(at('none'), views.size ? 'No key set has this in its name or address.' : 'No key sets are configured.');
}

/** A state that changes is told; one that is as it was is not. */
function tellChange(view, before) {
  if (before !== undefined && before !== view.state) {
    announce(`${view.data.name} is ${view.state}`);
  }
}

// Time

function beat() {
  const [ran, read] = [performance.now(), Date.now()];
  const slept = Math.abs(read - lastBeat[1] - (ran - lastBeat[0])) > 5000;
  lastBeat = [ran, read];
  if (!connected) {
    countDown();
    return;
  }
  if (slept) {
    stream.restart('this machine slept, or its clock was set');
    return;
  }
  let changed = false;
  for (const view of views.values()) {
    const before = view.state;
    view.tick(now());
    changed ||= before !== view.state;
    tellChange(view, before);
  }
  if (changed) {
    readinessSoon();
  }
  overview();
}

function countDown() {
  const left = Math.ceil((nextTry - Date.now()) / 1000);
  setText(at('retry-text'), left > 0 ? `Next try in ${left} s.` : 'Trying.');
}

// Token

function askForToken() {
  const had = sessionStorage.getItem(TOKEN) !== null;
  sessionStorage.removeItem(TOKEN);
  at('overview').hidden = at('notice').hidden = at('retry').hidden = at('readiness').hidden = true;
  at('forget').hidden = true;
  at('token').hidden = false;
  setText(at('token-error'), had ? 'The server refuses this token.' : '');
  at('token-input').value = '';
  at('token-input').focus();
  connection('refused', 'Token needed');
  document.title = 'Token needed · jwks-cache';
}

at('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  sessionStorage.setItem(TOKEN, at('token-input').value.trim());
  connection('connecting', 'Connecting');
  stream.connect();
});
at('forget').addEventListener('click', () => {
  stream.stop();
  sessionStorage.removeItem(TOKEN);
  location.reload();
});

at('retry-now').addEventListener('click', () => stream.connect());
at('filter').addEventListener('input', filter);
at('span').addEventListener('change', () => {
  spanSeconds = Number(at('span').value);
  views.forEach((view) => view.span(spanSeconds, now()));
});
document.addEventListener('visibilitychange', () => document.hidden || beat());
setInterval(beat, 1000);
stream.connect();

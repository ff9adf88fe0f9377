// What the buttons of a provider do.

import { clock, plural, printable, setText, span } from './text.js';

const SAID = {
  refresh: (provider) => `Refreshed: ${plural(provider.keys.length, 'key')} at hand.`,
  purge: () => 'Purged. Nothing is served until new keys are loaded.',
};

/** Carries out refresh and purge for the providers of a page. */
export class Actions {
  #page;
  #dialog = document.getElementById('purge');
  #asked = null;

  /** @param page view(name), connected(), headers(), take(provider), announce(words) */
  constructor(page) {
    this.#page = page;
    document.getElementById('purge-no').addEventListener('click', () => this.#dialog.close());
    document.getElementById('purge-yes').addEventListener('click', () => {
      this.#dialog.close();
      if (this.#page.view(this.#asked)) {
        this.#act(this.#asked, 'purge');
      }
    });
  }

  refresh(name) {
    if (!this.#page.view(name).busy) {
      this.#act(name, 'refresh');
    }
  }

  /** Asks first. */
  purge(name) {
    const view = this.#page.view(name);
    if (view.busy) {
      return;
    }
    this.#asked = name;
    setText(document.getElementById('purge-heading'), `Purge ${name}?`);
    setText(
      document.getElementById('purge-text'),
      `${plural(view.data.keys.length, 'key')} will be trusted no more, at once. Callers get 503 until the provider has answered with a good set.`,
    );
    this.#dialog.showModal();
  }

  async #act(name, action) {
    const view = this.#page.view(name);
    if (!this.#page.connected()) {
      const words = `Not connected: ${name} was not asked to ${action}.`;
      view.result(words, null, true);
      this.#page.announce(words);
      return;
    }
    view.result(action === 'refresh' ? 'Fetching' : 'Purging', action);
    const { words, failed } = await this.#post(name, action).catch(() => ({
      words: `The ${action} was not answered: the server cannot be reached.`,
      failed: true,
    }));
    view.result(`${clock(Date.now())} ${words}`, null, failed);
    this.#page.announce(`${name}: ${words}`);
  }

  async #post(name, action) {
    const response = await fetch(`api/${encodeURIComponent(name)}/${action}`, {
      method: 'POST',
      headers: { ...this.#page.headers(), 'X-Jwks-Cache': '1' },
      credentials: 'omit',
    });
    const body = await response.json().catch(() => ({}));
    if (response.ok) {
      this.#page.take(body);
      return { words: SAID[action](body), failed: false };
    }
    const why = printable(body.error ?? `status ${response.status}`);
    const later = Number(response.headers.get('Retry-After'));
    return { words: `The ${action} failed: ${why}${later ? `; try again in ${span(later)}` : ''}.`, failed: true };
  }
}

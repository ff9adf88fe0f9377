// The server's events. Read with fetch rather than EventSource: that can send no token, and does not notice a connection that went silent.

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 10_000;
/** The server sends at least a comment every 15 s. */
const SILENCE = 40_000;

/** A connection that is made again whenever it is lost. */
export class Stream {
  #handlers;
  #headers;
  #attempt = null;
  #pause = FIRST_PAUSE;
  #timer = null;
  #heard = 0;

  /**
   * @param headers gives the headers of each request
   * @param handlers event(name, data), up(), down(reason, milliseconds until the next attempt), refused(status)
   */
  constructor(headers, handlers) {
    this.#headers = headers;
    this.#handlers = handlers;
    setInterval(() => this.#listen(), 5000);
    addEventListener('offline', () => this.#attempt?.abort('this machine is offline'));
    addEventListener('online', () => this.#timer !== null && this.connect());
  }

  /** Connects at once, whatever was under way. */
  connect() {
    this.stop();
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#heard = performance.now();
    this.#read(attempt).then(
      (status) => attempt === this.#attempt && this.#handlers.refused(status),
      (error) => attempt === this.#attempt && this.#lost(attempt.signal.reason ?? error),
    );
  }

  /** Ends the connection without trying again. */
  stop() {
    clearTimeout(this.#timer);
    this.#timer = null;
    const attempt = this.#attempt;
    this.#attempt = null;
    attempt?.abort('stopped');
  }

  /** Drops what may have missed something, such as the sleep of this machine. */
  restart(reason) {
    this.#attempt?.abort(reason);
  }

  #listen() {
    if (this.#attempt && performance.now() - this.#heard > SILENCE) {
      this.#attempt.abort(`nothing was heard for ${SILENCE / 1000} s`);
    }
  }

  #lost(error) {
    const pause = this.#pause;
    this.#pause = Math.min(LONGEST_PAUSE, pause * 2);
    this.#attempt = null;
    this.#timer = setTimeout(() => this.connect(), pause);
    const told = typeof error === 'string' ? error : error.reason;
    if (told === undefined && !(error instanceof TypeError)) {
      reportError(error);
    }
    this.#handlers.down(told ?? 'the server does not answer', pause);
  }

  /** Ends with a status that trying again would not change, or fails. */
  async #read(attempt) {
    const response = await fetch('api/events', {
      headers: { ...this.#headers(), Accept: 'text/event-stream' },
      cache: 'no-store',
      credentials: 'omit',
      signal: attempt.signal,
    });
    if (response.status === 401 || response.status === 403) {
      return response.status;
    }
    if (!response.ok) {
      throw { reason: `the server answered with status ${response.status}` };
    }
    const lines = new Lines();
    const message = { name: 'message', data: [] };
    const letters = new TextDecoder();
    const reader = response.body.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (attempt !== this.#attempt) {
        throw { reason: 'stopped' };
      }
      if (done) {
        throw { reason: 'the server closed the connection' };
      }
      this.#heard = performance.now();
      lines.add(letters.decode(value, { stream: true })).forEach((line) => this.#line(line, message));
    }
  }

  /** One line of the format of WHATWG HTML §9.2.6; ids and retry times are not used by the server. */
  #line(line, message) {
    if (line === '') {
      if (message.data.length) {
        this.#pause = FIRST_PAUSE;
        this.#handlers.event(message.name, JSON.parse(message.data.join('\n')));
      }
      message.name = 'message';
      message.data = [];
      return;
    }
    const [, field, value] = /^([^:]*)(?:: ?(.*))?$/s.exec(line);
    if (field === 'event') {
      message.name = value ?? '';
    } else if (field === 'data') {
      message.data.push(value ?? '');
    }
  }
}

/** Pieces of text put together to whole lines. */
class Lines {
  #rest = '';

  add(text) {
    const lines = (this.#rest + text).split(/\r\n|\n/);
    this.#rest = lines.pop();
    return lines;
  }
}

// Words, times and elements. What providers wrote reaches the page through here, and only as text.

const SVG = 'http://www.w3.org/2000/svg';

/** Control characters, marks of reading direction and whatever else cannot be seen. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/** A text that somebody else wrote: what cannot be seen is escaped, what is too long is cut. */
export function printable(text, most = 200) {
  const letters = Array.from(String(text));
  const cut = letters.length > most ? letters.slice(0, most - 1).join('') + '…' : letters.join('');
  return cut.replace(UNSEEN, (c) => `\\u{${c.codePointAt(0).toString(16)}}`);
}

/** An element; children are elements or texts. Attributes that are null or false are left out. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      made.setAttribute(key, value === true ? '' : value);
    }
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** One of the symbols of the page; it says nothing that a word beside it does not say. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', `icon icon-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#icon-${name}`);
  svg.append(use);
  return svg;
}

/** Sets a text only when it differs, so that nothing is selected away or read again. */
export function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** Seconds in words: «12 s», «12 min 5 s», «3 h 20 min», «5 days». */
export function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = (big, bigName, small, smallName) =>
    `${big} ${bigName}` + (small ? ` ${small} ${smallName}` : '');
  if (whole < 120) {
    return `${whole} s`;
  }
  if (whole < 7200) {
    return parts(Math.floor(whole / 60), 'min', whole % 60, 's');
  }
  if (whole < 172800) {
    return parts(Math.floor(whole / 3600), 'h', Math.floor(whole / 60) % 60, 'min');
  }
  return parts(Math.floor(whole / 86400), 'days', Math.floor(whole / 3600) % 24, 'h');
}

/** Seconds in words without what is below a hundredth of them: for what lies far away. */
export function roughly(seconds) {
  if (seconds < 120) {
    return span(seconds);
  }
  if (seconds < 7200) {
    return span(seconds - (seconds % 60));
  }
  return seconds < 172800 ? span(seconds - (seconds % 3600)) : `${Math.floor(seconds / 86400)} days`;
}

/** The time an exchange took. */
export function took(seconds) {
  return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`;
}

const two = (number) => String(number).padStart(2, '0');

/** A time of the day of this browser, with the date unless it is today. */
export function clock(milliseconds, now = Date.now()) {
  const at = new Date(milliseconds);
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return at.toDateString() === new Date(now).toDateString() ? time : `${day(milliseconds)} ${time}`;
}

/** A date of this browser, as ISO 8601 writes it. */
export function day(milliseconds) {
  const at = new Date(milliseconds);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** A time as an element that carries it exactly. */
export function time(iso, now, words = clock(Date.parse(iso), now)) {
  return element('time', { datetime: iso, title: iso }, words);
}

export function plural(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}

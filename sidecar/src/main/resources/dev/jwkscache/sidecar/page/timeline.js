// The chart of what happened: lanes over time. uPlot brings scales, axes, pixels and the pointer; marks are drawn here.

import uPlot from './lib/uplot/uPlot.esm.js';
import { LANES } from './happenings.js';
import { clock, element, roughly } from './text.js';

const HEIGHT = 148;
/** Spans to choose from when the chart is to show as far as the timeline goes, in seconds. */
const STEPS = [300, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];
/** How far from a mark the pointer may be, in pixels. */
const REACH = 18;
const MARK = 5;

const forms = {
  fetched: (path, x, y, r) => path.rect(x - r * 0.22, y - r * 1.1, r * 0.44, r * 2.2),
  purged: (path, x, y, r) => path.rect(x - r * 0.85, y - r * 0.85, r * 1.7, r * 1.7),
  rotated: (path, x, y, r) => polygon(path, [x, y - r], [x + r, y + r * 0.8], [x - r, y + r * 0.8]),
  withdrawn: (path, x, y, r) => polygon(path, [x, y + r], [x + r, y - r * 0.8], [x - r, y - r * 0.8]),
  failed: (path, x, y, r) => {
    const d = r * 0.8;
    path.moveTo(x - d, y - d);
    path.lineTo(x + d, y + d);
    path.moveTo(x + d, y - d);
    path.lineTo(x - d, y + d);
  },
};

function polygon(path, ...points) {
  points.forEach(([x, y], i) => (i ? path.lineTo(x, y) : path.moveTo(x, y)));
  path.closePath();
}

/** The chart of one provider. With a keyboard it is a slider over what happened. */
export class Timeline {
  #box;
  #tip;
  #ring;
  #plot = null;
  #all = [];
  #outages = [];
  #shown = [];
  #chosen = null;
  #span = 0;
  #drawn = 0;
  #now = 0;

  constructor(name) {
    this.#ring = element('div', { class: 'ring', hidden: true });
    this.#tip = element('div', { class: 'tip', hidden: true, 'aria-hidden': 'true' });
    this.#box = element('div', {
      class: 'chart',
      role: 'slider',
      tabindex: '0',
      'aria-label': `Timeline of ${name}; arrow keys go from one thing that happened to the next`,
      'aria-orientation': 'horizontal',
    });
    this.#box.addEventListener('keydown', (event) => this.#key(event));
    this.#box.addEventListener('blur', () => this.#choose(null));
    new ResizeObserver(() => this.#resize()).observe(this.#box);
    for (const media of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
      matchMedia(media).addEventListener('change', () => this.#rebuild());
    }
  }

  get node() {
    return this.#box;
  }

  /** Takes what happened; `seconds` is the span to show, 0 for as far as it goes. */
  show(all, outages, seconds, now) {
    this.#all = all;
    this.#outages = outages;
    this.#span = seconds;
    this.#choose(null);
    this.#draw(now);
  }

  /** Moves on with the time, as often as a pixel is wide. */
  tick(now) {
    if (now - this.#drawn > (this.#reach() * 1000) / 600) {
      this.#draw(now);
    }
  }

  #reach() {
    if (this.#span) {
      return this.#span;
    }
    const oldest = this.#all.length ? (this.#now - this.#all[0].at) / 1000 : 0;
    return STEPS.find((step) => step >= oldest * 1.02) ?? STEPS.at(-1);
  }

  #draw(now) {
    this.#now = this.#drawn = now;
    const from = now - this.#reach() * 1000;
    this.#shown = this.#all.filter((one) => one.at >= from);
    this.#describe();
    if (this.#box.clientWidth === 0) {
      return;
    }
    this.#plot ??= this.#create();
    this.#plot.setScale('x', { min: from / 1000, max: (now + this.#reach() * 10) / 1000 });
  }

  #describe() {
    const counts = LANES.toReversed()
      .map((lane) => [lane, this.#shown.filter((one) => one.lane === lane).length])
      .filter(([, count]) => count)
      .map(([lane, count]) => `${count} ${lane}`);
    const chosen = this.#chosen === null ? -1 : this.#shown.indexOf(this.#chosen);
    this.#box.setAttribute('aria-valuemin', '0');
    this.#box.setAttribute('aria-valuemax', String(this.#shown.length));
    this.#box.setAttribute('aria-valuenow', String(chosen < 0 ? this.#shown.length : chosen));
    this.#box.setAttribute(
      'aria-valuetext',
      chosen < 0
        ? `The last ${roughly(this.#reach())}: ${counts.join(', ') || 'nothing happened'}`
        : `${clock(this.#chosen.at, this.#now)} ${this.#chosen.words}`,
    );
  }

  #create() {
    const style = getComputedStyle(this.#box);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    const colours = Object.fromEntries(LANES.map((lane) => [lane, colour(`mark-${lane}`)]));
    const font = `12px ${style.fontFamily}`;
    const axis = { stroke: colour('quiet'), font, grid: { stroke: colour('line'), width: 1 } };
    const plot = new uPlot(
      {
        width: this.#box.clientWidth,
        height: HEIGHT,
        padding: [6, 28, 0, 0],
        legend: { show: false },
        cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
        scales: { x: { time: true, auto: false }, y: { auto: false, range: [-0.6, LANES.length - 0.4] } },
        series: [{}, { show: false }],
        axes: [
          { ...axis, ticks: { stroke: colour('line'), size: 4 }, size: 30, space: 70, values: timeLabels },
          {
            ...axis,
            size: 76,
            gap: 8,
            ticks: { show: false },
            splits: () => LANES.map((_, i) => i),
            values: () => LANES,
          },
        ],
        hooks: {
          drawClear: [(u) => this.#shade(u, colour('shade'))],
          draw: [(u) => this.#marks(u, colours)],
          setCursor: [(u) => this.#point(u)],
        },
      },
      [[], []],
      this.#box,
    );
    plot.over.append(this.#ring, this.#tip);
    return plot;
  }

  #shade(u, colour) {
    u.ctx.save();
    u.ctx.fillStyle = colour;
    for (const [from, to] of this.#outages) {
      const left = Math.max(u.bbox.left, u.valToPos(from / 1000, 'x', true));
      const right = Math.min(u.bbox.left + u.bbox.width, u.valToPos(to / 1000, 'x', true));
      if (right > left) {
        u.ctx.fillRect(left, u.bbox.top, Math.max(1, right - left), u.bbox.height);
      }
    }
    u.ctx.restore();
  }

  #marks(u, colours) {
    const scale = devicePixelRatio;
    u.ctx.save();
    for (const lane of LANES) {
      const path = new Path2D();
      const y = u.valToPos(LANES.indexOf(lane), 'y', true);
      for (const one of this.#shown) {
        if (one.lane === lane) {
          forms[lane](path, u.valToPos(one.at / 1000, 'x', true), y, MARK * scale);
        }
      }
      u.ctx.fillStyle = u.ctx.strokeStyle = colours[lane];
      if (lane === 'failed') {
        u.ctx.lineWidth = 2 * scale;
        u.ctx.stroke(path);
      } else {
        u.ctx.fill(path);
      }
    }
    u.ctx.restore();
  }

  /** The mark nearest to the pointer. */
  #point(u) {
    if (u.cursor.event === undefined && this.#chosen !== null && document.activeElement === this.#box) {
      return;
    }
    const { left, top } = u.cursor;
    let nearest = null;
    let least = REACH;
    if (left >= 0 && top >= 0) {
      for (const one of this.#shown) {
        const distance = Math.hypot(u.valToPos(one.at / 1000, 'x') - left, u.valToPos(LANES.indexOf(one.lane), 'y') - top);
        if (distance <= least) {
          least = distance;
          nearest = one;
        }
      }
    }
    this.#choose(nearest);
  }

  #choose(one) {
    this.#chosen = one;
    this.#tip.hidden = this.#ring.hidden = one === null || !this.#plot;
    this.#describe();
    if (this.#tip.hidden) {
      return;
    }
    const x = this.#plot.valToPos(one.at / 1000, 'x');
    const y = this.#plot.valToPos(LANES.indexOf(one.lane), 'y');
    this.#tip.replaceChildren(element('b', {}, clock(one.at, this.#now)), ` ${one.words}`);
    this.#ring.style.transform = `translate(${x}px, ${y}px)`;
    const width = this.#plot.over.clientWidth;
    const start = this.#plot.over.offsetLeft;
    const left = Math.min(Math.max(x - this.#tip.offsetWidth / 2, -start), width - this.#tip.offsetWidth);
    const above = y - this.#tip.offsetHeight - 12;
    this.#tip.style.transform = `translate(${left}px, ${above < -8 ? y + 14 : above}px)`;
  }

  #key(event) {
    const last = this.#shown.length - 1;
    const at = this.#chosen === null ? last + 1 : this.#shown.indexOf(this.#chosen);
    const to = {
      ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, Home: 0, End: last, Escape: null,
    }[event.key];
    if (to === undefined || last < 0) {
      return;
    }
    event.preventDefault();
    this.#choose(to === null ? null : this.#shown[Math.min(last, Math.max(0, to))]);
  }

  #resize() {
    if (this.#box.clientWidth === 0) {
      return;
    }
    if (!this.#plot) {
      this.#draw(this.#now);
    } else if (this.#plot.width !== this.#box.clientWidth) {
      this.#plot.setSize({ width: this.#box.clientWidth, height: HEIGHT });
    }
  }

  #rebuild() {
    this.#plot?.destroy();
    this.#plot = null;
    this.#draw(this.#now);
  }
}

function timeLabels(u, splits) {
  const seconds = splits.length > 1 && splits[1] - splits[0] < 60;
  return splits.map((at) => {
    const label = clock(at * 1000, at * 1000);
    return seconds ? label : label.slice(0, 5);
  });
}

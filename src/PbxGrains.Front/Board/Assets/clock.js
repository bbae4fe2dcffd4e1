// Instants come from the server, whose clock the reader's may differ from: ages are told by the server's.
import { language, text } from './texts.js';

const offset = Date.parse(document.documentElement.dataset.now) - Date.now();
const sameDay = new Intl.DateTimeFormat(language, { timeStyle: 'medium' });
const otherDay = new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'short' });
const ticking = new Set();

/** The server's time, milliseconds. */
export const now = () => Date.now() + offset;

/** An instant in the reader's time zone; the day only where it is not today. */
export function showInstant(instant) {
  const date = new Date(instant);
  return date.toDateString() === new Date(now()).toDateString() ? sameDay.format(date) : otherDay.format(date);
}

/** A span of milliseconds: 0:07, 12:45, 3:02:10, then days. */
export function showSpan(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const days = Math.floor(seconds / 86400);
  if (days > 0) return text('days', days);
  const two = number => String(number).padStart(2, '0');
  const minutes = Math.floor(seconds / 60) % 60;
  const hours = Math.floor(seconds / 3600);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** <time-since datetime="…">: how long ago, counting. */
class TimeSince extends HTMLElement {
  static observedAttributes = ['datetime'];

  connectedCallback() { ticking.add(this); this.tick(); }
  disconnectedCallback() { ticking.delete(this); }
  attributeChangedCallback() { this.tick(); }

  tick() {
    const since = this.getAttribute('datetime');
    const shown = since ? showSpan(now() - Date.parse(since)) : '';
    if (this.textContent !== shown) this.textContent = shown;
  }
}

/** <local-time datetime="…" clock?>: an instant in the reader's time zone; with clock, only its time of the day. */
class LocalTime extends HTMLElement {
  static observedAttributes = ['datetime'];

  connectedCallback() { this.show(); }
  attributeChangedCallback() { this.show(); }

  show() {
    const instant = this.getAttribute('datetime');
    if (!instant) { this.textContent = ''; return; }
    this.textContent = this.hasAttribute('clock') ? sameDay.format(new Date(instant)) : showInstant(instant);
    this.title = instant;
  }
}

customElements.define('time-since', TimeSince);
customElements.define('local-time', LocalTime);
setInterval(() => ticking.forEach(element => element.tick()), 1000);

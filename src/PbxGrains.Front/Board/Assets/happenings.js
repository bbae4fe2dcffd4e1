// What happened last at a site, one line each, newest first.
import { showSpan } from './clock.js';
import { make, makeTime } from './parts.js';
import { text, textOf, warningText } from './texts.js';
import { toneOfHealth, toneOfStatus } from './tones.js';

const shown = 15;

export class Happenings {
  #list;
  #label;
  #seen = new Set();

  /** @param {HTMLElement} list  @param {(number: string) => string} label what an extension is called */
  constructor(list, label) {
    this.#list = list;
    this.#label = label;
    const before = JSON.parse(document.getElementById('happenings').textContent);
    this.hear(before.reverse());
    if (list.childElementCount === 0) list.append(make('li', text('site_no_happenings'), 'quiet'));
  }

  /** Events in their order. */
  hear(events) {
    // A burst is longer than what is shown: only its end is written.
    for (const event of events.slice(-shown)) {
      if (this.#seen.has(event.id)) continue;
      this.#seen.add(event.id);
      const said = this.#say(event);
      // The same is told of each party of a call; once is enough for people.
      if (!said || this.#list.firstElementChild?.lastElementChild?.textContent === said.words) continue;
      const line = make('li', undefined, 'happening');
      line.dataset.tone = said.tone ?? 'none';
      line.append(makeTime('local-time', event.time), make('span', said.words));
      if (this.#list.firstElementChild?.className === 'quiet') this.#list.replaceChildren();
      this.#list.prepend(line);
    }
    while (this.#list.childElementCount > shown) this.#list.lastElementChild.remove();
    while (this.#seen.size > 10 * shown) this.#seen.delete(this.#seen.values().next().value);
  }

  #say({ type, data }) {
    const call = () => text('site_call_of', this.#nameOf(data.caller), this.#nameOf(data.callee));
    const last = type.slice(type.lastIndexOf('.') + 1);
    // An actor that starts learns of every extension: nothing happened.
    if (type === 'pbx.extension.status' && data.previousStatus === 'unknown') return null;
    if (type === 'pbx.extension.status') return { tone: toneOfStatus(data.status), words: `${this.#label(data.extension)} · ${textOf('Status', data.status)}` };
    if (type === 'pbx.call.ended') return { words: this.#ended(data, call()) };
    if (type.startsWith('pbx.call.')) return { tone: { ringing: 'ring', held: 'hold' }[last] ?? 'busy', words: text(`site_event_${last}`, call()) };
    if (type === 'pbx.site.health') return { tone: toneOfHealth(data.health), words: `${textOf('Health', data.health)} · ${textOf('SiteReason', data.reason)}` };
    if (type === 'pbx.site.warning') return { tone: data.settled ? 'good' : 'bad', words: data.settled ? text('site_event_settled', warningText(data)) : warningText(data) };
    if (type.startsWith('pbx.originate.')) return { tone: last === 'failed' ? 'bad' : 'none', words: text(`site_event_originate_${last}`, text('site_call_of', this.#nameOf(data.extension), this.#nameOf(data.destination))) };
    if (type === 'pbx.cdr.recorded') return { words: text('site_event_record', text('site_call_of', this.#nameOf(data.record.caller), this.#nameOf(data.record.callee))) };
    if (type.startsWith('pbx.recording.')) return { words: text(`site_event_recording_${last}`) };
    return null;
  }

  #ended({ answeredAt, endedAt }, call) {
    return answeredAt && endedAt
      ? text('site_event_ended_after', call, showSpan(Date.parse(endedAt) - Date.parse(answeredAt)))
      : text('site_event_ended', call);
  }

  #nameOf(number) { return number ? this.#label(number) : text('site_party_unknown'); }
}

// The calls that run at a site, oldest first. Every event of a call carries the whole call; a finished call never reopens.
import { badge, mark, part, write } from './parts.js';
import { text, textOf } from './texts.js';
import { toneOfCall } from './tones.js';

const farewell = 2500;
const remembered = 500;

export class RunningCalls {
  #view;
  #list;
  #label;
  #cards = new Map();
  #heard = new Map();
  #over = new Set();

  /** @param {HTMLElement} view the site's page  @param {(number: string) => string} label what an extension is called */
  constructor(view, label) {
    this.#view = view;
    this.#list = part(view, 'calls');
    this.#label = label;
    for (const card of this.#list.children) {
      this.#cards.set(card.dataset.call, card);
      for (const name of ['caller', 'callee']) write(part(card, name), this.#nameOf(part(card, name).textContent));
    }
  }

  /** An event tells of a call. */
  hear(told) {
    this.#heard.set(told.callId, performance.now());
    this.#forgetSome(this.#heard);
    if (told.state === 'ended') this.#end(told.callId);
    else this.#show({ ...told, legs: told.parties });
    this.#count();
  }

  /** The API told of all calls that run; what was heard since it was asked is newer. */
  adopt(calls, askedAt) {
    for (const call of calls) if ((this.#heard.get(call.callId) ?? 0) < askedAt) this.#show(call);
    const running = new Set(calls.map(call => call.callId));
    for (const id of this.#cards.keys()) {
      if (!running.has(id) && (this.#heard.get(id) ?? 0) < askedAt) this.#end(id);
    }
    this.#count();
  }

  #show(call) {
    if (this.#over.has(call.callId)) return;
    const card = this.#cards.get(call.callId) ?? this.#add(call.callId);
    badge(part(card, 'state'), toneOfCall(call.state), textOf('SiteCall', call.state));
    mark(card, 'data-state', call.state);
    const trunk = call.trunk ?? call.legs.find(leg => leg.trunk)?.trunk;
    write(part(card, 'way'), [textOf('SiteWay', call.direction), trunk].filter(Boolean).join(' · '));
    mark(part(card, 'time'), 'datetime', call.answeredAt ?? call.startedAt);
    write(part(card, 'caller'), this.#nameOf(call.caller));
    write(part(card, 'callee'), this.#nameOf(call.callee));
    mark(card, 'data-extensions', call.legs.filter(leg => leg.kind === 'extension' && leg.state !== 'ended' && leg.number).map(leg => leg.number).join(' '));
    const hold = card.querySelector('[data-act=hold], [data-act=resume]');
    if (hold) {
      hold.dataset.act = call.state === 'onHold' ? 'resume' : 'hold';
      write(hold, text(`site_${hold.dataset.act}`));
    }
  }

  #nameOf(number) { return number ? this.#label(number) : text('site_party_unknown'); }

  #add(id) {
    const card = this.#view.querySelector('template[data-pattern=call]').content.firstElementChild.cloneNode(true);
    card.dataset.call = id;
    this.#list.append(card);
    this.#cards.set(id, card);
    return card;
  }

  // Said for a moment before it goes, so that it does not vanish under a reader's eyes.
  #end(id) {
    this.#over.add(id);
    this.#forgetSome(this.#over);
    const card = this.#cards.get(id);
    if (!card) return;
    this.#cards.delete(id);
    badge(part(card, 'state'), 'none', textOf('SiteCall', 'ended'));
    mark(card, 'data-state', 'ended');
    card.querySelectorAll('button').forEach(button => { button.disabled = true; });
    setTimeout(() => { card.remove(); this.#count(); }, farewell);
  }

  #count() {
    write(part(this.#view, 'call-count'), String(this.#cards.size));
    part(this.#view, 'no-calls').hidden = this.#list.childElementCount > 0;
  }

  #forgetSome(known) {
    if (known.size > remembered) known.delete(known.keys().next().value);
  }
}

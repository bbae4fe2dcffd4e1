// <site-view data-site>: one site closely. Events move extensions and calls at once; reading the API confirms them.
import { get, Refusal } from './api.js';
import { CallDialogs } from './call-dialogs.js';
import './clock.js';
import { Happenings } from './happenings.js';
import { part } from './parts.js';
import { Phones } from './phones.js';
import './recent-reports.js';
import { Rereading } from './rereading.js';
import { RunningCalls } from './running-calls.js';
import { showGone, showHead } from './site-head.js';
import { follow } from './stream.js';
import './trunk-list.js';
import './unreadable-reports.js';

const confirmed = 15_000;
const rarely = 600_000;

class SiteView extends HTMLElement {
  #site;
  #address;
  #phones;
  #calls;
  #happenings;
  #head;
  #everything;
  #agents;

  connectedCallback() {
    this.#site = this.dataset.site;
    this.#address = `/api/pbx/sites/${encodeURIComponent(this.#site)}`;
    this.#phones = new Phones(this);
    const label = number => this.#phones.label(number);
    this.#calls = new RunningCalls(this, label);
    this.#happenings = new Happenings(part(this, 'happenings'), label);
    this.#head = new Rereading(() => this.#readHead(), confirmed);
    this.#everything = new Rereading(() => this.#readAll(), confirmed);
    this.#agents = new Rereading(() => this.#readAgents(), rarely);
    const dialog = this.querySelector('#act');
    if (dialog) this.#offer(new CallDialogs(dialog, this.#site, label));
    let connectedBefore = false;
    follow({
      events: events => this.#hear(events.filter(event => event.site === this.#site)),
      gap: () => this.#readAgain(),
      state: ({ state }) => {
        if (state !== 'connected') return;
        if (connectedBefore) this.#readAgain();
        connectedBefore = true;
      },
    });
  }

  #hear(events) {
    if (events.length === 0) return;
    for (const { type, data } of events) {
      if (type === 'pbx.extension.status') { if (!this.#phones.hear(data)) this.#agents.soon(); }
      else if (type.startsWith('pbx.call.')) this.#calls.hear(data);
    }
    this.#happenings.hear(events);
    this.#head.soon();
  }

  #readAgain() {
    this.#head.now();
    this.#everything.now();
    this.#agents.soon();
  }

  async #readHead() {
    try {
      showHead(part(this, 'head'), await get(this.#address));
    } catch (error) {
      if (error instanceof Refusal && error.status === 404) showGone(part(this, 'head'));
      throw error;
    }
  }

  async #readAll() {
    const askedAt = performance.now();
    const [extensions, calls] = await Promise.all([get(`${this.#address}/extensions`), get(`${this.#address}/calls`)]);
    this.#phones.adopt(extensions, askedAt);
    this.#calls.adopt(calls, askedAt);
  }

  async #readAgents() {
    const agents = await get('/api/pbx/agents');
    this.#phones.adoptAgents(agents.filter(agent => agent.site === this.#site));
  }

  #offer(dialogs) {
    this.addEventListener('click', clicked => {
      const button = clicked.target.closest('button[data-act]');
      const call = button?.closest('.call');
      const phone = button?.closest('.phone');
      if (call) dialogs.openForCall(button.dataset.act, call);
      else if (phone) dialogs.openForPhone(phone.dataset.number);
    });
  }
}

customElements.define('site-view', SiteView);

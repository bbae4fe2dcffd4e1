// <live-state>: whether the page moves, and how old its picture is when it does not.
import { showInstant, showSpan } from './clock.js';
import { follow } from './stream.js';
import { text } from './texts.js';

class LiveState extends HTMLElement {
  #state = { state: 'connecting' };
  #timer;

  connectedCallback() {
    follow({ state: state => this.#show(state) });
    this.#timer = setInterval(() => this.#age(), 1000);
  }

  disconnectedCallback() { clearInterval(this.#timer); }

  #show(state) {
    this.#state = state;
    this.querySelector('.live-dot').dataset.state = state.state;
    document.body.toggleAttribute('data-outdated', state.state === 'disconnected' || state.state === 'signedOut');
    this.#write(state.state === 'connected' ? text('connected') : state.state === 'signedOut' ? text('signed_out') : state.state === 'connecting' ? text('connecting') : null);
  }

  #age() {
    if (this.#state.state === 'disconnected') this.#write(null);
  }

  #write(words) {
    const { at, heardAt } = this.#state;
    const said = words ?? text('disconnected', showInstant(at), showSpan(Date.now() - heardAt));
    const element = this.querySelector('[data-part=text]');
    // A reader with a screen reader hears of the change, not of every second.
    element.toggleAttribute('aria-live', false);
    element.setAttribute('role', words === null ? 'none' : 'status');
    if (element.textContent !== said) element.textContent = said;
  }
}

customElements.define('live-state', LiveState);

// One connection to the stream, shared by any number of pages. A page says where its picture was taken and gets everything
// behind that place; where the hub no longer reaches back so far, it says so and the page takes a new picture.
import { isBehind } from './cursor.js';
import { EventFeed } from './event-feed.js';

const held = 2000;

export class StreamHub {
  #feed = null;
  #pages = new Set();
  #events = [];
  #start = null;
  #state = { type: 'state', state: 'connecting', at: Date.now(), heardAt: Date.now() };

  /** @param {(message: object) => void} tell  @param {string} cursor */
  add(tell, cursor) {
    this.#pages.add(tell);
    if (this.#feed === null || this.#state.state === 'signedOut') {
      this.#start = cursor;
      this.#events = [];
      this.#state = { ...this.#state, state: 'connecting', at: Date.now() };
      this.#feed = new EventFeed(cursor, message => this.#take(message));
    } else if (isBehind(this.#start, cursor)) {
      tell({ type: 'gap' });
    } else {
      const missed = this.#events.filter(event => isBehind(event.cursor, cursor));
      if (missed.length > 0) tell({ type: 'events', events: missed });
    }
    tell(this.#state);
  }

  remove(tell) { this.#pages.delete(tell); }

  #take(message) {
    const at = Date.now();
    if (message.type === 'state') {
      const heardAt = message.state === 'connected' ? at : this.#state.heardAt;
      const changed = message.state !== this.#state.state;
      this.#state = { ...message, at: changed ? at : this.#state.at, heardAt };
      if (changed) this.#pages.forEach(tell => tell(this.#state));
      return;
    }
    if (message.type === 'gap') {
      this.#start = this.#feed.cursor;
      this.#events = [];
    } else {
      this.#events.push(...message.events);
      if (this.#events.length > held) {
        const dropped = this.#events.splice(0, this.#events.length - held);
        this.#start = dropped.at(-1).cursor;
      }
    }
    this.#pages.forEach(tell => tell(message));
  }
}

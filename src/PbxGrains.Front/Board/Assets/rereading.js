// Reads something again: soon after it was asked for, now and then by itself while somebody looks, never twice at once.
const shortest = 1000;
const gathering = 100;
const afterFailure = 5000;

export class Rereading {
  #read;
  #every;
  #timer = 0;
  #wanted = false;
  #reading = false;
  #rest = 0;
  #endedAt = 0;

  /** @param {() => Promise<void>} read  @param {number} every longest time between two readings, milliseconds */
  constructor(read, every) {
    this.#read = read;
    this.#every = every;
    document.addEventListener('visibilitychange', () => {
      this.#wanted = false;
      if (!document.hidden) this.soon();
    });
    this.#plan();
  }

  /** Asks for a reading; any number of wishes is one reading. */
  soon() {
    if (this.#wanted) return;
    this.#wanted = true;
    if (!this.#reading) this.#plan();
  }

  /** Asks for a reading at once: what kept it from reading is over. */
  now() {
    this.#rest = 0;
    this.#wanted = true;
    if (!this.#reading) this.#plan();
  }

  #plan() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#run(), this.#wanted ? Math.max(gathering, this.#rest - (performance.now() - this.#endedAt)) : this.#every);
  }

  async #run() {
    // What nobody looks at is read when somebody looks again.
    if (document.hidden) return;
    this.#wanted = false;
    this.#reading = true;
    const began = performance.now();
    try {
      await this.#read();
      // A server that answers slowly is asked less often.
      this.#rest = Math.max(shortest, 3 * (performance.now() - began));
    } catch (error) {
      // The stream says that we are disconnected or signed out; here it is only tried again, unless it was refused for good.
      this.#rest = afterFailure;
      if (!(error.status >= 400 && error.status < 500)) this.#wanted = true;
    } finally {
      this.#reading = false;
      this.#endedAt = performance.now();
      this.#plan();
    }
  }
}

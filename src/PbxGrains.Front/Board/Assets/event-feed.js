// Follows the public event stream. Read with fetch, because EventSource hides comments (by which a dead connection is
// noticed) and the status of a refusal.
const stream = '/api/pbx/events';
const longestSilence = 40_000; // The server says something every 15 s.
const pauses = [250, 500, 1000, 2000, 5000];

export class EventFeed {
  #cursor;
  #tell;
  #failures = 0;

  /** @param {string} cursor where to begin  @param {(message: object) => void} tell takes what happens */
  constructor(cursor, tell) {
    this.#cursor = cursor;
    this.#tell = tell;
    this.#run();
  }

  get cursor() { return this.#cursor; }

  async #run() {
    for (;;) {
      try {
        await this.#follow();
      } catch (error) {
        if (error instanceof SignedOut) {
          this.#tell({ type: 'state', state: 'signedOut' });
          return;
        }
      }
      this.#tell({ type: 'state', state: 'disconnected' });
      const pause = pauses[Math.min(this.#failures++, pauses.length - 1)];
      await new Promise(resume => setTimeout(resume, pause * (0.5 + Math.random())));
    }
  }

  async #follow() {
    const abort = new AbortController();
    let watchdog = setTimeout(() => abort.abort(), longestSilence);
    try {
      const answer = await fetch(stream, { headers: { 'Last-Event-ID': this.#cursor }, signal: abort.signal, cache: 'no-store' });
      if (answer.status === 401 || answer.status === 403) throw new SignedOut();
      if (!answer.ok) throw new Error(`The stream answered ${answer.status}.`);
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        clearTimeout(watchdog);
        watchdog = setTimeout(() => abort.abort(), longestSilence);
        if (this.#failures !== 0) this.#failures = 0;
        const blocks = (rest + value).split('\n\n');
        rest = blocks.pop();
        this.#take(blocks);
      }
    } finally {
      clearTimeout(watchdog);
      abort.abort();
    }
  }

  #take(blocks) {
    const events = [];
    for (const block of blocks) {
      const fields = { data: '' };
      for (const line of block.split('\n')) {
        const colon = line.indexOf(':');
        if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 1).trimStart();
      }
      if (fields.event === 'gap') {
        this.#cursor = JSON.parse(fields.data).resumesAt;
        this.#tell({ type: 'gap' });
        continue;
      }
      if (fields.id) this.#cursor = fields.id;
      if (fields.data) events.push(JSON.parse(fields.data));
    }
    this.#tell({ type: 'state', state: 'connected' });
    if (events.length > 0) this.#tell({ type: 'events', events });
  }
}

class SignedOut extends Error {}

// What happens, for this page: events behind the picture it was rendered with, each once, in their order.
import { StreamHub } from './stream-hub.js';

const listeners = new Set();
const cursor = document.body.dataset.cursor;

/**
 * Follows the stream. Each listener may have: events(list), gap() when the picture must be taken anew, state(state).
 */
export function follow(listener) {
  listeners.add(listener);
  if (listeners.size > 1) return;
  // The page's scripts come one by one: the stream begins once all of them listen, so that none misses its first events.
  if (document.readyState === 'complete') begin();
  else addEventListener('DOMContentLoaded', begin, { once: true });
}

function hear(message) {
  for (const listener of listeners) {
    if (message.type === 'events') listener.events?.(message.events);
    else if (message.type === 'gap') listener.gap?.();
    else listener.state?.(message);
  }
}

function begin() {
  if (!cursor) return;
  if (typeof SharedWorker === 'undefined') {
    // Listeners that come with the same script are there before the first message.
    queueMicrotask(() => new StreamHub().add(hear, cursor));
    return;
  }
  const { port } = new SharedWorker('/board/stream-worker.js', { type: 'module', name: 'pbxgrains-stream' });
  port.onmessage = ({ data }) => hear(data);
  port.postMessage({ type: 'follow', cursor });
  addEventListener('pagehide', () => port.postMessage({ type: 'leave' }));
  addEventListener('pageshow', shown => { if (shown.persisted) location.reload(); });
}

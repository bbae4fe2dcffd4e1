// The page of one call: takes a new picture whenever something happens to the call.
import './clock.js';
import { atMostEvery, refresh } from './fresh-page.js';
import { follow } from './stream.js';

const head = document.getElementById('call-head');

if (head) {
  const { call, site } = head.dataset;
  const soon = atMostEvery(1000, refresh);
  const isOurs = event => event.site === site && (event.data.callId ?? event.data.call?.callId ?? event.data.record?.callId) === call;
  follow({ events: events => { if (events.some(isOurs)) soon(); }, gap: soon });
}

// Errors of media do not bubble.
document.addEventListener('error', ({ target }) => {
  if (target instanceof HTMLAudioElement) target.closest('.recording')?.querySelector('.audio-failed')?.toggleAttribute('hidden', false);
}, { capture: true });

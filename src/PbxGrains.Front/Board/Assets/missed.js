// Missed calls: the list is taken anew when a record comes in, and a click calls back.
import './clock.js';
import { get, Refusal, send } from './api.js';
import { atMostEvery, refresh } from './fresh-page.js';
import { follow } from './stream.js';
import { text } from './texts.js';

const soon = atMostEvery(2000, refresh);
follow({ events: events => { if (events.some(event => event.type.startsWith('pbx.cdr.'))) soon(); }, gap: soon });

const dialog = document.getElementById('call-back');
if (dialog) callBack(document.getElementById('call-back-form'));

function callBack(form) {
  const part = name => dialog.querySelector(`[data-part=${name}]`);
  let wish = null;

  document.addEventListener('click', ({ target }) => {
    const button = target.closest?.('[data-call-back]');
    if (button) open(button.dataset);
  });
  part('close').addEventListener('click', () => dialog.close());
  form.addEventListener('submit', submitted => {
    submitted.preventDefault();
    call();
  });

  function open({ callBack, site, siteName }) {
    wish = { site, key: null };
    part('number').textContent = callBack;
    part('site').textContent = siteName;
    tell('');
    busy(false);
    form.destination.value = callBack;
    form.extension.value = recall(site) ?? '';
    dialog.showModal();
    form.extension.focus();
    listExtensions(site);
  }

  async function listExtensions(site) {
    const list = document.getElementById('call-back-extensions');
    list.replaceChildren();
    try {
      const extensions = await get(`/api/pbx/sites/${encodeURIComponent(site)}/extensions`);
      if (wish.site === site) list.replaceChildren(...extensions.map(({ number, name }) => new Option(name ? `${number} · ${name}` : number, number)));
    } catch {
      if (wish.site === site && part('told').textContent === '') tell(text('CallBack_extensions'));
    }
  }

  async function call() {
    const [extension, destination] = [form.extension.value.trim(), form.destination.value.trim()];
    const what = JSON.stringify([wish.site, extension, destination]);
    // A key lives as long as its answer is not known: who submits again after a lost answer never starts a second call.
    if (wish.key === null || wish.what !== what) Object.assign(wish, { key: newKey(), what });
    const asked = wish;
    tell(text('CallBack_sending'));
    busy(true);
    try {
      const outcome = await send('POST', `/api/pbx/sites/${encodeURIComponent(asked.site)}/calls`, { extension, destination }, { 'Idempotency-Key': asked.key });
      remember(asked.site, extension);
      if (outcome.state === 'accepted') asked.key = null;
      if (asked === wish) told(outcome, extension, destination, asked.site);
    } catch (error) {
      const isKnown = error instanceof Refusal;
      if (isKnown) asked.key = null;
      if (asked === wish) tell(isKnown ? reasonOf(error) : text('CallBack_lost'), isKnown ? 'bad' : 'ring');
    } finally {
      // What rings already is not asked for by a second click; who changes something means another call.
      busy(part('told').dataset.tone === 'good');
    }
  }

  form.addEventListener('input', () => busy(false));

  function told({ state, callId }, extension, destination, site) {
    if (state !== 'accepted') {
      tell(text('CallBack_unknown'), 'ring');
      return;
    }
    tell(text('CallBack_accepted', extension, destination), 'good');
    if (callId) {
      const link = document.createElement('a');
      link.href = `/calls/${encodeURIComponent(site)}/${encodeURIComponent(callId)}`;
      link.textContent = text('CallBack_open');
      part('told').append(' ', link);
    }
  }

  function tell(words, tone = '') {
    part('told').textContent = words;
    part('told').dataset.tone = tone;
  }

  function busy(isBusy) { form.querySelector('[type=submit]').disabled = isBusy; }
}

const reasons = {
  'extension-busy': 'busy', 'extension-unregistered': 'unregistered', 'extension-unknown': 'which', 'invalid-request': 'which',
  'not-permitted': 'permitted', 'destination-rejected': 'number', 'pbx-unreachable': 'unreachable', 'site-suspended': 'suspended', forbidden: 'forbidden',
};

const reasonOf = refusal => reasons[refusal.code] ? text(`CallBack_${reasons[refusal.code]}`) : text('CallBack_refused', refusal.message);

// Not randomUUID: browsers have that over HTTPS only.
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('');

// The reader's own telephone, per site; without it when the browser keeps nothing.
const place = site => `pbxgrains-extension-${site}`;

function recall(site) {
  try {
    return localStorage.getItem(place(site));
  } catch {
    return null;
  }
}

function remember(site, extension) {
  try {
    localStorage.setItem(place(site), extension);
  } catch {
    // Then it is asked for again.
  }
}

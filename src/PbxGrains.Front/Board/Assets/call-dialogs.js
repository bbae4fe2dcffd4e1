// What is asked before something is done to a call, and what became of it. Nothing is sent twice by itself.
import { get, send } from './api.js';
import { mark, part, write } from './parts.js';
import { isUnknown, sentenceOf } from './problems.js';
import { text } from './texts.js';

const fields = {
  hangUp: [], transfer: ['extension', 'destination'], listen: ['extension', 'supervisor', 'mode'], hold: ['extension'], resume: ['extension'], dial: ['destination'],
};
const askAgainAfter = 2000;
const askedAtMost = 45;
const supervisorKept = 'pbxgrains-supervisor';

export class CallDialogs {
  #dialog;
  #form;
  #site;
  #label;
  #act = null;
  #key = null;

  /** @param {HTMLDialogElement} dialog  @param {string} site its id  @param {(number: string) => string} label what an extension is called */
  constructor(dialog, site, label) {
    this.#dialog = dialog;
    this.#form = dialog.querySelector('form');
    this.#site = `/api/pbx/sites/${encodeURIComponent(site)}`;
    this.#label = label;
    this.#form.addEventListener('submit', submitted => { submitted.preventDefault(); this.#submit(); });
    this.#form.addEventListener('input', () => { this.#key = null; });
    dialog.querySelector('[data-act=close]').addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', () => { this.#act = null; });
  }

  /** Asks before a command to a call. */
  openForCall(name, card) {
    const extensions = card.dataset.extensions.split(' ').filter(Boolean);
    const what = text('site_call_of', part(card, 'caller').textContent, part(card, 'callee').textContent);
    this.#open({ name, call: card.dataset.call, extensions, what });
  }

  /** Asks before dialling for an extension. */
  openForPhone(number) { this.#open({ name: 'dial', extension: number, extensions: [], what: this.#label(number) }); }

  #open(act) {
    this.#act = act;
    this.#key = null;
    this.#form.reset();
    const wanted = fields[act.name].filter(field => field !== 'extension' || act.extensions.length > 1);
    for (const label of this.#form.querySelectorAll('[data-field]')) {
      label.hidden = !wanted.includes(label.dataset.field);
      label.querySelector('input, select').disabled = label.hidden;
    }
    const { extension, supervisor } = this.#form.elements;
    extension.replaceChildren(...act.extensions.map(number => new Option(this.#label(number), number)));
    supervisor.value = recall();
    write(part(this.#form, 'title'), act.name === 'dial' ? text('site_dial_from', act.extension) : act.name === 'listen' ? text('site_listen') : text(`site_act_${act.name}`));
    write(part(this.#form, 'what'), act.what);
    const submit = part(this.#form, 'submit');
    write(submit, text(`site_act_${act.name}`));
    submit.className = act.name === 'hangUp' ? 'danger' : '';
    submit.hidden = false;
    submit.disabled = false;
    this.#tell('', null);
    this.#dialog.showModal();
    (this.#form.querySelector('label:not([hidden]) input, label:not([hidden]) select') ?? submit).focus();
  }

  async #submit() {
    const act = this.#act;
    const submit = part(this.#form, 'submit');
    if (!act || submit.disabled || submit.hidden || !this.#form.reportValidity()) return;
    submit.disabled = true;
    this.#tell(text('site_asking'), null);
    try {
      if (act.name === 'dial') await this.#dial(act);
      else await this.#command(act);
    } catch (error) {
      if (this.#act !== act) return;
      this.#tell(sentenceOf(error), 'bad');
      if (act.name === 'dial' && isUnknown(error)) write(submit, text('site_dial_ask_again'));
    } finally {
      if (this.#act === act) submit.disabled = false;
    }
  }

  async #command(act) {
    const { extension, destination, supervisor, mode } = this.#form.elements;
    const whose = act.extensions.length > 1 ? extension.value : undefined;
    const call = `${this.#site}/calls/${encodeURIComponent(act.call)}`;
    switch (act.name) {
      case 'hangUp': await send('DELETE', call); break;
      case 'transfer': await send('POST', `${call}/transfer`, { extension: whose, destination: destination.value }); break;
      case 'listen':
        keep(supervisor.value.trim());
        await send('POST', `${call}/monitor`, { supervisor: supervisor.value, extension: whose, mode: mode.value });
        break;
      default: await send('POST', `${call}/hold`, { extension: whose, on: act.name === 'hold' });
    }
    if (this.#act !== act) return;
    this.#tell(text('site_done'), 'good');
    part(this.#form, 'submit').hidden = true;
    this.#dialog.querySelector('[data-act=close]').focus();
  }

  async #dial(act) {
    const destination = this.#form.elements.destination.value.trim();
    // One key for one wish: sent again after a lost answer, it gives the first call's answer and never a second call.
    this.#key ??= newKey();
    const outcome = await send('POST', `${this.#site}/calls`, { extension: act.extension, destination }, { 'Idempotency-Key': this.#key });
    if (this.#act !== act) return;
    part(this.#form, 'submit').hidden = true;
    this.#dialog.querySelector('[data-act=close]').focus();
    if (outcome.state === 'accepted') this.#tell(text('site_dial_accepted', act.extension, destination), 'good');
    else {
      this.#tell(text('site_dial_unknown', act.extension), 'ring');
      this.#watch(act, outcome.originateId);
    }
  }

  // Nobody knows yet whether it was dialled: the page goes on asking as long as the reader waits for it.
  async #watch(act, originateId) {
    for (let asked = 0; asked < askedAtMost && this.#act === act; asked++) {
      await new Promise(resume => setTimeout(resume, askAgainAfter));
      try {
        const { state } = await get(`${this.#site}/originates/${originateId}`);
        if (this.#act !== act || state === 'unknown') continue;
        this.#tell(text(state === 'accepted' ? 'site_dial_resolved_yes' : 'site_dial_resolved_no'), state === 'accepted' ? 'good' : 'bad');
        return;
      } catch {
        // Asked again.
      }
    }
  }

  #tell(words, tone) {
    const outcome = part(this.#form, 'outcome');
    write(outcome, words);
    mark(outcome, 'data-tone', tone);
  }
}

// randomUUID needs HTTPS, which an installation inside a company may not have.
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('');
}

function recall() {
  try { return localStorage.getItem(supervisorKept) ?? ''; } catch { return ''; }
}

function keep(extension) {
  try { localStorage.setItem(supervisorKept, extension); } catch { /* A browser that keeps nothing asks again. */ }
}

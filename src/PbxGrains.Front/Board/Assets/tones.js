// Which look a state has; Tones.cs says the same for the first picture.
const health = { online: 'good', degraded: 'ring', connecting: 'none', unreachable: 'bad', credentialsRejected: 'bad', suspended: 'hold' };
const status = { idle: 'good', busy: 'busy', ringing: 'ring', onHold: 'hold', fault: 'bad' };
const call = { ringing: 'ring', talking: 'busy', onHold: 'hold' };

export const toneOfHealth = value => health[value] ?? 'none';
export const toneOfStatus = value => status[value] ?? 'none';
export const toneOfCall = value => call[value] ?? 'none';

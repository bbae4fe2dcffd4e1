// Places in the event log, as the server writes them: era-transaction-position. The numbers are larger than a double holds.
const parts = cursor => cursor.split('-').map(BigInt);

/** Whether the first place is behind the second. */
export function isBehind(first, second) {
  const [a, b] = [parts(first), parts(second)];
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return a[i] > b[i];
  }
  return false;
}

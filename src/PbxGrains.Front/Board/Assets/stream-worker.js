// Shared by all tabs: over HTTP/1.1 a browser opens six connections to a host, and a stream each would use them up.
import { StreamHub } from './stream-hub.js';

const hub = new StreamHub();

self.onconnect = ({ ports: [port] }) => {
  const tell = message => port.postMessage(message);
  port.onmessage = ({ data }) => data.type === 'follow' ? hub.add(tell, data.cursor) : hub.remove(tell);
};

// Reads webhooks from standard input, one JSON object a line: {"secret", "headers", "body"}, the body in Base64.
// Writes a line for each: "ok", or what the two libraries think is wrong with it.
import { createInterface } from "node:readline";
import { Webhook as Standard } from "standardwebhooks";
import { Webhook as Svix } from "svix";

const complaint = (check) => {
  try {
    check();
    return null;
  } catch (error) {
    return String(error.message ?? error);
  }
};

for await (const line of createInterface({ input: process.stdin })) {
  const { secret, headers, body } = JSON.parse(line);
  const text = Buffer.from(body, "base64").toString("utf8");
  const standard = complaint(() => new Standard(secret).verify(text, headers));
  const svix = complaint(() => new Svix(secret).verify(text, headers));
  console.log(standard === null && svix === null ? "ok" : `standardwebhooks: ${standard ?? "ok"}; svix: ${svix ?? "ok"}`);
}

// Server-Sent Events by fetch: an EventSource can't carry a token.

import { open } from "./api.js";

/// The server sends something at least every 15 seconds.
const SILENCE = 20_000;

/// Calls `opened` when the server has answered, then `event(type, data)` for each event, one after the other, until the stream ends
/// or breaks, which is always an error.
export async function listen(signal, opened, event) {
  const silence = new AbortController();
  let timer;
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(new Error("the server has been silent for 20 seconds")), SILENCE);
  };
  alive();
  try {
    const response = await open("/api/events", AbortSignal.any([signal, silence.signal]));
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    await opened();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        throw new Error("the server has ended the stream");
      }
      alive();
      rest += value;
      const blocks = rest.split("\n\n");
      rest = blocks.pop();
      blocks.forEach(block => deliver(block, event));
    }
  } finally {
    clearTimeout(timer);
    silence.abort(); // nobody reads it any more
  }
}

function deliver(block, event) {
  let type = "message";
  let data = "";
  for (const line of block.split("\n")) {
    if (line.startsWith("event: ")) {
      type = line.slice(7);
    } else if (line.startsWith("data: ")) {
      data += line.slice(6);
    }
  }
  if (data !== "") {
    event(type, JSON.parse(data));
  }
}

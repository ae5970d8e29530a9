// Requests to the server that this page came from.

const KEY = "myrmidon.token";
let token = null;
try {
  token = sessionStorage.getItem(KEY);
} catch {
  // storage is switched off: the token lives as long as the page
}

/// The server answered that it won't: `status` and what it says.
export class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

export const hasToken = () => token !== null;

export function setToken(text) {
  token = text;
  try {
    if (text === null) {
      sessionStorage.removeItem(KEY);
    } else {
      sessionStorage.setItem(KEY, text);
    }
  } catch {
    // see above
  }
  document.dispatchEvent(new Event("tokenchange"));
}

/// A header can't carry anything else.
export const isToken = text => /^[\x21-\x7e]+$/.test(text);

async function request(method, path, body, signal) {
  const headers = {};
  if (token !== null) {
    headers.Authorization = "Bearer " + token;
  }
  if (body !== undefined) {
    headers["Content-Type"] = "application/json";
  }
  const response = await fetch(path, {
    method,
    headers,
    signal,
    body: body === undefined ? undefined : JSON.stringify(body),
    cache: "no-store",
    credentials: "omit",
    redirect: "error",
  });
  if (!response.ok) {
    throw new Problem(response.status, await detail(response));
  }
  return response;
}

async function detail(response) {
  try {
    return (await response.json()).detail ?? response.statusText;
  } catch {
    return response.statusText || `status ${response.status}`;
  }
}

/// Of a request that has no end of its own.
export const open = (path, signal) => request("GET", path, undefined, signal);

const PATIENCE = 15_000;

export const get = async path => (await request("GET", path, undefined, AbortSignal.timeout(PATIENCE))).json();

export const getText = async path => (await request("GET", path, undefined, AbortSignal.timeout(PATIENCE))).text();

/// A change is not given up: it would be made all the same.
export const write = async (method, path, body) => (await request(method, path, body)).json();

export const poolPath = name => "/api/pools/" + encodeURIComponent(name);
export const taskPath = (pool, id) => `/api/tasks/${encodeURIComponent(pool)}/${id}`;

/// What went wrong, for people.
export function reason(error) {
  if (error instanceof Problem) {
    return error.message;
  }
  if (error?.name === "TimeoutError") {
    return "the server doesn't answer";
  }
  return error instanceof TypeError ? "the server can't be reached" : String(error?.message ?? error);
}

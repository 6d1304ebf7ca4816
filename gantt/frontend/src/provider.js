import { RestDataProvider } from "@svar-ui/gantt-data-provider";

const WRITES = new Set([
  "add-task", "update-task", "move-task", "copy-task", "delete-task", "add-link", "update-link", "delete-link",
]);
const CREATES = new Set(["add-task", "copy-task", "add-link"]);
const NOT_SAVED = "Your last change is not saved.";
const PAUSE = 500; // ms, as in the stock provider
const TASKS = /\b(tasks?)(?: with id)? (\d+(?:, \d+)*)/gi;
// A request that met one of these may succeed when it is sent again; any other 4xx is the server's final word.
const TRANSIENT = new Set([401, 403, 408, 429]);

const isTemp = value => typeof value === "string" && value.startsWith("temp://");
const isTransient = status => status === 0 || status >= 500 || TRANSIENT.has(status);

class Refused extends Error {}

/**
 * The vendor's provider with its writes in the order of the user's gestures.
 *
 * The stock provider sends writes in parallel, reads no status and forgets failures. Here every write takes its place
 * in a line when it happens, is sent when its turn comes (the ids of rows made before it are known by then), and a
 * failure is told: after one that may pass the line stands still until `retry()`.
 *
 * `onStatus({waiting, failure})`: number of writes not answered yet, and null or `{message, canRetry}`.
 * `onSaved()`: nothing waits any more. Set by the page: `onLinkRefused(id)`, the link that it drew does not exist;
 * `nameOf(id)`, the name of one of its rows.
 */
export class PageProvider extends RestDataProvider {
  constructor(url, { headers, onStatus, onSaved }) {
    super(url);
    Object.assign(this, { headers, onStatus, onSaved });
    this.waiting = 0;
    this.failure = null;
    this.realIds = new Map();
    this.queued = new Set();
    this.early = [];
    this.edits = new Map();
    this.line = Promise.resolve();
  }

  exec(name, event) {
    const done = super.exec(name, event);
    if (WRITES.has(name) && !event.skipProvider) this.track(done);
    return done;
  }

  track(done) {
    this.report({ waiting: this.waiting + 1 });
    const answered = () => this.report({ waiting: this.waiting - 1 });
    done.then(answered, answered);
  }

  report(change) {
    Object.assign(this, change);
    this.onStatus?.({ waiting: this.waiting, failure: this.failure });
    if (!this.waiting && !this.failure) this.onSaved?.();
  }

  // The base constructor calls this before any field of ours is set.
  getHandlers() {
    const handlers = super.getHandlers();
    for (const [name, entry] of Object.entries(handlers)) {
      if (!WRITES.has(name)) continue;
      const stock = entry.handler;
      // Else the stock queue would hold back changes of unsaved rows, and any update, while later writes overtake them.
      Object.assign(entry, { ignoreID: true, debounce: 0 });
      entry.handler = event => (isUnfinished(name, event) ? Promise.resolve({}) : this.accept({ name, event: snapshot(event), stock }));
    }
    return handlers;
  }

  accept(write) {
    if (write.name === "update-task") return this.later(write);
    for (const id of [...this.edits.keys()]) this.sendEdit(id);
    return this.queueUp(write);
  }

  // An update waits for the next one of its row, as typing and dragging make many, but not behind another write.
  later(write) {
    const { id } = write.event;
    const earlier = this.edits.get(id);
    clearTimeout(earlier?.timer);
    return new Promise(resolve => {
      const timer = setTimeout(() => this.sendEdit(id), PAUSE);
      this.edits.set(id, { write, timer, resolve: [...(earlier?.resolve ?? []), resolve] });
    });
  }

  sendEdit(id) {
    const { write, timer, resolve } = this.edits.get(id);
    clearTimeout(timer);
    this.edits.delete(id);
    this.queueUp(write).then(answer => resolve.forEach(done => done(answer)));
  }

  // A copied branch announces the rows below its top before the top itself: they let it go ahead.
  queueUp(write) {
    if (this.mayEnter(write)) return this.enter(write);
    return new Promise(resolve => this.early.push({ write, resolve }));
  }

  mayEnter({ name, event }) {
    return references(name, event).every(id => !isTemp(id) || this.queued.has(id));
  }

  enter(write) {
    const turn = this.line.then(() => this.take(write));
    this.line = turn.then(() => {}, () => {});
    if (CREATES.has(write.name)) this.letIn(write.event.id);
    return turn;
  }

  letIn(id) {
    this.queued.add(id);
    const waiting = this.early;
    this.early = [];
    for (const { write, resolve } of waiting) this.queueUp(write).then(resolve);
  }

  async take({ name, event, stock }) {
    try {
      const answer = await stock(this.settled(name, event));
      if (CREATES.has(name) && answer?.id) this.realIds.set(event.id, answer.id);
      return answer;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // A link of a copied branch that the rules forbid is no mistake of the user's.
      if (name === "add-link") this.onLinkRefused?.(event.id);
      if (!(name === "add-link" && event.eventSource === "copy-task")) this.refused(error.message);
      return { error: error.message };
    }
  }

  /** The event with real ids wherever it names a row that exists on the server. */
  settled(name, event) {
    const out = { ...event };
    for (const key of CREATES.has(name) ? ["source", "target"] : ["id", "source", "target"]) {
      if (key in out) out[key] = this.realId(out[key]);
    }
    if (out.task && "parent" in out.task) out.task = { ...out.task, parent: this.realId(out.task.parent) };
    if (out.link) out.link = { ...out.link, source: this.realId(out.link.source), target: this.realId(out.link.target) };
    return out;
  }

  realId(id) {
    const real = this.serverId(id);
    if (isTemp(id) && real === undefined) throw new Refused("It depends on a row that could not be saved.");
    return real;
  }

  /** Called by the stock handlers and by getData. */
  async send(url, method, data) {
    const init = { method, body: data && this.getPayload(data), headers: this.headersOf(method) };
    for (;;) {
      const { status, answer } = await this.request(url, init);
      if (status >= 200 && status < 300) return answer;
      const message = this.named(describe(status, answer));
      if (method === "GET" || !isTransient(status)) throw new Refused(message);
      await this.untilRetry(message);
    }
  }

  headersOf(method) {
    const headers = { "Content-Type": "application/json", ...this.headers() };
    // Whatever became of the first try: sent again, it makes no second row.
    if (method === "POST") headers["Idempotency-Key"] = `chart-${Date.now()}-${Math.random().toString(36).slice(2)}`;
    return headers;
  }

  async request(url, init) {
    try {
      const response = await fetch(`${this._url}/${url}`, init);
      const answer = await response.json().catch(() => null);
      // A success without JSON is no answer of this API: a proxy's page, or a lost session.
      return { status: response.ok && answer === null ? 0 : response.status, answer };
    } catch {
      return { status: 0, answer: null };
    }
  }

  /** The server's sentence with the names of tasks: the chart shows no ids. */
  named(message) {
    const nameOf = id => this.nameOf?.(this.pageIds().get(id) ?? id);
    return message.replace(TASKS, (words, task, ids) => {
      const names = ids.split(", ").map(Number).map(id => (nameOf(id) ? `“${nameOf(id)}”` : id));
      return `${task} ${names.join(", ")}`;
    });
  }

  refused(message) {
    if (!this.failure?.canRetry) this.report({ failure: { message: `${NOT_SAVED} ${message}`, canRetry: false } });
  }

  untilRetry(message) {
    this.report({ failure: { message: `${NOT_SAVED} ${message}`, canRetry: true } });
    return new Promise(resolve => { this.resume = resolve; });
  }

  /** The rows below a closed branch, or null after telling why they can't be had. */
  async branch(id) {
    try {
      return await this.getData(id);
    } catch (error) {
      this.report({ failure: { message: `The rows below could not be loaded. ${error.message}`, canRetry: false } });
      return null;
    }
  }

  dismiss() {
    this.report({ failure: null });
  }

  retry() {
    this.report({ failure: null });
    this.resume?.();
  }

  /** The server's id of a row of the page; undefined while it is not saved. */
  serverId(id) {
    return isTemp(id) ? this.realIds.get(id) : id;
  }

  /** The id under which the page shows a row, from the server's id: new rows keep their temp id until reload. */
  pageIds() {
    return new Map([...this.realIds].map(([temp, real]) => [real, temp]));
  }
}

// The rows that a write names, without the one that it makes.
const references = (name, { id, source, target, task, link }) =>
  [CREATES.has(name) ? null : id, source, target, task?.parent, link?.source, link?.target];

// A row that is still being dragged, or a link of a copied branch to a row outside it, which comes with one end.
function isUnfinished(name, { inProgress, link }) {
  return (name === "move-task" && inProgress) || (name === "add-link" && !(link.source && link.target));
}

// The page goes on changing the task while the write waits: keep what it was, without child rows and drawing state.
function snapshot(event) {
  const out = { ...event };
  for (const key of ["task", "link"]) {
    if (!event[key]) continue;
    const own = Object.entries(event[key]).filter(([name]) => name !== "data" && !name.startsWith("$"));
    out[key] = structuredClone(Object.fromEntries(own));
  }
  return out;
}

function describe(status, answer) {
  if (answer?.error) return sentence(answer.error);
  if (status === 0) return "The server did not answer.";
  if (status === 401 || status === 403) return "You are no longer logged in, or may not change this.";
  return `The server answered with an error (${status}).`;
}

const sentence = text => text[0].toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");

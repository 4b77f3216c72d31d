// Headless Chromium driven over its debugging pipe (Chrome DevTools Protocol), without any package.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const flags = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--hide-scrollbars', '--remote-debugging-pipe',
];

/** Starts Chromium with an empty profile; close() ends it and removes the profile. */
export class Chromium {
  static async start(executable) {
    const browser = new Chromium();
    browser.profile = mkdtempSync(join(tmpdir(), 'grader-chromium-'));
    browser.process = spawn(executable, [...flags, `--user-data-dir=${browser.profile}`, 'about:blank'],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    browser.ended = new Promise((resolve) => browser.process.once('exit', resolve));
    browser.process.once('error', (error) => browser.fail(error));
    browser.process.once('exit', () => browser.fail(new Error('Chromium ended')));
    browser.process.stdio[4].on('data', (chunk) => browser.receive(chunk));
    await browser.send('Target.getTargets');
    return browser;
  }

  constructor() {
    this.next = 1;
    this.waiting = new Map();
    this.listeners = new Map();
    this.chunks = [];
  }

  fail(error) {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }

  receive(chunk) {
    let start = 0;
    for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, start)) {
      this.chunks.push(chunk.subarray(start, end));
      this.dispatch(JSON.parse(Buffer.concat(this.chunks).toString()));
      this.chunks = [];
      start = end + 1;
    }
    this.chunks.push(chunk.subarray(start));
  }

  dispatch(message) {
    if (message.id === undefined) {
      for (const listener of this.listeners.get(message.sessionId) ?? []) listener(message);
      return;
    }
    const { resolve, reject } = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.error) reject(new Error(message.error.message));
    else resolve(message.result);
  }

  send(method, params = {}, sessionId = undefined) {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.process.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + '\0');
    });
  }

  /** A new page; its events are recorded from before the first byte is loaded. */
  async page() {
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const page = new Page(this, sessionId, targetId);
    this.listeners.set(sessionId, [(event) => page.events.push(event)]);
    for (const domain of ['Page', 'Runtime', 'Network', 'Log']) await page.send(`${domain}.enable`);
    return page;
  }

  async close() {
    await this.send('Browser.close').catch(() => this.process.kill());
    await this.ended;
    // Helper processes end a little later and still write into the profile.
    for (let tries = 0; ; ++tries) {
      try {
        rmSync(this.profile, { recursive: true, force: true });
        return;
      } catch (error) {
        if (tries === 50) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }
}

class Page {
  constructor(browser, sessionId, targetId) {
    this.browser = browser;
    this.sessionId = sessionId;
    this.targetId = targetId;
    this.events = [];
  }

  send(method, params = {}) {
    return this.browser.send(method, params, this.sessionId);
  }

  /** Loads `url`; dialogs are closed as they open, so that they can't block. */
  async open(url) {
    const loaded = new Promise((resolve) => {
      this.browser.listeners.get(this.sessionId).push((event) => {
        if (event.method === 'Page.javascriptDialogOpening') {
          this.send('Page.handleJavaScriptDialog', { accept: false });
        }
        if (event.method === 'Page.loadEventFired') resolve();
      });
    });
    await this.send('Page.navigate', { url });
    await loaded;
  }

  /** The value of an expression, evaluated outside of the page's content security policy. */
  async evaluate(expression) {
    const answer = await this.send('Runtime.evaluate',
      { expression, returnByValue: true, awaitPromise: true });
    if (answer.exceptionDetails) throw new Error(answer.exceptionDetails.exception.description);
    return answer.result.value;
  }

  view(width, height, scheme = 'light') {
    return Promise.all([
      this.send('Emulation.setDeviceMetricsOverride',
        { width, height, deviceScaleFactor: 1, mobile: width < 600 }),
      this.send('Emulation.setEmulatedMedia',
        { features: [{ name: 'prefers-color-scheme', value: scheme }] }),
    ]);
  }

  close() {
    return this.browser.send('Target.closeTarget', { targetId: this.targetId });
  }
}

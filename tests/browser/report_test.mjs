// node report_test.mjs CHROMIUM DIR: proves over the reports that report_samples wrote into DIR that
// nothing of a hostile submission acts in a browser, and that the page can be read by everybody.
// Every proof is made on a page without our escaping too, where it has to fail.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { Chromium } from './chromium.mjs';
import { activeParts, lowContrast, structureFaults } from './in_page.mjs';

const [executable, folder] = process.argv.slice(2);
const pages = ['middling.html', 'unsettled.html', 'bare.html', 'hostile.html'];
const browser = await Chromium.start(executable);

/** Loads a page, clicks all that can be clicked, and tells everything that acted within `wait` ms. */
async function actions(name, { bypassPolicy = false, wait = 200 } = {}) {
  const url = pathToFileURL(join(folder, name)).href;
  const page = await browser.page();
  await page.send('Page.setBypassCSP', { enabled: bypassPolicy });
  await page.send('Page.addScriptToEvaluateOnNewDocument', {
    source: 'window.violations = []; document.addEventListener("securitypolicyviolation",'
      + ' (event) => window.violations.push(event.violatedDirective + " " + event.blockedURI));',
  });
  await page.open(url);
  const ran = await page.evaluate(`(async () => {
    for (const element of document.querySelectorAll('a,summary,button,input,[onclick]')) element.click();
    for (const element of document.querySelectorAll('*')) {
      element.dispatchEvent(new MouseEvent('mouseover', { bubbles: false }));
      element.dispatchEvent(new Event('focus'));
    }
    await new Promise((resolve) => setTimeout(resolve, ${wait}));
    return { ran: window.ran ?? null, violations: window.violations ?? [], href: location.href };
  })()`).catch(() => ({ ran: 'navigated', violations: [], href: '' }));
  const seen = {
    ran: ran.ran,
    violations: ran.violations,
    dialogs: page.events.filter((event) => event.method === 'Page.javascriptDialogOpening').length,
    requests: page.events
      .filter((event) => event.method === 'Network.requestWillBeSent')
      .map((event) => event.params.request.url).filter((request) => request !== url),
    frames: page.events.filter((event) => event.method === 'Page.frameAttached').length,
    messages: page.events
      .filter((event) => ['Log.entryAdded', 'Runtime.consoleAPICalled', 'Runtime.exceptionThrown']
        .includes(event.method)).length,
    moved: ran.href.split('#')[0] !== url,
  };
  await page.close();
  return seen;
}

const nothing = {
  ran: null, violations: [], dialogs: 0, requests: [], frames: 0, messages: 0, moved: false,
};

async function nothingActs() {
  for (const name of pages) {
    assert.deepEqual(await actions(name), nothing, name);
    // Escaping has to hold without the policy's help.
    assert.deepEqual(await actions(name, { bypassPolicy: true }), nothing, `${name} without policy`);
  }
  assert.deepEqual(await actions('hostile.md.html'), nothing, 'the Markdown report as HTML');
}

/** The same attacks without escaping: each is seen; the policy alone stops their scripts. */
async function proofCanFail() {
  const attacks = JSON.parse(readFileSync(join(folder, 'attacks.json'), 'utf8'));
  const policy = readFileSync(join(folder, 'middling.html'), 'utf8')
    .match(/<meta http-equiv="Content-Security-Policy"[^>]*>/)[0];
  for (const [index, attack] of attacks.entries()) {
    writeFileSync(join(folder, 'control.html'), `<!doctype html><p>${attack}</p>`);
    let seen = await actions('control.html');
    // On a busy machine an attack may need longer; there is no hurry to prove that it acts.
    if (isDeepStrictEqual(seen, nothing)) seen = await actions('control.html', { wait: 3000 });
    assert.notDeepEqual(seen, nothing, `attack ${index} is not seen: ${attack}`);
    writeFileSync(join(folder, 'control.html'), `<!doctype html>${policy}<p>${attack}</p>`);
    const held = await actions('control.html');
    assert.ok(held.ran === null || held.ran === 'navigated', `the policy lets run: ${attack}`);
    assert.equal(held.dialogs, 0, `the policy lets run: ${attack}`);
  }
}

async function onPage(name, width, scheme, check) {
  const page = await browser.page();
  await page.view(width, 900, scheme);
  await page.open(pathToFileURL(join(folder, name)).href);
  await check(page);
  await page.close();
}

async function everybodyCanRead() {
  for (const name of pages) {
    for (const width of [320, 390, 768, 1280]) {
      await onPage(name, width, 'light', async (page) => {
        const scrolls = await page.evaluate('document.scrollingElement.scrollWidth');
        assert.ok(scrolls <= width, `${name} scrolls sideways at ${width}: ${scrolls}`);
      });
    }
    for (const scheme of ['light', 'dark']) {
      await onPage(name, 1280, scheme, async (page) => {
        await page.evaluate("document.querySelectorAll('details').forEach((part) => (part.open = true))");
        assert.deepEqual(await page.evaluate(`(${lowContrast})()`), [], `${name} ${scheme}`);
        assert.deepEqual(await page.evaluate(`(${structureFaults})()`), [], name);
        assert.deepEqual(await page.evaluate(`(${activeParts})()`), [], name);
      });
    }
  }
}

async function printsOnA4() {
  await onPage('middling.html', 1280, 'dark', async (page) => {
    const { data } = await page.send('Page.printToPDF', { preferCSSPageSize: true, printBackground: true });
    const pdf = Buffer.from(data, 'base64').toString('latin1');
    assert.ok(pdf.startsWith('%PDF'));
    const boxes = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)];
    assert.ok(boxes.length >= 3, 'the report has several pages');
    for (const [, width, height] of boxes) {
      assert.deepEqual([Math.round(width), Math.round(height)], [595, 842]);
    }
    await page.send('Emulation.setEmulatedMedia',
      { media: 'print', features: [{ name: 'prefers-color-scheme', value: 'dark' }] });
    const shown = await page.evaluate(`({
      paper: getComputedStyle(document.body).backgroundColor,
      closed: [...document.querySelectorAll('details .commits li')].every((row) => row.checkVisibility()),
      nav: getComputedStyle(document.querySelector('nav')).display })`);
    assert.deepEqual(shown, { paper: 'rgb(255, 255, 255)', closed: true, nav: 'none' });
  });
}

/** Tab reaches every link and every summary, and shows where it is. */
async function keyboardReaches() {
  await onPage('middling.html', 1280, 'light', async (page) => {
    const wanted = await page.evaluate("document.querySelectorAll('a,summary').length");
    const reached = new Set();
    for (let presses = 0; presses < wanted + 60 && reached.size < wanted; ++presses) {
      for (const type of ['keyDown', 'keyUp']) {
        await page.send('Input.dispatchKeyEvent', { type, key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 });
      }
      const at = await page.evaluate(`(() => {
        const element = document.activeElement;
        if (!element.matches('a,summary')) return null;
        if (getComputedStyle(element).outlineStyle === 'none') return 'no outline';
        return [...document.querySelectorAll('a,summary')].indexOf(element);
      })()`);
      assert.notEqual(at, 'no outline');
      if (at !== null) reached.add(at);
    }
    assert.equal(reached.size, wanted);
  });
}

try {
  for (const proof of [nothingActs, proofCanFail, everybodyCanRead, printsOnA4, keyboardReaches]) {
    await proof();
    console.log(`ok ${proof.name}`);
  }
} finally {
  await browser.close();
}

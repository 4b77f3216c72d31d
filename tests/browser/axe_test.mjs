// node axe_test.mjs CHROMIUM DIR AXE: no page of DIR breaks a rule of WCAG 2.1 AA that axe-core knows, in
// both themes and on a phone; and the page of a round sorts its rows in time.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Chromium } from './chromium.mjs';

const [executable, folder, axe] = process.argv.slice(2);
const source = readFileSync(axe, 'utf8');
const pages = ['middling.html', 'unsettled.html', 'russian.html', 'recruiter.html', 'candidate.html'];
const browser = await Chromium.start(executable);

async function opened(name, width, scheme) {
  const page = await browser.page();
  await page.view(width, 900, scheme);
  await page.open(pathToFileURL(join(folder, name)).href);
  return page;
}

async function violations(page) {
  await page.evaluate("document.querySelectorAll('details').forEach((part) => (part.open = true))");
  await page.evaluate(source + '; undefined');
  return page.evaluate(`(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
    const result = await axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] });
    return result.violations.map((one) => one.id + ': ' + one.nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(' | '));
  })()`);
}

try {
  for (const name of pages) {
    for (const [width, scheme] of [[1280, 'light'], [1280, 'dark'], [390, 'light']]) {
      const page = await opened(name, width, scheme);
      assert.deepEqual(await violations(page), [], `${name} at ${width}, ${scheme}`);
      const scrolls = await page.evaluate('document.scrollingElement.scrollWidth');
      assert.ok(scrolls <= width, `${name} scrolls sideways at ${width}: ${scrolls}`);
      await page.close();
    }
  }
  // The proof can fail.
  const broken = await opened('middling.html', 1280, 'light');
  await broken.evaluate("document.documentElement.removeAttribute('lang'); document.body.style.color = '#bbb'");
  assert.notDeepEqual(await violations(broken), []);
  await broken.close();
  const batch = await opened('batch.html', 1280, 'light');
  const order = "[...document.querySelectorAll('.rows')[0].tBodies[0].rows].map((row) => Number(row.cells[1].dataset.sort))";
  const sorted = await batch.evaluate(`(() => {
    const begun = performance.now();
    document.querySelectorAll('.rows th button')[1].click();
    document.body.getBoundingClientRect();
    return performance.now() - begun;
  })()`);
  const rows = await batch.evaluate(order);
  assert.equal(rows.length, 500);
  assert.deepEqual(rows, [...rows].sort((a, b) => b - a));
  console.log(`500 rows sorted in ${sorted.toFixed(0)} ms`);
  await batch.evaluate("document.querySelectorAll('.rows th button')[1].click()");
  assert.deepEqual(await batch.evaluate(order), [...rows].sort((a, b) => a - b));
  await batch.evaluate("[...document.querySelectorAll('.rows')].forEach((table) => [...table.tBodies[0].rows].slice(30).forEach((row) => row.remove()))");
  for (const scheme of ['light', 'dark']) {
    await batch.view(1280, 900, scheme);
    assert.deepEqual(await violations(batch), [], `batch.html ${scheme}`);
  }
  await batch.close();
  console.log('ok');
} finally {
  await browser.close();
}
